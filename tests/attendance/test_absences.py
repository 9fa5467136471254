"""Who keeps away: told by a slow recount too, and off the list once somebody has spoken to them."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.absences import IN_A_ROW, missed, most_missed, spoken_to
from attendance.actions import note_absence
from common.errors import RowMoved
from common.models import Event
from programs.models import Attendance, Cohort, Enrollment, Program, Session
from programs.states import AttendanceState
from tests.factories import EnrollmentFactory, MarkedSeatFactory, SessionFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 1)
MARKS = ("present", "late", "excused", "absent", "expected")


def sit(person: Enrollment, states: str, at: datetime, *, held: str = "closed") -> list[Attendance]:
    """Write one seat per letter, oldest first: p present, x excused, a absent, - no mark."""
    words = {"p": "present", "x": "excused", "a": "absent", "-": "expected"}
    return [
        MarkedSeatFactory.create(
            session=SessionFactory.create(
                program=person.cohort.program, starts_at=at - timedelta(days=100 - place), state=held
            ),
            enrollment=person,
            state=words[letter],
        )
        for place, letter in enumerate(states)
    ]


def told(user: User, day: date = DAY) -> dict[int, int]:
    return {row.pk: row.absences for row in missed(user, day=day)}


@pytest.mark.parametrize(
    ("states", "absences"),
    [
        ("aa", 2),
        ("paa", 2),
        ("aapa", 0),
        ("aaa", 3),
        ("aaap", 0),
        ("a", 0),
        ("axa", 0),
        ("xaa", 2),
        ("aa-", 2),
        ("a-a", 2),
        ("apaaaa", 4),
        ("", 0),
        ("--", 0),
    ],
)
def test_absences_are_counted_since_the_person_was_last_seen(
    cohort: Cohort, sari: User, at: datetime, states: str, absences: int
) -> None:
    person = EnrollmentFactory.create(cohort=cohort)
    sit(person, states, at)
    assert told(sari).get(person.pk, 0) == absences


def slowly(person: Enrollment) -> int:
    """Count the row again, seat by seat."""
    seats = [seat for seat in person.seats.select_related("session") if seat.session.state in ("held", "closed")]
    seats.sort(key=lambda seat: seat.session.starts_at, reverse=True)
    row = 0
    for seat in seats:
        if seat.state == "expected":
            continue
        if seat.state != "absent":
            break
        row += 1
    return row if row >= IN_A_ROW else 0


@pytest.mark.parametrize("seed", range(4))
def test_list_equals_a_recount_of_any_history(cohort: Cohort, sari: User, at: datetime, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  invented data
    people = EnrollmentFactory.create_batch(8, cohort=cohort)
    for place in range(9):
        state = chance.choice(["held", "closed", "scheduled"])
        session = SessionFactory.create(program=cohort.program, starts_at=at - timedelta(days=place + 1), state=state)
        for person in people:
            MarkedSeatFactory.create(session=session, enrollment=person, state=chance.choice(MARKS))
    assert told(sari) == {person.pk: row for person in people if (row := slowly(person))}


def test_last_seen_and_last_missed_are_told(cohort: Cohort, sari: User, at: datetime) -> None:
    person = EnrollmentFactory.create(cohort=cohort)
    seats = sit(person, "paa", at)
    (row,) = missed(sari, day=DAY)
    assert (row.seen_at, row.missed_at, row.last_seat) == (
        seats[0].session.starts_at,
        seats[2].session.starts_at,
        seats[2].pk,
    )


def test_only_people_of_running_cohorts_who_are_still_there(cohort: Cohort, sari: User, at: datetime) -> None:
    gone, there = (
        EnrollmentFactory.create(cohort=cohort, state="withdrawn", reason="Moved"),
        EnrollmentFactory.create(cohort=cohort),
    )
    sit(gone, "aa", at)
    sit(there, "aa", at)
    assert set(told(sari)) == {there.pk}
    assert not told(sari, day=date(2027, 1, 1))
    there.person.erased_at = at
    there.person.save()
    assert not told(sari)


def test_scheduled_sessions_say_nothing(cohort: Cohort, sari: User, at: datetime) -> None:
    sit(EnrollmentFactory.create(cohort=cohort), "aaa", at, held="scheduled")
    assert not told(sari)


def test_list_is_for_those_who_work_with_the_people(
    cohort: Cohort, sari: User, made: User, ina: User, rina: User, observer: User, at: datetime
) -> None:
    sit(EnrollmentFactory.create(cohort=cohort), "aa", at)
    assert [len(told(user)) for user in (sari, made, ina, rina, observer)] == [1, 1, 0, 0, 0]


def test_note_takes_a_person_off_the_list_until_the_next_absence(cohort: Cohort, sari: User, at: datetime) -> None:
    person = EnrollmentFactory.create(cohort=cohort)
    last = sit(person, "aa", at)[-1]
    note = note_absence(last, contacted="family", outcome="comes_again", remark=" Market day ", by=sari, at=at)
    assert note.remark == "Market day"
    assert not told(sari)
    event = Event.objects.about(person).get(verb="absence_noted")
    assert event.facts == {"seat": last.pk, "contacted": "family"}
    later = SessionFactory.create(program=cohort.program, starts_at=at - timedelta(days=1), state=("held"))
    MarkedSeatFactory.create(session=later, enrollment=person)
    assert told(sari) == {person.pk: 3}


@pytest.mark.parametrize(
    ("outcomes", "to_call", "spoken"),
    [
        ((), 1, 0),
        (("try_again",), 1, 0),
        (("cannot_for_now",), 0, 1),
        (("leaves",), 0, 1),
        (("try_again", "comes_again"), 0, 1),
        (("comes_again", "try_again"), 1, 0),
    ],
)
def test_last_note_says_on_which_list_a_person_stands(
    cohort: Cohort, sari: User, at: datetime, outcomes: tuple[str, ...], to_call: int, spoken: int
) -> None:
    last = sit(EnrollmentFactory.create(cohort=cohort), "aa", at)[-1]
    for place, outcome in enumerate(outcomes):
        note_absence(last, contacted="family", outcome=outcome, by=sari, at=at + timedelta(hours=place))
    assert (len(told(sari)), spoken_to(sari, day=DAY).count()) == (to_call, spoken)
    assert most_missed(sari, day=DAY).total == to_call


def test_who_came_again_or_was_absent_again_is_no_longer_spoken_to(cohort: Cohort, sari: User, at: datetime) -> None:
    for later in ("present", "absent"):
        person = EnrollmentFactory.create(cohort=cohort)
        note_absence(sit(person, "aa", at)[-1], contacted="person", outcome="leaves", by=sari, at=at)
        held = SessionFactory.create(program=cohort.program, starts_at=at - timedelta(days=1), state="held")
        MarkedSeatFactory.create(session=held, enrollment=person, state=later)
    assert not spoken_to(sari, day=DAY)
    assert set(told(sari)) == {person.pk}


def test_note_needs_an_absence_and_known_words(cohort: Cohort, sari: User, at: datetime) -> None:
    present, absent = sit(EnrollmentFactory.create(cohort=cohort), "pa", at)
    with pytest.raises(RowMoved):
        note_absence(present, contacted="person", outcome="leaves", by=sari, at=at)
    for contacted, outcome in (("", "leaves"), ("person", "dances")):
        with pytest.raises(ValidationError):
            note_absence(absent, contacted=contacted, outcome=outcome, by=sari, at=at)


def test_first_five_and_how_many_take_one_query(cohort: Cohort, program: Program, sari: User, at: datetime) -> None:
    assert most_missed(sari, day=DAY).total == 0
    sessions = [
        SessionFactory.create(program=program, starts_at=at - timedelta(days=day), state="held") for day in (3, 2, 1)
    ]
    people = EnrollmentFactory.create_batch(7, cohort=cohort)
    for place, person in enumerate(people):
        for session in sessions[: 3 if place == 4 else 2]:
            MarkedSeatFactory.create(session=session, enrollment=person, state=AttendanceState.ABSENT)
    with CaptureQueriesContext(connection) as queries:
        found = most_missed(sari, day=DAY)
    assert len(queries) == 1
    assert (found.total, len(found.top)) == (7, 5)
    assert (found.top[0].pk, found.top[0].absences) == (people[4].pk, 3)


def test_session_with_many_costs_one_query(cohort: Cohort, sari: User, at: datetime) -> None:
    held = [
        SessionFactory.create(program=cohort.program, starts_at=at - timedelta(days=day), state="held")
        for day in (2, 1)
    ]
    costs = []
    for many in (1, 30):
        for person in EnrollmentFactory.create_batch(many, cohort=cohort):
            for session in held:
                MarkedSeatFactory.create(session=session, enrollment=person)
        with CaptureQueriesContext(connection) as queries:
            rows = [(row.person.name, row.cohort.village.name) for row in missed(sari, day=DAY)]
        costs.append(len(queries))
    assert len(rows) == 31
    assert costs == [1, 1]
    assert Session.objects.count() == 2
