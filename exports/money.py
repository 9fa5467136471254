"""What exports are worth together: verified and reported stand beside each other and are never one sum."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from exports.models import ExportTransaction
from exports.states import TransactionState

NOTHING: Final = Decimal("0.00")
_VERIFIED: Final = Q(state=TransactionState.VERIFIED)
_REPORTED: Final = Q(state__in=(TransactionState.REPORTED, TransactionState.EVIDENCED))


@dataclass(frozen=True)
class Totals:
    """Rupiah and number of what is verified, and of what is only reported so far."""

    verified: Decimal
    verified_count: int
    reported: Decimal
    reported_count: int


def totals_of(transactions: QuerySet[ExportTransaction]) -> Totals:
    """Add up these exports; what was withdrawn is in neither; 1 query."""
    found = transactions.order_by().aggregate(
        verified=Sum("rupiah", filter=_VERIFIED),
        verified_count=Count("pk", filter=_VERIFIED),
        reported=Sum("rupiah", filter=_REPORTED),
        reported_count=Count("pk", filter=_REPORTED),
    )
    told: dict[str, Any] = {name: NOTHING if value is None else value for name, value in found.items()}
    return Totals(**told)
