"""Events told as lines of a history; each app knows the sentences of its own verbs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from common.dates import at_clock, local_date, short_date
from common.models import Event


@dataclass(frozen=True)
class Knot:
    """One line of a history."""

    what: str
    when: str
    who: str
    facts: str = ""


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
            what=str(sentences.get(event.verb, event.verb)),
            when=f"{short_date(local_date(event.at, zone))} {at_clock(event.at, zone)}",
            who=event.by.name if event.by else "",
            facts=facts(event),
        )
        for event in events
    ]
