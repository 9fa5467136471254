"""Numbers as Indonesians read them: `1.234,5`, `Rp1.234.567`."""

from decimal import Decimal

_SWAP = str.maketrans(",.", ".,")


def number(value: float | Decimal, places: int = 0) -> str:
    """Write thousands with a dot and decimals with a comma."""
    return f"{value:,.{places}f}".translate(_SWAP)


def rupiah(value: float | Decimal) -> str:
    """Write whole rupiah, `Rp1.234.567`."""
    return f"Rp{number(value)}"
