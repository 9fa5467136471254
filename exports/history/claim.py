"""What happened to samples, shipments, schemes and claims, in sentences."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.history import Knot, tell
from common.models import Event

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


def history_of(row: models.Model, sentences: dict[str, Promise], *, zone: str) -> list[Knot]:
    """Tell what happened to a row, newest first; 1 query."""
    events = Event.objects.about(row).select_related("by").order_by("-pk")
    return tell(events, zone=zone, sentences=sentences)
