"""What happened to a person and their numbers, to a business unit, and to the stage of a village, in sentences."""

from dataclasses import replace
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.dates import short_date
from common.history import LONGEST, Knot, tell, tells, usual_facts
from common.models import Event, EventQuerySet
from villages.models import BusinessUnit, Person, RegionChange, Village
from villages.states import InventoryState, LicenceKind, VillageStage

SENTENCES: Final[dict[str, Promise]] = {
    "added": _("Added"),
    "changed": _("Corrected"),
    "contact_added": _("Number added"),
    "contact_removed": _("Number removed"),
    "contact_doubted": _("Said to be somebody else's number"),
    "contact_trusted": _("Number is right after all"),
    "read_numbers": _("Numbers were read"),
    "consent_given": _("Agreed"),
    "consent_withdrawn": _("Took the agreement back"),
    "import_undone": _("Import undone"),
    "anonymised": _("Data erased"),
    "merged": _("Merged with another record"),
    "merged_into": _("Another record of this person was closed"),
    "told_apart": _("Told apart from someone of a similar name"),
    "marked": _("State of the number set"),
    "opted_out": _("Messages stopped"),
    "opted_in": _("Messages allowed again"),
    "link_renewed": _("Link renewed"),
    "link_revoked": _("Link closed"),
}


def _of_person(person: Person) -> EventQuerySet:
    """Take what happened to a person, under all ids they had, and to the numbers that reach them; 2 queries more."""
    numbers = [str(number) for number in person.contacts.order_by("pk").values_list("contact_point", flat=True)]
    ids = [str(person.pk), *map(str, person.former_ids.order_by("pk").values_list("pk", flat=True))]
    about = Q(subject_type="villages.person", subject_id__in=ids)
    return Event.objects.filter(about | Q(subject_type="villages.contactpoint", subject_id__in=numbers))


OF_UNITS: Final[dict[str, Promise]] = {
    "registered": _("Written down as a lead"),
    "changed": _("Corrected"),
    "verified": _("Verified"),
    "dismissed": _("Left out of the inventory"),
    "licence_added": _("Licence added"),
    "licence_changed": _("Licence corrected"),
    "licence_removed": _("Licence removed"),
    "lot_added": _("Lot added"),
    "lot_changed": _("Lot corrected"),
    "lot_removed": _("Lot removed"),
}


def _of_unit(event: Event, unit: BusinessUnit) -> str:
    """Say which paper it was, and why it was left out."""
    kind = event.facts.get("kind")
    if event.goal == InventoryState.DISMISSED:
        return unit.reason
    return str(LicenceKind(kind).label) if kind in LicenceKind.values else usual_facts(event, unit)


def stages_of(village: Village) -> list[Knot]:
    """Tell how a village came to its stage, newest first: each move with its decree or its reason."""
    told = ("registered", "moved", "decree_recorded")
    events = list(Event.objects.about(village).filter(verb__in=told).select_related("by").order_by("-pk")[:LONGEST])
    knots = tell(events, zone=village.zone, sentences={}, facts=lambda event: _said(event, village))
    return [replace(knot, what=_stage(event)) for knot, event in zip(knots, events, strict=True)]


def _stage(event: Event) -> str:
    if event.goal in VillageStage.values:
        return str(VillageStage(event.goal).label)
    return gettext("Decree written down")


def _said(event: Event, village: Village) -> str:
    """Name the decree of a move, with its number while it is the village's, or the reason."""
    on = event.facts.get("decree_on")
    if not on:
        return str(event.facts.get("reason", ""))
    day = date.fromisoformat(on)
    if day == village.decree_on:
        return gettext("Decree %(number)s, %(day)s") % {"number": village.decree_number, "day": short_date(day)}
    return gettext("Decree of %(day)s") % {"day": short_date(day)}


OF_EDITIONS: Final[dict[str, Promise]] = {
    "checked": _("Compared with the list in force"),
    "loaded": _("Loaded"),
    "dismissed": _("Not loaded"),
}
OF_CHANGES: Final[dict[str, Promise]] = {"decided": _("Decided")}


OF_VILLAGES: Final[dict[str, Promise]] = {
    "registered": _("Taken into the programme"),
    "moved": _("Stage changed"),
}
OF_ASSESSMENTS: Final[dict[str, Promise]] = {"changed": _("Day or kind corrected")}


def _of_village(event: Event, village: Village) -> str:
    """Say from which stage to which, and why."""
    if event.verb != "moved":
        return usual_facts(event, village)
    stages = " → ".join(str(VillageStage(stage).label) for stage in (event.origin, event.goal) if stage)
    return " · ".join(filter(None, [stages, event.facts.get("reason", "")]))


def _of_decision(event: Event, _change: RegionChange) -> str:
    """Say how many records went where."""
    many = event.facts.get("records", 0)
    if not event.facts.get("to"):
        left = ngettext("%(count)d record left as it was", "%(count)d records left as they were", many)
        return left % {"count": many}
    said = ngettext("%(count)d record to %(code)s", "%(count)d records to %(code)s", event.facts.get("moved", 0))
    return said % {"count": event.facts.get("moved", 0), "code": event.facts["to"]}


tells("villages.village", OF_VILLAGES, facts=_of_village)
tells("villages.businessunit", OF_UNITS, facts=_of_unit)
tells("villages.assessment", OF_ASSESSMENTS)
tells("villages.person", SENTENCES, events=_of_person)
tells("villages.contactpoint", SENTENCES)
tells("villages.regionedition", OF_EDITIONS)
tells("villages.regionchange", OF_CHANGES, facts=_of_decision)
