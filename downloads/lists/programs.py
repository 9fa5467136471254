"""Tables of programs, cohorts and who takes part; of sessions, and of where and by whom they are held."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from almanac.filters import CalendarBlockFilter
from almanac.models import CalendarBlock
from almanac.rules import Can as CanBlock
from downloads.columns import Column, Kind, Table, column_of, columns_of, key, related, worked_out
from downloads.lists.shared import listed, module_of, place_of, tally
from programs.filters import (
    CohortFilter,
    EnrollmentFilter,
    ProgramFilter,
    RequirementFilter,
    SessionFilter,
    TrainerFilter,
    VenueFilter,
)
from programs.models import (
    Attendance,
    Booking,
    Cohort,
    Enrollment,
    ImportBatch,
    Module,
    Program,
    Requirement,
    Session,
    Trainer,
    Venue,
)
from programs.rules import Can

_COORDINATORS = Program.coordinators.through.objects.filter(program=OuterRef("pk"))
_PAYERS = Program.finance_officers.through.objects.filter(program=OuterRef("pk"))
_COHORTS = Booking.objects.filter(session=OuterRef("pk"), cohort__isnull=False)
_TRAINERS = Booking.objects.filter(session=OuterRef("pk"), trainer__isnull=False)


def _minutes(starts_at: Any, ends_at: Any) -> int:
    return int((ends_at - starts_at).total_seconds()) // 60


SESSION_COLUMNS = (
    key(Session),
    *related(Session, "program"),
    module_of("module_id", _("module")),
    column_of(Session, "topic"),
    worked_out("cohorts", _("cohorts"), Kind.LIST, listed(_COHORTS, "cohort_id")),
    worked_out("villages", _("villages"), Kind.LIST, listed(_COHORTS, "cohort__village__name")),
    worked_out("trainers", _("trainers"), Kind.LIST, listed(_TRAINERS, "trainer_id")),
    worked_out("trainer_names", _("trainers"), Kind.LIST, listed(_TRAINERS, "trainer__name")),
    *related(Session, "venue"),
    *columns_of(Session, "zone", "mode", "capacity"),
    *columns_of(Session, "starts_at", "ends_at", zone="zone"),
    Column("minutes", _("minutes"), Kind.NUMBER, ("starts_at", "ends_at"), compose=_minutes),
    *columns_of(Session, "revision", "state", "reason", "override_reason", "nobody_came"),
    worked_out("seats", _("seats"), Kind.NUMBER, tally(Attendance.objects.all(), per="session")),
)


def _ahead(user: User, at: datetime) -> "models.QuerySet[Any]":
    """Read what is scheduled and not yet over."""
    return Session.objects.visible_to(user).upcoming(at)


MODULES = Table(
    "module",
    Module,
    Can.READ_PROGRAM,
    ("position", "pk"),
    (
        Column("code", _("code"), Kind.TEXT, ("pk",)),
        Column("name", _("name"), Kind.CHOICE, ("code",), dict(Module._meta.get_field("code").flatchoices)),
        *columns_of(Module, "mode", "position"),
    ),
    title=_("modules"),
)
PROGRAMS = Table(
    "program",
    Program,
    Can.READ_PROGRAM,
    ("-starts_on", "-pk"),
    (
        key(Program),
        *columns_of(Program, "name", "organiser", "funding_source", "fiscal_year", "starts_on", "ends_on"),
        worked_out("coordinators", _("coordinators"), Kind.LIST, listed(_COORDINATORS, "user__name")),
        worked_out("finance_officers", _("finance officers"), Kind.LIST, listed(_PAYERS, "user__name")),
        column_of(Program, "subsidy_ceiling"),
        worked_out("currency", _("currency"), Kind.TEXT, models.Value("IDR")),
        worked_out("cohorts", _("cohorts"), Kind.NUMBER, tally(Cohort.objects.all(), per="program")),
        *columns_of(Program, "travel_buffer", "closed_through"),
    ),
    ProgramFilter,
)
COHORTS = Table(
    "cohort",
    Cohort,
    Can.READ_COHORT,
    ("-starts_on", "-pk"),
    (
        key(Cohort),
        *related(Cohort, "program", "village"),
        *columns_of(Cohort, "name", "starts_on", "ends_on", "capacity"),
        worked_out("participants", _("participants"), Kind.NUMBER, tally(Enrollment.objects.seated(), per="cohort")),
    ),
    CohortFilter,
)
REQUIREMENTS = Table(
    "requirement",
    Requirement,
    Can.READ_COHORT,
    ("pk",),
    (
        key(Requirement),
        *related(Requirement, "cohort", "cohort__village"),
        module_of("module_id", _("module")),
        *columns_of(Requirement, "required", "minimum_attendance"),
    ),
    RequirementFilter,
)
ENROLLMENTS = Table(
    "enrollment",
    Enrollment,
    Can.READ_PARTICIPANT,
    ("person__name", "pk"),
    (
        key(Enrollment),
        *related(Enrollment, "cohort", "cohort__village", "person"),
        column_of(Enrollment, "person__sex", name="sex"),
        *columns_of(Enrollment, "state", "reason", "enrolled_at"),
    ),
    EnrollmentFilter,
    personal=True,
)
IMPORTS = Table(
    "import",
    ImportBatch,
    Can.IMPORT_PEOPLE,
    ("-pk",),
    (
        key(ImportBatch),
        *related(ImportBatch, "program", "cohort"),
        *columns_of(
            ImportBatch, "file_name", "sheet", "state", "lines", "new", "changed", "duplicate", "wrong", "kept"
        ),
        *columns_of(ImportBatch, "uploaded_at", "committed_at", "undone_at"),
    ),
)
TRAINERS = Table(
    "trainer",
    Trainer,
    Can.READ_RESOURCE,
    ("name", "pk"),
    (key(Trainer), *columns_of(Trainer, "name", "organisation")),
    TrainerFilter,
)
VENUES = Table(
    "venue",
    Venue,
    Can.READ_RESOURCE,
    ("name", "pk"),
    (
        key(Venue),
        column_of(Venue, "name"),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        place_of("region"),
        *columns_of(Venue, "landmark", "capacity"),
        column_of(Venue, "region__zone", name="zone"),
    ),
    VenueFilter,
)
BLOCKS = Table(
    "calendar-block",
    CalendarBlock,
    CanBlock.READ_BLOCK,
    ("starts_on", "pk"),
    (
        key(CalendarBlock),
        *columns_of(CalendarBlock, "name", "kind", "starts_on", "ends_on", "recurrence", "weekday", "pasaran"),
        *columns_of(CalendarBlock, "from_time", "until_time"),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        *columns_of(CalendarBlock, "effect", "estimated", "source"),
    ),
    CalendarBlockFilter,
)
SESSIONS = Table(
    "session",
    Session,
    Can.READ_SCHEDULE,
    ("starts_at", "pk"),
    SESSION_COLUMNS,
    SessionFilter,
)
MY_SCHEDULE = Table(
    "my-schedule",
    Session,
    Can.READ_SCHEDULE,
    ("starts_at", "pk"),
    SESSION_COLUMNS,
    SessionFilter,
    seen=_ahead,
    title=_("sessions ahead"),
)
TABLES = (
    *(MODULES, PROGRAMS, COHORTS, REQUIREMENTS, ENROLLMENTS, IMPORTS, TRAINERS, VENUES, BLOCKS),
    *(SESSIONS, MY_SCHEDULE),
)
