"""Writing down what happened, and telling the one who listens in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from common.models import Event
from common.sets import Params, insert_select

SAME_ACT: Final = timedelta(minutes=10)
Listener = Callable[[models.Model, Event], None]
_listeners: dict[tuple[str, str], list[Listener]] = defaultdict(list)


def listen(label: str, verb: str, listener: Listener) -> None:
    """Call `listener` inside the transaction of every such event; only an AppConfig calls this."""
    if listener not in _listeners[label, verb]:
        _listeners[label, verb].append(listener)


def record(
    subject: models.Model,
    *,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
    origin: str = "",
    goal: str = "",
    **facts: object,
) -> Event:
    """Append one event about `subject`; `by` is None when a villager acted through a link or the clock did."""
    label = subject._meta.label_lower
    event = Event.objects.create(
        at=at,
        by_id=by.pk if by else None,
        verb=verb,
        subject_type=label,
        subject_id=str(subject.pk),
        origin=origin,
        goal=goal,
        facts=facts,
    )
    for listener in _listeners[label, verb]:
        listener(subject, event)
    return event


def note_reading(
    subject: models.Model,
    *,
    verb: str,
    by: AbstractBaseUser,
    at: datetime,
    within: timedelta = SAME_ACT,
    **facts: Any,
) -> None:
    """Keep that somebody read personal data; the same row again a little later is the same act; 2 queries."""
    before = Event.objects.about(subject).filter(verb=verb, by_id=by.pk, at__gt=at - within, at__lte=at)
    if not before.exists():
        record(subject, verb=verb, by=by, at=at, **facts)


def record_all(
    model: type[models.Model],
    *,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
    source: str,
    params: Params,
    goal: str = "",
) -> int:
    """Append one event about each row that `source` gives (a SELECT of `id` and `facts`); tell how many.

    Nobody is told of each: the event that sums the set up is what listeners hear.
    """
    columns = {
        "at": "%(event_at)s",
        "by_id": "%(event_by)s::bigint",
        "verb": "%(event_verb)s",
        "subject_type": "%(event_label)s",
        "subject_id": "each.id::text",
        "origin": "''",
        "goal": "%(event_goal)s",
        "facts": "each.facts",
    }
    given = {"at": at, "by": by.pk if by else None, "verb": verb, "label": model._meta.label_lower, "goal": goal}
    values = {**params, **{f"event_{name}": value for name, value in given.items()}}
    return insert_select(Event, columns=columns, source=f"FROM ({source}) each ORDER BY each.id", params=values)
