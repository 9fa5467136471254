"""The repair of the plan: near first, the rest in rotation, what is late set by set, one sweep at a time."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Cohort, Session
from reminders import sweeping
from reminders.models import Message, Pulse, Sweep
from reminders.states import MessageState, Reason
from reminders.sweeping import steps, sweep, take_turn
from tests import factories
from tests.reminders.worlds import household, meeting


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Note which sessions are planned, batch by batch, a few at a time."""
    batches: list[list[int]] = []

    def note(ids: list[int], *, at: datetime, wait: bool) -> None:
        assert not wait
        batches.append(ids)

    monkeypatch.setattr(sweeping, "plan_sessions", note)
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    return batches


def sessions_in(cohort: Cohort, at: datetime, *days: int) -> list[int]:
    """Schedule a session so many days from now, each."""
    return [meeting(cohort, at + timedelta(days=day, hours=1)).pk for day in days]


def test_sweep_takes_the_near_ones_first_and_every_time(cohort: Cohort, at: datetime, planned: list[list[int]]) -> None:
    far = sessions_in(cohort, at, 9, 30, 60)
    near = sessions_in(cohort, at, 3, 0, 1)
    sessions_in(cohort, at, -1)
    sweep(at=at)
    assert planned == [[near[1], near[2]], [near[0]], far[:2], far[2:]]


def test_rotation_goes_on_where_the_last_sweep_stopped(
    cohort: Cohort, at: datetime, planned: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    far = sessions_in(cohort, at, 9, 10, 11, 12, 13)
    monkeypatch.setattr(sweeping, "FAR_FOR", -1.0)  # time for one batch
    for _ in range(4):
        sweep(at=at)
    assert planned == [far[:2], far[2:4], far[4:], far[:2]]


def test_rotation_goes_round_once(cohort: Cohort, at: datetime, planned: list[list[int]]) -> None:
    far = sessions_in(cohort, at, 9, 10, 11, 12, 13)
    Sweep.objects.create(pk=1, reached_at=Session.objects.get(pk=far[1]).starts_at, reached=far[1])
    sweep(at=at)
    assert planned == [far[2:4], far[4:], far[:2]]
    planned.clear()
    sweep(at=at + timedelta(minutes=5))
    assert sorted(pk for batch in planned for pk in batch) == far


def test_rotation_begins_anew_when_its_place_has_come_near(
    cohort: Cohort, at: datetime, planned: list[list[int]]
) -> None:
    far = sessions_in(cohort, at, 9, 10)
    Sweep.objects.create(pk=1, reached_at=at + timedelta(days=1), reached=1)
    sweep(at=at)
    assert planned == [far]


def test_sessions_that_start_together_are_all_reached(cohort: Cohort, at: datetime, planned: list[list[int]]) -> None:
    same = at + timedelta(days=9)
    pks = [meeting(factories.CohortFactory.create(program=cohort.program), same).pk for _ in range(5)]
    sweep(at=at)
    assert [pk for batch in planned for pk in batch] == pks


def test_late_messages_expire_set_by_set(cohort: Cohort, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "LATE_AT_ONCE", 3)
    session = meeting(cohort, at - timedelta(minutes=5))
    late = {"session": session, "due_at": at - timedelta(hours=2), "expires_at": at - timedelta(minutes=5)}
    for _ in range(7):
        factories.MessageFactory.create(**late)
    useful = factories.MessageFactory.create(due_at=at - timedelta(hours=2), expires_at=at + timedelta(hours=1))
    sent = factories.MessageFactory.create(**late, state=MessageState.SENT)
    taken = sum(1 for _step in steps(at=at))
    states = dict(Message.objects.values_list("pk", "state"))
    assert states.pop(useful.pk) != MessageState.EXPIRED
    assert states.pop(sent.pk) == MessageState.SENT
    assert set(states.values()) == {MessageState.EXPIRED}
    assert set(Message.objects.filter(state=MessageState.EXPIRED).values_list("note", flat=True)) == {Reason.TOO_LATE}
    assert taken >= 3  # three and three and one, each a step of its own


def test_one_turn_for_all_processes_every_five_minutes(db: None, at: datetime) -> None:
    assert take_turn(at=at)
    assert not take_turn(at=at + timedelta(minutes=4))
    assert take_turn(at=at + timedelta(minutes=5))
    assert take_turn(at=at - timedelta(hours=1))  # the clock was set back


def test_old_signs_of_life_are_forgotten(db: None, at: datetime) -> None:
    for age in (0, 23, 25):
        Pulse.objects.create(name=f"worker@host:{age}", part="worker", at=at - timedelta(hours=age))
    sweep(at=at)
    assert Pulse.objects.count() == 2


@pytest.fixture
def many(cohort: Cohort, at: datetime) -> Cohort:
    """Have a cohort with sessions that are planned already."""
    household(cohort, "Lidia Wati", "Ani")
    household(cohort, "Siti")
    for day in range(5, 13):
        meeting(cohort, at + timedelta(days=day))
    sweep(at=at)
    return cohort


def test_sweep_of_what_stands_writes_nothing_and_asks_the_same_for_any_number(many: Cohort, at: datetime) -> None:
    before = Message.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as first:
        sweep(at=at)
    meeting(many, at + timedelta(days=20))
    sweep(at=at)
    with CaptureQueriesContext(connection) as second:
        sweep(at=at)
    assert Message.objects.count() > before
    assert len(first) == len(second)
    wrote = [query["sql"] for query in second if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in wrote if "reminders_message" in sql and not sql.startswith("UPDATE")] == []
