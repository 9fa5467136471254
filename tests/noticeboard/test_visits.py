"""Planned visits in the calendar of their mentor."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring.actions import cancel_visit_plan, move_visit, plan_visit
from mentoring.models import VisitPlan
from programs.models import Cohort
from tests import factories
from tests.noticeboard.test_calendars import of_user, read

DAY = timedelta(days=1)


@pytest.fixture
def plan(cohort: Cohort, made: User, at: datetime) -> VisitPlan:
    made.language = "en"
    made.save()
    return plan_visit(
        mentor=made, village=cohort.village, planned_at=at + 3 * DAY, purpose="Two kodi, and a loom", by=made, at=at
    )


@pytest.mark.usefixtures("clock")
def test_mentor_reads_what_they_planned_and_nobody_else_does(
    client: Client, plan: VisitPlan, sari: User, ina: User
) -> None:
    calendar = read(client, of_user(plan.mentor))
    (event,) = calendar.events
    assert event.line("UID").value.startswith(f"visit-{plan.pk}@")
    assert event.text("SUMMARY") == "Visit to Parengan"
    assert event.text("DESCRIPTION") == "Two kodi, and a loom"
    assert event.line("DTSTART").value == "20261004T100000"
    assert event.line("DTEND").value == "20261004T120000"
    assert event.text("URL").endswith(f"/visits/plans/{plan.pk}/")
    for other in (sari, ina):
        assert not read(client, of_user(other)).events


@pytest.mark.usefixtures("clock")
def test_moving_and_calling_off_keep_the_key_and_raise_the_number(
    client: Client, plan: VisitPlan, at: datetime
) -> None:
    seen = []
    changes: tuple[Callable[[], None], ...] = (
        lambda: None,
        lambda: move_visit(plan, planned_at=plan.planned_at + DAY, by=plan.mentor, at=at + DAY / 24),
        lambda: cancel_visit_plan(plan, reason="The road is closed", by=plan.mentor, at=at + DAY / 12),
    )
    for change in changes:
        change()
        (event,) = read(client, of_user(plan.mentor)).events
        seen.append((event.line("UID").value, int(event.line("SEQUENCE").value), event.line("LAST-MODIFIED").value))
    assert len({key for key, _number, _changed in seen}) == 1
    assert [number for _key, number, _changed in seen] == sorted({number for _key, number, _changed in seen})
    assert len({changed for _key, _number, changed in seen}) == 3
    assert event.text("STATUS") == "CANCELLED"
    assert "The road is closed" in event.text("DESCRIPTION")


@pytest.mark.usefixtures("clock")
def test_calendar_takes_the_same_queries_for_one_and_seven_plans(client: Client, plan: VisitPlan) -> None:
    counts = []
    for more in range(2):
        for days in range(6 * more):
            factories.VisitPlanFactory.create(
                mentor=plan.mentor, village=plan.village, planned_at=plan.planned_at + (days + 1) * DAY
            )
        with CaptureQueriesContext(connection) as found:
            assert len(read(client, of_user(plan.mentor)).events) == 1 + 6 * more
        counts.append(len(found))
    assert counts[0] == counts[1]
