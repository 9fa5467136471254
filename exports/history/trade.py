"""What happened to a buyer, a lead, an export or a published figure, in sentences."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.dates import parse_date, short_date
from common.history import Knot, tell
from common.models import Event
from common.numbers import number
from common.zones import Zone
from exports.countries import country_name
from exports.models import Buyer, ExportTransaction, Lead, RegionFigure
from exports.states import DocumentKind, LeadState, Route
from exports.tariff import dotted

OF_BUYERS: Final[dict[str, Promise]] = {
    "registered": _("Written down"),
    "changed": _("Changed"),
}
OF_LEADS: Final[dict[str, Promise]] = {
    "started": _("Brought together"),
    "changed": _("Next step written"),
    "moved": _("Moved on"),
}
OF_EXPORTS: Final[dict[str, Promise]] = {
    "reported": _("Reported"),
    "changed": _("Changed"),
    "paper_added": _("A document was added"),
    "paper_removed": _("A document was taken out"),
    "evidenced": _("The documents show it"),
    "verified": _("Verified: it counts from now on"),
    "withdrawn": pgettext_lazy("export", "Withdrawn: it counts no longer"),
}
OF_FIGURES: Final[dict[str, Promise]] = {
    "entered": _("Entered"),
    "changed": _("Changed"),
    "withdrawn": pgettext_lazy("figure", "Taken back"),
}


def history_of_buyer(buyer: Buyer) -> list[Knot]:
    """Tell what happened to a buyer, newest first; 1 query."""
    return tell(_events(buyer), zone=Zone.WIB, sentences=OF_BUYERS)


def history_of_lead(lead: Lead) -> list[Knot]:
    """Tell what happened to a lead, newest first; 1 query."""

    def facts(event: Event) -> str:
        return str(LeadState(event.goal).label) if event.verb == "moved" else ""

    return tell(_events(lead), zone=lead.business_unit.region.zone, sentences=OF_LEADS, facts=facts)


def history_of_export(export: ExportTransaction) -> list[Knot]:
    """Tell what happened to an export, newest first, with what a change made of its numbers; 1 query."""
    return tell(_events(export), zone=export.business_unit.region.zone, sentences=OF_EXPORTS, facts=_of_export)


def history_of_figure(figure: RegionFigure) -> list[Knot]:
    """Tell what happened to a published figure, newest first; 1 query."""
    return tell(_events(figure), zone=figure.region.zone, sentences=OF_FIGURES)


def _events(row: Buyer | Lead | ExportTransaction | RegionFigure) -> Iterator[Event]:
    return iter(Event.objects.about(row).select_related("by").order_by("-pk"))


def _of_export(event: Event) -> str:
    if event.verb in ("paper_added", "paper_removed"):
        return str(DocumentKind(event.facts["kind"]).label)
    if event.verb != "changed":
        return ""
    was, now = event.facts["was"], event.facts["now"]
    told = [(_label(name), _shown(name, was[name]), _shown(name, now[name])) for name in now if was[name] != now[name]]
    return "; ".join(f"{label}: {before} → {after}" for label, before, after in told) or gettext("words only")


def _label(name: str) -> str:
    field: Any = ExportTransaction._meta.get_field(name)
    return str(field.verbose_name)


def _shown(name: str, value: str) -> str:
    """Write one value as the page writes it."""
    match name:
        case "exported_on":
            return short_date(parse_date(value))
        case "country":
            return country_name(value)
        case "hs_code":
            return dotted(value)
        case "route":
            return str(Route(value).label)
        case "quantity" | "value" | "rate":
            exact = Decimal(value)
            return number(exact, max(0, -int(exact.as_tuple().exponent)))
        case _:
            return value
