"""What is kept about sheets."""

from typing import Any
from uuid import UUID

from attendance.models import AbsenceNote, Act, AttendanceMark, SheetPhoto
from tests.factories.base import NOW, RowFactory, counted, from_row, one
from tests.factories.people import UserFactory
from tests.factories.programs import MarkedSeatFactory, SessionFactory


class SheetPhotoFactory(RowFactory[SheetPhoto]):
    """One page of a signed sheet; its file is on no disk until somebody writes it."""

    class Meta:
        model = SheetPhoto

    session = one(SessionFactory)
    file = counted(lambda n: f"sheets/{n:032}.jpg")
    sha256 = counted(lambda n: f"{n:064}")
    size = 1000
    at = NOW
    by = one(UserFactory)


class AttendanceMarkFactory(RowFactory[AttendanceMark]):
    """What the history of a marked seat says of its last mark."""

    class Meta:
        model = AttendanceMark

    seat: Any = one(MarkedSeatFactory)
    version = from_row(lambda row: row.seat.version)
    state = from_row(lambda row: row.seat.state)
    minutes = from_row(lambda row: row.seat.minutes)
    source = from_row(lambda row: row.seat.source)
    at = from_row(lambda row: row.seat.marked_at)
    by = from_row(lambda row: row.seat.marked_by)


class ActFactory(RowFactory[Act]):
    """What a phone said after the sheet was closed."""

    class Meta:
        model = Act

    id = counted(lambda n: UUID(int=n + 1))
    kind = "mark"
    seat: Any = one(MarkedSeatFactory)
    session = from_row(lambda row: row.seat.session)
    state = "late"
    digest = counted(lambda n: f"{n:064}")
    made_at = NOW
    acted_at = NOW
    received_at = NOW
    by = one(UserFactory)
    outcome = "waiting"
    wait = "closed"


class AbsenceNoteFactory(RowFactory[AbsenceNote]):
    """Somebody spoke to a person who was absent."""

    class Meta:
        model = AbsenceNote

    seat = one(MarkedSeatFactory)
    contacted = "person"
    outcome = "comes_again"
    at = NOW
    by = one(UserFactory)
