"""How sending fares, for administrators."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from common.pages import Page
from reminders.models import Pulse
from reminders.rules import Can
from reminders.status import lines_of, vitals


class Status(Page[Pulse]):
    """How sending fares, and what to do about it."""

    ability = Can.READ_STATUS
    model = Pulse
    template = "reminders/status.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show the figures as of now."""
        found = vitals(at=now())
        return self.show(found=found, lines=lines_of(found))
