"""Families of messages: what holds about those that concern one kind of thing, and what each has to say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, Value
from django.db.models.functions import Coalesce

from reminders.hours import BETWEEN_REMINDERS
from reminders.judging import Look
from reminders.models import Message
from reminders.states import JOINED, TOLD, UNDER_WAY
from reminders.topics import Notice, Topic

SESSIONS = ""  # a message without a subject type is about a session


@dataclass(frozen=True)
class Claimed:
    """One message, the last look at it and what its text would say."""

    message: Message
    look: Look
    topic: Topic | Notice


Family = Callable[[Sequence[int], datetime], list[Claimed]]
_families: dict[str, Family] = {}


def register(subject_type: str, family: Family) -> None:
    """Name who reads messages about this kind of subject; only an AppConfig calls this."""
    _families[subject_type] = family


def look_at(ids: Sequence[int], *, at: datetime) -> list[Claimed]:
    """Read messages as they hold at this moment, in the order of their ids; a fixed number of queries per family."""
    kinds = defaultdict(list)
    for pk, subject_type in Message.objects.filter(pk__in=ids).values_list("pk", "subject_type"):
        kinds[subject_type].append(pk)
    seen = [each for kind, pks in sorted(kinds.items()) for each in _families[kind](pks, at)]
    return sorted(seen, key=lambda each: each.message.pk)


def heard_at(numbers: Iterable[int], ids: Sequence[int], *, at: datetime) -> dict[int, datetime]:
    """Tell when each number last had a reminder within the hour; one that is leaving right now counts as now."""
    lately = Q(state__in=TOLD, settled_at__gt=at - BETWEEN_REMINDERS)
    others = Message.objects.filter(contact_point__in=numbers, kind__in=JOINED).exclude(pk__in=ids)
    found = (
        others.filter(lately | Q(state__in=UNDER_WAY))
        .values("contact_point_id")
        .annotate(last=Max(Coalesce("settled_at", Value(at))))
    )
    return {row["contact_point_id"]: row["last"] for row in found.order_by()}
