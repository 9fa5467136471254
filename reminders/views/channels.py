"""Channels that rest or were stopped, and letting them go on."""

from django.contrib import messages as flashes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import Page, way_back
from reminders.actions import resume_channel
from reminders.models import ChannelStatus
from reminders.rules import Can


class ChannelResume(Page[ChannelStatus]):
    """Let texts leave by a channel again."""

    ability = Can.RESUME_CHANNEL
    model = ChannelStatus

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:  # noqa: ARG002
        """Return to the messages: it is started by a button."""
        return redirect("message-list")

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:  # noqa: ARG002
        """Start it again and return."""
        status = self.row()
        resume_channel(status, by=self.reader, at=now())
        flashes.success(request, _("%(channel)s is started again.") % {"channel": status.get_channel_display()})
        return redirect(way_back(request.POST.get("next", ""), reverse("message-list")))
