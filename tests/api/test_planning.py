"""Free slots, series and shifts for programs; and drafts that are thrown away."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from almanac.states import Effect
from programs.models import Cohort, Session, Trainer, Venue
from tests.api.conftest import Caller
from tests.factories import CalendarBlockFactory, CohortFactory, TrainerFactory, VenueFactory
from tests.programs.plans import START, draft, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SLOTS, SHIFT = "/api/v1/sessions/free-slots/", "/api/v1/sessions/shift/"
WEEK = timedelta(days=7)


@pytest.fixture
def desk(ask: Caller, sari: User) -> APIClient:
    return ask(sari)


def series_of(cohort: Cohort) -> str:
    return f"/api/v1/cohorts/{cohort.pk}/series/"


def free(client: APIClient, asked: dict[str, Any]) -> Any:
    """Search."""
    return client.get(SLOTS, asked)


# -- Free slots -------------------------------------------------------------------------------------------------------


def test_free_slots_answer_for_all_at_once(
    desk: APIClient, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    other = CohortFactory.create(program=cohort.program)
    draft(cohort, None, mode="online", by=sari)  # 10.00-12.00
    hall = VenueFactory.create()
    draft(other, hall, trainers=[trainer], starts_at=START + timedelta(hours=3), by=sari)  # 13.00
    CalendarBlockFactory.create(name="Hari pasar", from_time="05:00", until_time="08:30")
    asked = {"from": "2026-10-08", "to": "2026-10-08", "minutes": 120, "cohort": cohort.pk, "trainer": trainer.pk}
    answer = free(desk, {**asked, "venue": venue.pk})
    assert answer.status_code == 200, answer.data
    assert answer.data == [
        {
            "starts_at": "2026-10-08T01:00:00Z",
            "ends_at": "2026-10-08T03:00:00Z",
            "warnings": ["Hari pasar 05.00–08.30"],
        },
        {
            "starts_at": "2026-10-08T08:00:00Z",
            "ends_at": "2026-10-08T10:00:00Z",
            "warnings": [
                f"Pak Wayan has “Design” at {hall} until 15.00 WIB. 0 minutes for the way, the program asks for 60."
            ],
        },
    ]


def test_free_slots_of_several_are_free_for_each(desk: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    second, hall = CohortFactory.create(program=cohort.program), VenueFactory.create()
    draft(second, hall, by=sari)
    asked = {"from": "2026-10-08", "to": "2026-10-08", "minutes": 540}
    assert free(desk, {**asked, "cohort": cohort.pk}).data
    assert not free(desk, {**asked, "cohort": [cohort.pk, second.pk]}).data
    assert not free(desk, {**asked, "venue": [venue.pk, hall.pk]}).data


def test_free_slots_of_a_trainer_alone(desk: APIClient, trainer: Trainer) -> None:
    CalendarBlockFactory.create(name="Libur")
    found = free(desk, {"trainer": trainer.pk, "from": "2026-10-08", "to": "2026-10-08"}).data
    assert (len(found), found[0]["warnings"]) == (15, ["Libur"])


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [
        ("2026-10-08T09:15:00+07:00", "2026-10-08T12:00:00+07:00", "2026-10-08T02:30:00Z"),
        ("2026-10-08T02:15:00Z", "2026-10-09", "2026-10-08T02:30:00Z"),
        ("", "", "2026-10-01T03:00:00Z"),
    ],
)
def test_free_slots_read_days_and_moments(desk: APIClient, cohort: Cohort, start: str, end: str, first: str) -> None:
    answer = free(desk, {"cohort": cohort.pk, "from": start, "to": end})
    assert answer.data[0]["starts_at"] == first
    raw = f"{SLOTS}?cohort={cohort.pk}&from={start}&to={end}"  # a plus in an address is a space
    assert desk.get(raw).data == answer.data


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from": "soon"}, "from"),
        ({"from": "10/13/2026"}, "from"),
        ({"from": "2026-13-01"}, "from"),
        ({"from": "2026-10-08T09:00:00"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"to": "2026-10-07"}, "to"),
        ({"to": "2027-10-08"}, "to"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "541"}, "minutes"),
        ({"minutes": "x"}, "minutes"),
        ({"minutes": "9" * 40}, "minutes"),
        ({"trainer": "x"}, "trainer"),
        ({"venue": "-1"}, "venue"),
        ({"cohort": "9" * 40}, "cohort"),
        ({"cohort": [str(key) for key in range(60)]}, "cohort"),
        ({"cohort": ""}, "cohort"),
        ({"cohort": []}, "cohort"),
        ({"nothing": "1"}, "nothing"),
    ],
)
def test_wrong_search_is_refused_in_words(desk: APIClient, cohort: Cohort, wrong: dict[str, Any], field: str) -> None:
    answer = free(desk, {"from": "2026-10-08", "to": "2026-10-09", "cohort": cohort.pk, **wrong})
    assert answer.status_code == 400, answer.data
    assert list(answer.data["errors"]) == [field]


def test_hidden_ids_are_like_unknown_ones(desk: APIClient, cohort: Cohort, rina: User) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    hidden = free(desk, {"cohort": foreign.pk})
    unknown = free(desk, {"cohort": 10**9})
    assert hidden.status_code == unknown.status_code == 400
    assert hidden.data["errors"] == {"cohort": [f"There is no such row for you: {foreign.pk}."]}


def test_free_slots_cost_the_same_whatever_is_there(desk: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    costs = []
    asked = {"from": "2026-10-02", "to": "2026-12-30", "cohort": cohort.pk, "venue": venue.pk}
    free(desk, asked)
    for n in range(7):
        draft(cohort, venue, trainers=[TrainerFactory.create()], starts_at=START + n * WEEK, by=sari)
        CalendarBlockFactory.create(starts_on=(START + timedelta(days=n)).date())
        with CaptureQueriesContext(connection) as queries:
            assert free(desk, asked).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[-1] <= 14


# -- Series -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def body(venue: Venue, trainer: Trainer) -> dict[str, Any]:
    return {
        "module": "design",
        "trainers": [trainer.pk],
        "venue": venue.pk,
        "weekdays": [4],
        "from": "2026-10-08",
        "starts": "10:00",
        "ends": "12:00",
        "count": 3,
    }


def test_series_is_planned(desk: APIClient, cohort: Cohort, body: dict[str, Any]) -> None:
    answer = desk.post(series_of(cohort), body)
    assert answer.status_code == 201, answer.data
    rows = Session.objects.filter(pk__in=answer.data["sessions"]).order_by("starts_at")
    assert [row.starts_at for row in rows] == [START + n * WEEK for n in range(3)]
    assert {row.state for row in rows} == {"draft"}


def test_series_is_scheduled_for_several_cohorts_at_chosen_times(
    desk: APIClient, cohort: Cohort, venue: Venue, body: dict[str, Any]
) -> None:
    other = CohortFactory.create(program=cohort.program)
    times = [{"starts_at": "2026-10-08T10:00:00+07:00", "ends_at": "2026-10-08T12:00:00+07:00"}]
    given = {"module": "design", "venue": venue.pk, "times": times, "cohorts": [cohort.pk, other.pk], "schedule": True}
    answer = desk.post(series_of(cohort), given)
    assert answer.status_code == 201, answer.data
    session = Session.objects.get()
    assert (session.state, {*session.cohorts.all()}) == ("scheduled", {cohort, other})


def test_dry_run_tells_what_each_time_meets_and_writes_nothing(
    desk: APIClient, cohort: Cohort, venue: Venue, body: dict[str, Any], sari: User
) -> None:
    draft(CohortFactory.create(program=cohort.program), venue, topic="Loom care", by=sari)
    CalendarBlockFactory.create(name="Libur", starts_on=(START + WEEK).date())
    answer = desk.post(f"{series_of(cohort)}?dry_run=true", body)
    assert answer.status_code == 200, answer.data["errors"]
    taken, warned, free = answer.data["times"]
    assert (taken["possible"], warned["possible"], free["possible"]) == (False, True, True)
    assert "Loom care" in taken["clashes"][0]
    assert taken["nearest"]["starts_at"] == "2026-10-08T01:00:00Z"
    assert (warned["warnings"], free["warnings"], free["nearest"]) == (["Libur"], [], None)
    assert Session.objects.count() == 1
    refused = desk.post(series_of(cohort), body)
    assert (refused.status_code, Session.objects.count()) == (409, 1)
    assert "Loom care" in refused.data["detail"]


def test_a_dry_run_that_cannot_be_read_writes_nothing(
    desk: APIClient, cohort: Cohort, venue: Venue, body: dict[str, Any], sari: User
) -> None:
    assert desk.post(f"{series_of(cohort)}?dry_run=perhaps", body).status_code == 400
    assert not Session.objects.exists()
    scheduled(cohort, venue, by=sari)
    given = {"program": cohort.program_id, "from": "2026-10-08", "days": 7, "reason": "Harvest"}
    assert desk.post(f"{SHIFT}?dry_run=perhaps", given).status_code == 400
    assert Session.objects.get().revision == 1


def test_series_that_passes_a_warning_says_why_or_writes_it_down(
    desk: APIClient, cohort: Cohort, body: dict[str, Any]
) -> None:
    CalendarBlockFactory.create(name="Libur")
    assert desk.post(series_of(cohort), {**body, "override_reason": "They asked"}).status_code == 201
    assert Session.objects.get(starts_at=START).override_reason == "They asked"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [8]}, "weekdays.0"),
        ({"weekdays": "4"}, "weekdays"),
        ({"from": "8/10/2026"}, "from"),
        ({"from": None}, "from"),
        ({"starts": "late"}, "starts"),
        ({"ends": "10:00"}, "ends"),
        ({"count": 61}, "count"),
        ({"count": None}, "count"),
        ({"until": "2026-12-01"}, "count"),
        ({"module": "weaving"}, "module"),
        ({"venue": None}, "venue"),
        ({"times": [{"starts_at": "2026-10-08T10:00:00", "ends_at": "x"}]}, "times.0.starts_at"),
        ({"override_reason": "x" * 301}, "override_reason"),
    ],
)
def test_wrong_series_is_refused_in_words(
    desk: APIClient, cohort: Cohort, body: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    answer = desk.post(series_of(cohort), {**body, **wrong})
    assert answer.status_code == 400, answer.data
    assert field in answer.data["errors"] or "venue" in answer.data["detail"]
    assert not Session.objects.exists()


# -- Shifts -----------------------------------------------------------------------------------------------------------


def test_row_is_shifted_after_a_dry_run(desk: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    rows = [scheduled(cohort, venue, starts_at=START + n * WEEK, by=sari) for n in range(2)]
    given = {"program": cohort.program_id, "from": "2026-10-08", "days": 7, "reason": "Harvest"}
    dry = desk.post(f"{SHIFT}?dry_run=true", given)
    assert dry.status_code == 200, dry.data
    assert [(move["session"], move["starts_at"], move["possible"], move["told"]) for move in dry.data["moves"]] == [
        (rows[0].pk, "2026-10-15T03:00:00Z", True, True),
        (rows[1].pk, "2026-10-22T03:00:00Z", True, True),
    ]
    assert set(Session.objects.values_list("revision", flat=True)) == {1}
    seen = {str(row.pk): 1 for row in rows}
    assert desk.post(SHIFT, {**given, "revisions": seen}).status_code == 200
    assert set(Session.objects.values_list("revision", flat=True)) == {2}
    stale = desk.post(SHIFT, {**given, "revisions": seen})
    assert (stale.status_code, stale.data["code"]) == (409, "stale")
    assert set(Session.objects.values_list("revision", flat=True)) == {2}


def test_shift_that_cannot_be_moves_nothing(desk: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    scheduled(cohort, venue, by=sari)
    CalendarBlockFactory.create(name="Sedekah bumi", starts_on=(START + WEEK).date(), effect=Effect.BLOCK)
    given = {"program": cohort.program_id, "from": "2026-10-08", "days": 7, "reason": "Harvest"}
    (move,) = desk.post(f"{SHIFT}?dry_run=1", given).data["moves"]
    assert (move["possible"], "Sedekah bumi" in move["warnings"][0]) == (False, True)
    assert desk.post(SHIFT, given).status_code == 409
    assert Session.objects.get().starts_at == START


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"days": 0}, 400),
        ({"days": 400}, 400),
        ({"days": -30}, 400),
        ({"from": "soon"}, 400),
        ({"from": "2027-01-01"}, 400),
        ({"clock": "25:00"}, 400),
        ({"reason": ""}, 400),
        ({"revisions": {"1": 0}}, 400),
        ({"revisions": {}}, 409),
        ({"program": 10**9}, 400),
        ({"cohorts": [10**9]}, 400),
    ],
)
def test_wrong_shift_is_refused(
    desk: APIClient, cohort: Cohort, venue: Venue, sari: User, wrong: dict[str, Any], status: int
) -> None:
    scheduled(cohort, venue, by=sari)
    given = {"program": cohort.program_id, "from": "2026-10-08", "days": 7, "reason": "Harvest", **wrong}
    assert desk.post(SHIFT, given).status_code == status
    assert Session.objects.get().revision == 1


def test_another_coordinator_shifts_and_plans_nothing(
    ask: Caller, rina: User, cohort: Cohort, venue: Venue, body: dict[str, Any], sari: User
) -> None:
    scheduled(cohort, venue, by=sari)
    given = {"program": cohort.program_id, "from": "2026-10-08", "days": 7, "reason": "Harvest"}
    assert ask(rina).post(SHIFT, given).status_code == 400
    assert ask(rina).post(series_of(cohort), body).status_code == 404


# -- Drafts and the past ----------------------------------------------------------------------------------------------


def test_draft_is_deleted_and_nothing_else_is(desk: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    planned = draft(cohort, venue, by=sari)
    address = f"/api/v1/sessions/{planned.pk}/"
    assert desk.delete(address).status_code == 204
    assert desk.delete(address).status_code == 404
    promised = scheduled(cohort, venue, by=sari)
    refused = desk.delete(f"/api/v1/sessions/{promised.pk}/")
    assert (refused.status_code, refused.data["code"]) == (409, "refused")
    assert Session.objects.get() == promised


def test_move_into_the_past_is_questioned(
    desk: APIClient, cohort: Cohort, venue: Venue, sari: User, clock: time_machine.Traveller
) -> None:
    session = scheduled(cohort, venue, by=sari)
    moved = {"starts_at": "2026-09-30T03:00:00Z", "ends_at": "2026-09-30T05:00:00Z", "reason": "Was a day earlier"}
    address = f"/api/v1/sessions/{session.pk}/reschedule/"
    assert desk.post(address, {**moved, "took_place": False}).status_code == 400
    assert desk.post(address, moved).status_code == 200
