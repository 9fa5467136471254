"""The attendance sheet, who came unasked, and closing what was held."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from attendance.actions import (
    Crossed,
    Mark,
    add_new_walk_in,
    add_walk_in,
    close_session,
    correct_attendance,
    hold_session,
    mark_attendance,
)
from attendance.forms import WalkInForm
from attendance.rules import Can
from attendance.views.marks import labels, line_of, lines_of, marks_in, sentences
from common.errors import Refused
from programs.models import Attendance, Session
from programs.states import CAME, DELIVERED, AttendanceState, SessionState
from programs.views.session import SessionFormPage, SessionPage

TOGETHER = ("hold", "close", "next")  # what may be pressed along with saving


class SessionSheet(SessionPage):
    """A page that writes on a session's sheet: open to who marks; once closed, to who corrects."""

    ability = Can.MARK_ATTENDANCE

    def row(self) -> Session:
        """Read the session; nobody but who corrects changes a closed sheet."""
        session = super().row()
        closed = session.state == SessionState.CLOSED
        if closed and self.request.method == "POST" and not self.reader.has_perm(Can.CORRECT_ATTENDANCE, session):
            raise PermissionDenied
        return session

    def write(self, session: Session, marks: list[Mark], **options: Any) -> list[Crossed]:
        """Mark an open sheet; correct one of a session that was held."""
        given = {"marks": marks, "by": self.reader, "at": now(), **options}
        if session.state not in DELIVERED:
            return mark_attendance(session, **{**given, "reason": ""})
        return correct_attendance(session, **given)

    def about(self, session: Session) -> dict[str, Any]:
        """Say what the templates of such a page ask."""
        return {
            "session": session,
            "begun": session.starts_at <= now(),
            "held": session.state in DELIVERED,
            "open": session.state != SessionState.CLOSED or self.reader.has_perm(Can.CORRECT_ATTENDANCE, session),
        }


@method_decorator(gzip_page, name="dispatch")
class SessionAttendance(SessionSheet):
    """One line per seat: present, late, leave, sick, absent."""

    template = "attendance/session_attendance.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show the sheet."""
        return self._sheet()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write what was marked; a mistake or a crossed mark is told above the sheet."""
        session = self.row()
        if self._then() and not self.reader.has_perm(Can.CLOSE_SESSION, session):
            raise PermissionDenied
        try:
            marks = self._marks(session)
            crossed = self.write(session, marks, reason=request.POST.get("reason", ""))
            if not crossed:
                return self._finish(session, marks)
        except ValidationError as error:
            return self._sheet(refusals=error.messages, typed=True, status=HTTPStatus.BAD_REQUEST)
        except Refused as error:
            return self._sheet(refusals=[str(error)], typed=True, status=HTTPStatus.CONFLICT)
        told = sentences(crossed, session, to=self.reader)
        return self._sheet(refusals=told, crossed=True, status=HTTPStatus.CONFLICT)

    def _then(self) -> str:
        then = self.request.POST.get("then", "")
        return then if then in TOGETHER else ""

    def _finish(self, session: Session, marks: list[Mark]) -> HttpResponse:
        """Hold and close along with saving, when that was pressed; each act keeps its own rules."""
        then, at = self._then(), now()
        session.refresh_from_db(fields=["state"])
        if then and session.state == SessionState.SCHEDULED:
            hold_session(session, by=self.reader, at=at)
        if then in ("close", "next"):
            close_session(session, by=self.reader, at=at)
        sentence = _("The sheet is kept: %(count)s people.") % {"count": len(marks)}
        closed = _("The sheet is closed.")
        said = {"hold": _("Held. Its minutes count."), "close": closed, "next": closed}
        messages.success(self.request, said.get(then, sentence))
        following = self._following(session) if then == "next" else None
        if following is not None:
            return redirect("session-attendance", following.pk)
        return redirect("session-attendance" if "stay" in self.request.POST else "session-detail", session.pk)

    def _following(self, session: Session) -> Session | None:
        """Find the next session of the program that is over and has no sheet."""
        rest = Session.objects.visible_to(self.reader).filter(program=session.program_id)
        return rest.filter(state=SessionState.SCHEDULED, ends_at__lte=now()).order_by("ends_at", "pk").first()

    def _sheet(self, *, typed: bool = False, status: int = HTTPStatus.OK, **shown: object) -> HttpResponse:
        session = self.row()
        lines = lines_of(session, to=self.reader, typed=self.request.POST if typed else None)
        return self.show(
            **self.about(session),
            **shown,
            lines=lines,
            came=sum(line.seat.state in CAME for line in lines),
            joint=len(session.cohorts.all()) > 1,
            choices=labels(),
            reason=self.request.POST.get("reason", "") if typed else "",
            status=status,
        )

    def _marks(self, session: Session) -> list[Mark]:
        """Read the lines; where it was pressed that the others came, everyone else is present."""
        seats = session.seats.visible_to(self.reader)
        marks = marks_in(self.request.POST, seats.values_list("enrollment_id", flat=True))
        if "rest" in self.request.POST or self._then() == "next":
            said = [mark.enrollment_id for mark in marks]
            unmarked = seats.filter(state=AttendanceState.EXPECTED).exclude(enrollment__in=said).order_by("pk")
            keys = unmarked.values_list("enrollment_id", flat=True)
            marks += [Mark(enrollment_id=key, state=AttendanceState.PRESENT) for key in keys]
        return marks


class SessionWalkIn(SessionFormPage):
    """Add someone who came without being on the list: find them in the village, or write them down."""

    ability = Can.MARK_ATTENDANCE
    form_class = WalkInForm
    template = "attendance/session_walk_in.html"

    def form_arguments(self) -> dict[str, Any]:
        """Offer people of the session's villages."""
        return {"user": self.reader, "session": self.row(), "initial": {"name": self._asked()}}

    def context(self) -> dict[str, Any]:
        """Show whom the words found."""
        asked, session = self._asked(), self.row()
        form = WalkInForm(user=self.reader, session=session)
        return {"session": session, "asked": asked, "found": form.found(asked), "quick": "sheet" in self.request.GET}

    def act(self, form: forms.Form) -> HttpResponse:
        """Enroll and seat them together; a sheet that is being filled in gets just their line."""
        session, clean = self.row(), form.cleaned_data
        given: dict[str, Any] = {"cohort": clean["cohort"], "by": self.reader, "at": now()}
        if clean["person"]:
            seat = add_walk_in(session, person=clean["person"], **given)
        else:
            named = {name: clean[name] for name in ("name", "sex", "number")}
            seat = add_new_walk_in(session, **named, **given)
        if self.request.headers.get("HX-Request") == "true":
            return self._line(session, seat)
        messages.success(self.request, _("%(name)s is on the sheet.") % {"name": seat.enrollment.person.name})
        return redirect("session-attendance", session.pk)

    def _line(self, session: Session, seat: Attendance) -> HttpResponse:
        shown = {"session": session, "line": line_of(seat, session), "choices": labels()}
        return render(self.request, "components/attendance_row.html", shown)

    def _asked(self) -> str:
        return " ".join(self.request.GET.get("name", "").replace("\0", " ").split())[:120]


class SessionHold(SessionPage):
    """Say that a session took place."""

    ability = Can.CLOSE_SESSION
    template = "attendance/session_hold.html"

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
    template = "attendance/session_hold.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Ask once."""
        session = self.row()
        unmarked = session.seats.filter(state=AttendanceState.EXPECTED).count()
        closing = session.state == SessionState.HELD
        return self.show(session=session, unmarked=unmarked, seats=session.seats.count(), closing=closing)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Close it; from now on the sheet is only corrected, with a reason."""
        session = self.row()
        close_session(session, by=self.reader, at=now())
        return self.done(session, _("The sheet is closed."))
