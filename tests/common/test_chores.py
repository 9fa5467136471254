"""What rooms above the sender have done at each of its ticks and sweeps."""

from datetime import datetime

import pytest
from django.db import DatabaseError

from common import chores
from common.chores import do_chores, do_sweep_chores, each_sweep, each_tick


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without chores, and leave none behind."""
    monkeypatch.setattr(chores, "_of_ticks", [])
    monkeypatch.setattr(chores, "_of_sweeps", [])


def test_chores_are_done_in_their_order_and_said_once(at: datetime) -> None:
    done: list[tuple[str, datetime]] = []

    def first(moment: datetime) -> None:
        done.append(("first", moment))

    each_tick(first)
    each_tick(lambda moment: done.append(("second", moment)))
    each_tick(first)
    do_chores(at)
    assert done == [("first", at), ("second", at)]


def test_a_database_that_is_away_holds_up_nobody(at: datetime, caplog: pytest.LogCaptureFixture) -> None:
    done: list[datetime] = []

    def refused(_moment: datetime) -> None:
        raise DatabaseError("a number that must not be in the log")

    each_tick(refused)
    each_tick(done.append)
    do_chores(at)
    assert done == [at]
    assert "must not be" not in caplog.text


def test_a_fault_of_our_own_is_not_hidden(at: datetime) -> None:
    def broken(_moment: datetime) -> None:
        raise ValueError("ours")

    each_tick(broken)
    with pytest.raises(ValueError, match="ours"):
        do_chores(at)


def test_what_a_sweep_does_is_no_chore_of_a_tick(at: datetime) -> None:
    done: list[str] = []
    each_tick(lambda _moment: done.append("tick"))
    each_sweep(lambda _moment: done.append("sweep"))
    do_chores(at)
    do_sweep_chores(at)
    assert done == ["tick", "sweep"]
