"""What happened to a visit, in sentences."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.history import Knot, tell
from common.models import Event
from mentoring.models import Visit

SENTENCES: Final[dict[str, Promise]] = {
    "stored": _("Written down"),
    "changed": _("Changed"),
    "submitted": _("Submitted"),
    "approved": _("Approved"),
    "returned": _("Returned"),
    "conflicted": _("Another version came and was kept aside"),
}


def history_of(visit: Visit) -> list[Knot]:
    """Tell what happened to a visit, newest first; 1 query."""
    events = Event.objects.about(visit).select_related("by").order_by("-pk")
    return tell(events, zone=visit.village.zone, sentences=SENTENCES)
