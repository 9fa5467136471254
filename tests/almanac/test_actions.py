"""Keeping days free, and a year's holidays from the published calendar."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from almanac import actions as acting
from almanac.actions import change_block, create_block, delete_block, load_holidays
from almanac.models import CalendarBlock
from almanac.published import Published, hijri_year, published
from almanac.states import BlockKind, Effect, Pasaran, Recurrence, Weekday
from common.errors import RowMoved
from common.models import Event
from tests.factories import CalendarBlockFactory, VillageRegionFactory, lay_region
from tests.programs.plans import history
from villages.models import Region, Village

pytestmark = pytest.mark.django_db
FEAST: dict[str, Any] = {
    "name": "Haul desa",
    "kind": BlockKind.VILLAGE_EVENT,
    "starts_on": date(2026, 11, 3),
    "ends_on": date(2026, 11, 3),
}


# -- One block --------------------------------------------------------------------------------------------------------


def test_desk_keeps_days_free_and_nobody_is_named_in_the_event(sari: User, region: Region, at: datetime) -> None:
    block = create_block(**FEAST, region=region, source="Kontak desa Parengan", by=sari, at=at)
    assert block.added_by == sari
    (event,) = Event.objects.about(block)
    assert (event.verb, event.by) == ("created", sari)
    assert event.facts == {
        "kind": "village_event",
        "effect": "warn",
        "region": "35.24.10.2009",
        "starts_on": "2026-11-03",
        "ends_on": "2026-11-03",
    }


def test_mentor_keeps_days_free_in_own_villages_only(made: User, parengan: Village, at: datetime) -> None:
    covered = VillageRegionFactory.create(village=parengan, region=lay_region("35.24.10.2010")).region
    for own in (parengan.region, covered):
        create_block(**FEAST, region=own, effect=Effect.BLOCK, by=made, at=at)
    for wider in (None, Region.objects.get(code="35.24"), lay_region("35.24.11.2001")):
        with pytest.raises(ValidationError, match="one of your villages"):
            create_block(**FEAST, region=wider, by=made, at=at)
    assert CalendarBlock.objects.count() == 2


def test_mentor_does_not_move_a_block_out_of_own_villages(made: User, parengan: Village, at: datetime) -> None:
    block = create_block(**FEAST, region=parengan.region, by=made, at=at)
    with pytest.raises(ValidationError):
        change_block(block, region=None, by=made, at=at)
    block.refresh_from_db()
    assert block.region == parengan.region


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": date(2026, 11, 2)}, "It ends on the day it starts, or later."),
        ({"ends_on": None}, "Say until which day it lasts."),
        ({"recurrence": Recurrence.WEEKLY}, "Choose the day on which it recurs"),
        ({"recurrence": Recurrence.PASARAN, "weekday": Weekday.MONDAY}, "Choose the day on which it recurs"),
        ({"from_time": time(9)}, "Give both hours"),
        ({"from_time": time(9), "until_time": time(9)}, "Give both hours"),
        ({"kind": "harvest"}, "not a valid choice"),
        ({"name": ""}, "cannot be blank"),
        ({"name": "a" * 161}, "at most 160"),
    ],
)
def test_block_that_says_nothing_plain_is_refused_in_words(
    sari: User, at: datetime, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_block(**{**FEAST, **wrong}, by=sari, at=at)
    assert sentence in " ".join(refusal.value.messages)
    assert not CalendarBlock.objects.exists()


def test_block_has_no_other_columns(sari: User, at: datetime) -> None:
    with pytest.raises(TypeError, match="origin"):
        create_block(**FEAST, origin="mine", by=sari, at=at)


def test_changing_records_what_changed_and_twice_changes_nothing(sari: User, at: datetime) -> None:
    block = create_block(**FEAST, by=sari, at=at)
    for _twice in range(2):
        change_block(block, ends_on=date(2026, 11, 4), effect=Effect.BLOCK, by=sari, at=at)
    assert history(block) == ["created", "changed"]
    facts = Event.objects.about(block).get(verb="changed").facts
    assert facts["columns"] == ["effect", "ends_on"]
    assert (facts["before"]["ends_on"], facts["ends_on"]) == ("2026-11-03", "2026-11-04")


def test_slower_hand_is_told_and_overwrites_nothing(sari: User, at: datetime) -> None:
    block = create_block(**FEAST, by=sari, at=at)
    slower = CalendarBlock.objects.get(pk=block.pk)
    change_block(block, name="Haul", by=sari, at=at)
    with pytest.raises(RowMoved):
        change_block(slower, effect=Effect.BLOCK, by=sari, at=at)
    block.refresh_from_db()
    assert (block.name, block.effect, block.revision) == ("Haul", Effect.WARN, 2)


def test_deleting_is_an_event_that_stays(sari: User, at: datetime) -> None:
    block = create_block(**FEAST, by=sari, at=at)
    key = block.pk
    delete_block(block, by=sari, at=at)
    assert not CalendarBlock.objects.exists()
    events = Event.objects.filter(subject_type="almanac.calendarblock", subject_id=str(key)).order_by("pk")
    assert [event.verb for event in events] == ["created", "deleted"]


def test_when_reads_in_words() -> None:
    day = {"starts_on": date(2026, 10, 8)}
    assert CalendarBlockFactory.build(**day).when == "Thu, 8 Oct 2026"
    season = CalendarBlockFactory.build(**day, ends_on=date(2026, 10, 12))
    assert season.when == "Thu, 8 Oct 2026 – Mon, 12 Oct 2026"
    hours = {"from_time": time(5), "until_time": time(10)}
    weekly = CalendarBlockFactory.build(**day, recurrence=Recurrence.WEEKLY, weekday=Weekday.THURSDAY, **hours)
    assert weekly.when == "every Thursday 05.00–10.00"
    market = CalendarBlockFactory.build(**day, recurrence=Recurrence.PASARAN, pasaran=Pasaran.PON)
    assert market.when == "every Pon"


# -- The published calendar -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "name", "kind", "day"),
    [  # the joint decrees of 2024, 2025 and 2026
        (2024, "Hari Raya Idul Fitri", BlockKind.PUBLIC_HOLIDAY, date(2024, 4, 10)),
        (2025, "Hari Raya Idul Fitri", BlockKind.PUBLIC_HOLIDAY, date(2025, 3, 31)),
        (2025, "Hari Suci Nyepi", BlockKind.PUBLIC_HOLIDAY, date(2025, 3, 29)),
        (2025, "Cuti Bersama Hari Raya Natal", BlockKind.JOINT_LEAVE, date(2025, 12, 26)),
        (2026, "Hari Raya Idul Fitri", BlockKind.PUBLIC_HOLIDAY, date(2026, 3, 21)),
        (2026, "Hari Suci Nyepi", BlockKind.PUBLIC_HOLIDAY, date(2026, 3, 19)),
        (2026, "Tahun Baru Imlek", BlockKind.PUBLIC_HOLIDAY, date(2026, 2, 17)),
        (2026, "Hari Kemerdekaan Republik Indonesia", BlockKind.PUBLIC_HOLIDAY, date(2026, 8, 17)),
        (2026, "Cuti Bersama Hari Raya Natal", BlockKind.JOINT_LEAVE, date(2026, 12, 24)),
    ],
)
def test_published_days_are_those_of_the_decree(year: int, name: str, kind: BlockKind, day: date) -> None:
    (found, *_others) = [one for one in published(year) if one.name == name]
    assert (found.kind, found.starts_on, found.ends_on, found.estimated) == (kind, day, day, False)


@pytest.mark.parametrize(
    ("year", "name", "first", "last"),
    [
        (2025, "Ramadan 1446 H", date(2025, 3, 1), date(2025, 3, 30)),
        (2026, "Ramadan 1447 H", date(2026, 2, 19), date(2026, 3, 20)),
    ],
)
def test_ramadan_is_the_thirty_days_before_idulfitri(year: int, name: str, first: date, last: date) -> None:
    (fast,) = [one for one in published(year) if one.kind == BlockKind.RAMADAN]
    assert (fast.name, fast.starts_on, fast.ends_on, fast.estimated) == (name, first, last, True)


def test_year_with_two_ramadans_has_both() -> None:
    assert [one.name for one in published(2033) if one.kind == BlockKind.RAMADAN] == [
        "Ramadan 1454 H",
        "Ramadan 1455 H",
    ]


def test_moon_dates_far_ahead_are_estimates_and_lose_the_word() -> None:
    days = {one.name: one.estimated for one in published(2035)}
    assert days["Hari Raya Idul Fitri"]
    assert not days["Hari Raya Natal"]
    assert not [name for name in days if "perkiraan" in name]


@pytest.mark.parametrize(
    ("day", "year"), [(date(1945, 9, 8), 1364), (date(2024, 4, 10), 1445), (date(2026, 3, 21), 1447)]
)
def test_hijri_year_agrees_with_known_idulfitris(day: date, year: int) -> None:
    assert hijri_year(day) == year


def test_holidays_are_laid_once_for_the_whole_country(sari: User, at: datetime) -> None:
    done = load_holidays(2026, by=sari, at=at)
    rows = CalendarBlock.objects.all()
    assert (done.added, done.moved, done.kept) == (rows.count(), 0, 0)
    assert {(row.region_id, row.effect) for row in rows} == {(None, Effect.WARN)}
    assert rows.filter(kind=BlockKind.RAMADAN, estimated=True).count() == 1
    assert history(rows[0]) == ["loaded"]
    again = load_holidays(2026, by=sari, at=at)
    assert (again.added, again.moved, again.kept) == (0, 0, done.added)
    assert history(rows[0]) == ["loaded"]


def test_loading_again_moves_an_estimate_and_leaves_what_people_changed(
    sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, later = date(2027, 3, 10), date(2027, 3, 11)

    def told(on: date, *, estimated: bool) -> list[Published]:
        return [
            Published(f"2027/public/{name}/1", name, BlockKind.PUBLIC_HOLIDAY, on, on, estimated=estimated)
            for name in ("Untouched", "Touched")
        ]

    monkeypatch.setattr(acting, "published", lambda _year: told(day, estimated=True))
    load_holidays(2027, by=sari, at=at)
    change_block(CalendarBlock.objects.get(name="Touched"), starts_on=date(2027, 3, 9), by=sari, at=at)
    monkeypatch.setattr(acting, "published", lambda _year: told(later, estimated=False))
    done = load_holidays(2027, by=None, at=at)
    assert (done.added, done.moved, done.kept) == (0, 1, 1)
    moved, kept = CalendarBlock.objects.get(name="Untouched"), CalendarBlock.objects.get(name="Touched")
    assert (moved.starts_on, moved.ends_on, moved.estimated) == (later, later, False)
    assert history(moved) == ["loaded", "moved"]
    assert (kept.starts_on, kept.estimated) == (date(2027, 3, 9), True)


def test_deleted_holiday_comes_back_when_it_is_loaded_again(sari: User, at: datetime) -> None:
    load_holidays(2026, by=sari, at=at)
    delete_block(CalendarBlock.objects.get(name="Hari Raya Natal"), by=sari, at=at)
    assert load_holidays(2026, by=sari, at=at).added == 1


@pytest.mark.parametrize("year", [0, 1999, 2101, 10**9])
def test_year_out_of_the_ages_is_refused(sari: User, at: datetime, year: int) -> None:
    with pytest.raises(ValidationError, match="from 2000 to 2100"):
        load_holidays(year, by=sari, at=at)


@pytest.mark.usefixtures("clock")
def test_command_loads_this_year_and_the_next_or_those_named(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_holidays")
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == ["2026", "2027"]
    call_command("load_holidays", "2026", "2028")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2026: added 0, moved 0, kept ")
    assert second.startswith("2028: added ")
    with pytest.raises(CommandError, match="from 2000 to 2100"):
        call_command("load_holidays", "1900")
