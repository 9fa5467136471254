"""Exports brought as far as a test needs them, by the actions that people use."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from exports.actions import add_paper, report_transaction, verify_transaction
from exports.models import ExportTransaction
from exports.states import Nomenclature, Route
from tests.exports.claims import pdf
from tests.factories import NOW
from villages.models import BusinessUnit


def sale(**changes: Any) -> dict[str, Any]:
    """Ten kodi of cloth to Japan for 12,000 dollars, straight from the unit."""
    return {
        "route": Route.DIRECT,
        "via": None,
        "buyer": None,
        "exported_on": date(2026, 8, 20),
        "product": "Ikat cloth",
        "nomenclature": Nomenclature.BTKI_2022,
        "hs_code": "5208.59.90",
        "country": "JP",
        "quantity": Decimal(10),
        "unit": "kodi",
        "value": Decimal(12_000),
        "currency": "USD",
        "rate": Decimal(15_500),
        "rate_source": "KMK rate of 19 August 2026",
        "reference": "PEB 000123",
        "source": "Invoice",
        **changes,
    }


def reported(unit: BusinessUnit, /, *, by: User, **changes: Any) -> ExportTransaction:
    """Report it."""
    return report_transaction(business_unit=unit, **sale(**changes), by=by, at=NOW)


def evidenced(unit: BusinessUnit, /, *, by: User, **changes: Any) -> ExportTransaction:
    """Show it by a declaration."""
    export = reported(unit, by=by, **changes)
    add_paper(export, kind="declaration", content=pdf(), media_type="application/pdf", by=by, at=NOW)
    return export


def verified(unit: BusinessUnit, /, *, by: User, desk: User, **changes: Any) -> ExportTransaction:
    """Have it verified by the desk."""
    export = evidenced(unit, by=by, **changes)
    verify_transaction(export, by=desk, at=NOW)
    return export
