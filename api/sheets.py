"""Sheets of sessions: read, marked, corrected, from paper, with walk-ins, and the code of the room."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Moment, Named, ScopedNamedField, ScopedRelatedField, Words, visible
from api.shapes import Output
from attendance.actions import (
    Crossed,
    Mark,
    add_walk_in,
    close_check_in,
    correct_attendance,
    mark_attendance,
    open_check_in,
)
from attendance.door import code_of
from attendance.rules import Can
from attendance.sheet import read_lines, sheet_code, sheet_rows
from programs.models import Attendance, Cohort, Session
from programs.rules import Can as CanProgram
from programs.states import AttendanceSource, AttendanceState, Excuse
from villages.models import Person

SEATS = 500


class MarkIn(serializers.Serializer[Any]):
    """What one seat's person did."""

    enrollment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    state = serializers.ChoiceField(choices=AttendanceState.choices)
    minutes = serializers.IntegerField(min_value=0, max_value=24 * 60, required=False, allow_null=True)
    reason = serializers.ChoiceField(
        choices=Excuse.choices, required=False, allow_blank=True, help_text="Why somebody was excused."
    )
    version = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        help_text="Of the line as it was seen: crossed marks are told.",
    )


class SheetIn(serializers.Serializer[Any]):
    """The sheet, or any part of it."""

    rows = serializers.ListField(child=MarkIn(), max_length=SEATS)
    correction_reason = Words(max_length=300, required=False, allow_blank=True)


class CorrectionIn(serializers.Serializer[Any]):
    """Lines of a sheet that was held or closed, and why they change."""

    rows = serializers.ListField(child=MarkIn(), max_length=SEATS)
    reason = Words(max_length=300)


class NumbersIn(serializers.Serializer[Any]):
    """A paper sheet by its row numbers: `1-5 7 9T 12S 14I`."""

    rows = Words(max_length=2000)
    rest_absent = serializers.BooleanField(default=False, help_text="Everyone else without a mark was absent.")
    correction_reason = Words(max_length=300, required=False, allow_blank=True)


class SeatOut(Output[Attendance]):
    """One line of the sheet."""

    person = Named(source="enrollment.person")
    cohort = serializers.IntegerField(source="enrollment.cohort_id", read_only=True)
    reason = serializers.CharField(source="excuse", read_only=True)
    marked_by = Named()

    class Meta:
        model = Attendance
        fields = [
            *(
                "id",
                "number",
                "version",
                "enrollment",
                "person",
                "cohort",
                "rsvp",
                "rsvp_at",
                "rsvp_reason",
                "state",
                "minutes",
                "reason",
            ),
            *("source", "marked_at", "marked_by"),
        ]


class SheetOut(serializers.Serializer[Any]):
    """The whole sheet, by row number."""

    session = serializers.IntegerField()
    state = serializers.CharField()
    code = serializers.CharField(help_text="Of the printed sheet.")
    rows = SeatOut(many=True)
    crossed = serializers.ListField(
        child=serializers.IntegerField(), help_text="Enrollments whose mark was not written: another hand was faster."
    )


class DoorIn(serializers.Serializer[Any]):
    """Whether a code counts from now on."""

    open = serializers.BooleanField(default=True)


class DoorOut(serializers.Serializer[Any]):
    """The code that is shown in the room; null when none counts."""

    code = serializers.CharField(allow_null=True)
    opened_at = Moment(allow_null=True)


class WalkIn(serializers.Serializer[Any]):
    """Someone who came without a seat."""

    cohort = ScopedRelatedField(Cohort)
    person = ScopedNamedField(Person)


class SheetViewSet(ScopedViewSet[Session]):
    """The sheet of a session."""

    model = Session
    abilities = {
        "attendance": CanProgram.READ_PARTICIPANT,
        "mark": Can.MARK_ATTENDANCE,
        "correct": Can.CORRECT_ATTENDANCE,
        "by_number": Can.MARK_ATTENDANCE,
        "walk_in": Can.MARK_ATTENDANCE,
        "check_in_code": Can.MARK_ATTENDANCE,
    }

    @extend_schema(responses=SheetOut)
    @action(detail=True, methods=["get"])
    def attendance(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Show the whole sheet."""
        return self._sheet(self.get_object())

    @extend_schema(request=SheetIn, responses=SheetOut)
    @attendance.mapping.put
    def mark(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Mark seats; sending the same sheet again changes nothing."""
        session = self.get_object()
        heard = self.heard(SheetIn)
        marks = self._marks(session, heard["rows"])
        why = heard.get("correction_reason", "")
        return self._sheet(session, mark_attendance(session, marks=marks, reason=why, by=self.user, at=now()))

    @extend_schema(request=CorrectionIn, responses=SheetOut)
    @action(detail=True, methods=["post"], url_path="attendance/correct")
    def correct(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Correct marks of a session that was held or closed, and say why."""
        session, heard = self.get_object(), self.heard(CorrectionIn)
        marks = self._marks(session, heard["rows"])
        return self._sheet(
            session, correct_attendance(session, marks=marks, reason=heard["reason"], by=self.user, at=now())
        )

    @extend_schema(request=NumbersIn, responses=SheetOut)
    @action(detail=True, methods=["post"], url_path="attendance/by-number")
    def by_number(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Mark seats by the row numbers of the paper sheet."""
        session, heard = self.get_object(), self.heard(NumbersIn)
        lines, seats = read_lines(heard["rows"]), dict(sheet_rows(session, to=self.user))
        unknown = [str(line.number) for line in lines if line.number not in seats]
        if unknown:
            raise ValidationError({"rows": _("This sheet has no row %(rows)s.") % {"rows": ", ".join(unknown[:10])}})
        marks = [Mark(seats[line.number].enrollment_id, line.state, line.minutes, line.excuse) for line in lines]
        if heard["rest_absent"]:
            said = {line.number for line in lines}
            rest = [seat for n, seat in seats.items() if n not in said and seat.state == AttendanceState.EXPECTED]
            marks += [Mark(seat.enrollment_id, AttendanceState.ABSENT, seen=seat.version) for seat in rest]
        why, paper = heard.get("correction_reason", ""), AttendanceSource.PAPER
        crossed = mark_attendance(session, marks=marks, source=paper, reason=why, by=self.user, at=now())
        return self._sheet(session, crossed)

    @extend_schema(request=DoorIn, responses=DoorOut)
    @action(detail=True, methods=["post"], url_path="check-in-code")
    def check_in_code(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Show a new code in the room, or let none count any more."""
        session = self.get_object()
        if not self.heard(DoorIn)["open"]:
            close_check_in(session, by=self.user, at=now())
            return Response(DoorOut({"code": None, "opened_at": None}).data)
        opening = open_check_in(session, by=self.user, at=now())
        return Response(DoorOut({"code": code_of(opening), "opened_at": opening.opened_at}).data)

    def _marks(self, session: Session, rows: list[dict[str, Any]]) -> list[Mark]:
        marks = [
            Mark(row["enrollment"], row["state"], row.get("minutes"), row.get("reason", ""), seen=row.get("version"))
            for row in rows
        ]
        self._refuse_unseen(session, marks)
        return marks

    def _refuse_unseen(self, session: Session, marks: list[Mark]) -> None:
        """Refuse a line that this user's sheet does not have: of a joint session a mentor sees their villages'."""
        seen = set(visible(Attendance, self.user).filter(session=session).values_list("enrollment_id", flat=True))
        if any(mark.enrollment_id not in seen for mark in marks):
            raise ValidationError(_("One of these people has no seat in this session."))

    def _sheet(self, session: Session, crossed: list[Crossed] | None = None) -> Response:
        again = self.get_queryset().get(pk=session.pk)
        shown = {
            "session": again.pk,
            "state": again.state,
            "code": sheet_code(again),
            "rows": [seat for _number, seat in sheet_rows(again, to=self.user)],
            "crossed": [each.mark.enrollment_id for each in crossed or ()],
        }
        return Response(SheetOut(shown).data)

    @extend_schema(request=WalkIn, responses={201: SheetOut})
    @action(detail=True, methods=["post"], url_path="walk-in")
    def walk_in(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Seat someone who came uninvited, in a cohort of the session."""
        session = self.get_object()
        add_walk_in(session, **self.heard(WalkIn), by=self.user, at=now())
        response = self._sheet(session)
        response.status_code = status.HTTP_201_CREATED
        return response
