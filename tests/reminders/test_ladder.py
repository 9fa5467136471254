"""By which way a text goes, and what follows when one refuses it."""

from datetime import datetime, timedelta

import pytest

from reminders.channels.gateway import Fault
from reminders.ladder import PAUSES, Way, choose, fits, setback
from reminders.states import Reason

RUNGS = ("whatsapp", "sms", "email", "manual")
DAY = timedelta(days=1)


def way(at: datetime, *rungs: str, **facts: object) -> Way:
    """Choose for a phone number whose text is of use for a day, unless told otherwise."""
    given = {"is_email": False, "closed": (), "resting": {}, "expires_at": at + DAY, **facts}
    return choose(rungs or RUNGS, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channel", "phone", "mail"),
    [
        ("whatsapp", True, False),
        ("sms", True, False),
        ("manual", True, False),
        ("email", False, True),
        ("log", True, True),
    ],
)
def test_channels_fit_phones_or_addresses(channel: str, phone: bool, mail: bool) -> None:  # noqa: FBT001
    assert fits(channel, is_email=False) is phone
    assert fits(channel, is_email=True) is mail


def test_first_rung_that_fits_is_taken(at: datetime) -> None:
    assert way(at) == Way("whatsapp")
    assert way(at, is_email=True) == Way("email")
    assert way(at, "email", "sms") == Way("sms")


def test_closed_rungs_are_passed_by_and_people_come_last(at: datetime) -> None:
    assert way(at, closed={"whatsapp"}) == Way("sms")
    assert way(at, closed={"whatsapp", "sms"}) == Way("manual")
    assert way(at, "manual", "sms") == Way("sms")
    assert way(at, closed={*RUNGS}) == Way()
    assert way(at, is_email=True, closed={"email"}) == Way()


def test_resting_rung_gives_way_to_the_next_and_is_waited_for_before_people(at: datetime) -> None:
    soon = at + timedelta(minutes=5)
    assert way(at, resting={"whatsapp": soon}) == Way("sms")
    assert way(at, resting={"whatsapp": soon, "sms": soon + DAY}) == Way(until=soon)
    assert way(at, "whatsapp", "manual", resting={"whatsapp": soon}) == Way(until=soon)
    assert way(at, "whatsapp", resting={"whatsapp": soon}) == Way(until=soon)


def test_people_take_over_while_they_still_have_time(at: datetime) -> None:
    late = at + timedelta(minutes=5)
    short = {"resting": {"whatsapp": late}, "expires_at": at + timedelta(minutes=30)}
    assert way(at, "whatsapp", "manual", **short) == Way("manual")
    assert way(at, "whatsapp", **short) == Way(until=late)
    assert way(at, "whatsapp", resting={"whatsapp": at + 2 * DAY}) == Way(until=at + DAY)


def test_passing_trouble_is_waited_out_ever_longer_and_then_the_channel_is_given_up(at: datetime) -> None:
    pauses = []
    for tries in range(len(PAUSES)):
        then = setback(Fault.LATER, tries=tries, note="", at=at, expires_at=at + DAY)
        assert (then.tries, then.note, then.given_up) == (tries + 1, Reason.LATER, False)
        pauses.append(then.due_at - at)
    assert pauses == sorted(pauses) == [timedelta(seconds=n) for n in (30, 120, 600, 1800)]
    last = setback(Fault.LATER, tries=len(PAUSES), note="busy", at=at, expires_at=at + DAY)
    assert (last.due_at, last.tries, last.note, last.given_up) == (at, 0, "busy", True)


def test_pause_never_passes_the_useful_time(at: datetime) -> None:
    then = setback(Fault.LATER, tries=2, note="", at=at, expires_at=at + timedelta(minutes=10))
    assert (then.due_at, then.given_up) == (at, True)
    over = setback(Fault.LATER, tries=0, note="", at=at, expires_at=at - timedelta(minutes=1))
    assert over.due_at == at - timedelta(minutes=1)


@pytest.mark.parametrize("fault", [Fault.ADDRESS, Fault.LETTER])
def test_final_refusal_takes_the_next_rung_at_once(at: datetime, fault: Fault) -> None:
    then = setback(fault, tries=3, note="131026", at=at, expires_at=at + DAY)
    assert (then.due_at, then.tries, then.note, then.given_up) == (at, 0, "131026", True)


def test_stopped_channel_is_not_given_up(at: datetime) -> None:
    then = setback(Fault.STOP, tries=1, note="", at=at, expires_at=at + DAY)
    assert (then.due_at, then.tries, then.note, then.given_up) == (at, 1, Reason.RESTING, False)
