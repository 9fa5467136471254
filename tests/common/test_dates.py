"""Dates as Indonesians read and write them."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import dates
from common.inputs import DayField
from common.zones import Zone, zone_of


def test_long_date_computes_the_weekday_and_speaks_the_language() -> None:
    with translation.override("id"):
        assert dates.long_date(date(2026, 10, 1)) == "Kamis, 1 Oktober 2026"
    with translation.override("en"):
        assert dates.long_date(date(2026, 10, 1)) == "Thursday, 1 October 2026"


def test_short_date_shortens_august_as_agu() -> None:
    with translation.override("id"):
        assert dates.short_date(date(2026, 8, 17)) == "Sen, 17 Agu 2026"


@pytest.mark.parametrize(
    ("first", "written"),
    [
        (date(2026, 10, 3), "3 Oktober 2026"),
        (date(2026, 10, 1), "1–3 Oktober 2026"),
        (date(2026, 9, 28), "28 September – 3 Oktober 2026"),
        (date(2025, 10, 3), "3 Oktober 2025 – 3 Oktober 2026"),
    ],
)
def test_span_writes_what_is_common_once(first: date, written: str) -> None:
    with translation.override("id"):
        assert dates.span(first, date(2026, 10, 3)) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (Zone.WIB, "09.00–11.30 WIB"),
        (Zone.WIB_PONTIANAK, "09.00–11.30 WIB"),
        (Zone.WITA, "10.00–12.30 WITA"),
        (Zone.WIT, "11.00–13.30 WIT"),
    ],
)
def test_clock_range_is_read_at_the_place(zone: Zone, written: str) -> None:
    start, end = datetime(2026, 10, 1, 2, tzinfo=UTC), datetime(2026, 10, 1, 4, 30, tzinfo=UTC)
    assert dates.clock_range(start, end, zone) == written


def test_clock_range_names_the_day_when_it_ends_on_another() -> None:
    start, end = datetime(2026, 10, 1, 15, tzinfo=UTC), datetime(2026, 10, 1, 18, tzinfo=UTC)
    with translation.override("id"):
        assert dates.clock_range(start, end, Zone.WIB) == "22.00–Jum, 2 Okt 2026 01.00 WIB"


@pytest.mark.parametrize(
    "text", ["1/10/2026", "1-10-26", "01.10.2026", "1 Okt 2026", "1 Oktober 2026", "1 october 2026", "2026-10-01"]
)
def test_parse_date_reads_what_people_write(text: str) -> None:
    assert dates.parse_date(text) == date(2026, 10, 1)


@pytest.mark.parametrize(
    "text",
    ["10/13/2026", "32/1/2026", "1 Foo 2026", "besok", "", "2026-13-01", "1/1", "9" * 400, "١/١/٢٠٢٦ x"],
)
def test_parse_date_refuses_month_first_and_nonsense(text: str) -> None:
    with pytest.raises(ValidationError):
        dates.parse_date(text)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_parse_date_reads_back_what_the_formatter_wrote(day: date) -> None:
    for language in ("id", "en"):
        with translation.override(language):
            assert dates.parse_date(dates.long_date(day).split(", ")[1]) == day
            assert dates.parse_date(dates.short_date(day).split(", ")[1]) == day


def test_parse_clock_reads_dot_and_colon_and_refuses_the_rest() -> None:
    assert dates.parse_clock("9.05") == dates.parse_clock("09:05") == time(9, 5)
    for text in ("25.00", "9", "9.5", "", "aa.bb"):
        with pytest.raises(ValidationError):
            dates.parse_clock(text)


def test_local_moment_and_local_date_meet_at_midnight_of_the_place() -> None:
    moment = dates.local_moment(date(2026, 10, 1), time(0, 30), Zone.WIT)
    assert moment.astimezone(UTC) == datetime(2026, 9, 30, 15, 30, tzinfo=UTC)
    assert dates.local_date(moment, Zone.WIT) == date(2026, 10, 1)
    assert dates.local_date(moment, Zone.WIB) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("35.24.10.2009", Zone.WIB),
        ("61", Zone.WIB_PONTIANAK),
        ("64.01", Zone.WITA),
        ("53", Zone.WITA),
        ("96.71", Zone.WIT),
        ("81", Zone.WIT),
    ],
)
def test_zone_of_follows_the_province(code: str, zone: Zone) -> None:
    assert zone_of(code) == zone


@pytest.mark.parametrize("day", ["1/1/0001", "0001-01-01", "31/12/9999"])
def test_day_field_refuses_days_that_the_database_could_not_give_back(day: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(day)
