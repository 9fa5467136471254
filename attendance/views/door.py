"""The code by which people say that they are here, shown large in the room."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now

from attendance.actions import close_check_in, open_check_in
from attendance.door import code_of, open_door, runs
from attendance.rules import Can
from programs.models import Session
from programs.states import DELIVERED, AttendanceSource, SessionState
from programs.views.session import SessionPage


class SessionDoor(SessionPage):
    """Show the code, show another, or let none count any more."""

    ability = Can.MARK_ATTENDANCE
    template = "attendance/session_door.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show the code while people may use it."""
        session = self.row()
        opening = open_door(session) if runs(session, at=now()) else None
        address = f"{settings.BASE_URL}/s/code"
        response = self.show(
            session=session,
            running=runs(session, at=now()),
            over=session.state in DELIVERED or (session.state == SessionState.SCHEDULED and session.ends_at <= now()),
            digits=code_of(opening) if opening else "",
            drawn=_drawn(address) if opening else "",
            words=address.partition("://")[2],
            **self._arrived(session),
        )
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Open with a new code, or close."""
        session = self.row()
        act = close_check_in if "close" in request.POST else open_check_in
        act(session, by=self.reader, at=now())
        return redirect("session-door", session.pk)

    def _arrived(self, session: Session) -> dict[str, int]:
        seats = session.seats.visible_to(self.reader)
        return {"seats": seats.count(), "arrived": seats.filter(source=AttendanceSource.SELF).count()}


def _drawn(address: str) -> SafeString:
    """Draw the code that a phone's camera opens."""
    drawn = segno.make(address, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000"
    )
    return mark_safe(drawn)  # noqa: S308  drawn by us from an address of ours
