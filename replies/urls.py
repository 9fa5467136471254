"""Addresses of replies."""

from django.urls import URLPattern, URLResolver, path

from replies.webhooks import SmsWebhook, WhatsAppWebhook

urlpatterns: list[URLPattern | URLResolver] = [
    path("webhooks/whatsapp", WhatsAppWebhook.as_view(), name="webhook-whatsapp"),
    path("webhooks/whatsapp/", WhatsAppWebhook.as_view()),
    path("webhooks/sms", SmsWebhook.as_view(), name="webhook-sms"),
    path("webhooks/sms/", SmsWebhook.as_view()),
]
