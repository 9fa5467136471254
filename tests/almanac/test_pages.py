"""Pages of the days that are kept free: the list, one block, and a year's holidays."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from almanac.models import CalendarBlock
from almanac.states import BlockKind, Recurrence
from programs.models import Cohort
from tests.factories import CalendarBlockFactory, lay_region
from tests.programs.browsing import press, read
from villages.models import Region, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FEAST = {"name": "Haul desa", "kind": "village_event", "starts_on": "3/11/2026", "ends_on": "3/11/2026"}
FEAST |= {"days": "none", "effect": "warn"}


def test_list_is_narrowed_by_kind_place_and_time(desk: Client, region: Region) -> None:
    lay_region("52.02.02.2004")
    CalendarBlockFactory.create(name="Country")
    CalendarBlockFactory.create(name="Regency", kind=BlockKind.MARKET_DAY, region_id="35.24")
    CalendarBlockFactory.create(name="Village", region=region, starts_on=date(2026, 12, 1))
    CalendarBlockFactory.create(name="Lombok", region_id="52.02.02.2004", starts_on=date(2026, 9, 1))
    endless = {"recurrence": Recurrence.WEEKLY, "weekday": 4, "ends_on": None, "starts_on": date(2026, 1, 1)}
    CalendarBlockFactory.create(name="Endless", **endless)

    def shown(**asked: str) -> set[str]:
        page = read(desk, "calendar-block-list", **asked)
        return {name for name in ("Country", "Regency", "Village", "Lombok", "Endless") if f">{name}</a>" in page}

    assert shown() == {"Country", "Regency", "Village", "Lombok", "Endless"}
    assert shown(kind="market_day") == {"Regency"}
    assert shown(region="35.24.10") == {"Country", "Regency", "Village", "Endless"}
    assert shown(region="52") == {"Country", "Lombok", "Endless"}
    assert shown(**{"from": "2026-10-09"}) == {"Village", "Endless"}
    assert shown(to="2026-10-01") == {"Lombok", "Endless"}
    assert shown(search="vill") == {"Village"}
    assert "Nothing is kept free here" in read(desk, "calendar-block-list", search="nothing such")


@pytest.mark.parametrize("wrong", [{"kind": "harvest"}, {"region": "11.1"}, {"from": "31/31/2026"}, {"to": "x"}])
def test_list_says_a_wrong_filter_beside_its_field(desk: Client, wrong: dict[str, str]) -> None:
    assert "field-error" in read(desk, "calendar-block-list", status=400, **wrong)


def test_list_says_what_it_is_when_it_is_empty(desk: Client, client: Client, observer: User) -> None:
    page = read(desk, "calendar-block-list")
    assert "Nothing is kept free yet" in page
    assert "Load holidays of 2026" in page
    client.force_login(observer)
    page = read(client, "calendar-block-list")
    assert "Nothing is kept free yet" in page
    assert reverse("calendar-block-new") not in page
    assert "Load holidays of" not in page


def test_list_costs_the_same_for_one_and_seven(desk: Client, region: Region) -> None:
    counts = []
    for more in (1, 6):
        CalendarBlockFactory.create_batch(more, region=region)
        with CaptureQueriesContext(connection) as queries:
            read(desk, "calendar-block-list")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_list_walks_its_pages(desk: Client) -> None:
    for number in range(60):
        CalendarBlockFactory.create(name=f"Day-{number:02}", starts_on=date(2026, 1, 1) + timedelta(days=number))
    page = read(desk, "calendar-block-list")
    assert "Day-00" in page
    assert "Day-59" not in page
    assert 'rel="next"' in page


@pytest.mark.parametrize(
    ("days", "columns"),
    [
        ("none", {"recurrence": "none", "weekday": None, "pasaran": ""}),
        ("weekly:2", {"recurrence": "weekly", "weekday": 2, "pasaran": ""}),
        ("pasaran:wage", {"recurrence": "pasaran", "weekday": None, "pasaran": "wage"}),
    ],
)
def test_block_is_written_as_it_was_typed(
    desk: Client, cohort: Cohort, region: Region, days: str, columns: dict[str, Any]
) -> None:
    typed = {**FEAST, "days": days, "region": region.code, "from_time": "05.00", "until_time": "10:00"}
    press(desk, "calendar-block-new", **typed, source="Kontak desa", estimated="on")
    block = CalendarBlock.objects.get()
    assert {name: getattr(block, name) for name in columns} == columns
    assert (block.region, block.hours, block.estimated) == (region, "05.00–10.00", True)
    form = read(desk, "calendar-block-edit", block.pk)
    assert f'value="{days}" selected' in form
    press(desk, "calendar-block-edit", block.pk, **typed, source="Kontak desa", estimated="on", revision=1)
    block.refresh_from_db()
    assert block.revision == 1, "saying what is so already changes nothing"


def test_without_a_last_day_a_block_is_one_day(desk: Client) -> None:
    press(desk, "calendar-block-new", **{**FEAST, "ends_on": ""})
    block = CalendarBlock.objects.get()
    assert block.ends_on == block.starts_on


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"name": ""}, "required"),
        ({"starts_on": "11/31/2026"}, "day, month, year"),
        ({"ends_on": "2/11/2026"}, "ends on the day it starts, or later"),
        ({"from_time": "9"}, "hour and minute"),
        ({"from_time": "09.00"}, "Give both hours"),
        ({"days": "weekly:9"}, "valid choice"),
        ({"region": "99"}, "valid choice"),
        ({"effect": ""}, "required"),
    ],
)
def test_block_that_is_typed_wrong_is_shown_again(desk: Client, wrong: dict[str, Any], word: str) -> None:
    page = press(desk, "calendar-block-new", status=400, **{**FEAST, "source": "Kept words", **wrong})
    assert word in page
    assert "Kept words" in page
    assert not CalendarBlock.objects.exists()


def test_slower_of_two_tabs_is_told(desk: Client) -> None:
    block = CalendarBlockFactory.create(name="Haul desa", kind="village_event", starts_on=date(2026, 11, 3))
    press(desk, "calendar-block-edit", block.pk, **{**FEAST, "name": "Faster"}, revision=1)
    page = press(desk, "calendar-block-edit", block.pk, status=409, **{**FEAST, "name": "Slower"}, revision=1)
    assert "Someone else changed this" in page
    assert 'value="Slower"' in page
    block.refresh_from_db()
    assert block.name == "Faster"


def test_block_is_deleted_after_one_look(desk: Client) -> None:
    block = CalendarBlockFactory.create(name="Haul desa")
    assert "Delete “Haul desa”?" in read(desk, "calendar-block-delete", block.pk)
    assert CalendarBlock.objects.exists()
    press(desk, "calendar-block-delete", block.pk)
    assert not CalendarBlock.objects.exists()
    press(desk, "calendar-block-delete", block.pk, status=404)
    read(desk, "calendar-block-edit", block.pk, status=404)


def test_mentor_asks_for_days_of_own_villages_and_changes_only_those(
    reader: Client, made: User, sari: User, parengan: Village
) -> None:
    other = CalendarBlockFactory.create(name="Not mine", region=parengan.region)
    reader.force_login(made)
    form = read(reader, "calendar-block-new")
    assert "Parengan, Kec. Maduran, Kab. Lamongan" in form
    assert "The whole country" not in form
    press(reader, "calendar-block-new", status=400, **FEAST)
    press(reader, "calendar-block-new", status=400, **FEAST, region="35.24")
    press(reader, "calendar-block-new", **FEAST, region=parengan.region_id)
    mine = CalendarBlock.objects.get(name="Haul desa")
    page = read(reader, "calendar-block-list")
    assert reverse("calendar-block-edit", args=[mine.pk]) in page
    assert reverse("calendar-block-edit", args=[other.pk]) not in page
    for name in ("calendar-block-edit", "calendar-block-delete"):
        read(reader, name, mine.pk)
        read(reader, name, other.pk, status=403)
        press(reader, name, other.pk, status=403)
    press(reader, "holidays-load", status=403, year=2026)


@pytest.mark.parametrize(
    "name", ["calendar-block-new", "calendar-block-edit", "calendar-block-delete", "holidays-load"]
)
def test_page_is_closed_to_the_wrong_role_and_to_strangers(
    client: Client, observer: User, joko: User, name: str
) -> None:
    block = CalendarBlockFactory.create()
    target = reverse(name, args=[block.pk] if "edit" in name or "delete" in name else [])
    assert reverse("account_login") in client.post(target)["Location"]
    for user in (observer, joko):
        client.force_login(user)
        assert client.get(target).status_code == client.post(target).status_code == 403
    assert client.get(reverse("calendar-block-list")).status_code == 200


@pytest.mark.parametrize(
    "name", ["calendar-block-list", "calendar-block-new", "calendar-block-edit", "calendar-block-delete"]
)
def test_page_speaks_both_languages(desk: Client, name: str) -> None:
    block = CalendarBlockFactory.create()
    target = reverse(name, args=[block.pk] if "edit" in name or "delete" in name else [])
    for language, word in (("en", "Calendar blocks"), ("id", "Hari khusus")):
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = desk.get(target)
        assert answer.status_code == 200
        assert word in answer.content.decode()
        assert answer.content.count(b"<h1") == 1


def test_desk_loads_a_years_holidays_and_twice_changes_nothing(desk: Client) -> None:
    press(desk, "holidays-load", year=2027)
    count = CalendarBlock.objects.count()
    page = desk.post(reverse("holidays-load"), {"year": 2027}, follow=True).content.decode()
    assert f"Holidays of 2027: 0 added, 0 moved, {count} as they were." in page
    assert CalendarBlock.objects.count() == count
    for wrong in ("", "x", "1900", "9" * 30):
        press(desk, "holidays-load", status=400, year=wrong)
    assert desk.get(reverse("holidays-load")).status_code == 405
