"""Tables of samples and their subsidy, of buyers, exports and published figures."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from downloads.columns import Column, Kind, Table, column_of, columns_of, key, only_for, related, worked_out
from downloads.lists.shared import listed, tally
from exports.filters import (
    ClaimFilter,
    LedgerFilter,
    SampleFilter,
    SchemeFilter,
    ShipmentFilter,
    WaitingFilter,
)
from exports.filters.buyer import BuyerFilter, LeadFilter
from exports.filters.export import TransactionFilter
from exports.filters.figure import FigureFilter
from exports.models import (
    Budget,
    BudgetEntry,
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
from exports.origin import origin_for
from exports.rules import Can
from exports.states import DocumentKind

_VILLAGE = "business_unit__village"
_SHOWN = ClaimDocument.objects.filter(claim=OuterRef("pk"))
_EVIDENCE = TransactionDocument.objects.filter(transaction=OuterRef("pk"))
_KINDS = dict(DocumentKind.choices)


def _leads(user: User) -> Any:
    """Count the leads that this user sees."""
    return tally(Lead.objects.visible_to(user), per="buyer")


def _waiting(user: User, _at: datetime) -> "models.QuerySet[Any]":
    """Read what waits for somebody's hand."""
    return SubsidyClaim.objects.visible_to(user).waiting()


SAMPLES = Table(
    "sample",
    Sample,
    Can.READ_SAMPLE,
    ("-pk",),
    (
        key(Sample),
        *related(Sample, "business_unit", _VILLAGE),
        Column("shipment", _("shipment"), Kind.KEY, ("shipment_id",)),
        *columns_of(Sample, "product", "quantity", "unit", "remark"),
        column_of(Sample, "shipment__shipped_on", name="shipped_on"),
        column_of(Sample, "started_at"),
    ),
    SampleFilter,
)
SHIPMENTS = Table(
    "shipment",
    Shipment,
    Can.READ_SAMPLE,
    ("-shipped_on", "-pk"),
    (
        key(Shipment),
        *related(Shipment, "business_unit", _VILLAGE),
        *only_for(Can.READ_BUYER, *related(Shipment, "buyer")),
        *columns_of(Shipment, "country", "courier", "waybill", "shipped_on", "cost", "delivered_on"),
        *columns_of(Shipment, "answer", "answer_words", "answered_on"),
        worked_out("samples", _("samples"), Kind.NUMBER, tally(Sample.objects.all(), per="shipment")),
        column_of(Shipment, "started_at"),
    ),
    ShipmentFilter,
)
SCHEMES = Table(
    "scheme",
    SubsidyScheme,
    Can.READ_SCHEME,
    ("name", "pk"),
    (
        key(SubsidyScheme),
        *related(SubsidyScheme, "program"),
        *columns_of(
            SubsidyScheme, "name", "share", "ceiling_per_claim", "ceiling_per_unit", "window_days", "documents"
        ),
        column_of(SubsidyScheme, "state"),
    ),
    SchemeFilter,
)
CLAIMS = Table(
    "claim",
    SubsidyClaim,
    Can.READ_CLAIM,
    ("-started_at", "-pk"),
    (
        key(SubsidyClaim),
        *related(SubsidyClaim, "program", "cohort", "scheme", "business_unit", _VILLAGE),
        Column("shipment", _("shipment"), Kind.KEY, ("shipment_id",)),
        *(
            column_of(SubsidyClaim, f"shipment__{name}", name=name)
            for name in ("courier", "waybill", "shipped_on", "cost")
        ),
        *columns_of(SubsidyClaim, "year", "requested", "approved_amount", "state", "moved_at", "comment"),
        worked_out("documents", _("documents"), Kind.LIST, listed(_SHOWN, "kind"), _KINDS),
        column_of(SubsidyClaim, "started_at"),
        *related(SubsidyClaim, "started_by"),
        column_of(SubsidyClaim, "submitted_at"),
        *related(SubsidyClaim, "submitted_by"),
        column_of(SubsidyClaim, "verified_at"),
        *related(SubsidyClaim, "verified_by"),
        column_of(SubsidyClaim, "approved_at"),
        *related(SubsidyClaim, "approved_by"),
        *columns_of(SubsidyClaim, "paid_on", "payment_reference", "paid_at"),
        *related(SubsidyClaim, "paid_by"),
        column_of(SubsidyClaim, "closed_at"),
    ),
    ClaimFilter,
)
WAITING = replace(
    CLAIMS,
    key="claim-waiting",
    order=("moved_at", "pk"),
    filterset=WaitingFilter,
    seen=_waiting,
    title=_("claims that wait"),
)
BUDGETS = Table(
    "budget",
    Budget,
    Can.READ_BUDGET,
    ("pk",),
    (
        *related(Budget, "program"),
        column_of(Budget, "program__subsidy_ceiling", name="ceiling"),
        *columns_of(Budget, "committed", "spent"),
    ),
)
LEDGER = Table(
    "budget-entry",
    BudgetEntry,
    Can.READ_BUDGET,
    ("-at", "-pk"),
    (
        key(BudgetEntry),
        *related(BudgetEntry, "program"),
        Column("claim", _("claim"), Kind.NUMBER, ("claim_id",)),
        *columns_of(BudgetEntry, "kind", "amount", "at"),
        *related(BudgetEntry, "by"),
    ),
    LedgerFilter,
)
BUYERS = Table(
    "buyer",
    Buyer,
    Can.READ_BUYER,
    ("name", "pk"),
    (
        key(Buyer),
        *columns_of(Buyer, "name", "kind", "country", "city", "website", "wants", "registered_at"),
        worked_out("leads", _("leads"), Kind.NUMBER, _leads),
    ),
    BuyerFilter,
)
LEADS = Table(
    "lead",
    Lead,
    Can.READ_BUYER,
    ("-started_at", "-pk"),
    (
        key(Lead),
        *related(Lead, "business_unit", _VILLAGE, "buyer"),
        column_of(Lead, "buyer__country", name="country"),
        *columns_of(Lead, "state", "source", "next_step", "next_on", "reason", "started_at"),
    ),
    LeadFilter,
)
TRANSACTIONS = Table(
    "transaction",
    ExportTransaction,
    Can.READ_TRANSACTION,
    ("-exported_on", "-pk"),
    (
        key(ExportTransaction),
        Column("business_unit", _("business unit"), Kind.KEY, ("business_unit_id",)),
        worked_out("business_unit_name", _("business unit"), Kind.TEXT, origin_for),
        *related(ExportTransaction, _VILLAGE),
        *only_for(Can.REPORT_TRANSACTION, *related(ExportTransaction, "buyer")),
        column_of(ExportTransaction, "route"),
        Column("via", _("exporter"), Kind.KEY, ("via_id",)),
        worked_out("via_name", _("exporter"), Kind.TEXT, partial(origin_for, path="via")),
        *columns_of(
            ExportTransaction, "exported_on", "product", "nomenclature", "hs_code", "country", "quantity", "unit"
        ),
        *columns_of(ExportTransaction, "pieces", "value", "currency", "rate", "rate_source", "rupiah", "reference"),
        worked_out("documents", _("documents"), Kind.LIST, listed(_EVIDENCE, "kind"), _KINDS),
        *columns_of(ExportTransaction, "source", "state", "comment", "version", "reported_at"),
        *only_for(Can.REPORT_TRANSACTION, *related(ExportTransaction, "reported_by")),
        column_of(ExportTransaction, "verified_at"),
        *only_for(Can.REPORT_TRANSACTION, *related(ExportTransaction, "verified_by")),
    ),
    TransactionFilter,
)
FIGURES = Table(
    "figure",
    RegionFigure,
    Can.READ_FIGURE,
    ("region__code", "-starts_on", "-pk"),
    (
        key(RegionFigure),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        Column("region_name", _("region"), Kind.TEXT, ("region__name",)),
        *columns_of(RegionFigure, "starts_on", "ends_on", "value", "currency", "units", "centres", "countries"),
        *columns_of(RegionFigure, "continents", "products", "population", "source", "source_url", "remark"),
        *columns_of(RegionFigure, "entered_at", "withdrawn_at"),
    ),
    FigureFilter,
)
TABLES = (SAMPLES, SHIPMENTS, SCHEMES, CLAIMS, WAITING, BUDGETS, LEDGER, BUYERS, LEADS, TRANSACTIONS, FIGURES)
