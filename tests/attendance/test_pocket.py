"""What a phone takes along of sessions."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.pocket import pocket_sessions
from programs.models import Cohort, Session, Venue
from tests.factories import CohortFactory, EnrollmentFactory
from tests.programs.plans import scheduled
from villages.models import Village

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_session_is_written_down_with_the_seats(
    cohort: Cohort, venue: Venue, sari: User, made: User, at: datetime
) -> None:
    person = EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, starts_at=at + DAY, by=sari)
    assert pocket_sessions(made, [cohort.village_id], at=at) == [
        {
            "id": session.pk,
            "villages": [cohort.village_id],
            "module": "design",
            "title": "Design",
            "starts_at": "2026-10-02T03:00:00Z",
            "ends_at": "2026-10-02T05:00:00Z",
            "zone": "Asia/Jakarta",
            "place": "Balai Desa Parengan",
            "state": "scheduled",
            "cohorts": [{"id": cohort.pk, "name": "Angkatan 1", "village": cohort.village_id}],
            "seats": [
                {
                    "enrollment": person.pk,
                    "person": person.person_id,
                    "name": person.person.name,
                    "state": "expected",
                    "minutes": 0,
                    "excuse": "",
                    "version": 0,
                }
            ],
        }
    ]


def test_it_goes_two_weeks_back_and_two_ahead_while_the_sheet_is_open(
    cohort: Cohort, venue: Venue, sari: User, made: User, at: datetime
) -> None:
    days = (-15, -13, -5, -3, -1, 13, 15)
    found = {day: scheduled(cohort, venue, starts_at=at + day * DAY, by=sari) for day in days}
    states = {-5: "closed", -3: "held", -1: "cancelled"}
    for day, state in states.items():
        Session.objects.filter(pk=found[day].pk).update(state=state, reason="x")
    ids = [each["id"] for each in pocket_sessions(made, [cohort.village_id], at=at)]
    assert ids == [found[day].pk for day in (-13, -3, 13)]


def test_a_mentor_takes_their_own_villages_only(
    cohort: Cohort, venue: Venue, elsewhere: Village, sari: User, made: User, ina: User, at: datetime
) -> None:
    foreign = CohortFactory.create(program=cohort.program, village=elsewhere)
    mine, theirs = EnrollmentFactory.create(cohort=cohort), EnrollmentFactory.create(cohort=foreign)
    joint = scheduled(cohort, venue, starts_at=at + DAY, by=sari, cohorts=[cohort, foreign])
    scheduled(foreign, None, starts_at=at + 2 * DAY, by=sari, mode="online")
    both = [cohort.village_id, elsewhere.pk]
    (taken,) = pocket_sessions(made, both, at=at)
    assert (taken["id"], taken["villages"]) == (joint.pk, [cohort.village_id])
    assert [seat["enrollment"] for seat in taken["seats"]] == [mine.pk]
    assert len(pocket_sessions(ina, both, at=at)) == 2
    assert [seat["enrollment"] for seat in pocket_sessions(ina, both, at=at)[0]["seats"]] == [theirs.pk]
    assert pocket_sessions(made, [elsewhere.pk], at=at)[0]["id"] == joint.pk
    assert pocket_sessions(made, [], at=at) == []


def test_one_and_fifty_sessions_cost_the_same(
    cohort: Cohort, venue: Venue, sari: User, made: User, at: datetime
) -> None:
    EnrollmentFactory.create_batch(3, cohort=cohort)
    costs = []
    for number in range(50):
        starts_at = at - 10 * DAY + number * timedelta(hours=5)
        scheduled(cohort, venue, starts_at=starts_at, by=sari)
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                assert len(pocket_sessions(made, [cohort.village_id], at=at)) == number + 1
            costs.append(len(queries))
    assert costs == [3, 3]
