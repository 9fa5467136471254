"""Who is told, on which number, and who is not."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.actions import cancel_session, withdraw_enrollment
from programs.models import Cohort, Enrollment, Session, Venue
from programs.reach import Reach, Why, reach_of, reaches_of
from tests.factories import (
    CohortFactory,
    ConsentFactory,
    ContactPointFactory,
    EnrollmentFactory,
    PersonContactFactory,
    PersonFactory,
    reachable_person,
)
from tests.programs.plans import START, TWO_HOURS, draft, scheduled
from villages.models import ContactPoint, Person
from villages.states import ContactState, Relation

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort: Cohort, venue: Venue, sari: User) -> Session:
    """A draft: its reach is that of its cohorts."""
    return draft(cohort, venue, by=sari)


def enrolled(cohort: Cohort, name: str = "Lidia", *, agreed: bool = True) -> Person:
    person = PersonFactory.create(village=cohort.village, name=name)
    EnrollmentFactory.create(cohort=cohort, person=person)
    if agreed:
        ConsentFactory.create(person=person)
    return person


def joined(
    person: Person, relation: str = Relation.OWN, point: ContactPoint | None = None, **columns: str
) -> ContactPoint:
    point = point or ContactPointFactory.create(**columns)
    PersonContactFactory.create(person=person, contact_point=point, relation=relation)
    return point


def told(reach: Reach) -> dict[int, list[str]]:
    return {recipient.contact_point.pk: [person.name for person in recipient.people] for recipient in reach.recipients}


def missed(reach: Reach) -> dict[str, Why]:
    return {person.name: why for person, why in reach.unreached}


def test_a_household_is_told_once_for_everyone(session: Session, cohort: Cohort) -> None:
    ani, budi = enrolled(cohort, "Ani"), enrolled(cohort, "Budi")
    shared = joined(budi, Relation.OWN)
    joined(ani, Relation.SPOUSE, shared)
    reach = reach_of(session)
    assert told(reach) == {shared.pk: ["Ani", "Budi"]}
    assert reach.recipients[0].relation == Relation.OWN
    assert [person.name for person in reach.people] == ["Ani", "Budi"]


def test_the_best_number_is_the_closest_one_that_works(session: Session, cohort: Cohort) -> None:
    person = enrolled(cohort)
    joined(person, Relation.VILLAGE_CONTACT, state=ContactState.VALID)
    joined(person, Relation.OWN, state=ContactState.UNREACHABLE)
    spouse = joined(person, Relation.SPOUSE)
    joined(person, Relation.NEIGHBOUR, state=ContactState.VALID)
    assert told(reach_of(session)) == {spouse.pk: ["Lidia"]}


def test_of_two_own_numbers_the_verified_one_is_used(session: Session, cohort: Cohort) -> None:
    person = enrolled(cohort)
    joined(person)
    valid = joined(person, state=ContactState.VALID)
    assert told(reach_of(session)) == {valid.pk: ["Lidia"]}


def test_who_is_not_reached_is_named_with_the_reason(session: Session, cohort: Cohort) -> None:
    enrolled(cohort, "No phone")
    joined(enrolled(cohort, "Silent", agreed=False))
    for state in (ContactState.UNREACHABLE, ContactState.WRONG_PERSON, ContactState.OPTED_OUT):
        joined(enrolled(cohort, state), state=state)
    ended = enrolled(cohort, "Took it back", agreed=False)
    ConsentFactory.create(person=ended, withdrawn_at=START)
    joined(ended)
    reach = reach_of(session)
    assert not reach.recipients
    assert missed(reach) == {
        "No phone": Why.NO_NUMBER,
        "Silent": Why.NO_CONSENT,
        "Took it back": Why.NO_CONSENT,
        "unreachable": Why.UNREACHABLE,
        "wrong_person": Why.UNREACHABLE,
        "opted_out": Why.OPTED_OUT,
    }


def test_a_draft_reaches_its_cohorts_and_a_promise_its_seats(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    person = reachable_person(cohort.village, name="Ani")
    enrollment = EnrollmentFactory.create(cohort=cohort, person=person)
    session = scheduled(cohort, venue, by=sari)
    assert [each.name for each in reach_of(session).people] == ["Ani"]
    withdraw_enrollment(enrollment, reason="Moved", by=sari, at=at)
    assert not reach_of(session).people


def test_a_cancelled_session_still_reaches_its_seats(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name="Ani"))
    session = scheduled(cohort, venue, by=sari)
    cancel_session(session, reason="Rain", by=sari, at=at)
    assert [each.name for each in reach_of(session).people] == ["Ani"]


def test_who_waits_withdrew_or_was_erased_is_not_listed(session: Session, cohort: Cohort, at: datetime) -> None:
    for state in ("applied", "waitlisted"):
        EnrollmentFactory.create(cohort=cohort, state=state)
    EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(village=cohort.village, erased_at=at))
    assert reach_of(session) == Reach()


def test_who_is_in_two_cohorts_of_a_joint_session_is_told_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    second = CohortFactory.create(program=cohort.program, village=cohort.village)
    person = reachable_person(cohort.village)
    for each in (cohort, second):
        EnrollmentFactory.create(cohort=each, person=person)
    session = scheduled(cohort, venue, cohorts=[cohort, second], by=sari)
    assert session.seats.count() == 2
    assert [recipient.people for recipient in reach_of(session).recipients] == [(person,)]


def test_reach_costs_the_same_for_any_number(cohort: Cohort, venue: Venue, sari: User) -> None:
    costs = []
    for size in (1, 7):
        for _ in range(size):
            EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village))
        session = scheduled(cohort, venue, starts_at=START + size * TWO_HOURS, by=sari)
        with CaptureQueriesContext(connection) as queries:
            reach_of(session)
        costs.append(len(queries))
    assert costs == [3, 3]


def test_many_sessions_are_read_at_once(cohort: Cohort, venue: Venue, sari: User) -> None:
    enrollment: Enrollment = EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village))
    sessions = [scheduled(cohort, venue, starts_at=START + n * TWO_HOURS, by=sari) for n in range(3)]
    sessions.append(draft(cohort, venue, starts_at=START - TWO_HOURS, by=sari))
    with CaptureQueriesContext(connection) as queries:
        reaches = reaches_of(sessions)
    assert len(queries) == 4
    assert [reaches[session.pk].people for session in sessions] == [[enrollment.person]] * 4
