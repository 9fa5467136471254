"""The doorbell: rung where something became due now. Who hears it is wired above; nobody may, and nothing is lost."""

from collections.abc import Callable

from django.db import transaction

Bell = Callable[[], None]
_bells: list[Bell] = []


def hang(bell: Bell) -> None:
    """Ring this bell from now on; it must return at once and never fail. Only an AppConfig calls this."""
    if bell not in _bells:
        _bells.append(bell)


def ring() -> None:
    """Ring as soon as what is being written is there for others to see; outside a transaction that is now."""
    transaction.on_commit(_sound, robust=True)


def _sound() -> None:
    for bell in _bells:
        bell()
