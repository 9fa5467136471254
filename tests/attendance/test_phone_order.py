"""Whatever the order in which acts arrive, the sheet ends the same: over permutations, and at the same moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from attendance.actions import Mark, keep_acts, mark_attendance
from attendance.actions import phone as acting
from attendance.actions.judging import judge
from attendance.content import ActContent
from attendance.models import Act, AttendanceMark
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState
from tests.attendance.phones import minutes, seat_of, tap
from tests.factories import EnrollmentFactory
from tests.programs.plans import scheduled
from tests.programs.test_races import at_once

MARKS = ("present", "late", "excused", "absent")
PEOPLE = 3
AFTER = minutes(60)
Cell = tuple[str, str, datetime | None]


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    """Three participants."""
    return EnrollmentFactory.create_batch(PEOPLE, cohort=cohort)


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago."""
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


def sheet(session: Session) -> list[Cell]:
    return [*session.seats.order_by("enrollment_id").values_list("state", "source", "marked_at")]


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[tuple[int, str, int, int, int]], list[list[int]]]:
    """Acts (whose, what, when, by whom, key), and two orders of arrival in which some come twice."""
    one = st.tuples(
        st.integers(0, PEOPLE - 1),
        st.sampled_from(MARKS),
        st.integers(-58, -50),
        st.integers(0, 1),
        st.integers(1, 2**60),
    )
    acts = draw(st.lists(one, min_size=2, max_size=9, unique_by=lambda act: act[4]))
    places = [*range(len(acts))]
    orders = [draw(st.permutations(places)) + draw(st.lists(st.sampled_from(places), max_size=4)) for _ in range(2)]
    return acts, orders


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrived=arrivals(), chunk=st.integers(1, 5), desk=st.integers(-58, -50) | st.none())
def test_the_end_does_not_depend_on_the_order_of_arrival(
    running: Session,
    people: list[Enrollment],
    sari: User,
    made: User,
    arrived: tuple[list[tuple[int, str, int, int, int]], list[list[int]]],
    chunk: int,
    desk: int | None,
) -> None:
    raw, orders = arrived
    acts = [
        (tap(running, people[who], state, made=when, id=UUID(int=number)), (sari, made)[by])
        for who, state, when, by, number in raw
    ]
    ends: list[list[Cell]] = []
    for order in orders:
        with transaction.atomic():
            if desk is not None:  # at the desk while the phones had no signal
                mark_attendance(running, marks=[Mark(people[0].pk, "absent")], by=sari, at=minutes(desk))
            arrive([acts[place] for place in order], chunk)
            ends.append(sheet(running))
            assert Act.objects.count() == len(acts), "nothing is lost, and nothing is twice"
            transaction.set_rollback(True)
    assert ends[0] == ends[1] == expected(running, people, [act for act, _by in acts], desk)


def arrive(acts: Sequence[tuple[ActContent, User]], chunk: int) -> None:
    """Let acts arrive so many at a time, each by its own hand."""
    for start in range(0, len(acts), chunk):
        part = acts[start : start + chunk]
        for by in {by.pk: by for _act, by in part}.values():
            keep_acts([act for act, hand in part if hand == by], by=by, at=AFTER)


def expected(running: Session, people: list[Enrollment], acts: list[ActContent], desk: int | None) -> list[Cell]:
    """Say it in the plainest way: the latest of a cell, the desk first, then the greater key."""
    cells: list[Cell] = []
    for place, person in enumerate(people):
        mine: list[tuple[datetime, bool, int, str]] = [
            (act.made_at, False, act.id.int, act.state) for act in acts if act.enrollment == person.pk
        ]
        if place == 0 and desk is not None:
            mine.append((minutes(desk), True, 0, "absent"))
        if not mine:
            cells.append(("expected", "", None))
            continue
        when, at_desk, _key, state = max(mine)
        cells.append((state, "trainer" if at_desk else "phone", when))
    return cells


# -- At the same moment -----------------------------------------------------------------------------------------------


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking at the seats and writing the marks."""

    def later(*given: Any) -> None:
        sleep(0.4)
        judge(*given)

    monkeypatch.setattr("attendance.actions.phone.judge", later)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody hold the sheet."""

    def look(keys: Any, reader: User) -> dict[int, Session]:
        return Session.objects.visible_to(reader).in_bulk([*keys])

    monkeypatch.setattr(acting, "hold_sheets", look)


def phones(running: Session, people: list[Enrollment], sari: User, made: User) -> list[Any]:
    """Two phones that marked the same cell at different times."""
    early, late = tap(running, people[0], "absent", made=-20), tap(running, people[0], "present", made=-10)

    def second() -> None:
        sleep(0.1)
        keep_acts([early], by=made, at=AFTER)

    return [
        lambda: keep_acts([late], by=sari, at=AFTER),
        second,
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_two_phones_at_once_leave_the_latest_act(
    running: Session, people: list[Enrollment], sari: User, made: User
) -> None:
    assert at_once(*phones(running, people, sari, made)) == [None, None]
    seat = seat_of(running, people[0])
    assert (seat.state, seat.version) == (AttendanceState.PRESENT, 1)
    assert sorted(Act.objects.values_list("outcome", flat=True)) == ["overtaken", "stored"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand", "unguarded")
def test_without_holding_the_sheet_both_write_the_seat(
    running: Session, people: list[Enrollment], sari: User, made: User
) -> None:
    at_once(*phones(running, people, sari, made))
    outcomes = [*Act.objects.values_list("outcome", flat=True)]
    assert outcomes != ["stored", "overtaken"], "the earlier act did not know of the later"
    assert len(outcomes) < 2, "only the number of the mark refused it"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_the_same_sending_twice_at_once_is_one(running: Session, people: list[Enrollment], made: User) -> None:
    acts = [tap(running, person) for person in people]
    told: list[list[str]] = []

    def act() -> None:
        told.append([str(kept.verdict) for kept in keep_acts(acts, by=made, at=AFTER)])

    assert at_once(act, act) == [None, None]
    assert sorted(told) == [["had_it"] * PEOPLE, ["stored"] * PEOPLE]
    assert AttendanceMark.objects.count() == PEOPLE


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_the_same_key_at_two_sheets_at_once_is_taken_once(
    running: Session, people: list[Enrollment], made: User, sari: User, cohort: Cohort, venue: Venue
) -> None:
    other = scheduled(cohort, venue, starts_at=minutes(-300), by=sari)
    first = tap(running, people[0])
    second = tap(other, people[0], made=-250, id=first.id)
    told: list[str] = []

    def act(one: ActContent) -> Any:
        return lambda: told.extend(str(kept.verdict) for kept in keep_acts([one], by=made, at=AFTER))

    assert at_once(act(first), act(second)) == [None, None]
    assert sorted(told) == ["refused", "stored"]
    assert Attendance.objects.filter(state="present").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_a_phone_and_the_desk_at_once_leave_one_mark_each_and_the_latest_stands(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    acts = [tap(running, people[0], made=-10)]
    one = people[0].pk

    def desk() -> None:
        sleep(0.1)
        mark_attendance(running, marks=[Mark(one, AttendanceState.ABSENT)], by=sari, at=AFTER)

    assert at_once(lambda: keep_acts(acts, by=made, at=at), desk) == [None, None]
    seat = seat_of(running, people[0])
    assert (seat.state, seat.version) == (AttendanceState.ABSENT, 2)
