"""Two who plan at one moment plan once; without the guard they would plan twice."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from briefings.planning import plan_notices
from mentoring.models import VisitPlan
from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind
from tests import factories
from tests.briefings.worlds import local

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = local("2026-10-02 12:00")
GUARD = "one_message_per_subject_number_and_kind"


@pytest.fixture
def planned(modules: None, cohort: Cohort) -> VisitPlan:
    """One visit of Sunday, whose mentor has a number already."""
    plan = factories.VisitPlanFactory.create(village=cohort.village, planned_at=local("2026-10-04 10:00"))
    factories.ContactPointFactory.create(number=plan.mentor.email)
    return plan


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Take the guard out of the database, and put it back."""
    (guard,) = [each for each in Message._meta.constraints if each.name == GUARD]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Message, guard)
    yield
    Message.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Message, guard)


def plan_at_once(hands: int) -> None:
    """Let several plan; all of them have read before any of them may write."""

    def plan(_hand: int) -> None:
        try:
            plan_notices(at=FRIDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reminders_message IN SHARE MODE")
            running = [pool.submit(plan, hand) for hand in range(hands)]
            while waiting() < hands:
                time.sleep(0.02)
        wait(running)
        for each in running:
            each.result()


def waiting() -> int:
    """Count who waits to write messages."""
    with connection.cursor() as asking:
        asking.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
            " WHERE relname = 'reminders_message' AND NOT granted"
        )
        return int(asking.fetchone()[0])


def test_four_who_plan_at_one_moment_plan_once(planned: VisitPlan) -> None:
    plan_at_once(4)
    assert Message.objects.filter(kind=Kind.VISIT_TOMORROW).count() == 1


def test_without_the_guard_they_plan_four_times(planned: VisitPlan, unguarded: None) -> None:
    plan_at_once(4)
    assert Message.objects.filter(kind=Kind.VISIT_TOMORROW).count() == 4
