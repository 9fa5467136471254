"""The Kemendagri list of places: read it, check it whole, load it in one step."""

from datetime import datetime

FIRST_EDITION = "Kepmendagri 300.2.2-2138 Tahun 2025"


def edition_in_force(at: datetime) -> str:  # noqa: ARG001
    """Name the list of places that holds at a moment."""
    return FIRST_EDITION
