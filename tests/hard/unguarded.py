"""Takes guards away and puts pauses where they stood; called before hands are forked, for this run only."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from reminders import claims
from reminders.channels import GATEWAYS
from reminders.channels.gateway import Guarantee
from reminders.models import Message
from reminders.states import MessageState


def replace(original: Callable[..., Any], other: Callable[..., Any]) -> None:
    """Put another function in the place of one, in every module of the product that knows it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("reminders"):
            for word, value in list(vars(module).items()):
                if value is original:
                    setattr(module, word, other)


def pause_before_begin(seconds: float) -> None:
    """Stand still between the last look and the beginning; the guard must hold all the same."""
    begin = claims.begin

    def late(letters: Sequence[claims.Sealed], **facts: Any) -> set[int]:
        time.sleep(seconds)
        return begin(letters, **facts)

    replace(begin, late)


def begin_blindly(seconds: float) -> None:
    """Let every letter go that was claimed, whatever happened since."""

    def blind(letters: Sequence[claims.Sealed], **_facts: Any) -> set[int]:
        time.sleep(seconds)
        return {letter.carrier for letter in letters}

    replace(claims.begin, blind)


def take_naively(seconds: float) -> None:
    """Read what is due, stand still, then claim it: whoever read the same meanwhile claims it too."""

    def naive(*, at: datetime, size: int) -> list[int]:
        due = list(Message.objects.due(at).order_by("due_at", "pk").values_list("pk", flat=True)[:size])
        time.sleep(seconds)
        claimed = {"state": MessageState.CLAIMED, "attempt": F("attempt") + 1, "lease_until": Now() + claims.LEASE}
        Message.objects.filter(pk__in=due).update(begun_at=None, **claimed)
        return due

    replace(claims.take, naive)


def believe_keys(channel: str) -> None:
    """Take a gateway's word that it keeps keys, though it does not: whatever is unanswered is handed over again."""
    GATEWAYS[channel].guarantee = Guarantee.IDEMPOTENT


def own_clock(skew: timedelta) -> None:
    """Let this hand measure leases by a clock of its own that is wrong."""

    def told(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        return execute(statement.replace("now()", f"(now() + interval '{skew.total_seconds()} s')"), *rest)

    connection.execute_wrappers.append(told)
