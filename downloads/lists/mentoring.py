"""Tables of who mentors where, of visits, their plans and what was agreed, and of what became of absences."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from attendance.absences import missed
from attendance.filters import AbsenceFilter, SheetPhotoFilter
from attendance.models import SheetPhoto
from attendance.rules import Can as CanAttend
from attendance.states import Contacted, Outcome
from common.dates import local_date
from common.zones import Zone
from downloads.columns import Column, Kind, Table, column_of, columns_of, key, related, worked_out
from downloads.lists.shared import MODULES, listed, tally
from mentoring.filters import (
    ActionWorkFilter,
    AssignmentFilter,
    HandoverFilter,
    HeldVersionFilter,
    VisitPlanFilter,
    VisitRowFilter,
)
from mentoring.models import (
    ActionItem,
    Assignment,
    Attendee,
    Finding,
    Handover,
    HeldVersion,
    Photo,
    Visit,
    VisitPlan,
)
from mentoring.querysets import NO_DAY
from mentoring.rules import Can
from programs.models import Enrollment

_TOUCHED = Visit.modules.through.objects.filter(visit=OuterRef("pk"))


def _away(user: User, at: datetime) -> "models.QuerySet[Any]":
    """Read who keeps away and is to be called."""
    return missed(user, day=local_date(at, Zone.WIB))


def _dated(user: User, _at: datetime) -> "models.QuerySet[Any]":
    """Read items with a place in the order for those without a day: the last."""
    return ActionItem.objects.visible_to(user).annotate(due=Coalesce("due_on", NO_DAY))


ASSIGNMENTS = Table(
    "assignment",
    Assignment,
    Can.READ_ASSIGNMENT,
    ("-starts_on", "-pk"),
    (key(Assignment), *related(Assignment, "mentor", "village"), *columns_of(Assignment, "starts_on", "ends_on")),
    AssignmentFilter,
)
VISITS = Table(
    "visit",
    Visit,
    Can.READ_VISIT,
    ("-visited_at", "-pk"),
    (
        key(Visit),
        *related(Visit, "mentor", "village", "program", "cohort"),
        worked_out("modules", _("modules touched"), Kind.LIST, listed(_TOUCHED, "module_id"), MODULES),
        *columns_of(Visit, "mode", "purpose", "summary"),
        *columns_of(Visit, "visited_at", "received_at", zone="village__region__zone"),
        *columns_of(Visit, "latitude", "longitude", "accuracy"),
        *columns_of(Visit, "state", "version", "comment", "submitted_at", "approved_at"),
        *related(Visit, "approved_by"),
        worked_out("attendees", _("people met"), Kind.NUMBER, tally(Attendee.objects.all(), per="visit")),
        worked_out("findings", _("findings"), Kind.NUMBER, tally(Finding.objects.all(), per="visit")),
        worked_out("action_items", _("action items"), Kind.NUMBER, tally(ActionItem.objects.all(), per="visit")),
        worked_out("photos", _("photos"), Kind.NUMBER, tally(Photo.objects.standing(), per="visit")),
        Column("corrects", _("correction of"), Kind.KEY, ("corrects_id",)),
    ),
    VisitRowFilter,
)
HELD = Table(
    "held-visit",
    HeldVersion,
    Can.READ_HELD,
    ("-received_at", "-pk"),
    (
        key(HeldVersion),
        column_of(HeldVersion, "key"),
        Column("visit", _("visit"), Kind.KEY, ("visit_id",)),
        *related(HeldVersion, "village", "program"),
        column_of(HeldVersion, "reason"),
        *related(HeldVersion, "sent_by"),
        *columns_of(HeldVersion, "received_at", "skew", "state", "comment"),
        Column("became", _("visit"), Kind.KEY, ("became_id",)),
        column_of(HeldVersion, "settled_at"),
        *related(HeldVersion, "settled_by"),
    ),
    HeldVersionFilter,
)
PLANS = Table(
    "visit-plan",
    VisitPlan,
    Can.READ_PLAN,
    ("-planned_at", "-pk"),
    (
        key(VisitPlan),
        *related(VisitPlan, "mentor", "village"),
        column_of(VisitPlan, "planned_at", zone="village__region__zone"),
        *columns_of(VisitPlan, "purpose", "state", "version"),
        Column("visit", _("visit"), Kind.KEY, ("visit_id",)),
        column_of(VisitPlan, "reason"),
    ),
    VisitPlanFilter,
)
ACTION_ITEMS = Table(
    "action-item",
    ActionItem,
    Can.READ_ACTION,
    ("due", "pk"),
    (
        key(ActionItem),
        *related(ActionItem, "village"),
        Column("visit", _("agreed at"), Kind.KEY, ("visit_id",)),
        column_of(
            ActionItem, "visit__visited_at", name="agreed_at", heading=_("agreed at"), zone="village__region__zone"
        ),
        *columns_of(ActionItem, "what", "owner", "due_on", "state", "reason", "evidence", "settled_at"),
        *related(ActionItem, "settled_by"),
        Column("settled_in", _("settled in"), Kind.KEY, ("settled_in_id",)),
    ),
    ActionWorkFilter,
    seen=_dated,
)
HANDOVERS = Table(
    "handover",
    Handover,
    Can.READ_HANDOVER,
    ("-prepared_at", "-pk"),
    (
        key(Handover),
        *related(Handover, "village", "giver", "taker"),
        *columns_of(Handover, "last_on", "first_on", "works", "version", "state", "reason", "prepared_at"),
        *related(Handover, "prepared_by"),
        *columns_of(Handover, "written_at", "signed_at"),
    ),
    HandoverFilter,
)
ABSENCES = Table(
    "absence",
    Enrollment,
    CanAttend.NOTE_ABSENCE,
    ("-absences", "person__name", "pk"),
    (
        key(Enrollment),
        *related(Enrollment, "person", "cohort", "cohort__village"),
        Column("absences", _("absences in a row"), Kind.NUMBER, ("absences",)),
        Column("missed_at", _("missed last"), Kind.MOMENT, ("missed_at",), zone="cohort__village__region__zone"),
        Column("seen_at", _("seen last"), Kind.MOMENT, ("seen_at",), zone="cohort__village__region__zone"),
        Column("seat", _("seat"), Kind.KEY, ("last_seat",)),
        Column("contacted", _("spoke to"), Kind.CHOICE, ("contacted",), dict(Contacted.choices)),
        Column("outcome", _("what came of it"), Kind.CHOICE, ("outcome",), dict(Outcome.choices)),
    ),
    AbsenceFilter,
    personal=True,
    seen=_away,
    title=_("people who keep away"),
)
SHEET_PHOTOS = Table(
    "sheet-photo",
    SheetPhoto,
    CanAttend.MARK_ATTENDANCE,
    ("at", "pk"),
    (
        key(SheetPhoto),
        Column("session", _("session"), Kind.KEY, ("session_id",)),
        *columns_of(SheetPhoto, "sha256", "size", "at"),
        *related(SheetPhoto, "by"),
    ),
    SheetPhotoFilter,
)
TABLES = (ASSIGNMENTS, VISITS, HELD, PLANS, ACTION_ITEMS, HANDOVERS, ABSENCES, SHEET_PHOTOS)
