"""What the digest counts is what the morning lists, for each coordinator, in a fixed number of queries."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Cohort
from progress.morning import morning_of
from progress.waiting import Matter, waiting_of
from tests import factories

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


def fill(cohort: Cohort, at: datetime) -> None:
    """Let one of every matter wait in a cohort."""
    mentor = factories.AssignmentFactory.create(village=cohort.village).mentor
    given = {"program": cohort.program, "cohorts": [cohort]}
    factories.SessionFactory.create(state="draft", starts_at=at + DAY, **given)
    factories.SessionFactory.create(starts_at=at - DAY, **given)
    factories.SessionFactory.create(state="held", starts_at=at - 3 * DAY, **given)
    visit = factories.VisitFactory.create(cohort=cohort, mentor=mentor)
    factories.ActionItemFactory.create(visit=visit, due_on=date(2026, 9, 1))
    draft = factories.VisitFactory.create(cohort=cohort, mentor=mentor, state="draft")
    factories.ActionItemFactory.create(visit=draft, due_on=date(2026, 9, 1))
    factories.HeldVersionFactory.create(visit=visit)
    factories.VisitPlanFactory.create(mentor=mentor, village=cohort.village, planned_at=at - 5 * DAY)
    scheme = factories.SchemeFactory.create(program=cohort.program)
    factories.ClaimFactory.create(scheme=scheme, state="submitted", moved_at=at - 5 * DAY)


def test_every_matter_is_counted_once_for_each_who_runs_it(
    cohort: Cohort, sari: User, rina: User, at: datetime
) -> None:
    second = factories.UserFactory.create()
    cohort.program.coordinators.add(second)
    factories.CohortFactory.create(program=cohort.program, village=cohort.village)
    fill(cohort, at)
    found = waiting_of([sari.pk, second.pk, rina.pk], at=at)
    once = {matter: 1 for matter in Matter.values if matter != Matter.PAYMENTS}
    assert (found[sari.pk], found[second.pk], found[rina.pk]) == (once, once, {})
    assert len(morning_of(sari, at=at)) == len(once)


def test_village_that_one_registered_counts_too(cohort: Cohort, rina: User, at: datetime) -> None:
    fill(cohort, at)
    cohort.village.registered_by = rina
    cohort.village.save()
    assert waiting_of([rina.pk], at=at)[rina.pk] == {Matter.UNLOGGED: 1}


def test_counting_asks_the_same_for_one_and_for_seven(cohort: Cohort, sari: User, at: datetime) -> None:
    counts = []
    for more in (0, 6):
        for _ in range(more):
            program = factories.ProgramFactory.create(coordinators=[factories.UserFactory.create()])
            fill(factories.CohortFactory.create(program=program), at)
        users = list(User.objects.filter(role="coordinator").values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            waiting_of(users, at=at)
        counts.append(len(asked))
    assert counts[0] == counts[1] == 10
