"""Filling in the sheet: marks, corrections, and who came unasked."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.models import AttendanceMark
from common.errors import Refused
from common.events import record
from programs.actions.enrollment import enroll, refuse_stranger
from programs.models import Attendance, Booking, Cohort, Enrollment, Session
from programs.states import (
    ATTENDANCE_MOVES,
    CAME,
    DELIVERED,
    SEATED,
    AttendanceSource,
    AttendanceState,
    EnrollmentState,
    Excuse,
    SessionState,
)
from villages.actions import welcome_person
from villages.models import Person
from villages.states import Relation

OPEN = (SessionState.SCHEDULED, SessionState.HELD)
KEPT = ("state", "minutes", "excuse", "source")  # what a seat and its last mark share
COLUMNS = (*KEPT, "marked_at", "marked_by", "version")
Said = tuple[str, int, str]  # state, minutes and excuse


@dataclass(frozen=True)
class Mark:
    """What the sheet says about one participant; without minutes, who came stayed to the end.

    `seen` is the version of the seat that was on the screen; a mark made without looking (None) is always written.
    """

    enrollment_id: int
    state: str
    minutes: int | None = None
    excuse: str = ""
    seen: int | None = None


@dataclass(frozen=True)
class Crossed:
    """A mark that was not written, because another hand had changed the seat since it was seen."""

    mark: Mark
    seat: Attendance


@dataclass(frozen=True)
class Hand:
    """Who marks, when, from what, and why again; nobody when a person marks themselves."""

    by: User | None
    at: datetime
    source: str
    reason: str = ""


@transaction.atomic
def mark_attendance(
    session: Session,
    *,
    marks: Sequence[Mark],
    by: User,
    at: datetime,
    source: str = AttendanceSource.TRAINER,
    reason: str = "",
) -> list[Crossed]:
    """Write these marks on an open sheet; give those that crossed another hand's, which stand as they were.

    A mark that says what is already written changes nothing.
    """
    held = _open_sheet(session, at=at)
    return _fill_in(held, marks, Hand(by, at, source, reason.strip())).crossed


@transaction.atomic
def correct_attendance(
    session: Session,
    *,
    marks: Sequence[Mark],
    reason: str,
    by: User,
    at: datetime,
    source: str = AttendanceSource.TRAINER,
) -> list[Crossed]:
    """Change the sheet of a session that was held or closed; whoever changes a mark says why, and it is kept."""
    held = _held_sheet(session)
    done = _fill_in(held, marks, Hand(by, at, source, reason.strip()))
    if not done.hand.reason and (done.corrected or (done.changed and held.state == SessionState.CLOSED)):
        raise ValidationError(_("Say why the marks are corrected."), code="reason")
    return done.crossed


@transaction.atomic
def add_walk_in(
    session: Session, *, cohort: Cohort, person: Person, by: User, at: datetime, hand: Hand | None = None
) -> Attendance:
    """Seat someone who came unasked, and enroll them when they were not; they count as present.

    `hand` marks in place of the caller's own; one with a reason corrects, also a closed sheet.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # before the session, as everyone else does
    held = _held_sheet(session) if hand and hand.reason else _open_sheet(session, at=at)
    if not Booking.objects.filter(session=session, cohort=cohort).exists():
        raise ValidationError(_("This cohort does not take part in the session."), code="cohort")
    refuse_stranger(cohort, person)
    enrollment = Enrollment.objects.filter(cohort=cohort, person=person).first()
    if enrollment is None:
        enrollment = enroll(cohort, person=person, by=by, at=at, waits=False)
    elif enrollment.state not in SEATED:
        raise Refused(_("This person is in the cohort as “%(state)s”.") % {"state": enrollment.get_state_display()})
    if held.seats.filter(enrollment=enrollment).exists():
        raise Refused(_("This person already has a seat in this session."))
    seat = Attendance.objects.create(session=session, enrollment=enrollment)
    seat.refresh_from_db(fields=["number"])
    write_marks([(seat, (AttendanceState.PRESENT, held.minutes, ""))], hand or Hand(by, at, AttendanceSource.TRAINER))
    _activate([enrollment.pk])
    record(session, verb="walk_in_added", by=by, at=at, enrollment=enrollment.pk)
    return seat


@transaction.atomic
def add_new_walk_in(
    session: Session,
    *,
    cohort: Cohort,
    name: str,
    sex: str,
    by: User,
    at: datetime,
    number: str = "",
    hand: Hand | None = None,
) -> Attendance:
    """Write down somebody nobody knew, enroll and seat them, all at once or not at all."""
    relation = Relation.OWN if number else ""
    person = welcome_person(village=cohort.village, name=name, sex=sex, number=number, relation=relation, by=by, at=at)
    return add_walk_in(session, cohort=cohort, person=person, by=by, at=at, hand=hand)


def mark_absent(session: Session, *, by: User, at: datetime) -> int:
    """Mark who has no mark as absent; tell how many."""
    unmarked = session.seats.filter(state=AttendanceState.EXPECTED).order_by("pk")
    pairs: list[tuple[Attendance, Said]] = [(seat, (AttendanceState.ABSENT, 0, "")) for seat in unmarked]
    write_marks(pairs, Hand(by, at, AttendanceSource.TRAINER))
    return len(pairs)


def _open_sheet(session: Session, *, at: datetime) -> Session:
    """Hold the session while its sheet is written; only one that has begun and is not closed has an open sheet."""
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state not in OPEN:
        raise Refused(
            _("The sheet of a session that is “%(state)s” is not open.") % {"state": held.get_state_display()}
        )
    if at < held.starts_at:
        raise Refused(_("This session has not begun yet."))
    return held


def _held_sheet(session: Session) -> Session:
    """Hold the session while its sheet is corrected; only one that took place has such a sheet."""
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state not in DELIVERED:
        raise Refused(_("Only the sheet of a session that was held is corrected."))
    return held


@dataclass(frozen=True)
class _Done:
    """What came of a sheet that was handed in."""

    hand: Hand
    changed: bool
    corrected: bool  # somebody who had a mark has another now
    crossed: list[Crossed]


def _fill_in(session: Session, marks: Sequence[Mark], hand: Hand) -> _Done:
    """Write what differs, but nothing over a mark that was not seen."""
    if hand.source not in AttendanceSource.values:
        raise ValidationError(_("This source is not known."), code="source")
    keys = [mark.enrollment_id for mark in marks]
    seats = {seat.enrollment_id: seat for seat in session.seats.filter(enrollment__in=keys)}
    given = [(_seat(seats, mark), mark, read_mark(mark, session)) for mark in marks]
    differing = [each for each in given if said_by(each[0]) != each[2]]
    crossed = _crossed([each for each in differing if each[1].seen not in (None, each[0].version)])
    pairs = [(seat, said) for seat, mark, said in differing if mark.seen in (None, seat.version)]
    corrected = any(seat.state != AttendanceState.EXPECTED for seat, _said in pairs)
    write_marks(pairs, hand)
    if pairs:
        _record(session, Counter(str(state) for _seat, (state, _minutes, _excuse) in pairs), hand)
    return _Done(hand, bool(pairs), corrected, crossed)


def _record(session: Session, counts: Counter[str], hand: Hand) -> None:
    """Tell it in the history of the session; with a reason it is a correction."""
    verb, why = ("attendance_corrected", {"reason": hand.reason}) if hand.reason else ("attendance_marked", {})
    record(session, verb=verb, by=hand.by, at=hand.at, source=hand.source, counts=dict(counts), **why)


def write_marks(pairs: Sequence[tuple[Attendance, Said]], hand: Hand) -> None:
    """Put marks on seats of a session that the caller holds, and keep each of them in the seat's history."""
    write_each([(seat, said, hand) for seat, said in pairs])


def write_each(lines: Sequence[tuple[Attendance, Said, Hand]]) -> list[AttendanceMark]:
    """Put marks of several hands on seats, each seat once; give what was kept, in their order."""
    for seat, (state, minutes, excuse), hand in lines:
        if seat.state != state:
            ATTENDANCE_MOVES.check(seat.state, state)
        seat.state, seat.minutes, seat.excuse, seat.source = state, minutes, excuse, hand.source
        seat.marked_at, seat.marked_by, seat.version = hand.at, hand.by, seat.version + 1
    seats = [seat for seat, _said, _hand in lines]
    Attendance.objects.bulk_update(seats, COLUMNS)
    kept = AttendanceMark.objects.bulk_create(_mark_of(seat, hand) for seat, _said, hand in lines)
    _activate([seat.enrollment_id for seat in seats if seat.state in CAME])
    return kept


def _mark_of(seat: Attendance, hand: Hand) -> AttendanceMark:
    said = {name: getattr(seat, name) for name in KEPT}
    return AttendanceMark(seat=seat, version=seat.version, by=hand.by, at=hand.at, reason=hand.reason, **said)


def _crossed(candidates: Sequence[tuple[Attendance, Mark, Said]]) -> list[Crossed]:
    """Tell which of these were meant: a line that was sent back as it was shown says nothing."""
    if not candidates:
        return []
    shown = AttendanceMark.objects.filter(seat__in=[seat.pk for seat, _mark, _said in candidates])
    before = {(row.seat_id, row.version): (row.state, row.minutes, row.excuse) for row in shown}
    return [Crossed(mark, seat) for seat, mark, said in candidates if before.get((seat.pk, mark.seen or 0)) != said]


def said_by(seat: Attendance) -> Said:
    """Tell what a seat says."""
    return seat.state, seat.minutes, seat.excuse


def _seat(seats: dict[int, Attendance], mark: Mark) -> Attendance:
    if mark.enrollment_id not in seats:
        raise ValidationError(_("One of these people has no seat in this session."), code="enrollment")
    return seats[mark.enrollment_id]


def read_mark(mark: Mark, session: Session) -> Said:
    """Read a mark as its session allows it; any other is a ValidationError."""
    return mark.state, _minutes(mark, session), _excuse(mark)


def _minutes(mark: Mark, session: Session) -> int:
    if mark.state not in AttendanceState.values:
        raise ValidationError(_("This mark is not known."), code="state")
    if mark.state not in CAME:
        if mark.minutes:
            raise ValidationError(_("Only who came has minutes."), code="minutes")
        return 0
    minutes = session.minutes if mark.minutes is None else mark.minutes
    if not 0 <= minutes <= session.minutes:
        raise ValidationError(_("Nobody attends longer than the session lasted."), code="minutes")
    return minutes


def _excuse(mark: Mark) -> str:
    if mark.excuse and mark.state != AttendanceState.EXCUSED:
        raise ValidationError(_("Only who was excused has an excuse."), code="excuse")
    if mark.excuse not in Excuse.values:
        raise ValidationError(_("This excuse is not known."), code="excuse")
    return mark.excuse


def _activate(enrollments: Collection[int]) -> None:
    """Who came for the first time is an active participant from now on."""
    came = Enrollment.objects.filter(pk__in=enrollments, state=EnrollmentState.ACCEPTED)
    came.update(state=EnrollmentState.ACTIVE)
