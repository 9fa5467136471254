"""Several processes read the same replies: nobody is answered twice, and the last word of a number counts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection

from common.errors import Refused
from common.models import Event
from programs.models import Cohort, Session
from reminders.models import Message
from reminders.states import Kind
from replies import answering
from replies.answering import answer, answer_new
from replies.models import Reply
from replies.states import ReplyState
from tests.reminders.worlds import household, meeting
from tests.replies.worlds import hear

pytestmark = pytest.mark.django_db(transaction=True)
HANDS, NUMBERS = 4, 6


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Six numbers wrote that they cannot come, and a minute later that they can."""
    numbers = [household(cohort, f"Ani {n}") for n in range(NUMBERS)]
    session = meeting(cohort, at + timedelta(days=2))
    for minute, text in enumerate(("izin", "hadir")):
        for number in numbers:
            hear(number, text, at=at + timedelta(minutes=minute))
    return session


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between taking a reply and answering it."""

    def slowly(reply: Reply, *, at: datetime) -> None:
        sleep(0.1)
        answer(reply, at=at)

    monkeypatch.setattr(answering, "answer", slowly)


def at_once(act: Callable[[], object]) -> None:
    """Do the same by several hands at the same moment, each on a connection of its own."""
    gate = Barrier(HANDS)

    def run() -> None:
        try:
            gate.wait(timeout=10)
            with suppress(Refused):  # what a hand is told that came too late
                act()
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def read_once() -> bool:
    """Say whether every reply was read once, answered by itself and once."""
    reads = Event.objects.filter(subject_type="replies.reply", verb="read").count()
    texts = Message.objects.filter(kind=Kind.REPLY).count()
    states = set(Reply.objects.values_list("state", flat=True))
    return (reads, texts, states) == (2 * NUMBERS, 2 * NUMBERS, {ReplyState.ANSWERED})


def test_four_hands_answer_each_reply_once_and_in_order(session: Session, at: datetime) -> None:
    later = at + timedelta(minutes=2)
    at_once(lambda: answer_new(at=later))
    answer_new(at=later)  # what one hand left to another that had just looked
    assert read_once()
    assert set(session.seats.values_list("rsvp", flat=True)) == {"yes"}
    assert Event.objects.filter(subject_type="programs.attendance", verb="answered").count() == 2 * NUMBERS


def test_without_the_hold_a_reply_is_read_twice(
    session: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "take", lambda: Reply.objects.to_be_read().first())
    at_once(lambda: answer_new(at=at + timedelta(minutes=2), most=4))
    assert not read_once()
