"""What happened to a session or a cohort, in sentences."""

from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.dates import at_clock, clock_range, local_date, short_date
from common.history import tells
from common.models import Event
from programs.cautions import KINDS
from programs.models import Session

SENTENCES: Final[dict[str, Promise]] = {
    "planned": gettext_lazy("Planned"),
    "changed": gettext_lazy("Draft changed"),
    "scheduled": gettext_lazy("Scheduled"),
    "rescheduled": gettext_lazy("Rescheduled"),
    "cancelled": gettext_lazy("Cancelled"),
    "attendance_marked": gettext_lazy("Attendance marked"),
    "attendance_corrected": gettext_lazy("Attendance corrected"),
    "walk_in_added": gettext_lazy("Walk-in added"),
    "marks_wait": gettext_lazy("Marks from a phone came too late and wait"),
    "mark_dismissed": gettext_lazy("Mark from a phone not taken"),
    "check_in_opened": gettext_lazy("Attendance code shown"),
    "check_in_closed": gettext_lazy("Attendance code hidden"),
    "sheet_photo_kept": gettext_lazy("Photo of the signed sheet added"),
    "sheet_photo_removed": gettext_lazy("Photo of the signed sheet removed"),
    "told_by_hand": gettext_lazy("Told in person"),
    "call_missed": gettext_lazy("Called, nobody answered"),
    "trainers_assigned": gettext_lazy("Trainers changed"),
    "held": gettext_lazy("Held"),
    "closed": gettext_lazy("Closed"),
    "numbers_printed": gettext_lazy("Attendance sheet printed"),
    "bundle_taken": gettext_lazy("All papers taken out"),
}


def _of_session(event: Event, session: Session) -> str:
    """Say the reason, and for a move also the old and the new time."""
    zone, said = session.zone, [event.facts.get("reason", "")]
    if event.facts.get("passed"):
        said.append(_despite(event.facts))
    before = event.facts.get("before")
    if before:
        said.append(_("from %(old)s to %(new)s") % {"old": _written(before, zone), "new": _written(event.facts, zone)})
    if event.facts.get("nobody_came"):
        said.append(_("nobody came"))
    if event.facts.get("made_at"):
        said.append(_phoned(event, zone))
    return " · ".join(filter(None, said))


def _phoned(event: Event, zone: str) -> str:
    """Say when marks were made on a phone, and when they came."""
    made = datetime.fromisoformat(event.facts["made_at"])
    return way_from_phone(made, event.at, zone)


def way_from_phone(made_at: datetime, arrived_at: datetime, zone: str) -> str:
    """Write `from a phone, made at 10.02 WIB, arrived at 16.40 WIB`; the day, when it is another one."""
    made, arrived = local_date(made_at, zone), local_date(arrived_at, zone)
    told = {"made": at_clock(made_at, zone), "arrived": at_clock(arrived_at, zone), "day": short_date(arrived)}
    if made == arrived:
        return _("from a phone, made at %(made)s, arrived at %(arrived)s") % told
    return _("from a phone, made at %(made)s, arrived on %(day)s at %(arrived)s") % told


def _despite(facts: dict[str, Any]) -> str:
    """Say what was warned of, and why it was done anyway; the block itself may be gone by now."""
    kinds = dict.fromkeys(str(KINDS.get(passed["kind"], passed["kind"])) for passed in facts["passed"])
    why = facts.get("override_reason") or _("entered by a program, nobody was asked")
    return _("despite %(what)s: %(why)s") % {"what": ", ".join(kinds), "why": why}


def _written(times: dict[str, str], zone: str) -> str:
    starts_at, ends_at = (datetime.fromisoformat(times[name]) for name in ("starts_at", "ends_at"))
    return f"{short_date(local_date(starts_at, zone))}, {clock_range(starts_at, ends_at, zone)}"


OF_PROGRAMS: Final[dict[str, Promise]] = {
    "created": gettext_lazy("Opened"),
    "notices_chosen": gettext_lazy("Messages chosen"),
}
OF_COHORTS: Final[dict[str, Promise]] = {
    "planned": gettext_lazy("Planned"),
    "created": gettext_lazy("Opened"),
    "enrolled": gettext_lazy("Participants enrolled"),
    "certificates_taken": gettext_lazy("All certificates taken out"),
}
tells("programs.program", OF_PROGRAMS)
tells("programs.cohort", OF_COHORTS)
tells("programs.session", SENTENCES, facts=_of_session)
