"""Addresses of messages."""

from django.urls import URLPattern, URLResolver, path

from reminders.views import calls, channels, costs, hand, messages, status, templates

urlpatterns: list[URLPattern | URLResolver] = [
    path("status/", status.Status.as_view(), name="status"),
    path("messages/", messages.MessageList.as_view(), name="message-list"),
    path("messages/<int:pk>/", messages.MessageDetail.as_view(), name="message-detail"),
    path("messages/<int:pk>/retry/", messages.MessageRetry.as_view(), name="message-retry"),
    path("messages/<int:pk>/settle/", messages.MessageSettle.as_view(), name="message-settle"),
    path("messages/by-hand/", hand.HandList.as_view(), name="hand-list"),
    path("messages/by-hand/<int:pk>/open/", hand.HandOpen.as_view(), name="hand-open"),
    path("messages/by-hand/text/<int:pk>/", hand.HandLetter.as_view(), name="hand-letter"),
    path("messages/by-hand/text/<int:pk>/said/", hand.HandSaid.as_view(), name="hand-said"),
    path("messages/calls/", calls.CallList.as_view(), name="call-list"),
    path("messages/calls/<int:pk>/told/", calls.CallTold.as_view(), name="call-told"),
    path("messages/calls/<int:pk>/missed/", calls.CallMissed.as_view(), name="call-missed"),
    path("messages/calls/<int:pk>/numbers/", calls.CallNumbers.as_view(), name="call-numbers"),
    path("messages/calls/<int:pk>/sheet/<int:village>/", calls.CallSheet.as_view(), name="call-sheet"),
    path("messages/costs/", costs.CostsPage.as_view(), name="costs"),
    path("messages/costs/prices/", costs.PriceList.as_view(), name="price-list"),
    path("messages/costs/prices/<int:pk>/", costs.PriceEdit.as_view(), name="price-edit"),
    path("messages/costs/prices/<int:pk>/remove/", costs.PriceRemove.as_view(), name="price-remove"),
    path("messages/costs/<str:kind>/", costs.CostsFile.as_view(), name="costs-file"),
    path("messages/templates/", templates.TemplateList.as_view(), name="template-list"),
    path("messages/templates/<str:script>/<str:language>/", templates.TemplateDetail.as_view(), name="template-detail"),
    path(
        "messages/templates/<str:script>/<str:language>/word/",
        templates.TemplateWord.as_view(),
        name="template-word",
    ),
    path(
        "messages/templates/<str:script>/<str:language>/<str:form>/",
        templates.TemplateEdit.as_view(),
        name="template-edit",
    ),
    path(
        "messages/templates/<str:script>/<str:language>/<str:form>/reset/",
        templates.TemplateReset.as_view(),
        name="template-reset",
    ),
    path("messages/channels/<str:pk>/resume/", channels.ChannelResume.as_view(), name="channel-resume"),
    path("sessions/<int:pk>/told/<int:person>/", messages.SessionTold.as_view(), name="session-told"),
]
