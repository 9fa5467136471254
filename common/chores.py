"""What the sender's tick and the sweep do first for rooms on floors above: said by their AppConfig, never imported."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import DatabaseError

logger = logging.getLogger(__name__)
Chore = Callable[[datetime], object]
_of_ticks: list[Chore] = []
_of_sweeps: list[Chore] = []


def each_tick(chore: Chore) -> None:
    """Do this at every tick; only an AppConfig calls this."""
    if chore not in _of_ticks:
        _of_ticks.append(chore)


def each_sweep(chore: Chore) -> None:
    """Do this at every sweep; only an AppConfig calls this."""
    if chore not in _of_sweeps:
        _of_sweeps.append(chore)


def do_chores(at: datetime) -> None:
    """Do what every tick does."""
    _do(_of_ticks, at)


def do_sweep_chores(at: datetime) -> None:
    """Do what every sweep does."""
    _do(_of_sweeps, at)


def _do(chores: Iterable[Chore], at: datetime) -> None:
    """Do them all; one that the database refuses today is tried again next time, and holds up nobody."""
    for chore in chores:
        try:
            chore(at)
        except DatabaseError as error:
            logger.warning("a chore was put off: %s", type(error).__name__)
