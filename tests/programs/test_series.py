"""Series: weekdays and hours become moments of the place."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from common.zones import Zone
from programs.series import MOST, Series, Span, shifted

TUESDAY, THURSDAY = 2, 4


def series(**other: Any) -> Series:
    given: dict[str, Any] = {
        "first": date(2027, 1, 5),
        "weekdays": frozenset({TUESDAY, THURSDAY}),
        "starts": time(9),
        "ends": time(11, 30),
        "zone": Zone.WIB,
        "count": 6,
    }
    return Series(**{**given, **other})


def days(found: list[Span]) -> list[str]:
    return [f"{span.starts_at:%a %d %b}" for span in found]


def test_every_tuesday_and_thursday_six_times_from_5_january() -> None:
    found = series().spans()
    assert days(found) == ["Tue 05 Jan", "Thu 07 Jan", "Tue 12 Jan", "Thu 14 Jan", "Tue 19 Jan", "Thu 21 Jan"]
    assert found[0].starts_at == datetime(2027, 1, 5, 2, tzinfo=UTC)
    assert found[0].ends_at == datetime(2027, 1, 5, 4, 30, tzinfo=UTC)


def test_first_day_need_not_be_one_of_the_weekdays() -> None:
    assert days(series(first=date(2027, 1, 6), count=2).spans()) == ["Thu 07 Jan", "Tue 12 Jan"]


def test_hours_are_those_of_the_place() -> None:
    starts = {zone: series(zone=zone, count=1).spans()[0].starts_at for zone in (Zone.WIB, Zone.WITA, Zone.WIT)}
    hours = [moment.astimezone(UTC).hour for moment in starts.values()]
    assert hours == [2, 1, 0]


def test_until_takes_the_last_day_with_it() -> None:
    found = series(count=None, until=date(2027, 1, 14)).spans()
    assert days(found) == ["Tue 05 Jan", "Thu 07 Jan", "Tue 12 Jan", "Thu 14 Jan"]


def test_series_may_be_as_long_as_it_may_be() -> None:
    assert len(series(count=MOST).spans()) == MOST
    every = frozenset(range(1, 8))
    assert len(series(weekdays=every, count=None, until=date(2027, 1, 5) + timedelta(days=MOST - 1)).spans()) == MOST


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"weekdays": frozenset()}, "weekdays"),
        ({"ends": time(9)}, "ends"),
        ({"ends": time(8, 59)}, "ends"),
        ({"count": 0}, "count"),
        ({"count": -1}, "count"),
        ({"count": MOST + 1}, "count"),
        ({"count": None}, "count"),
        ({"until": date(2027, 2, 1)}, "count"),
        ({"count": None, "until": date(2027, 1, 4)}, "until"),
        ({"count": None, "until": date(2030, 1, 1)}, "until"),
        ({"count": None, "until": date(2028, 1, 1)}, "count"),
        ({"count": None, "until": date(2027, 1, 6), "first": date(2027, 1, 6)}, "until"),
    ],
)
def test_series_that_makes_no_sense_says_why(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        series(**wrong).spans()
    assert refusal.value.code == code


def test_spans_meet_only_when_some_moment_is_wanted_twice() -> None:
    nine, ten = datetime(2027, 1, 5, 9, tzinfo=UTC), datetime(2027, 1, 5, 10, tzinfo=UTC)
    first = Span(nine, ten)
    assert first.meets(Span(nine + timedelta(minutes=59), ten + timedelta(hours=1)))
    assert not first.meets(Span(ten, ten + timedelta(hours=1)))
    assert not Span(ten, ten + timedelta(hours=1)).meets(first)


def test_shift_keeps_hour_and_length_of_the_place() -> None:
    late = Span(datetime(2027, 1, 5, 16, 30, tzinfo=UTC), datetime(2027, 1, 5, 18, tzinfo=UTC))  # 23.30 WIB
    moved = shifted(late, days=7, zone=Zone.WIB)
    assert moved == Span(late.starts_at + timedelta(days=7), late.ends_at + timedelta(days=7))
    at_nine = shifted(late, days=-1, zone=Zone.WIB, clock=time(9))
    assert at_nine.starts_at == datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert at_nine.ends_at - at_nine.starts_at == timedelta(minutes=90)
