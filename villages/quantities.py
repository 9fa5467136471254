"""How many pieces a quantity is: by the lots that the business unit has written down, and never by a guess."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from villages.models import ProductUnit

PIECES: Final = frozenset({"pcs", "lembar", "buah"})  # one of each is one piece, for everyone
KODI: Final = ("kodi", 20)  # what forms offer first


def lot_name(unit: str) -> str:
    """Read a lot as it is compared: `Kodi ` is `kodi`."""
    return " ".join(unit.split()).casefold()


def pieces_in(quantity: Decimal, unit: str, lots: Iterable[ProductUnit]) -> Decimal | None:
    """Convert a quantity of lots to pieces; None where nobody wrote down how many pieces such a lot is."""
    name = lot_name(unit)
    if name in PIECES:
        return quantity
    sizes = {lot_name(lot.name): lot.pieces for lot in lots}
    return quantity * sizes[name] if name in sizes else None
