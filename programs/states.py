"""States of programs' rows and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves import Moves


class ModuleCode(models.TextChoices):
    """The eleven modules of the programme, in their order."""

    MANAGEMENT = "management", _("Business management")
    MARKET_ACCESS = "market-access", _("Market access")
    MARKETING = "marketing", _("Marketing")
    HANDHOLDING = "handholding", _("Handholding")
    SAMPLE_SHIPPING = "sample-shipping", _("Sample-shipping subsidy")
    PRODUCTION_CAPACITY = "production-capacity", _("Production capacity")
    DESIGN = "design", _("Design")
    BRANDING = "branding", _("Branding")
    QUALITY_ASSURANCE = "quality-assurance", _("Quality assurance")
    FINANCE = "finance", _("Finance")
    INTERNATIONAL_TRADE = "international-trade", _("International trade")


class Mode(models.TextChoices):
    """How a module is delivered, and so what is counted."""

    TRAINING = "training", _("Training (minutes held)")
    VISIT = "visit", _("Visit (approved visits)")
    BENEFIT = "benefit", _("Benefit (paid claims)")
    MENTORING = "mentoring", _("Mentoring (approved visits on the module)")


MODE_OF = dict.fromkeys(ModuleCode, Mode.TRAINING) | {
    ModuleCode.HANDHOLDING: Mode.VISIT,
    ModuleCode.SAMPLE_SHIPPING: Mode.BENEFIT,
    ModuleCode.FINANCE: Mode.MENTORING,
    ModuleCode.INTERNATIONAL_TRADE: Mode.MENTORING,
}


class SessionMode(models.TextChoices):
    """Where people are during a session."""

    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Hybrid")


class SessionState(models.TextChoices):
    """From plan to closed sheet."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


SESSION_MOVES = Moves(
    SessionState,
    {
        SessionState.DRAFT: (SessionState.SCHEDULED,),
        SessionState.SCHEDULED: (SessionState.HELD, SessionState.CANCELLED),
        SessionState.HELD: (SessionState.CLOSED,),
    },
)
DELIVERED = (SessionState.HELD, SessionState.CLOSED)
PLANNED = (SessionState.SCHEDULED, *DELIVERED)
MOVABLE = (SessionState.DRAFT, SessionState.SCHEDULED)


class EnrollmentState(models.TextChoices):
    """A person's way through a cohort; completed is derived from requirements, never typed."""

    APPLIED = "applied", _("Applied")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ENROLLMENT_MOVES = Moves(
    EnrollmentState,
    {
        EnrollmentState.APPLIED: (EnrollmentState.WAITLISTED, EnrollmentState.ACCEPTED, EnrollmentState.WITHDRAWN),
        EnrollmentState.WAITLISTED: (EnrollmentState.ACCEPTED, EnrollmentState.WITHDRAWN),
        EnrollmentState.ACCEPTED: (EnrollmentState.ACTIVE, EnrollmentState.WITHDRAWN),
        EnrollmentState.ACTIVE: (EnrollmentState.WITHDRAWN,),
    },
)
SEATED = (EnrollmentState.ACCEPTED, EnrollmentState.ACTIVE)
FURTHEST = (*reversed(SEATED), EnrollmentState.WAITLISTED, EnrollmentState.APPLIED, EnrollmentState.WITHDRAWN)


class Rsvp(models.TextChoices):
    """What a person answered before the session."""

    NONE = "", _("No answer yet")
    YES = "yes", _("Will come")
    NO = "no", _("Cannot come")


class AttendanceState(models.TextChoices):
    """What happened at the session."""

    EXPECTED = "expected", _("Expected")
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


_MARKS = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.EXCUSED, AttendanceState.ABSENT)
ATTENDANCE_MOVES = Moves(
    AttendanceState,
    {state: tuple(mark for mark in _MARKS if mark != state) for state in AttendanceState},
)
CAME = (AttendanceState.PRESENT, AttendanceState.LATE)
SUREST = (*_MARKS, AttendanceState.EXPECTED)  # of two marks for one person, the first of these is believed


class Excuse(models.TextChoices):
    """Why a person was excused."""

    NONE = "", _("No reason")
    SICK = "sick", _("Sick")
    LEAVE = "leave", _("Leave")


class AttendanceSource(models.TextChoices):
    """Who marked the seat."""

    TRAINER = "trainer", _("Trainer")
    SELF = "self", _("The person")
    PAPER = "paper", _("Paper sheet")
    IMPORT = "import", _("Import")
    PHONE = "phone", _("On a phone")


class ImportState(models.TextChoices):
    """From an uploaded list to people in the program, and back for a day."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    COMMITTED = "committed", _("Imported")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


IMPORT_MOVES = Moves(
    ImportState,
    {
        ImportState.UPLOADED: (ImportState.CHECKED, ImportState.DISCARDED),
        ImportState.CHECKED: (ImportState.COMMITTED, ImportState.DISCARDED),
        ImportState.COMMITTED: (ImportState.UNDONE,),
    },
)


class RowState(models.TextChoices):
    """What an import does with one row."""

    WRONG = "wrong", _("Wrong")
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    DUPLICATE = "duplicate", _("Already known")
