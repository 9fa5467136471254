"""A cohort's places, and the turn of who waits for one."""

from datetime import datetime, timedelta
from functools import partial
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from attendance.actions import add_walk_in
from common.errors import Refused
from common.models import Event
from programs.actions import (
    admit_enrollment,
    change_cohort,
    create_cohort,
    enroll_people,
    enroll_person,
    withdraw_enrollment,
)
from programs.actions import enrollment as acting
from programs.actions.enrolling import enroll_crowd
from programs.models import Cohort, Enrollment, Session, Venue
from programs.states import EnrollmentState
from tests.factories import NOW, EnrollmentFactory, PersonFactory
from tests.programs.browsing import press, read
from tests.programs.plans import history, scheduled
from tests.programs.test_races import PAUSE, at_once
from villages.actions import anonymise_person
from villages.models import Person, Village

WAITS, IN = EnrollmentState.WAITLISTED, EnrollmentState.ACCEPTED


def people(village: Village, number: int) -> list[Person]:
    return [PersonFactory.create(village=village) for _ in range(number)]


def states(*enrollments: Enrollment) -> list[str]:
    for enrollment in enrollments:
        enrollment.refresh_from_db()
    return [enrollment.state for enrollment in enrollments]


@pytest.fixture
def small(cohort: Cohort) -> Cohort:
    """Two places."""
    cohort.capacity = 2
    cohort.save()
    return cohort


@pytest.mark.django_db
def test_who_comes_after_the_last_place_waits_without_a_seat(
    small: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(small, venue, by=sari)
    enrolled = enroll_people(small, people=people(small.village, 4), by=sari, at=at)
    assert states(*enrolled) == [IN, IN, WAITS, WAITS]
    assert session.seats.count() == 2
    assert Event.objects.about(enrolled[2]).get(verb="enrolled").goal == WAITS


@pytest.mark.django_db
def test_a_crowd_takes_the_places_in_its_order_and_the_rest_waits(
    small: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(small, venue, by=sari)
    known = enroll_person(small, person=people(small.village, 1)[0], by=sari, at=at)
    crowd = [person.pk for person in people(small.village, 3)][::-1]
    assert enroll_crowd(small, people=[known.person_id, *crowd], by=sari, at=at) == 3
    turns = small.enrollments.order_by("pk").values_list("person_id", "state")
    assert [*turns] == [(known.person_id, IN), (crowd[0], IN), (crowd[1], WAITS), (crowd[2], WAITS)]
    assert session.seats.count() == 2
    goals = Event.objects.filter(verb="enrolled").order_by("pk").values_list("goal", flat=True)
    assert [*goals] == [IN, IN, WAITS, WAITS]
    assert [*Enrollment.objects.waiting().values_list("person_id", flat=True)] == crowd[1:]


@pytest.mark.django_db
def test_a_withdrawal_lets_the_first_in_turn_come_in_with_their_seats(
    small: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(small, venue, by=sari)
    first, _second, third, fourth = enroll_people(small, people=people(small.village, 4), by=sari, at=at)
    withdraw_enrollment(first, reason="Moved", by=sari, at=at)
    assert states(third, fourth) == [IN, WAITS]
    assert set(session.seats.values_list("enrollment__state", flat=True)) == {IN}
    assert history(third) == ["enrolled", "admitted"]


@pytest.mark.django_db
def test_turn_is_by_time_and_skips_who_was_erased(small: Cohort, sari: User, at: datetime) -> None:
    taken = EnrollmentFactory.create_batch(2, cohort=small)
    late = EnrollmentFactory.create(cohort=small, state=WAITS, enrolled_at=at - timedelta(days=1))
    early = EnrollmentFactory.create(cohort=small, state=WAITS, enrolled_at=at - timedelta(days=9))
    earlier = EnrollmentFactory.create(cohort=small, state=WAITS, enrolled_at=at - timedelta(days=10))
    anonymise_person(earlier.person, by=sari, at=at)
    withdraw_enrollment(taken[0], reason="Moved", by=sari, at=at)
    assert states(earlier, early, late) == [WAITS, IN, WAITS]


@pytest.mark.django_db
def test_more_places_go_to_who_waits_and_fewer_take_nobodys(small: Cohort, sari: User, at: datetime) -> None:
    enrolled = enroll_people(small, people=people(small.village, 5), by=sari, at=at)
    change_cohort(small, capacity=4, by=sari, at=at)
    assert states(*enrolled) == [IN, IN, IN, IN, WAITS]
    change_cohort(small, capacity=1, by=sari, at=at)
    assert states(*enrolled) == [IN, IN, IN, IN, WAITS]
    change_cohort(small, capacity=None, by=sari, at=at)
    assert states(*enrolled) == [IN] * 5
    change_cohort(small, capacity=None, by=sari, at=at)
    assert history(small) == ["changed"] * 3


@pytest.mark.django_db
def test_a_wrong_change_is_refused_whole(small: Cohort, sari: User, at: datetime) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="at least one place"):
        change_cohort(small, capacity=0, by=sari, at=at)
    with pytest.raises(TypeError):
        change_cohort(small, village=1, by=sari, at=at)
    days = {"starts_on": small.starts_on, "ends_on": small.ends_on}
    with pytest.raises(ValidationError):
        create_cohort(program=small.program, village=small.village, name="B", capacity=0, by=sari, at=at, **days)


@pytest.mark.django_db
def test_admitting_out_of_turn_needs_a_free_place(small: Cohort, sari: User, at: datetime) -> None:
    enrolled = enroll_people(small, people=people(small.village, 3), by=sari, at=at)
    with translation.override("en"), pytest.raises(Refused, match="Every place of this cohort is taken"):
        admit_enrollment(enrolled[2], to=IN, by=sari, at=at)
    assert states(enrolled[2]) == [WAITS]
    assert enroll_person(small, person=people(small.village, 1)[0], by=sari, at=at).state == WAITS


@pytest.mark.django_db
def test_who_walks_in_takes_part_whatever_the_places(small: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    running = scheduled(small, venue, starts_at=at - timedelta(hours=1), by=sari)
    enroll_people(small, people=people(small.village, 2), by=sari, at=at)
    seat = add_walk_in(running, cohort=small, person=people(small.village, 1)[0], by=sari, at=at)
    assert states(seat.enrollment) == [EnrollmentState.ACTIVE]


# -- Two hands at the same moment --------------------------------------------------------------------------------------


def _rivals(cohort: Cohort, sari: User) -> list[str]:
    persons = people(cohort.village, 6)
    acts = [partial(enroll_person, cohort, person=person, by=sari, at=NOW) for person in persons]
    assert [error for error in at_once(*acts) if error] == []
    return sorted(Enrollment.objects.filter(cohort=cohort).values_list("state", flat=True))


@pytest.fixture
def slow_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between counting the free places and taking one."""
    count = acting.places_left

    def later(cohort: Cohort) -> int | None:
        left = count(cohort)
        sleep(PAUSE)
        return left

    monkeypatch.setattr(acting, "places_left", later)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_count")
def test_two_places_are_given_twice_under_six_hands(small: Cohort, sari: User) -> None:
    assert _rivals(small, sari) == [IN, IN, WAITS, WAITS, WAITS, WAITS]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_count")
def test_without_holding_the_cohort_places_are_given_too_often(
    small: Cohort, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "hold", lambda cohort: cohort)
    assert _rivals(small, sari).count(IN) > 2


# -- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_page_tells_places_and_turns_and_gives_a_place(desk: Client, small: Cohort, sari: User, at: datetime) -> None:
    first, _second, third, fourth = enroll_people(small, people=people(small.village, 4), by=sari, at=at)
    page = read(desk, "cohort-detail", small.pk)
    assert "2 of 2 places" in page
    assert page.index(third.person.name) < page.index(fourth.person.name)
    assert "Give a place" not in page
    assert "Every place of this cohort is taken" in press(desk, "enrollment-admit", fourth.pk, status=409)
    fields = {"name": small.name, "starts_on": "15/1/2026", "ends_on": "15/12/2026"}
    press(desk, "cohort-edit", small.pk, **fields, capacity="0", status=400)
    press(desk, "cohort-edit", small.pk, **fields, capacity="3")
    assert states(third, fourth) == [IN, WAITS]
    withdraw_enrollment(first, reason="Moved", by=sari, at=at)
    assert states(fourth) == [IN]


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_page_of_places_asks_the_same_for_one_and_seven_who_wait(
    desk: Client, small: Cohort, sari: User, at: datetime
) -> None:
    counts = []
    for more in (3, 6):
        enroll_people(small, people=people(small.village, more), by=sari, at=at)
        with CaptureQueriesContext(connection) as queries:
            read(desk, "cohort-detail", small.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_strangers_and_mentors_give_no_places(
    reader: Client, small: Cohort, made: User, rina: User, sari: User, at: datetime, session: Session
) -> None:
    waiting = EnrollmentFactory.create(cohort=small, state=WAITS)
    for user, status in ((made, 403), (rina, 404)):
        reader.force_login(user)
        press(reader, "enrollment-admit", waiting.pk, status=status)
        read(reader, "cohort-edit", small.pk, status=status)
