"""Amounts and quantities as people write them."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from exports.forms.amounts import QuantityField, RupiahField, read_quantity, read_rupiah, written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1250000", "1250000"),
        ("1.250.000", "1250000"),
        ("Rp 1.250.000,50", "1250000.50"),
        ("1,250,000.5", "1250000.5"),
        ("1.250", "1250"),
        ("12,5", "12.5"),
        ("0", "0"),
    ],
)
def test_rupiah_are_read_as_written(text: str, value: str) -> None:
    assert read_rupiah(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "a", "1.25.000", "1,2,3", "-5", "1.250.00", "1e9", "Rp", "NaN"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="rupiah"):
        read_rupiah(text)


@pytest.mark.parametrize(("text", "value"), [("2", "2"), ("1,5", "1.5"), ("1.250", "1250"), ("2.5", "2.5")])
def test_quantities_are_read_as_written(text: str, value: str) -> None:
    assert read_quantity(text) == Decimal(value)


@pytest.mark.parametrize("text", ["x", "1,2345", "1.2.3", "-1"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_quantity(text)


def test_a_number_is_shown_as_it_may_be_typed_again() -> None:
    assert [written(Decimal(text)) for text in ("1250000.00", "1.500", "100", "0")] == ["1.250.000", "1,5", "100", "0"]


class Both(forms.Form):
    """A sum and a quantity."""

    cost = RupiahField()
    quantity = QuantityField(required=False)


def test_fields_bound_what_they_take() -> None:
    form = Both({"cost": "1.250.000", "quantity": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"cost": Decimal(1_250_000), "quantity": None}
    assert not Both({"cost": "99999999999999999", "quantity": "1"}).is_valid()
    assert not Both({"cost": "", "quantity": "1"}).is_valid()
    assert 'value="1.250.000"' in str(Both(initial={"cost": Decimal("1250000.00")})["cost"])
