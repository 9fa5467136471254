"""How channels fare: they rest after failures, one letter tries them, a word stops them, a rate paces them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now

from reminders import breaker
from reminders.breaker import Turn, admit, learn, open_books, resting
from reminders.channels.gateway import Fault, Outcome
from reminders.claims import database_clock
from reminders.models import ChannelStatus
from reminders.states import MessageState

TAKEN = Outcome(MessageState.ACCEPTED)
SILENT = Outcome(MessageState.UNKNOWN)
BUSY = Outcome(MessageState.FAILED, fault=Fault.LATER)
WRONG = Outcome(MessageState.FAILED, fault=Fault.ADDRESS)
STOP = Outcome(MessageState.FAILED, code="190", fault=Fault.STOP)


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    """Have a row for the one channel."""
    open_books(["sms"])


def turn(letters: int = 64, rate: float = 0) -> Turn:
    """Take a turn that there is."""
    taken = admit("sms", letters=letters, rate=rate)
    assert taken
    return taken


def status() -> ChannelStatus:
    """Read how it fares."""
    return ChannelStatus.objects.get(pk="sms")


def fail(times: int) -> None:
    """Fail so often, one after another."""
    for _ in range(times):
        learn("sms", [BUSY], turn(1))


def rested() -> None:
    """Let the rest be over."""
    ChannelStatus.objects.update(open_until=Now())


def pause() -> float:
    """Return the seconds that the channel rests from now on, to the tenth of a minute."""
    return round((resting(database_clock())["sms"] - database_clock()) / timedelta(seconds=6)) * 6


def test_channel_runs_while_its_failures_are_not_in_a_row(at: datetime) -> None:
    learn("sms", [BUSY, SILENT, BUSY, SILENT, TAKEN, BUSY], turn())
    assert (status().failures, resting(at)) == (1, {})
    learn("sms", [WRONG], turn())  # it works: the number is wrong
    assert status().failures == 0


def test_five_failures_in_a_row_let_it_rest(at: datetime) -> None:
    learn("sms", [TAKEN, BUSY, BUSY], turn())
    learn("sms", [SILENT, SILENT, BUSY], turn())
    assert admit("sms", letters=1, rate=0) is None
    assert timedelta(seconds=25) < resting(at)["sms"] - at <= timedelta(seconds=30)


def test_one_letter_tries_it_after_the_rest(at: datetime) -> None:
    fail(5)
    rested()
    trial = turn(64)
    assert (trial.letters, trial.is_trial) == (1, True)
    assert admit("sms", letters=64, rate=0) is None  # another sender's letters wait for what it finds out
    learn("sms", [TAKEN], trial)
    assert (turn(64).letters, resting(at)) == (64, {})


def test_rests_double_up_to_ten_minutes() -> None:
    fail(5)
    pauses = [pause()]
    for _ in range(6):
        rested()
        learn("sms", [BUSY], turn())
        pauses.append(pause())
    assert pauses == [30, 60, 120, 240, 480, 600, 600]


def test_whoever_began_before_a_rest_adds_nothing_to_it() -> None:
    early = turn()
    fail(5)
    learn("sms", [BUSY] * 64, early)
    assert (status().failures, pause()) == (5, 30)


def test_word_to_stop_stops_at_once_and_one_letter_asks_a_quarter_of_an_hour_later() -> None:
    learn("sms", [TAKEN, STOP], turn())
    stopped = status()
    assert (stopped.code, pause()) == ("190", 900)
    assert stopped.halted_at
    assert admit("sms", letters=1, rate=0) is None
    learn("sms", [TAKEN], Turn(1, 0, 0))  # it began before the word
    learn("sms", [BUSY], Turn(1, 0, 0))
    assert status().halted_at == stopped.halted_at
    rested()
    learn("sms", [TAKEN], turn())
    assert (status().halted_at, status().code, status().open_until) == (None, "", None)


def test_stopped_channel_that_still_refuses_stays_stopped_since_then() -> None:
    learn("sms", [STOP], turn())
    since = status().halted_at
    rested()
    learn("sms", [STOP], turn())
    assert (status().halted_at, pause()) == (since, 900)


def test_rate_is_reserved_turn_by_turn() -> None:
    waits = [turn(2, rate=10).wait for _ in range(4)]
    assert waits[0] == 0
    assert waits[1:] == pytest.approx([0.206, 0.412, 0.619], abs=0.1)


def test_clock_that_was_set_back_stops_nobody_for_an_hour() -> None:
    ahead = Now() + timedelta(hours=1)
    ChannelStatus.objects.update(free_at=ahead, open_until=ahead)
    assert turn(rate=1).wait == 0
    assert resting(database_clock()) == {}


def test_turn_of_the_past_is_not_made_up_for() -> None:
    ChannelStatus.objects.update(free_at=database_clock() - timedelta(minutes=1))
    turn(1, rate=1)
    assert turn(1, rate=1).wait == pytest.approx(1.03, abs=0.1)


def test_busy_gateway_is_given_a_second_where_a_rate_is_kept() -> None:
    learn("sms", [TAKEN, BUSY, TAKEN], turn(3, rate=80))
    assert turn(1, rate=80).wait == pytest.approx(1, abs=0.2)


@pytest.mark.django_db(transaction=True)
def test_senders_side_by_side_share_one_rate() -> None:
    def one(_: int) -> Sequence[float]:
        try:
            began = database_clock()
            return [(database_clock() - began).total_seconds() + turn(1, rate=50).wait for _ in range(10)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        moments = sorted(moment for some in pool.map(one, range(4)) for moment in some)
    assert moments[-1] == pytest.approx(39 / (50 * breaker.FASTEST), abs=0.3)
