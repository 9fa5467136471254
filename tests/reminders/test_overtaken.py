"""What a change overtook: texts with the old time that were on their way when it was confirmed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Session
from reminders.models import Message
from reminders.states import Kind, MessageState
from reminders.templatetags.told import texts_overtaken
from tests.reminders.postmen import SILENT, Postman, tick
from tests.reminders.worlds import household, meeting, plan

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for two numbers."""
    for name in ("Lidia Wati", "Rini"):
        household(cohort, name)
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


def move(session: Session, by: User, at: datetime) -> None:
    """Move a session by a day."""
    start = session.starts_at + timedelta(days=1)
    reschedule_session(session, starts_at=start, ends_at=start + timedelta(hours=2), reason="Pasar", by=by, at=at)


def overtaken(session: Session, at: datetime) -> int:
    """Count as the page does at that moment."""
    with time_machine.travel(at, tick=False):
        return texts_overtaken(session)


def test_texts_in_flight_are_counted_and_corrected(session: Session, sari: User, at: datetime) -> None:
    def change(_letter: object) -> Any:
        if not session.revision > 1:
            move(session, sari, at)
        return SILENT

    tick(at, Postman(change, width=2))
    assert overtaken(session, at) == 2
    assert Message.objects.filter(kind=Kind.CHANGE, state=MessageState.UNKNOWN).count() == 2


def test_texts_that_had_arrived_or_not_begun_are_not_in_flight(session: Session, sari: User, at: datetime) -> None:
    tick(at, Postman())
    move(session, sari, at + timedelta(hours=1))
    assert overtaken(session, at) == 0


def test_cancellation_counts_too_and_nothing_is_said_after_the_session(
    session: Session, sari: User, at: datetime
) -> None:
    tick(at, Postman(SILENT))
    assert overtaken(session, at) == 0
    cancel_session(session, reason="Banjir", by=sari, at=at)
    assert overtaken(session, at) == 2
    assert overtaken(session, at + 2 * WEEK) == 0


def test_page_says_it(session: Session, sari: User, reader: Client, at: datetime) -> None:
    tick(at, Postman(SILENT))
    move(session, sari, at)
    reader.force_login(sari)
    with time_machine.travel(at, tick=False):
        page = reader.get(f"/sessions/{session.pk}/").content.decode()
    assert "2 texts with the old time were already on their way" in page
