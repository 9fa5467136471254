"""What happened to a person and their numbers, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.dates import at_clock, local_date, short_date
from common.models import Event
from villages.models import Person

LONGEST: Final = 40
SENTENCES: Final[dict[str, Promise]] = {
    "added": _("Added"),
    "changed": _("Corrected"),
    "contact_added": _("Number added"),
    "contact_removed": _("Number removed"),
    "read_numbers": _("Numbers were read"),
    "consent_given": _("Agreed"),
    "consent_withdrawn": _("Took the agreement back"),
    "anonymised": _("Data erased"),
    "marked": _("State of the number set"),
    "opted_out": _("Messages stopped"),
    "opted_in": _("Messages allowed again"),
    "link_renewed": _("Link renewed"),
    "link_revoked": _("Link closed"),
}


@dataclass(frozen=True)
class Knot:
    """One line of a history."""

    what: str
    when: str
    who: str


def history_of(person: Person, numbers: Iterable[int]) -> list[Knot]:
    """Tell what happened to a person and to the numbers that reach them, newest first."""
    keys = [str(number) for number in numbers]
    about = Q(subject_type="villages.person", subject_id=str(person.pk)) | Q(
        subject_type="villages.contactpoint", subject_id__in=keys
    )
    events = Event.objects.filter(about).select_related("by").order_by("-pk")[:LONGEST]
    return [_knot(event, person.village.zone) for event in events]


def _knot(event: Event, zone: str) -> Knot:
    return Knot(
        what=str(SENTENCES.get(event.verb, event.verb)),
        when=f"{short_date(local_date(event.at, zone))} {at_clock(event.at, zone)}",
        who=event.by.name if event.by else "",
    )
