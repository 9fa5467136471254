"""Throwing away a draft that nobody was told of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from programs.actions import discard_session
from programs.rules import Can
from programs.views.session import SessionPage


class SessionDiscard(SessionPage):
    """Ask once, then free what the draft took."""

    ability = Can.PLAN_SESSION
    template = "programs/session_discard.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show what would be gone."""
        return self.show(session=self.row())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Discard it; what was promised meanwhile stays."""
        discard_session(self.row(), by=self.reader, at=now())
        messages.success(self.request, _("The draft is discarded. Its time is free again."))
        return redirect("schedule")
