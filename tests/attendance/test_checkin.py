"""Saying that one is here by the code of the room: when it counts, how often one may guess, what it never touches."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from attendance.actions import Mark, check_in, close_check_in, mark_attendance, open_check_in
from attendance.actions import checkin as acting
from attendance.actions.checkin import REST, TRIES
from attendance.door import code_of, runs
from attendance.models import CheckInTries
from common.errors import Refused
from common.models import Event
from programs.actions import cancel_session, reschedule_session, withdraw_enrollment
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState
from tests.programs.plans import START, TWO_HOURS, history, scheduled
from tests.programs.test_races import at_once
from villages.models import ContactPoint, Person

pytestmark = pytest.mark.django_db


def minute(number: int) -> datetime:
    """Count minutes from the beginning of the session."""
    return START + timedelta(minutes=number)


@pytest.fixture
def session(enrolled: Enrollment, cohort: Cohort, venue: Venue, sari: User) -> Session:
    """Two hours next Thursday."""
    return scheduled(cohort, venue, by=sari)


@pytest.fixture
def seat(session: Session) -> Attendance:
    """Bu Lidia's."""
    return session.seats.get()


@pytest.fixture
def phone(lidia: Person) -> ContactPoint:
    """Her number."""
    return lidia.contact_points.get()


def mark_of(seat: Attendance) -> tuple[str, int, str, object]:
    seat.refresh_from_db()
    return seat.state, seat.minutes, seat.source, seat.marked_by


@pytest.mark.parametrize(
    ("came", "state", "minutes"),
    [
        (-30, "present", 120),
        (-1, "present", 120),
        (0, "present", 120),
        (15, "present", 120),
        (16, "late", 104),
        (119, "late", 1),
    ],
)
def test_who_types_the_code_is_here_and_late_after_a_quarter(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User, came: int, state: str, minutes: int
) -> None:
    opening = open_check_in(session, by=sari, at=minute(-30))
    check_in(seat, code=code_of(opening), through=phone, at=minute(came))
    assert mark_of(seat) == (state, minutes, "self", None)
    assert seat.marked_at == minute(came)
    assert history(seat) == ["checked_in"]
    assert seat.marks.get().by is None


@pytest.mark.parametrize("when", [-31, 120, 5000])
def test_code_counts_only_around_the_session(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User, when: int
) -> None:
    with pytest.raises(Refused, match="half an hour before"):
        open_check_in(session, by=sari, at=minute(when))
    opening = open_check_in(session, by=sari, at=minute(0))
    with pytest.raises(Refused, match="No code counts"):
        check_in(seat, code=code_of(opening), through=phone, at=minute(when))
    assert mark_of(seat)[0] == "expected"


def test_code_counts_while_it_is_shown_and_no_longer(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User
) -> None:
    old = open_check_in(session, by=sari, at=minute(0))
    new = open_check_in(session, by=sari, at=minute(5))
    assert code_of(old) != code_of(new)
    with pytest.raises(Refused, match="not the code"):
        check_in(seat, code=code_of(old), through=phone, at=minute(6))
    close_check_in(session, by=sari, at=minute(7))
    close_check_in(session, by=sari, at=minute(8))
    with pytest.raises(Refused, match="No code counts"):
        check_in(seat, code=code_of(new), through=phone, at=minute(9))
    assert history(session)[2:] == ["check_in_opened", "check_in_opened", "check_in_closed"]


def test_code_is_six_digits_and_its_own_sessions(session: Session, sari: User) -> None:
    codes = set()
    for turn in range(30):
        codes.add(code_of(open_check_in(session, by=sari, at=minute(turn))))
    assert {len(code) for code in codes} == {6}
    assert len(codes) >= 29
    assert all(code.isdecimal() for code in codes)


@pytest.mark.parametrize("state", ["draft", "held", "closed", "cancelled"])
def test_only_a_scheduled_session_has_a_door(session: Session, state: str) -> None:
    session.state = state
    assert not runs(session, at=minute(1))


def test_what_a_trainer_marked_stands(session: Session, seat: Attendance, phone: ContactPoint, sari: User) -> None:
    opening = open_check_in(session, by=sari, at=minute(0))
    mark_attendance(session, marks=[Mark(seat.enrollment_id, AttendanceState.ABSENT)], by=sari, at=minute(20))
    check_in(seat, code=code_of(opening), through=phone, at=minute(21))
    assert mark_of(seat) == ("absent", 0, "trainer", sari)
    assert history(seat) == []


def test_a_trainer_may_say_otherwise(session: Session, seat: Attendance, phone: ContactPoint, sari: User) -> None:
    check_in(seat, code=code_of(open_check_in(session, by=sari, at=minute(0))), through=phone, at=minute(1))
    mark_attendance(session, marks=[Mark(seat.enrollment_id, AttendanceState.ABSENT, seen=1)], by=sari, at=minute(60))
    assert mark_of(seat) == ("absent", 0, "trainer", sari)


def test_wrong_codes_are_few_and_then_one_waits(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User
) -> None:
    right = code_of(open_check_in(session, by=sari, at=minute(0)))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(TRIES):
        with pytest.raises(Refused, match="not the code"):
            check_in(seat, code=wrong, through=phone, at=minute(1))
    with pytest.raises(Refused, match="Too many"):
        check_in(seat, code=right, through=phone, at=minute(2))
    with pytest.raises(Refused, match="Too many"):
        check_in(seat, code=right, through=phone, at=minute(1) + REST - timedelta(seconds=1))
    check_in(seat, code=f" {right[:3]} {right[3:]} ", through=phone, at=minute(1) + REST)
    assert mark_of(seat)[0] == "late"
    assert CheckInTries.objects.get().tries == 0


@pytest.mark.parametrize("code", ["", "abc", "٣٤٥٦٧٨", "0" * 20])
def test_anything_else_is_no_code(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User, code: str
) -> None:
    open_check_in(session, by=sari, at=minute(0))
    with pytest.raises(Refused, match="not the code"):
        check_in(seat, code=code, through=phone, at=minute(1))


def guess(seat: Attendance, phone: ContactPoint, code: str) -> None:
    check_in(Attendance.objects.get(pk=seat.pk), code=code, through=phone, at=minute(1))


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_have_no_more_tries(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User
) -> None:
    right = code_of(open_check_in(session, by=sari, at=minute(0)))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    raised = [str(error) for error in at_once(*[lambda: guess(seat, phone, wrong)] * 12)]
    assert sum("not the code" in sentence for sentence in raised) == TRIES
    assert sum("Too many" in sentence for sentence in raised) == 12 - TRIES


@pytest.mark.django_db(transaction=True)
def test_without_counting_in_the_database_every_guess_is_looked_at(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_take_try", lambda _through, **_given: None)
    right = code_of(open_check_in(session, by=sari, at=minute(0)))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    raised = [str(error) for error in at_once(*[lambda: guess(seat, phone, wrong)] * 12)]
    assert sum("not the code" in sentence for sentence in raised) == 12


@pytest.mark.django_db(transaction=True)
def test_two_who_show_a_code_at_once_show_one_each_and_the_last_counts(session: Session, sari: User) -> None:
    assert at_once(*[lambda: open_check_in(session, by=sari, at=minute(0))] * 3) == [None] * 3
    assert session.check_ins.filter(closed_at__isnull=True).count() == 1
    assert sorted(session.check_ins.values_list("number", flat=True)) == [1, 2, 3]


# -- Who came early to a session that did not take place then ---------------------------------------------------------


@pytest.fixture
def early(session: Session, seat: Attendance, phone: ContactPoint, sari: User) -> Attendance:
    """Bu Lidia was there twenty minutes before."""
    check_in(seat, code=code_of(open_check_in(session, by=sari, at=minute(-30))), through=phone, at=minute(-20))
    return seat


def test_session_can_be_cancelled_although_somebody_came_early(session: Session, early: Attendance, sari: User) -> None:
    session.refresh_from_db()
    cancel_session(session, reason="Trainer ill", by=sari, at=minute(-10))
    assert mark_of(early) == ("expected", 0, "", None)
    assert early.marks.count() == 1


def test_session_can_be_moved_although_somebody_came_early(session: Session, early: Attendance, sari: User) -> None:
    session.refresh_from_db()
    later = START + timedelta(days=1)
    reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=minute(-10))
    assert mark_of(early)[0] == "expected"


def test_seat_with_a_history_outlives_its_person(session: Session, early: Attendance, sari: User) -> None:
    session.refresh_from_db()
    later = START + timedelta(days=1)
    reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=minute(-10))
    withdraw_enrollment(early.enrollment, reason="Moved", by=sari, at=minute(-5))
    assert early.marks.count() == 1


def test_who_came_after_the_beginning_keeps_the_session_where_it_is(
    session: Session, seat: Attendance, phone: ContactPoint, sari: User
) -> None:
    check_in(seat, code=code_of(open_check_in(session, by=sari, at=minute(0))), through=phone, at=minute(1))
    with pytest.raises(Refused, match="already been marked"):
        cancel_session(session, reason="Trainer ill", by=sari, at=minute(2))


def test_events_name_no_code(session: Session, early: Attendance) -> None:
    facts = [str(event.facts) for event in Event.objects.filter(verb__in=["checked_in", "check_in_opened"])]
    assert facts
    assert not [fact for fact in facts if code_of(session.check_ins.get()) in fact]
