"""What happened to a visit, to its plan or to a handover, in sentences."""

from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.dates import at_clock, local_date, short_date
from common.history import tells
from common.models import Event
from mentoring.models import ActionItem, FollowUp, Handover, Visit, VisitPlan

SENTENCES: Final[dict[str, Promise]] = {
    "stored": _("Written down"),
    "changed": _("Changed"),
    "submitted": _("Submitted"),
    "approved": _("Approved"),
    "returned": _("Returned"),
    "conflicted": _("Another version came and was kept aside"),
    "taken": _("Taken from the versions that waited"),
    "photo_arrived": _("A photo arrived"),
    "photo_lapsed": _("Parts of a photo were let go; it will be sent again"),
    "photo_left_out": _("A photo was left out on the phone"),
    "not_followed": _("Action items that were settled already, or are not known, were left as they are"),
    "brought_in": _("Brought in from a file of the phone"),
}
OF_HELD: Final[dict[str, Promise]] = {
    "held": _("Came in and was kept for review"),
    "taken": _("Taken"),
    "dismissed": _("Not taken"),
}


def followed_of(visit: Visit) -> list[tuple[str, FollowUp]]:
    """Pair what a visit says of earlier items with what they are; items of other villages stay unnamed; 2 queries."""
    said = list(visit.followed.order_by("pk"))
    items = ActionItem.objects.filter(pk__in=[row.item for row in said], village=visit.village_id)
    names = dict(items.values_list("pk", "what")) if said else {}
    return [(names.get(row.item, "?"), row) for row in said]


OF_PLANS: Final[dict[str, Promise]] = {
    "planned": _("Planned"),
    "moved": _("Moved"),
    "changed": _("Changed"),
    "cancelled": _("Called off"),
    "visited": _("Visited"),
    "reopened": _("Open again: the visit was another one"),
    "handed_over": _("Passed to another mentor"),
}


def _of_plan(event: Event, plan: VisitPlan) -> str:
    """Say from when to when it moved."""
    if event.verb != "moved":
        return ""
    was, goal = (_moment(event.facts[name], plan.village.zone) for name in ("was", "planned_at"))
    return gettext("from %(was)s to %(goal)s") % {"was": was, "goal": goal}


OF_HANDOVERS: Final[dict[str, Promise]] = {
    "prepared": _("Prepared"),
    "written": _("What works there was written"),
    "signed": _("Signed"),
    "cancelled": _("Called off"),
    "read_numbers": _("Numbers of the village contacts read"),
    "numbers_printed": _("Printed with the numbers of the village contacts"),
}


def _of_text(event: Event, _handover: Handover) -> str:
    """Say which text was written or signed."""
    if event.verb not in ("written", "signed"):
        return ""
    return gettext("version %(number)s of the text") % {"number": event.facts["version"]}


def _moment(text: str, zone: str) -> str:
    moment = datetime.fromisoformat(text)
    return f"{short_date(local_date(moment, zone))} {at_clock(moment, zone)}"


tells("mentoring.visit", SENTENCES)
tells("mentoring.heldversion", OF_HELD)
tells("mentoring.visitplan", OF_PLANS, facts=_of_plan)
tells("mentoring.handover", OF_HANDOVERS, facts=_of_text)
