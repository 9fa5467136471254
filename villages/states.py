"""States of villages, people's contacts and consents, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves import Moves


class RegionLevel(models.IntegerChoices):
    """Level of a Kemendagri code, by the number of its parts."""

    PROVINCE = 1, _("province")
    REGENCY = 2, _("regency or city")
    DISTRICT = 3, _("district")
    VILLAGE = 4, _("village")


class RegionKind(models.TextChoices):
    """What a place is called in law."""

    PROVINCE = "provinsi", _("Province")
    REGENCY = "kabupaten", _("Regency")
    CITY = "kota", _("City")
    DISTRICT = "kecamatan", _("District")
    VILLAGE = "desa", _("Village")
    WARD = "kelurahan", _("Ward")
    CUSTOMARY = "desa adat", _("Customary village")


class EditionState(models.TextChoices):
    """From a file that was compared to the list that is in force."""

    CHECKED = "checked", _("Compared")
    LOADED = "loaded", _("Loaded")
    DISMISSED = "dismissed", _("Not loaded")


EDITION_MOVES = Moves(EditionState, {EditionState.CHECKED: (EditionState.LOADED, EditionState.DISMISSED)})


class ChangeKind(models.TextChoices):
    """What an edition of the list does to one place."""

    RECODED = "recoded", _("Recoded")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    GONE = "gone", _("Gone")
    RENAMED = "renamed", _("Renamed")
    BACK = "back", _("Back")
    ADDED = "added", _("Added")
    CORRECTED = "corrected", _("Kind or time zone corrected")


class ChangeState(models.TextChoices):
    """Whether records depend on a change, and what a person decided."""

    PLAIN = "plain", _("Nothing to decide")
    WAITING = "waiting", _("Waits for a decision")
    MOVED = "moved", _("Records moved")
    KEPT = "kept", _("Left as it was")
    LAPSED = "lapsed", _("No longer needed")


CHANGE_MOVES = Moves(
    ChangeState,
    {
        ChangeState.PLAIN: (ChangeState.WAITING,),
        ChangeState.WAITING: (ChangeState.MOVED, ChangeState.KEPT, ChangeState.LAPSED),
    },
)


class VillageStage(models.TextChoices):
    """How far a village has come; it counts as Desa Devisa from designated on."""

    IDENTIFIED = "identified", _("Identified")
    PROPOSED = "proposed", _("Proposed")
    ASSESSED = "assessed", _("Assessed")
    DESIGNATED = "designated", _("Designated")
    LAUNCHED = "launched", _("Launched")
    ACTIVE = "active", _("Active")
    FIRST_EXPORT = "first_export", _("First export")
    INDEPENDENT = "independent", _("Independent")
    DEFERRED = "deferred", _("Deferred")
    REJECTED = "rejected", _("Rejected")
    STOPPED = "stopped", _("Stopped")


_PATH = (
    VillageStage.IDENTIFIED,
    VillageStage.PROPOSED,
    VillageStage.ASSESSED,
    VillageStage.DESIGNATED,
    VillageStage.LAUNCHED,
    VillageStage.ACTIVE,
    VillageStage.FIRST_EXPORT,
    VillageStage.INDEPENDENT,
)
STAGES_WITH_REASON = (VillageStage.DEFERRED, VillageStage.REJECTED, VillageStage.STOPPED)
CANDIDATES = _PATH[: _PATH.index(VillageStage.DESIGNATED)]
DESA_DEVISA = _PATH[_PATH.index(VillageStage.DESIGNATED) :]


class StageGroup(models.TextChoices):
    """Three kinds of villages that no count ever mixes."""

    DESA_DEVISA = "desa_devisa", _("Desa Devisa")
    CANDIDATE = "candidate", _("Candidates for Desa Devisa")
    OUT = "out", _("Out of the programme")


STAGES_OF = {
    StageGroup.DESA_DEVISA: DESA_DEVISA,
    StageGroup.CANDIDATE: CANDIDATES,
    StageGroup.OUT: STAGES_WITH_REASON,
}

VILLAGE_MOVES = Moves(
    VillageStage,
    {stage: (*_PATH[index + 1 : index + 2], *STAGES_WITH_REASON) for index, stage in enumerate(_PATH)},
)


class Sex(models.TextChoices):
    """Kept because reports state the share of women."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class ContactState(models.TextChoices):
    """Whether a number reaches anyone."""

    UNVERIFIED = "unverified", _("Not yet verified")
    VALID = "valid", _("Valid")
    UNREACHABLE = "unreachable", _("Unreachable")
    WRONG_PERSON = "wrong_person", _("Wrong person")
    OPTED_OUT = "opted_out", _("Opted out")


CONTACT_MOVES = Moves(
    ContactState,
    {
        ContactState.UNVERIFIED: (
            ContactState.VALID,
            ContactState.UNREACHABLE,
            ContactState.WRONG_PERSON,
            ContactState.OPTED_OUT,
        ),
        ContactState.VALID: (ContactState.UNREACHABLE, ContactState.WRONG_PERSON, ContactState.OPTED_OUT),
        ContactState.UNREACHABLE: (ContactState.VALID,),
        ContactState.WRONG_PERSON: (ContactState.VALID,),
        ContactState.OPTED_OUT: (ContactState.VALID,),
    },
)
REACHABLE = (ContactState.UNVERIFIED, ContactState.VALID)


class Relation(models.TextChoices):
    """Whose number it is, seen from the person."""

    OWN = "own", _("Own number")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    NEIGHBOUR = "neighbour", _("Neighbour")
    VILLAGE_CONTACT = "village_contact", _("Village contact")


class Purpose(models.TextChoices):
    """What a person agreed to."""

    MESSAGES = "messages", _("Schedule messages")
    PHOTOS = "photos", _("Photos in reports")


class ConsentHow(models.TextChoices):
    """How the agreement was given."""

    SPOKEN = "spoken", _("Spoken")
    PAPER = "paper", _("Signed paper")
    MESSAGE = "message", _("By message")


class Criterion(models.TextChoices):
    """The eight criteria of a Desa Devisa assessment (LPEI), by fixed codes."""

    UNIQUENESS = "uniqueness", _("Product uniqueness")
    QUALITY = "quality", _("Product specification and quality")
    PROCESS = "process", _("Production process")
    MARKET = "market", _("Market potential and positioning")
    FINANCE = "finance", _("Financial capability")
    VILLAGE = "village", _("Village potential")
    MANAGEMENT = "management", pgettext_lazy("criterion", "Business management")  # the module has a name of its own
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")


SHORT_CRITERIA = {
    Criterion.UNIQUENESS: _("Uniqueness"),
    Criterion.QUALITY: _("Quality"),
    Criterion.PROCESS: _("Process"),
    Criterion.MARKET: _("Market"),
    Criterion.FINANCE: _("Finances"),
    Criterion.VILLAGE: _("Village"),
    Criterion.MANAGEMENT: _("Management"),
    Criterion.INFRASTRUCTURE: _("Infrastructure"),
}


class SetState(models.TextChoices):
    """A set of criteria is written, then published; from then on it never changes."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


SET_MOVES = Moves(SetState, {SetState.DRAFT: (SetState.PUBLISHED,)})


class AssessmentKind(models.TextChoices):
    """Who looked at the village."""

    SELF = "self", _("Self-assessment")
    MENTOR = "mentor", _("Mentor's assessment")
    LPEI = "lpei", _("LPEI's assessment")


class AssessmentState(models.TextChoices):
    """From the first score to the record."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    FINAL = "final", _("Final")


ASSESSMENT_MOVES = Moves(
    AssessmentState,
    {
        AssessmentState.DRAFT: (AssessmentState.SUBMITTED,),
        AssessmentState.SUBMITTED: (AssessmentState.FINAL,),
    },
)
COMPLETE = (AssessmentState.SUBMITTED, AssessmentState.FINAL)


class UnitKind(models.TextChoices):
    """What kind of business it is."""

    HOUSEHOLD = "household", _("Household business")
    COOPERATIVE = "cooperative", _("Cooperative")
    BUMDES = "bumdes", _("Village enterprise (BUMDes)")
    SENTRA = "sentra", _("Industry centre (sentra)")
    EXPORTER = "exporter", _("Exporter")


class InventoryState(models.TextChoices):
    """Whether somebody has been there and seen it: leads are what nobody has inventoried yet."""

    LEAD = "lead", _("Not yet inventoried")
    VERIFIED = "verified", _("Verified")
    DISMISSED = "dismissed", _("Left out")


INVENTORY_MOVES = Moves(
    InventoryState,
    {
        InventoryState.LEAD: (InventoryState.VERIFIED, InventoryState.DISMISSED),
        InventoryState.VERIFIED: (InventoryState.DISMISSED,),  # closed down, or was one with another
    },
)


class ExportStatus(models.TextChoices):
    """How what a unit makes goes abroad."""

    NONE = "none", _("Does not export")
    INDIRECT = "indirect", _("Indirectly")
    DIRECT = "direct", _("Directly")


class ProductGroup(models.TextChoices):
    """What a unit makes, as far as it decides which licences it needs."""

    FOOD = "food", _("Food and drink")
    FISHERY = "fishery", _("Fishery products")
    WOOD = "wood", _("Wood and rattan")
    TEXTILE = "textile", _("Cloth and clothing")
    FOOTWEAR = "footwear", _("Footwear")
    CRAFT = "craft", _("Other crafts")
    FARM = "farm", _("Farm and forest products")


class LicenceKind(models.TextChoices):
    """Papers that make a business legal and its product sellable; the NIB is a column of the unit itself."""

    HALAL = "halal", _("Halal certificate")
    PIRT = "pirt", _("Home food licence (PIRT)")
    SVLK = "svlk", _("Timber legality (SVLK)")
    BRAND = "brand", _("Registered brand")
    GI = "gi", _("Geographical indication")
    OTHER = "other", _("Other licence")


class LegalityState(models.TextChoices):
    """How one line of the legality checklist stands today; never stored."""

    PRESENT = "present", pgettext_lazy("paper", "Present")
    MISSING = "missing", _("Missing")
    EXPIRING = "expiring", _("Expires soon")
    EXPIRED = "expired", _("Expired")
