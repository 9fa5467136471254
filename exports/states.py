"""States of claims, leads and exports, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves import Moves


class SchemeState(models.TextChoices):
    """A scheme takes claims while it is open."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", pgettext_lazy("scheme", "Open")
    CLOSED = "closed", pgettext_lazy("scheme", "Closed")


SCHEME_MOVES = Moves(
    SchemeState,
    {
        SchemeState.DRAFT: (SchemeState.OPEN,),
        SchemeState.OPEN: (SchemeState.CLOSED,),
        SchemeState.CLOSED: (SchemeState.OPEN,),
    },
)


class DocumentKind(models.TextChoices):
    """What a document of a claim or of an export shows."""

    WAYBILL = "waybill", _("Waybill")
    RECEIPT = "receipt", _("Payment receipt")
    INVOICE = "invoice", _("Invoice")
    PACKING_LIST = "packing_list", _("Packing list")
    PHOTO = "photo", _("Photo of the sample")
    BUYER_LETTER = "buyer_letter", _("Buyer's request")
    DECLARATION = "declaration", _("Export declaration (PEB)")
    ORIGIN = "origin", _("Certificate of origin (SKA)")
    STATEMENT = "statement", _("Exporter's statement")
    OTHER = "other", _("Other document")


class ClaimState(models.TextChoices):
    """From the first receipt to the closed file."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    CLOSED = "closed", pgettext_lazy("claim", "Closed")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


CLAIM_MOVES = Moves(
    ClaimState,
    {
        ClaimState.DRAFT: (ClaimState.SUBMITTED, ClaimState.CANCELLED),
        ClaimState.SUBMITTED: (ClaimState.RETURNED, ClaimState.VERIFIED, ClaimState.REJECTED, ClaimState.CANCELLED),
        ClaimState.RETURNED: (ClaimState.SUBMITTED, ClaimState.CANCELLED),
        ClaimState.VERIFIED: (ClaimState.APPROVED, ClaimState.RETURNED, ClaimState.REJECTED, ClaimState.CANCELLED),
        ClaimState.APPROVED: (ClaimState.PAID, ClaimState.REJECTED, ClaimState.CANCELLED),
        ClaimState.PAID: (ClaimState.CLOSED,),
    },
)
OFF = (ClaimState.REJECTED, ClaimState.CANCELLED)
LIVE = tuple(state for state in ClaimState if state not in OFF)
WRITABLE = (ClaimState.DRAFT, ClaimState.RETURNED)
WAITING = (ClaimState.SUBMITTED, ClaimState.VERIFIED, ClaimState.APPROVED, ClaimState.RETURNED)
DELIVERED = (ClaimState.PAID, ClaimState.CLOSED)


class EntryKind(models.TextChoices):
    """What a line of the ledger does: committed at approved, spent at paid, released on reject or cancel."""

    COMMITTED = "committed", _("Committed")
    RELEASED = "released", _("Released")
    SPENT = "spent", _("Spent")


class Answer(models.TextChoices):
    """What a buyer said about the samples."""

    AWAITED = "awaited", _("No answer yet")
    INTERESTED = "interested", _("Interested")
    ORDERED = "ordered", _("Ordered")
    DECLINED = "declined", _("Declined")
    SILENT = "silent", _("Never answered")


class LeadState(models.TextChoices):
    """How far a business unit and a buyer have come."""

    LEAD = "lead", _("Lead")
    CONTACTED = "contacted", _("Contacted")
    SAMPLING = "sampling", _("Looking at samples")
    NEGOTIATING = "negotiating", _("Negotiating")
    BUYING = "buying", _("Buys")
    LOST = "lost", pgettext_lazy("lead", "Lost")


_COURSE = (LeadState.LEAD, LeadState.CONTACTED, LeadState.SAMPLING, LeadState.NEGOTIATING, LeadState.BUYING)
LEAD_MOVES = Moves(
    LeadState,
    {
        **{state: (*_COURSE[index + 1 :], LeadState.LOST) for index, state in enumerate(_COURSE)},
        LeadState.LOST: (LeadState.CONTACTED,),
    },
)


class BuyerKind(models.TextChoices):
    """What a buyer does with what it buys."""

    IMPORTER = "importer", _("Importer")
    RETAILER = "retailer", _("Retailer")
    AGENT = "agent", _("Agent")
    EXPORTER = "exporter", _("Exporter in Indonesia")
    OTHER = "other", _("Other buyer")


class Route(models.TextChoices):
    """How goods left the country."""

    DIRECT = "direct", _("Directly")
    INDIRECT = "indirect", _("Through an exporter")


class Nomenclature(models.TextChoices):
    """Editions of the Harmonized System (six digits) and of Indonesia's tariff book (BTKI, eight digits)."""

    HS_2017 = "HS2017", "HS 2017"
    HS_2022 = "HS2022", "HS 2022"
    BTKI_2017 = "BTKI2017", "BTKI 2017"
    BTKI_2022 = "BTKI2022", "BTKI 2022"


DIGITS = {
    Nomenclature.HS_2017: 6,
    Nomenclature.HS_2022: 6,
    Nomenclature.BTKI_2017: 8,
    Nomenclature.BTKI_2022: 8,
}


class TransactionState(models.TextChoices):
    """From what somebody said to what somebody else has checked."""

    REPORTED = "reported", _("Reported")
    EVIDENCED = "evidenced", _("Evidenced")
    VERIFIED = "verified", _("Verified")
    WITHDRAWN = "withdrawn", pgettext_lazy("export", "Withdrawn")


TRANSACTION_MOVES = Moves(
    TransactionState,
    {
        TransactionState.REPORTED: (TransactionState.EVIDENCED, TransactionState.WITHDRAWN),
        TransactionState.EVIDENCED: (TransactionState.VERIFIED, TransactionState.REPORTED, TransactionState.WITHDRAWN),
        TransactionState.VERIFIED: (TransactionState.WITHDRAWN,),
    },
)
STANDING = (TransactionState.REPORTED, TransactionState.EVIDENCED, TransactionState.VERIFIED)
