"""What happened to a visit or to its plan, in sentences."""

from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.dates import at_clock, local_date, short_date
from common.history import Knot, tell
from common.models import Event
from mentoring.models import Visit, VisitPlan

SENTENCES: Final[dict[str, Promise]] = {
    "stored": _("Written down"),
    "changed": _("Changed"),
    "submitted": _("Submitted"),
    "approved": _("Approved"),
    "returned": _("Returned"),
    "conflicted": _("Another version came and was kept aside"),
    "brought_in": _("Brought in from a file of the phone"),
}


def history_of(visit: Visit) -> list[Knot]:
    """Tell what happened to a visit, newest first; 1 query."""
    events = Event.objects.about(visit).select_related("by").order_by("-pk")
    return tell(events, zone=visit.village.zone, sentences=SENTENCES)


OF_PLANS: Final[dict[str, Promise]] = {
    "planned": _("Planned"),
    "moved": _("Moved"),
    "changed": _("Changed"),
    "cancelled": _("Called off"),
    "visited": _("Visited"),
    "reopened": _("Open again: the visit was another one"),
}


def history_of_plan(plan: VisitPlan) -> list[Knot]:
    """Tell what happened to a planned visit, newest first; 1 query."""
    zone = plan.village.zone
    events = Event.objects.about(plan).select_related("by").order_by("-pk")

    def facts(event: Event) -> str:
        if event.verb != "moved":
            return ""
        was, goal = (_moment(event.facts[name], zone) for name in ("was", "planned_at"))
        return gettext("from %(was)s to %(goal)s") % {"was": was, "goal": goal}

    return tell(events, zone=zone, sentences=OF_PLANS, facts=facts)


def _moment(text: str, zone: str) -> str:
    moment = datetime.fromisoformat(text)
    return f"{short_date(local_date(moment, zone))} {at_clock(moment, zone)}"
