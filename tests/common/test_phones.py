"""Phone numbers as Indonesians write them."""

import pytest
from django.core.exceptions import ValidationError

from common.numbers import number, rupiah
from common.phones import local_phone, mask_phone, parse_phone


@pytest.mark.parametrize(
    "text", ["081234567890", "0812-3456-7890", "6281234567890", "+62 812 3456 7890", " 62 812 34567890 "]
)
def test_parse_phone_brings_every_spelling_to_one_number(text: str) -> None:
    assert parse_phone(text) == "+6281234567890"


@pytest.mark.parametrize("text", ["", "0812", "abc", "021 5551234", "0" * 40, "\x00"])
def test_parse_phone_refuses_landlines_and_nonsense_in_words(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parse_phone(text)
    assert refusal.value.messages[0].endswith(".")


def test_mask_phone_hides_the_middle() -> None:
    assert mask_phone("+6281234567890") == "0812-••••-890"
    assert mask_phone("123") == "••••"


def test_numbers_are_written_the_indonesian_way() -> None:
    assert number(1234.5, 1) == "1.234,5"
    assert rupiah(1234567) == "Rp1.234.567"


@pytest.mark.parametrize(
    ("number", "written"),
    [("+6281234567890", "0812 3456 7890"), ("+628123456789", "0812 3456 789"), ("+6591234567", "+6591234567")],
)
def test_local_phone_writes_what_people_dial(number: str, written: str) -> None:
    assert local_phone(number) == written
