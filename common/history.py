"""Events told as lines of a history; each app knows the sentences of its own verbs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils.functional import Promise

from common.dates import at_clock, local_date, short_date
from common.models import Event, EventQuerySet
from common.verbs import GENERAL
from common.zones import Zone

LONGEST: Final = 50
Facts = Callable[[Event, Any], str]  # of an event, and of the row of whose page it is told
Events = Callable[[Any], EventQuerySet]


@dataclass(frozen=True)
class Knot:
    """One line of a history."""

    what: str
    when: str
    who: str
    facts: str = ""


class Told(NamedTuple):
    """How the rows of one model are told of."""

    sentences: Mapping[str, Promise]
    facts: Facts
    events: Events


def usual_facts(event: Event, _row: models.Model) -> str:
    """Say the reason, and for a row that followed its place the old and the new code."""
    if event.verb == "region_moved":
        return f"{event.facts.get('before', '')} → {event.facts.get('region', '')}"
    return str(event.facts.get("reason") or event.facts.get("comment") or "")


_told: dict[str, Told] = {}


def usual_events(row: models.Model) -> EventQuerySet:
    """Take what happened to the row itself."""
    return Event.objects.about(row)


def tells(
    label: str, sentences: Mapping[str, Promise], *, facts: Facts = usual_facts, events: Events = usual_events
) -> None:
    """Give the rows of a model words of their own; an app's `history.py` says so as it is read at the start."""
    _told[label] = Told(sentences, facts, events)


def sentence_for(label: str, verb: str) -> str:
    """Read a verb as a sentence: the model's own, or the general one."""
    own = _told.get(label)
    return str((own.sentences.get(verb) if own else None) or GENERAL.get(verb) or verb)


def history_of_row(row: models.Model, *, longest: int = LONGEST) -> list[Knot]:
    """Tell what happened to any row, newest first, in the zone of its place; 1 query."""
    own = _told.get(row._meta.label_lower, Told({}, usual_facts, usual_events))
    events = own.events(row).select_related("by").order_by("-pk")[:longest]
    return tell(events, zone=zone_of_row(row), sentences=own.sentences, facts=lambda event: own.facts(event, row))


def zone_of_row(row: models.Model) -> str:
    """Tell the zone of a row, of its village, unit, region or session, or of the capital."""
    for place in (row, *(getattr(row, name, None) for name in ("village", "business_unit", "region", "session"))):
        zone = getattr(place, "zone", None)
        if zone:
            return str(zone)
    return str(Zone.WIB)


def tell(
    events: Iterable[Event],
    *,
    zone: str,
    sentences: Mapping[str, Promise],
    facts: Callable[[Event], str] = lambda _event: "",
) -> list[Knot]:
    """Tell events in the zone of the place; `facts` adds what one verb alone does not say."""
    return [
        Knot(
            what=str(sentences.get(event.verb) or GENERAL.get(event.verb) or event.verb),
            when=f"{short_date(local_date(event.at, zone))} {at_clock(event.at, zone)}",
            who=event.by.name if event.by else "",
            facts=facts(event),
        )
        for event in events
    ]
