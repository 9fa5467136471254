"""What waits for a person: how many, what its mentor is told, and as the plain values that a phone reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mentoring.models import HeldVersion
from mentoring.querysets import HeldVersionQuerySet
from mentoring.states import HeldReason, HeldState

TOLD_FOR: Final = timedelta(days=30)  # so long a phone reads what became of a version
SENTENCES: Final[dict[str, Promise]] = {
    HeldReason.OTHER_VERSION: gettext_lazy(
        "Another version is already here. Yours is kept beside it until someone chooses."
    ),
    HeldReason.NOT_ASSIGNED: gettext_lazy(
        "You no longer mentor this village. Your visit is kept until the coordinator decides."
    ),
    HeldReason.CLOSED_PERIOD: gettext_lazy(
        "The period of this visit is closed. Your visit is kept until the coordinator decides."
    ),
    HeldReason.CLOCK: gettext_lazy(
        "Your phone's clock is wrong, so the time of this visit is still to come. "
        "It is kept until the coordinator decides. Set the clock right."
    ),
    HeldReason.KEY_TAKEN: gettext_lazy("This visit cannot be stored under its key. It is kept until someone decides."),
}


@dataclass(frozen=True)
class Waiting:
    """How many versions wait for one reason."""

    reason: str
    label: str
    count: int


def told(held: HeldVersion) -> str:
    """Say to its mentor why it was kept, or what became of it."""
    if held.state == HeldState.TAKEN:
        return _("The coordinator has taken this version.")
    if held.state == HeldState.DISMISSED:
        return _("The coordinator has not taken this version: %(comment)s") % {"comment": held.comment}
    return str(SENTENCES[held.reason])


def waiting_by_reason(rows: HeldVersionQuerySet[HeldVersion]) -> list[Waiting]:
    """Count what waits among these rows by reason, in the order of the reasons; 1 query."""
    counted = dict(rows.waiting().order_by().values_list("reason").annotate(Count("pk")))
    return [Waiting(str(each), str(each.label), counted[each]) for each in HeldReason if each in counted]


def held_of(mentor: User, *, at: datetime) -> list[dict[str, Any]]:
    """List what a mentor sent and a person has to decide, as plain values: one row for each key; 1 query.

    What was decided is told for 30 days. Where several versions came under one key, what still waits is told, else what
    was decided last.
    """
    rows = HeldVersion.objects.filter(sent_by=mentor).order_by("received_at", "pk")
    recent = [row for row in rows if row.settled_at is None or row.settled_at >= at - TOLD_FOR]
    by_key = {row.key: row for row in sorted(recent, key=_weight)}
    return list(_plain(by_key.values()))


def _weight(row: HeldVersion) -> tuple[bool, float, bool, int]:
    """Put what is told above what is not: waiting, then the latest decision, then what was taken."""
    settled = row.settled_at.timestamp() if row.settled_at else 0
    return row.state == HeldState.WAITING, settled, row.state == HeldState.TAKEN, row.pk


def _plain(rows: Iterable[HeldVersion]) -> Iterable[dict[str, Any]]:
    for row in rows:
        yield {"id": str(row.key), "reason": row.reason, "state": row.state, "comment": row.comment}
