"""Lots become pieces by what the unit wrote down, and by nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villages.models import ProductUnit
from villages.quantities import PIECES, lot_name, pieces_in

LOTS = [ProductUnit(name="kodi", pieces=20), ProductUnit(name="ikat besar", pieces=6)]


@pytest.mark.parametrize(
    ("quantity", "unit", "pieces"),
    [
        ("10", "kodi", "200"),
        ("2.5", " Kodi ", "50.0"),
        ("3", "IKAT  BESAR", "18"),
        ("7", "pcs", "7"),
        ("7", "Lembar", "7"),
        ("0.5", "buah", "0.5"),
        ("10", "gross", None),
        ("10", "", None),
        ("10", "kodi besar", None),
    ],
)
def test_quantity_is_converted_or_left_alone(quantity: str, unit: str, pieces: str | None) -> None:
    assert pieces_in(Decimal(quantity), unit, LOTS) == (None if pieces is None else Decimal(pieces))


def test_kodi_is_not_guessed() -> None:
    assert pieces_in(Decimal(10), "kodi", []) is None


@given(st.text(max_size=20), st.integers(1, 10**6))
def test_nothing_unknown_is_ever_converted(unit: str, quantity: int) -> None:
    known = lot_name(unit) in PIECES | {"kodi", "ikat besar"}
    assert (pieces_in(Decimal(quantity), unit, LOTS) is not None) == known
