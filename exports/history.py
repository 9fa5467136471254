"""What happened to samples, parcels and claims, to buyers, exports and published figures, in sentences."""

from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.dates import parse_date, short_date
from common.history import tells
from common.models import Event
from common.numbers import number
from exports.countries import country_name
from exports.models import ExportTransaction, Lead
from exports.states import DocumentKind, LeadState, Route
from exports.tariff import dotted

OF_CLAIMS: Final[dict[str, Promise]] = {
    "started": _("Started"),
    "changed": _("Changed"),
    "document_added": _("A document was added"),
    "document_removed": _("A document was taken out"),
    "submitted": _("Handed in"),
    "returned": _("Returned to who handed it in"),
    "verified": _("Verified"),
    "approved": _("Approved"),
    "paid": _("Paid"),
    "closed": _("Closed"),
    "rejected": _("Rejected"),
    "cancelled": _("Cancelled"),
}
OF_SAMPLES: Final[dict[str, Promise]] = {
    "registered": _("Written down"),
    "changed": _("Changed"),
    "shipped": _("Sent"),
}
OF_SHIPMENTS: Final[dict[str, Promise]] = {
    "shipped": _("Sent"),
    "changed": _("Changed"),
    "delivered": _("Delivered"),
    "answered": _("The buyer answered"),
}
OF_SCHEMES: Final[dict[str, Promise]] = {
    "created": _("Drafted"),
    "changed": _("Changed"),
    "opened": _("Opened for claims"),
    "closed": _("Closed for new claims"),
}
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


def _of_lead(event: Event, _lead: Lead) -> str:
    """Say how far it moved."""
    return str(LeadState(event.goal).label) if event.verb == "moved" else ""


def _of_export(event: Event, _export: ExportTransaction) -> str:
    """Say what a change made of its numbers, and of which kind a paper is."""
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


tells("exports.sample", OF_SAMPLES)
tells("exports.shipment", OF_SHIPMENTS)
tells("exports.subsidyscheme", OF_SCHEMES)
tells("exports.subsidyclaim", OF_CLAIMS)
tells("exports.buyer", OF_BUYERS)
tells("exports.lead", OF_LEADS, facts=_of_lead)
tells("exports.exporttransaction", OF_EXPORTS, facts=_of_export)
tells("exports.regionfigure", OF_FIGURES)
