"""What happens at the very moment of a count, or at midnight, is on one side of it."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import User
from exports.states import ClaimState
from mentoring.states import ActionState, VisitState
from programs.models import Cohort
from progress.outcomes import Outcomes, outcomes
from progress.period import ALWAYS, Period
from progress.sources import SOURCES, Scope
from tests import factories
from villages.models import Village

SEPTEMBER = Period.month(2026, 9)
MIDNIGHT = datetime.fromisoformat("2026-10-01T00:00:00+07:00")
TICK = timedelta(microseconds=1)


def counted(cohort: Cohort, at: datetime, period: Period = ALWAYS) -> Outcomes:
    cohorts = Cohort.objects.filter(pk=cohort.pk)
    return outcomes(Village.objects.all(), cohorts=cohorts, period=period, at=at)


def opened(name: str, reader: User, cohort: Cohort, at: datetime, period: Period = ALWAYS) -> int:
    scope = Scope(reader, Village.objects.all(), Cohort.objects.filter(pk=cohort.pk), period, at)
    return SOURCES[name].rows(scope).count()


@pytest.mark.parametrize(("settled", "left"), [(-TICK, 0), (timedelta(0), 0), (TICK, 1)])
def test_item_that_is_settled_now_is_no_longer_open(
    cohort: Cohort, admin: User, at: datetime, settled: timedelta, left: int
) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, state=VisitState.APPROVED)
    columns = {"state": ActionState.DONE, "settled_at": at + settled, "settled_by": admin}
    factories.ActionItemFactory.create(visit=visit, **columns)
    assert counted(cohort, at).items.total == left
    assert opened("action-items", admin, cohort, at) == left


def test_item_that_is_agreed_now_is_open(cohort: Cohort, admin: User, at: datetime) -> None:
    for moment in (at, at + TICK):
        visit = factories.VisitFactory.create(cohort=cohort, visited_at=moment)
        factories.ActionItemFactory.create(visit=visit, due_on=None)
    assert counted(cohort, at).items.within_30 == 1
    assert opened("action-items", admin, cohort, at) == 1


@pytest.mark.parametrize(("settled", "left"), [(-TICK, 0), (timedelta(0), 1)])
def test_item_that_is_settled_at_midnight_was_open_in_the_month_before(
    cohort: Cohort, admin: User, at: datetime, settled: timedelta, left: int
) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, visited_at=MIDNIGHT - timedelta(days=40))
    columns = {"state": ActionState.DONE, "settled_at": MIDNIGHT + settled, "settled_by": admin}
    factories.ActionItemFactory.create(visit=visit, due_on=date(2026, 9, 29), **columns)
    items = counted(cohort, at, SEPTEMBER).items
    assert (items.total, items.within_60, items.overdue) == (left, left, left)
    assert opened("action-items", admin, cohort, at, SEPTEMBER) == left


def test_claim_is_open_from_the_moment_it_is_handed_in_until_it_is_rejected(
    cohort: Cohort, admin: User, at: datetime
) -> None:
    scheme = factories.SchemeFactory.create(program=cohort.program)
    for state, moved, expected in (
        (ClaimState.SUBMITTED, at, 1),
        (ClaimState.SUBMITTED, at + TICK, 1),
        (ClaimState.REJECTED, at, 1),
        (ClaimState.REJECTED, at + TICK, 2),
    ):
        started = at - timedelta(days=9) if state == ClaimState.REJECTED else moved
        columns = {"state": state, "started_at": started, "moved_at": moved}
        factories.ClaimFactory.create(scheme=scheme, cohort=cohort, **columns)
        assert counted(cohort, at).claims.open_count == expected, (state, moved)
        assert opened("open-claims", admin, cohort, at) == expected
