"""Samples and their subsidy, buyers, exports, published figures."""

from exports.models.buyer import Buyer, Lead
from exports.models.claim import Budget, BudgetEntry, ClaimDocument, SubsidyClaim, SubsidyScheme
from exports.models.figure import RegionFigure
from exports.models.sample import Sample, Shipment
from exports.models.transaction import ExportTransaction, TransactionDocument

__all__ = [
    "Budget",
    "BudgetEntry",
    "Buyer",
    "ClaimDocument",
    "ExportTransaction",
    "Lead",
    "RegionFigure",
    "Sample",
    "Shipment",
    "SubsidyClaim",
    "SubsidyScheme",
    "TransactionDocument",
]
