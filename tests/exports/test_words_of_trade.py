"""Countries, currencies, codes of the tariff book, document numbers, and numbers as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from exports.countries import check_country, country_choices, country_name
from exports.currencies import check_currency, currency_choices, currency_name
from exports.forms.trade import read_number
from exports.origin import key_of, lane_of
from exports.states import Nomenclature
from exports.tariff import bare, check_code, dotted, out_of_force
from exports.templatetags.trade import exact, money, shortly


def test_there_are_249_countries_and_two_lists_of_their_names() -> None:
    assert len(country_choices()) == 249
    assert len(country_choices(abroad=True)) == 248
    assert "ID" not in dict(country_choices(abroad=True))
    assert country_name("JP") == "Japan"
    with translation.override("id"):
        assert country_name("JP") == "Jepang"
        assert dict(country_choices())["US"] == "Amerika Serikat"
    assert country_name("ZZ") == "ZZ"


@pytest.mark.parametrize("letters", ["ZZ", "EU", "XK", "jp", "JPN", "", "001"])
def test_letters_that_are_no_country_are_refused(letters: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_country(letters)
    assert list(refusal.value.message_dict) == ["country"]


def test_export_does_not_stay_at_home() -> None:
    check_country("ID")
    with pytest.raises(ValidationError, match="leaves Indonesia"):
        check_country("ID", abroad=True)


def test_currencies_in_use_are_known_and_the_usual_come_first() -> None:
    codes = [code for code, _name in currency_choices()]
    assert codes[:3] == ["USD", "IDR", "EUR"]
    assert len(codes) == len(set(codes)) > 140
    assert currency_name("USD") == "US Dollar"
    with translation.override("id"):
        assert currency_name("USD") == "Dolar Amerika Serikat"
    for code in codes:
        check_currency(code)


@pytest.mark.parametrize("letters", ["DEM", "usd", "XXX", "XTS", "", "US"])
def test_letters_that_are_no_money_are_refused(letters: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_currency(letters)
    assert list(refusal.value.message_dict) == ["currency"]


@pytest.mark.parametrize(
    ("code", "edition"),
    [
        ("520859", Nomenclature.HS_2022),
        ("520859", Nomenclature.HS_2017),
        ("52085990", Nomenclature.BTKI_2022),
        ("01012100", Nomenclature.BTKI_2017),
        ("97019100", Nomenclature.BTKI_2022),
    ],
)
def test_code_of_its_edition_passes(code: str, edition: Nomenclature) -> None:
    check_code(code, edition)


@pytest.mark.parametrize(
    ("code", "edition", "why"),
    [
        ("52085990", Nomenclature.HS_2022, "HS 2022 has 6 digits, such as 5208.59"),
        ("520859", Nomenclature.BTKI_2022, "BTKI 2022 has 8 digits, such as 5208.59.90"),
        ("5208599", Nomenclature.BTKI_2022, "8 digits"),
        ("5208599x", Nomenclature.BTKI_2022, "8 digits"),
        ("٥٢٠٨٥٩", Nomenclature.HS_2022, "6 digits"),
        ("", Nomenclature.HS_2022, "6 digits"),
        ("005859", Nomenclature.HS_2022, "no chapter 00"),
        ("770000", Nomenclature.HS_2022, "no chapter 77"),
        ("98010000", Nomenclature.BTKI_2022, "no chapter 98"),
    ],
)
def test_code_of_another_length_or_chapter_is_refused(code: str, edition: Nomenclature, why: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_code(code, edition)
    assert why in refusal.value.message_dict["hs_code"][0]


def test_code_is_written_with_and_without_dots() -> None:
    assert bare(" 5208.59.90") == "52085990"
    assert [dotted(code) for code in ("52085990", "520859", "52")] == ["5208.59.90", "5208.59", "52"]


@pytest.mark.parametrize(
    ("edition", "day", "holds"),
    [
        (Nomenclature.BTKI_2017, date(2022, 3, 31), True),
        (Nomenclature.BTKI_2017, date(2022, 4, 1), False),
        (Nomenclature.BTKI_2022, date(2022, 3, 31), False),
        (Nomenclature.HS_2022, date(2026, 1, 1), True),
    ],
)
def test_edition_holds_from_day_to_day(edition: Nomenclature, day: date, holds: bool) -> None:  # noqa: FBT001  a fact of the table
    assert (out_of_force(edition, day) is None) == holds


def test_document_numbers_compare_by_letters_and_digits() -> None:
    assert key_of("PEB 000-123/2026") == key_of("peb.000123 2026") == "peb0001232026"
    assert key_of("---") == ""


def test_direct_export_takes_the_whole_document_and_an_indirect_one_its_share() -> None:
    whole, share = lane_of("direct", 7), lane_of("indirect", 7)
    assert (whole.lower, whole.upper) == (None, None)
    assert (share.lower, share.upper, share.lower_inc, share.upper_inc) == (7, 7, True, True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12000", "12000"),
        ("12.000", "12000"),
        ("1.234.567,89", "1234567.89"),
        ("12000,5", "12000.5"),
        ("12000.50", "12000.50"),
        ("15.500,123456", "15500.123456"),
        (" 1 200 ", "1200"),
        ("0,61", "0.61"),
    ],
)
def test_number_is_read_as_it_is_written(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "a", "1,2,3", "12,000.50", "1.23.456", "-5", "1e5", "NaN", "12.0000", "1,1234567"]
)
def test_what_could_be_two_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"12\.500"):
        read_number(text)


def test_money_is_written_exactly_and_shortly() -> None:
    assert money(Decimal("186000000.00")) == "Rp186.000.000"
    assert money(Decimal("12000.50"), "USD") == "USD 12.000,5"
    assert shortly(Decimal(1_800_000_000_000)) == "Rp1,8 trillion"
    assert shortly(Decimal(107_530_000_000)) == "Rp107,53 billion"
    assert shortly(Decimal(999999999999)) == "Rp999,99 billion"
    assert shortly(Decimal(2_500_000), "USD") == "USD 2,5 million"
    assert shortly(Decimal(950_000)) == "Rp950.000"
    assert exact(None) == ""
    with translation.override("id"):
        assert shortly(Decimal(1_300_000_000_000)).startswith("Rp1,3 ")
