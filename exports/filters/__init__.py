"""How lists of samples, claims, buyers, exports and figures are narrowed; the same on pages and in the API."""

from exports.filters.claim import ClaimFilter, EntryFilter, LedgerFilter, SchemeFilter, WaitingFilter
from exports.filters.sample import SampleFilter, ShipmentFilter

__all__ = [
    "ClaimFilter",
    "EntryFilter",
    "LedgerFilter",
    "SampleFilter",
    "SchemeFilter",
    "ShipmentFilter",
    "WaitingFilter",
]
