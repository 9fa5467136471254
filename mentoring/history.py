"""What happened to a visit, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.dates import at_clock, local_date, short_date
from common.models import Event

SENTENCES: Final[dict[str, Promise]] = {
    "stored": _("Written down"),
    "changed": _("Changed"),
    "submitted": _("Submitted"),
    "approved": _("Approved"),
    "returned": _("Returned"),
    "conflicted": _("Another version came and was kept aside"),
}


@dataclass(frozen=True)
class Knot:
    """One line of a history."""

    what: str
    when: str
    who: str


def told(events: Iterable[Event], zone: str) -> list[Knot]:
    """Tell events as lines, in the zone of the place."""
    return [
        Knot(
            what=str(SENTENCES.get(event.verb, event.verb)),
            when=f"{short_date(local_date(event.at, zone))} {at_clock(event.at, zone)}",
            who=event.by.name if event.by else "",
        )
        for event in events
    ]
