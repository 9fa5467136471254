"""The attendance sheet, walk-ins, and closing what was held."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from programs.actions import Mark, add_walk_in, close_session, hold_session, mark_attendance
from programs.forms import WalkInForm
from programs.models import Attendance, Session
from programs.rules import Can
from programs.states import CAME, AttendanceState, Excuse, SessionState
from programs.views.session import SessionFormPage, SessionPage

CHOICES = (
    (AttendanceState.PRESENT, AttendanceState.PRESENT, Excuse.NONE),
    (AttendanceState.LATE, AttendanceState.LATE, Excuse.NONE),
    ("leave", AttendanceState.EXCUSED, Excuse.LEAVE),
    ("sick", AttendanceState.EXCUSED, Excuse.SICK),
    (AttendanceState.ABSENT, AttendanceState.ABSENT, Excuse.NONE),
)
MEANING = {value: (state, excuse) for value, state, excuse in CHOICES}
LONGEST_NUMBER = 4


def _labels() -> list[tuple[str, str]]:
    return [(value, str(excuse.label if excuse else AttendanceState(state).label)) for value, state, excuse in CHOICES]


def _chosen(seat: Attendance) -> str:
    if seat.state == AttendanceState.EXCUSED:
        return seat.excuse or "leave"
    return "" if seat.state == AttendanceState.EXPECTED else seat.state


class SessionAttendance(SessionPage):
    """One line per seat: present, late, leave, sick, absent."""

    ability = Can.MARK_ATTENDANCE
    template = "programs/session_attendance.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show the sheet."""
        return self._sheet()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write every line that says something; a sheet with a mistake is shown again as it was filled."""
        session = self.row()
        try:
            marks = self._marks(session)
            mark_attendance(session, marks=marks, by=self.reader, at=now())
        except (Refused, ValidationError) as error:
            sentence = error.messages[0] if isinstance(error, ValidationError) else str(error)
            return self._sheet(refusal=sentence, status=409 if isinstance(error, Refused) else 400)
        messages.success(request, _("The sheet is kept: %(count)s people.") % {"count": len(marks)})
        return redirect("session-attendance" if "stay" in request.POST else "session-detail", session.pk)

    def _sheet(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        session, typed = self.row(), self.request.POST
        seats = session.seats.visible_to(self.reader).select_related("enrollment__person", "enrollment__cohort")
        lines = [
            {
                "name": seat.enrollment.person.name,
                "note": seat.enrollment.cohort.name,
                "field": f"seat-{seat.enrollment_id}",
                "value": typed.get(f"seat-{seat.enrollment_id}", _chosen(seat)),
                "minutes": typed.get(f"minutes-{seat.enrollment_id}", seat.minutes or ""),
                "minutes_field": f"minutes-{seat.enrollment_id}",
            }
            for seat in seats.order_by("enrollment__person__name", "pk")
        ]
        return self.show(
            session=session,
            lines=lines,
            choices=_labels(),
            refusal=refusal,
            begun=session.starts_at <= now(),
            status=status,
        )

    def _marks(self, session: Session) -> list[Mark]:
        """Read the lines; a line, choice or number that the page does not offer is a ValidationError."""
        seats = session.seats.visible_to(self.reader)
        offered = set(seats.values_list("enrollment_id", flat=True))
        lines = {name.removeprefix("seat-"): name for name in self.request.POST if name.startswith("seat-")}
        marks = [self._mark(line, offered) for line, name in lines.items() if self.request.POST[name]]
        if "rest" in self.request.POST:  # the button of who has no script: everyone without a mark is present
            unmarked = seats.filter(state=AttendanceState.EXPECTED).exclude(
                enrollment__in=[mark.enrollment_id for mark in marks]
            )
            keys = unmarked.order_by("pk").values_list("enrollment_id", flat=True)
            marks += [Mark(enrollment_id=key, state=AttendanceState.PRESENT) for key in keys]
        return marks

    def _mark(self, line: str, offered: set[int]) -> Mark:
        value, minutes = self.request.POST[f"seat-{line}"], self.request.POST.get(f"minutes-{line}", "").strip()
        number = (minutes or "0").isdecimal() and len(minutes) <= LONGEST_NUMBER
        if value not in MEANING or not line.isdecimal() or not number:
            raise ValidationError(_("Minutes are a whole number, and each line has one mark."))
        if int(line) not in offered:
            raise ValidationError(_("One of these people has no seat in this session."))
        state, excuse = MEANING[value]
        exact = int(minutes) if minutes and state in CAME else None
        return Mark(enrollment_id=int(line), state=state, minutes=exact, excuse=excuse)


class SessionWalkIn(SessionFormPage):
    """Add someone who came without being on the list."""

    ability = Can.MARK_ATTENDANCE
    form_class = WalkInForm
    template = "programs/session_walk_in.html"

    def form_arguments(self) -> dict[str, Any]:
        """Offer people of the session's villages."""
        return {"user": self.reader, "session": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Enroll and seat them together."""
        session, clean = self.row(), form.cleaned_data
        add_walk_in(session, cohort=clean["cohort"], person=clean["person"], by=self.reader, at=now())
        return redirect("session-attendance", session.pk)


class SessionHold(SessionPage):
    """Say that a session took place."""

    ability = Can.CLOSE_SESSION
    template = "programs/session_hold.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Ask whether anyone came."""
        session = self.row()
        unmarked = session.seats.filter(state=AttendanceState.EXPECTED).count()
        return self.show(session=session, unmarked=unmarked, seats=session.seats.count())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Hold it; with no attendance it takes an explicit "nobody came"."""
        session = self.row()
        hold_session(session, nobody_came="nobody_came" in request.POST, by=self.reader, at=now())
        return self.done(session, _("Held. Its minutes count."))


class SessionClose(SessionPage):
    """Close the sheet of a held session."""

    ability = Can.CLOSE_SESSION
    template = "programs/session_hold.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Ask once."""
        session = self.row()
        unmarked = session.seats.filter(state=AttendanceState.EXPECTED).count()
        closing = session.state == SessionState.HELD
        return self.show(session=session, unmarked=unmarked, seats=session.seats.count(), closing=closing)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Close it; the sheet changes no more."""
        session = self.row()
        close_session(session, by=self.reader, at=now())
        return self.done(session, _("The sheet is closed."))
