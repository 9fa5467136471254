"""Addresses of messages."""

from django.urls import URLPattern, URLResolver, path

from reminders.views import MessageDetail, MessageList, MessageRetry, MyMessages, SessionTold, Status

urlpatterns: list[URLPattern | URLResolver] = [
    path("status/", Status.as_view(), name="status"),
    path("messages/", MessageList.as_view(), name="message-list"),
    path("messages/<int:pk>/", MessageDetail.as_view(), name="message-detail"),
    path("messages/<int:pk>/retry/", MessageRetry.as_view(), name="message-retry"),
    path("account/messages/", MyMessages.as_view(), name="my-messages"),
    path("sessions/<int:pk>/told/<int:person>/", SessionTold.as_view(), name="session-told"),
]
