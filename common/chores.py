"""What every tick of the sender does first, for rooms on floors above it: said by their AppConfig, never imported."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError

logger = logging.getLogger(__name__)
Chore = Callable[[datetime], object]
_chores: list[Chore] = []


def each_tick(chore: Chore) -> None:
    """Do this at every tick; only an AppConfig calls this."""
    if chore not in _chores:
        _chores.append(chore)


def do_chores(at: datetime) -> None:
    """Do them all; one that the database refuses today is tried again at the next tick, and holds up nobody."""
    for chore in _chores:
        try:
            chore(at)
        except DatabaseError as error:
            logger.warning("a chore was put off: %s", type(error).__name__)
