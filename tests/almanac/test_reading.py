"""Which days are kept free: the market week, wall-clock hours, zones and regions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from almanac.models import CalendarBlock
from almanac.reading import almanac_for, pasaran_of
from almanac.states import BlockKind, Effect, Pasaran, Recurrence, Weekday
from common.zones import Zone, tz
from tests.factories import CalendarBlockFactory, lay_region
from villages.models import Region

WIB, WIT = "Asia/Jakarta", "Asia/Jayapura"
THURSDAY = date(2026, 10, 8)  # Kamis Pon


def wib(hour: int, minute: int = 0, *, day: date = THURSDAY) -> datetime:
    """Name a moment of western Indonesia."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def names(start: datetime, end: datetime, *, zone: str = WIB, regions: tuple[str, ...] = ()) -> list[str]:
    """Name what a time falls into."""
    almanac = almanac_for(date(2026, 1, 1), date(2027, 12, 31), regions=regions)
    return [hit.block.name for hit in almanac.hits(start, end, zone=zone, regions=regions)]


@pytest.mark.parametrize(
    ("day", "weekday", "pasaran"),
    [
        (date(1755, 2, 13), Weekday.THURSDAY, Pasaran.KLIWON),  # the treaty of Giyanti
        (date(1755, 3, 13), Weekday.THURSDAY, Pasaran.PON),  # the founding of Yogyakarta
        (date(1901, 6, 6), Weekday.THURSDAY, Pasaran.PON),  # the first president is born
        (date(1921, 6, 8), Weekday.WEDNESDAY, Pasaran.KLIWON),  # the second
        (date(1945, 8, 17), Weekday.FRIDAY, Pasaran.LEGI),  # the proclamation
        (date(1946, 4, 2), Weekday.TUESDAY, Pasaran.WAGE),  # the tenth sultan is born
        (date(1989, 3, 7), Weekday.TUESDAY, Pasaran.WAGE),  # and enthroned
        (date(2015, 8, 12), Weekday.WEDNESDAY, Pasaran.PON),  # two cabinets were reshuffled on a Rabu Pon
        (date(2016, 7, 27), Weekday.WEDNESDAY, Pasaran.PON),
    ],
)
def test_pasaran_agrees_with_days_that_history_names(day: date, weekday: int, pasaran: str) -> None:
    assert (day.isoweekday(), pasaran_of(day)) == (weekday, pasaran)


def test_pasaran_runs_on_in_fives() -> None:
    days = [pasaran_of(date(2026, 2, 26) + timedelta(days=step)) for step in range(10)]
    assert days[:5] == days[5:]
    assert set(days) == set(Pasaran)
    assert [days[(days.index(Pasaran.LEGI) + step) % 5] for step in range(5)] == list(Pasaran)


@pytest.mark.django_db
def test_holiday_holds_from_midnight_to_midnight_of_the_place() -> None:
    CalendarBlockFactory.create(name="Holiday", starts_on=THURSDAY)
    assert names(wib(0), wib(1)) == ["Holiday"]
    assert names(wib(23), wib(0, day=date(2026, 10, 9))) == ["Holiday"]
    assert names(wib(22, day=date(2026, 10, 7)), wib(0)) == []
    assert names(wib(0, day=date(2026, 10, 9)), wib(2, day=date(2026, 10, 9))) == []
    assert names(wib(22, 30, day=date(2026, 10, 7)), wib(23, day=date(2026, 10, 7)), zone=WIT) == ["Holiday"]


@pytest.mark.django_db
def test_session_over_midnight_meets_the_blocks_of_both_days() -> None:
    CalendarBlockFactory.create(name="First", starts_on=THURSDAY)
    CalendarBlockFactory.create(name="Second", starts_on=date(2026, 10, 9))
    assert names(wib(22), wib(1, day=date(2026, 10, 9))) == ["First", "Second"]


@pytest.mark.django_db
def test_hours_are_wall_clock_and_half_open() -> None:
    hours = {"from_time": time(5), "until_time": time(10)}
    CalendarBlockFactory.create(name="Market", kind=BlockKind.MARKET_DAY, starts_on=THURSDAY, **hours)
    assert names(wib(9), wib(11, 30)) == ["Market"]
    assert names(wib(10), wib(12)) == []
    assert names(wib(3), wib(5)) == []
    assert names(wib(7), wib(8), zone=WIT) == ["Market"]  # 09.00 to 10.00 in the east
    assert names(wib(8), wib(9), zone=WIT) == []


@pytest.mark.django_db
def test_weekly_block_holds_on_its_day_until_further_notice() -> None:
    market = {"recurrence": Recurrence.WEEKLY, "weekday": Weekday.THURSDAY, "ends_on": None}
    CalendarBlockFactory.create(name="Market", starts_on=date(2026, 1, 1), **market)
    assert names(wib(9), wib(10)) == ["Market"]
    assert names(wib(9, day=date(2026, 10, 9)), wib(10, day=date(2026, 10, 9))) == []
    assert names(wib(9, day=date(2027, 12, 30)), wib(10, day=date(2027, 12, 30))) == ["Market"]
    assert names(wib(9, day=date(2025, 12, 25)), wib(10, day=date(2025, 12, 25))) == []


@pytest.mark.django_db
def test_pasaran_block_holds_every_fifth_day() -> None:
    market = {"recurrence": Recurrence.PASARAN, "pasaran": pasaran_of(THURSDAY), "ends_on": None}
    CalendarBlockFactory.create(name="Market", starts_on=date(2026, 1, 1), **market)
    on = [step for step in range(11) if names(*_nine(THURSDAY + timedelta(days=step)))]
    assert on == [0, 5, 10]


def _nine(day: date) -> tuple[datetime, datetime]:
    return wib(9, day=day), wib(10, day=day)


@pytest.mark.django_db
def test_region_reaches_down_and_never_sideways(region: Region) -> None:
    lay_region("35.24.11.2001")
    lay_region("35.25.10.2009")
    CalendarBlockFactory.create(name="Country", starts_on=THURSDAY)
    CalendarBlockFactory.create(name="Regency", starts_on=THURSDAY, region_id="35.24")
    CalendarBlockFactory.create(name="Village", starts_on=THURSDAY, region=region)
    nine = _nine(THURSDAY)
    assert names(*nine, regions=(region.code,)) == ["Country", "Regency", "Village"]
    assert names(*nine, regions=("35.24.11.2001",)) == ["Country", "Regency"]
    assert names(*nine, regions=("35.25.10.2009",)) == ["Country"]
    assert names(*nine, regions=("35.24.11.2001", region.code)) == ["Country", "Regency", "Village"]
    assert names(*nine, regions=()) == ["Country"]


@pytest.mark.django_db
def test_regions_that_look_alike_are_not_the_same() -> None:
    lay_region("11.10.01.2001")
    CalendarBlockFactory.create(starts_on=THURSDAY, region=lay_region("11.01.01.2001").parent.parent)  # type: ignore[union-attr]
    assert names(*_nine(THURSDAY), regions=("11.10.01.2001",)) == []


@pytest.mark.django_db
def test_one_query_for_a_window_and_many_regions(region: Region, django_assert_num_queries: Any) -> None:
    CalendarBlockFactory.create_batch(20, region=region)
    with django_assert_num_queries(1):
        almanac = almanac_for(date(2026, 1, 1), date(2026, 12, 31), regions=[region.code, "35.24.11.2001", "52.02"])
        for step in range(60):
            [hit.sentence for hit in almanac.hits(*_nine(THURSDAY + timedelta(days=step)), zone=WIB)]


@pytest.mark.django_db
def test_almanac_of_many_regions_is_asked_for_one(region: Region) -> None:
    CalendarBlockFactory.create(name="Village", starts_on=THURSDAY, region=region)
    almanac = almanac_for(THURSDAY, THURSDAY, regions=[region.code, "52.02.02.2004"])
    assert [hit.block.name for hit in almanac.on(THURSDAY)] == ["Village"]
    assert almanac.on(THURSDAY, regions=["52.02.02.2004"]) == []
    assert almanac.hits(*_nine(THURSDAY), zone=WIB, regions=["52.02.02.2004"]) == []


@pytest.mark.django_db
def test_hit_speaks_to_people() -> None:
    CalendarBlockFactory.create(name="Hari Raya Idulfitri", starts_on=THURSDAY, estimated=True)
    CalendarBlockFactory.create(name="Ramadan 1448 H", kind=BlockKind.RAMADAN, starts_on=THURSDAY)
    market: dict[str, Any] = {"recurrence": Recurrence.PASARAN, "pasaran": pasaran_of(THURSDAY), "ends_on": None}
    market |= {"from_time": time(5), "until_time": time(10)}
    CalendarBlockFactory.create(name="hari pasar", starts_on=THURSDAY, **market)
    week = {"recurrence": Recurrence.WEEKLY, "weekday": Weekday.THURSDAY, "ends_on": None, "effect": Effect.BLOCK}
    CalendarBlockFactory.create(name="pengajian", starts_on=THURSDAY, **week)
    almanac = almanac_for(THURSDAY, THURSDAY, regions=())
    with translation.override("en"):
        assert [hit.sentence for hit in almanac.hits(wib(8, day=THURSDAY), wib(10, day=THURSDAY), zone=WIB)] == [
            "Thursday: pengajian",  # what blocks comes first
            "Hari Raya Idulfitri (estimate)",
            "Ramadan 1448 H: better from 09.00 to 11.30",
            "Thursday Pon: hari pasar 05.00–10.00",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2026, 10, 7)},
        {"ends_on": None},
        {"weekday": Weekday.MONDAY},
        {"recurrence": Recurrence.WEEKLY},
        {"recurrence": Recurrence.WEEKLY, "weekday": 8},
        {"recurrence": Recurrence.PASARAN},
        {"recurrence": Recurrence.PASARAN, "pasaran": "senin"},
        {"recurrence": Recurrence.PASARAN, "pasaran": Pasaran.PON, "weekday": Weekday.MONDAY},
        {"recurrence": "monthly"},
        {"from_time": time(5)},
        {"from_time": time(10), "until_time": time(5)},
        {"kind": "harvest"},
        {"effect": "ignore"},
    ],
)
def test_database_refuses_a_block_that_says_nothing_plain(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarBlockFactory.create(starts_on=THURSDAY, **wrong)
    assert not CalendarBlock.objects.exists()


def test_ramadan_has_nothing_against_its_own_hours(db: None) -> None:
    CalendarBlockFactory.create(kind="ramadan", name="Ramadan", starts_on=date(2027, 2, 8), ends_on=date(2027, 3, 9))
    almanac = almanac_for(date(2027, 2, 1), date(2027, 3, 31), regions=[])
    day = datetime(2027, 2, 10, tzinfo=tz(Zone.WIB))

    def hits(start: time, end: time) -> int:
        return len(almanac.hits(*(datetime.combine(day, at, tzinfo=day.tzinfo) for at in (start, end)), zone=Zone.WIB))

    assert hits(time(9), time(11, 30)) == 0
    assert hits(time(8, 59), time(11, 30)) == 1
    assert hits(time(9), time(11, 31)) == 1
