"""Calendar blocks through the API, and what they say to a session that is planned."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from almanac.models import CalendarBlock
from almanac.states import BlockKind, Effect
from common.models import Event
from programs.models import Cohort, Session, Venue
from tests.api.conftest import Caller
from tests.factories import NOW, CalendarBlockFactory, EnrollmentFactory, lay_region
from villages.models import Region, Village

BLOCKS, SESSIONS = "/api/v1/calendar-blocks/", "/api/v1/sessions/"
FEAST: dict[str, Any] = {
    "name": "Haul desa",
    "kind": "village_event",
    "starts_on": "2026-11-03",
    "ends_on": "2026-11-03",
    "source": "Kontak desa Parengan",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def desk(ask: Caller, sari: User) -> APIClient:
    return ask(sari)


@pytest.fixture
def body(cohort: Cohort, venue: Venue) -> dict[str, Any]:
    return {
        "program": cohort.program_id,
        "module": "design",
        "cohorts": [cohort.pk],
        "venue": venue.pk,
        "mode": "in_person",
        "starts_at": "2026-10-08T09:00:00+07:00",
        "ends_at": "2026-10-08T11:30:00+07:00",
    }


def test_block_is_created_read_changed_and_deleted(desk: APIClient, region: Region) -> None:
    made = desk.post(BLOCKS, {**FEAST, "region": "35.24.10.2009"})
    assert made.status_code == 201, made.data
    assert made.data == {
        "id": made.data["id"],
        "recurrence": "none",
        "weekday": None,
        "pasaran": "",
        "effect": "warn",
        "from_time": None,
        "until_time": None,
        "estimated": False,
        "region": "35.24.10.2009",
        **FEAST,
        "when": "Tue, 3 Nov 2026",
    }
    address = f"{BLOCKS}{made.data['id']}/"
    changed = desk.patch(address, {"effect": "block", "from_time": "07:00", "until_time": "12:00"})
    assert (changed.status_code, changed.data["effect"], changed.data["name"]) == (200, "block", "Haul desa")
    assert desk.get(address).data["when"] == "Tue, 3 Nov 2026 07.00–12.00"
    assert desk.delete(address).status_code == 204
    assert desk.get(address).status_code == desk.delete(address).status_code == 404


def test_market_day_recurs_in_fives(desk: APIClient) -> None:
    market = {"name": "Hari pasar", "kind": "market_day", "starts_on": "2026-01-01", "ends_on": None}
    made = desk.post(BLOCKS, {**market, "recurrence": "pasaran", "pasaran": "pon"})
    assert (made.status_code, made.data["when"]) == (201, "every Pon")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "a\x01b"}, "name"),
        ({"kind": "harvest"}, "kind"),
        ({"starts_on": "3/11/2026"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"ends_on": "2026-11-02"}, "non_field_errors"),
        ({"ends_on": None}, "non_field_errors"),
        ({"recurrence": "weekly"}, "non_field_errors"),
        ({"recurrence": "weekly", "weekday": 9}, "weekday"),
        ({"pasaran": "pon"}, "non_field_errors"),
        ({"from_time": "07:00"}, "non_field_errors"),
        ({"from_time": "25:00"}, "from_time"),
        ({"region": "99"}, "region"),
        ({"effect": "ignore"}, "effect"),
        ({"estimated": "perhaps"}, "estimated"),
    ],
)
def test_wrong_input_is_said_by_field(desk: APIClient, wrong: dict[str, Any], field: str) -> None:
    answer = desk.post(BLOCKS, {**FEAST, **wrong})
    assert answer.status_code == 400
    assert field in answer.data["errors"]
    assert not CalendarBlock.objects.exists()


def test_list_has_the_filters_of_the_page(desk: APIClient, region: Region) -> None:
    lay_region("52.02.02.2004")
    CalendarBlockFactory.create(name="country")
    CalendarBlockFactory.create(name="village", region=region, starts_on=date(2026, 12, 1))
    CalendarBlockFactory.create(name="lombok", region_id="52.02.02.2004", kind=BlockKind.MARKET_DAY)

    def names(**asked: str) -> list[str]:
        return [row["name"] for row in desk.get(BLOCKS, asked).data["results"]]

    assert names(ordering="starts_on")[-1] == "village"
    assert names(kind="market_day") == ["lombok"]
    assert names(region="35.24", ordering="starts_on") == ["country", "village"]
    assert names(**{"from": "2026-11-01"}) == ["village"]
    assert sorted(names(to="2026-10-31")) == ["country", "lombok"]
    for wrong in ({"from": "x"}, {"region": "11.1"}, {"kind": "x"}, {"colour": "red"}):
        assert desk.get(BLOCKS, wrong).status_code == 400


def test_mentor_speaks_for_own_villages_and_changes_only_their_own(
    ask: Caller, made: User, parengan: Village, observer: User
) -> None:
    other = CalendarBlockFactory.create(region=parengan.region)
    mentor = ask(made)
    assert mentor.post(BLOCKS, FEAST).status_code == 400
    assert "region" in mentor.post(BLOCKS, {**FEAST, "region": "35.24"}).data["errors"]
    mine = mentor.post(BLOCKS, {**FEAST, "region": parengan.region_id, "effect": "block"})
    assert mine.status_code == 201
    assert mentor.patch(f"{BLOCKS}{mine.data['id']}/", {"name": "Haul"}).status_code == 200
    assert mentor.patch(f"{BLOCKS}{other.pk}/", {"name": "Haul"}).status_code == 403
    assert mentor.delete(f"{BLOCKS}{other.pk}/").status_code == 403
    assert ask(observer).post(BLOCKS, FEAST).status_code == 403
    assert mentor.delete(f"{BLOCKS}{mine.data['id']}/").status_code == 204


# -- What a program hears about a session -----------------------------------------------------------------------------


def test_program_is_told_and_goes_on(desk: APIClient, body: dict[str, Any]) -> None:
    CalendarBlockFactory.create(name="Christmas")
    answer = desk.post(SESSIONS, body)
    assert answer.status_code == 201, answer.data
    assert (answer.data["warnings"], answer.data["override_reason"]) == (["Christmas"], "")
    session = Session.objects.get()
    passed = Event.objects.about(session).get().facts["passed"]
    assert [caution["kind"] for caution in passed] == ["public_holiday"]
    scheduled = desk.post(f"{SESSIONS}{session.pk}/schedule/")
    assert (scheduled.status_code, scheduled.data["warnings"]) == (200, ["Christmas"])
    moved = {"starts_at": "2026-10-09T09:00:00+07:00", "ends_at": "2026-10-09T11:00:00+07:00", "reason": "Flood"}
    assert desk.post(f"{SESSIONS}{session.pk}/reschedule/", moved).data["warnings"] == []
    assert "warnings" not in desk.get(f"{SESSIONS}{session.pk}/").data


def test_reason_that_a_program_gives_is_kept(desk: APIClient, body: dict[str, Any]) -> None:
    CalendarBlockFactory.create(name="Christmas")
    CalendarBlockFactory.create(name="Feast", starts_on=date(2026, 10, 9))
    made = desk.post(SESSIONS, {**body, "override_reason": "The weavers asked"})
    assert made.data["override_reason"] == "The weavers asked"
    address = f"{SESSIONS}{made.data['id']}/"
    assert desk.patch(address, {"topic": "Dyes"}).data["override_reason"] == "The weavers asked"
    assert desk.patch(address, {"override_reason": "They insist"}).data["override_reason"] == "They insist"
    assert desk.post(f"{address}schedule/").data["override_reason"] == "They insist"
    moved = {"starts_at": "2026-10-09T09:00:00+07:00", "ends_at": "2026-10-09T11:00:00+07:00", "reason": "Flood"}
    answer = desk.post(f"{address}reschedule/", {**moved, "override_reason": "No other hall"})
    assert (answer.data["override_reason"], answer.data["warnings"]) == ("No other hall", ["Feast"])
    revisions = desk.get(f"{address}revisions/").data["results"]
    assert [row["override_reason"] for row in revisions] == ["They insist", "No other hall"]


@pytest.mark.parametrize("wrong", ["", "  ", "a" * 301, 7, None])
def test_reason_that_is_none_is_refused(desk: APIClient, body: dict[str, Any], wrong: object) -> None:
    CalendarBlockFactory.create()
    answer = desk.post(SESSIONS, {**body, "override_reason": wrong})
    assert answer.status_code == 400
    assert "override_reason" in answer.data["errors"]
    assert not Session.objects.exists()


def test_what_blocks_is_a_conflict(desk: APIClient, body: dict[str, Any]) -> None:
    made = desk.post(SESSIONS, body)
    CalendarBlockFactory.create(name="Haul desa", effect=Effect.BLOCK)
    for answer in (
        desk.post(f"{SESSIONS}{made.data['id']}/schedule/", {"override_reason": "The weavers asked"}),
        desk.patch(f"{SESSIONS}{made.data['id']}/", {"topic": "Dyes"}),
    ):
        assert answer.status_code == 409
        assert answer.data["detail"] == "Haul desa: nothing is planned then. Choose another time."
    assert Session.objects.get().state == "draft"


def test_more_people_than_places_is_a_warning_too(desk: APIClient, body: dict[str, Any], cohort: Cohort) -> None:
    EnrollmentFactory.create_batch(2, cohort=cohort)
    answer = desk.post(SESSIONS, {**body, "capacity": 1})
    assert answer.data["warnings"] == ["2 people take part; this session has room for 1."]


def test_program_says_how_long_its_trainers_travel(desk: APIClient, cohort: Cohort) -> None:
    address = f"/api/v1/programs/{cohort.program_id}/"
    assert desk.get(address).data["travel_buffer"] == 60
    assert desk.patch(address, {"travel_buffer": 90}).data["travel_buffer"] == 90
    assert desk.patch(address, {"travel_buffer": 1441}).status_code == 400
    assert desk.patch(address, {"travel_buffer": -1}).status_code == 400
