"""A real Celery worker on a real Redis rings the bell; commands do the same without either."""

import subprocess
import time
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind, MessageState
from reminders.tasks import send_due, sweep
from tests import factories
from tests.reminders.worlds import household, meeting

PATIENCE = 20.0


@pytest.fixture
def due(db: None) -> Message:
    """A text that a worker may send at any hour of the real day: it concerns today."""
    cohort: Cohort = factories.CohortFactory.create()
    household(cohort, "Lidia Wati")
    soon = datetime.now(tz=factories.NOW.tzinfo) + timedelta(minutes=2)
    session = meeting(cohort, soon, state="cancelled")
    point = cohort.people.get().contact_points.get()
    told = {"session": session, "contact_point": point, "expires_at": soon}
    message = factories.MessageFactory.create(kind=Kind.CANCELLATION, due_at=soon - timedelta(minutes=3), **told)
    message.people.set(cohort.people.all())
    return message


@pytest.mark.django_db(transaction=True)
def test_worker_sends_what_is_due(celery_worker_process: subprocess.Popen[bytes], due: Message) -> None:
    send_due.delay()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and due.state != MessageState.SENT:
        time.sleep(0.1)
        due.refresh_from_db()
    assert due.state == MessageState.SENT


@pytest.mark.django_db(transaction=True)
def test_worker_repairs_the_plan(celery_worker_process: subprocess.Popen[bytes], due: Message) -> None:
    session, _ = due.promise()
    meeting(session.cohorts.get(), session.starts_at + timedelta(days=9))
    sweep.delay()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not Message.objects.filter(kind=Kind.H3).exists():
        time.sleep(0.1)
    assert Message.objects.filter(kind=Kind.H3).exists()


def test_command_sends_one_tick(due: Message, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("send_due_messages")
    due.refresh_from_db()
    assert due.state == MessageState.SENT
    assert "1" in capsys.readouterr().out


@pytest.fixture
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """End the loop at its first pause."""

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reminders.management.commands.dispatch.time.sleep", stop)
    monkeypatch.setattr("reminders.pulse.close_old_connections", lambda: None)


def test_dispatch_sweeps_and_sends_without_a_worker(due: Message, one_round: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        call_command("dispatch")
    due.refresh_from_db()
    assert due.state == MessageState.SENT


def test_tasks_use_the_clock_of_the_database(due: Message) -> None:
    with time_machine.travel(due.expires_at + timedelta(days=400), tick=False):
        send_due()
    due.refresh_from_db()
    assert due.state == MessageState.SENT
