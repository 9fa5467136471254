"""Addresses of replies."""

from django.urls import URLPattern, URLResolver, path

from replies.views import (
    ReplyAnswer,
    ReplyClose,
    ReplyDetail,
    ReplyList,
    ReplyNumber,
    ReplyRegister,
    ReplyReopen,
)
from replies.webhooks import SmsWebhook, WhatsAppWebhook

INBOX = "messages/inbox/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("webhooks/whatsapp", WhatsAppWebhook.as_view(), name="webhook-whatsapp"),
    path("webhooks/whatsapp/", WhatsAppWebhook.as_view()),
    path("webhooks/sms", SmsWebhook.as_view(), name="webhook-sms"),
    path("webhooks/sms/", SmsWebhook.as_view()),
    path(INBOX, ReplyList.as_view(), name="reply-list"),
    path(f"{INBOX}<int:pk>/", ReplyDetail.as_view(), name="reply-detail"),
    path(f"{INBOX}<int:pk>/answer/", ReplyAnswer.as_view(), name="reply-answer"),
    path(f"{INBOX}<int:pk>/close/", ReplyClose.as_view(), name="reply-close"),
    path(f"{INBOX}<int:pk>/reopen/", ReplyReopen.as_view(), name="reply-reopen"),
    path(f"{INBOX}<int:pk>/number/", ReplyNumber.as_view(), name="reply-number"),
    path(f"{INBOX}<int:pk>/register/", ReplyRegister.as_view(), name="reply-register"),
]
