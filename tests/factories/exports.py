"""Business units, samples and their subsidy, buyers, exports and published figures."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange

from accounts.models import User
from accounts.states import Role
from exports.models import (
    Buyer,
    ClaimDocument,
    ExportTransaction,
    Lead,
    RegionFigure,
    Sample,
    Shipment,
    SubsidyClaim,
    SubsidyScheme,
    TransactionDocument,
)
from exports.states import (
    BuyerKind,
    ClaimState,
    DocumentKind,
    Nomenclature,
    Route,
    SchemeState,
    TransactionState,
)
from tests.factories.base import NOW, RowFactory, counted, from_row, lay_region, lazily, one
from tests.factories.people import UserFactory, VillageFactory
from tests.factories.programs import ProgramFactory
from villages.models import BusinessUnit, Licence, ProductUnit
from villages.states import InventoryState, LicenceKind, ProductGroup, UnitKind


class BusinessUnitFactory(RowFactory[BusinessUnit]):
    """A verified cooperative of weavers; say `inventory_state="lead"` for one that nobody has seen."""

    class Meta:
        model = BusinessUnit

    village = one(VillageFactory)
    region = from_row(lambda row: row.village.region if row.village else lay_region("35.78"))
    name = counted(lambda n: f"Weaving group {n}")
    kind = UnitKind.COOPERATIVE
    product_group = ProductGroup.TEXTILE
    products = "Ikat cloth"
    inventory_state = InventoryState.VERIFIED
    registered_at = NOW - timedelta(days=90)
    registered_by = lazily(UserFactory.create)
    settled_at = from_row(lambda row: None if row.inventory_state == InventoryState.LEAD else row.registered_at)
    settled_by = from_row(lambda row: None if row.inventory_state == InventoryState.LEAD else row.registered_by)


class LicenceFactory(RowFactory[Licence]):
    """A registered brand without an end."""

    class Meta:
        model = Licence

    business_unit = one(BusinessUnitFactory)
    kind = LicenceKind.BRAND
    number = counted(lambda n: f"IDM{n:09}")


class ProductUnitFactory(RowFactory[ProductUnit]):
    """One kodi of 20 pieces."""

    class Meta:
        model = ProductUnit

    business_unit = one(BusinessUnitFactory)
    name = "kodi"
    pieces = 20


class BuyerFactory(RowFactory[Buyer]):
    """An importer in Japan."""

    class Meta:
        model = Buyer

    name = counted(lambda n: f"Importer {n}")
    kind = BuyerKind.IMPORTER
    country = "JP"
    registered_at = NOW - timedelta(days=60)
    registered_by = lazily(UserFactory.create)


class LeadFactory(RowFactory[Lead]):
    """A unit and a buyer that just met."""

    class Meta:
        model = Lead

    business_unit = one(BusinessUnitFactory)
    buyer = one(BuyerFactory)
    started_at = NOW - timedelta(days=50)
    started_by = from_row(lambda row: row.business_unit.registered_by)


class ShipmentFactory(RowFactory[Shipment]):
    """A parcel to Japan three weeks ago, for one million rupiah."""

    class Meta:
        model = Shipment

    business_unit = one(BusinessUnitFactory)
    country = "JP"
    courier = "Pos Indonesia"
    waybill = counted(lambda n: f"EE{n:09}ID")
    shipped_on = date(2026, 9, 10)
    cost = 1_000_000
    started_at = NOW - timedelta(days=20)
    started_by = from_row(lambda row: row.business_unit.registered_by)


class SampleFactory(RowFactory[Sample]):
    """Two cloths that wait to be sent."""

    class Meta:
        model = Sample

    business_unit = one(BusinessUnitFactory)
    product = "Ikat cloth 2 m"
    quantity = 2
    unit = "pcs"
    started_at = NOW - timedelta(days=21)
    started_by = from_row(lambda row: row.business_unit.registered_by)


class SchemeFactory(RowFactory[SubsidyScheme]):
    """80 percent, at most 3 million a claim and 10 million a unit and year, within 60 days; a waybill and a receipt."""

    class Meta:
        model = SubsidyScheme

    program = one(ProgramFactory)
    name = counted(lambda n: f"Sample shipping {n}")
    share = 80
    ceiling_per_claim = 3_000_000
    ceiling_per_unit = 10_000_000
    window_days = 60
    documents = lazily(lambda: [DocumentKind.WAYBILL, DocumentKind.RECEIPT])
    state = SchemeState.OPEN


_HANDS = {
    ClaimState.SUBMITTED: ("submitted",),
    ClaimState.RETURNED: ("submitted",),
    ClaimState.VERIFIED: ("submitted", "verified"),
    ClaimState.APPROVED: ("submitted", "verified", "approved"),
    ClaimState.PAID: ("submitted", "verified", "approved", "paid"),
    ClaimState.CLOSED: ("submitted", "verified", "approved", "paid", "closed"),
    ClaimState.REJECTED: ("submitted",),
}


class ClaimFactory(RowFactory[SubsidyClaim]):
    """A draft for 800,000 rupiah; in any other state the hands before it, each another person's, are written too.

    The ledger is not: what is committed or spent is written by the actions only.
    """

    class Meta:
        model = SubsidyClaim

    scheme = one(SchemeFactory)
    program = from_row(lambda row: row.scheme.program)
    shipment = one(ShipmentFactory)
    business_unit = from_row(lambda row: row.shipment.business_unit)
    waybill_key = from_row(lambda row: f"{row.shipment.courier}:{row.shipment.waybill}".casefold().replace(" ", ""))
    year = from_row(lambda row: row.shipment.shipped_on.year)
    requested = 800_000
    started_at = NOW - timedelta(days=14)
    started_by = from_row(lambda row: row.shipment.started_by)
    moved_at = from_row(lambda row: row.started_at)

    @classmethod
    def _create(cls, model_class: type[SubsidyClaim], *_: Any, **columns: Any) -> SubsidyClaim:
        state, at = columns.get("state", ClaimState.DRAFT), columns["started_at"]
        for hand in _HANDS.get(state, ()):
            columns.setdefault(f"{hand}_at", at)
            columns.setdefault(f"{hand}_by", columns["started_by"] if hand == "submitted" else _somebody(hand))
        if "approved_at" in columns:
            columns.setdefault("approved_amount", columns["requested"])
        if "paid_at" in columns:
            columns.setdefault("paid_on", columns["paid_at"].date())
        if state in (ClaimState.RETURNED, ClaimState.REJECTED, ClaimState.CANCELLED):
            columns.setdefault("comment", "The receipt cannot be read.")
        return model_class.objects.create(**columns)


def _somebody(hand: str) -> User:
    return UserFactory.create(role=Role.FINANCE if hand == "paid" else Role.COORDINATOR)


def _digest(number: int) -> str:
    return sha256(f"document {number}".encode()).hexdigest()


class ClaimDocumentFactory(RowFactory[ClaimDocument]):
    """A waybill; the file itself is nowhere."""

    class Meta:
        model = ClaimDocument

    claim = one(ClaimFactory)
    kind = DocumentKind.WAYBILL
    file = "documents/nowhere.pdf"
    sha256 = counted(_digest)
    media_type = "application/pdf"
    size = 1000
    at = NOW - timedelta(days=14)
    by = from_row(lambda row: row.claim.started_by)


def _lane(row: Any) -> Any:
    return NumericRange(row.business_unit.pk, row.business_unit.pk, "[]") if row.via else NumericRange(None, None)


class TransactionFactory(RowFactory[ExportTransaction]):
    """Ten kodi of cloth to Japan for 12,000 dollars, reported; a verified one has a number and another hand."""

    class Meta:
        model = ExportTransaction

    business_unit = one(BusinessUnitFactory)
    route = from_row(lambda row: Route.INDIRECT if row.via else Route.DIRECT)
    via = None
    exported_on = date(2026, 8, 20)
    product = "Ikat cloth"
    nomenclature = Nomenclature.BTKI_2022
    hs_code = "52085990"
    country = "JP"
    quantity = 10
    unit = "kodi"
    value = 12_000
    currency = "USD"
    rate = 15_500
    rate_source = "KMK rate of 19 August 2026"
    reference = counted(lambda n: f"PEB {n:06}")
    reference_key = from_row(lambda row: row.reference.casefold().replace(" ", ""))
    lane = from_row(_lane)
    source = "Invoice"
    reported_at = NOW - timedelta(days=30)
    reported_by = from_row(lambda row: row.business_unit.registered_by)

    @classmethod
    def _create(cls, model_class: type[ExportTransaction], *_: Any, **columns: Any) -> ExportTransaction:
        if columns.get("state") == TransactionState.VERIFIED:
            columns.setdefault("verified_at", columns["reported_at"] + timedelta(days=2))
            columns.setdefault("verified_by", UserFactory.create())
        if columns.get("state") == TransactionState.WITHDRAWN:
            columns.setdefault("comment", "It was written down twice.")
        return model_class.objects.create(**columns)


class TransactionDocumentFactory(RowFactory[TransactionDocument]):
    """An export declaration; the file itself is nowhere."""

    class Meta:
        model = TransactionDocument

    transaction = one(TransactionFactory)
    kind = DocumentKind.DECLARATION
    file = "documents/nowhere.pdf"
    sha256 = counted(_digest)
    media_type = "application/pdf"
    size = 1000
    at = NOW - timedelta(days=30)
    by = from_row(lambda row: row.transaction.reported_by)


class RegionFigureFactory(RowFactory[RegionFigure]):
    """A regency's exports of one year, as one office published them."""

    class Meta:
        model = RegionFigure

    region = lazily(lambda: lay_region("35.24"))
    starts_on = date(2021, 1, 1)
    ends_on = date(2021, 12, 31)
    value = 1_800_000_000_000
    currency = "IDR"
    population = "Exporters known to the office"
    source = counted(lambda n: f"Yearbook {n}")
    entered_at = NOW - timedelta(days=40)
    entered_by = lazily(UserFactory.create)
