"""Sessions through the API, from the draft to the closed sheet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from programs.models import Cohort, Enrollment, Session, Trainer, Venue
from tests.api.conftest import Caller
from tests.factories import NOW, CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory, reachable_person

SESSIONS = "/api/v1/sessions/"


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def enrollments(cohort: Cohort) -> list[Enrollment]:
    return [
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=name))
        for name in ("Ani", "Budi", "Cici")
    ]


@pytest.fixture
def body(cohort: Cohort, trainer: Trainer, venue: Venue) -> dict[str, Any]:
    return {
        "program": cohort.program_id,
        "module": "design",
        "cohorts": [cohort.pk],
        "trainers": [trainer.pk],
        "venue": venue.pk,
        "mode": "in_person",
        "starts_at": "2026-10-05T09:00:00+07:00",
        "ends_at": "2026-10-05T11:30:00+07:00",
        "capacity": 20,
    }


@pytest.fixture
def desk(ask: Caller, sari: User) -> APIClient:
    return ask(sari)


@pytest.fixture
def planned(desk: APIClient, body: dict[str, Any], enrollments: list[Enrollment]) -> str:
    answer = desk.post(SESSIONS, body)
    assert answer.status_code == 201, answer.data
    return f"{SESSIONS}{answer.data['id']}/"


@pytest.fixture
def scheduled(desk: APIClient, planned: str) -> str:
    assert desk.post(f"{planned}schedule/").data["state"] == "scheduled"
    return planned


def test_session_is_planned_as_a_draft_with_the_names_of_the_contract(
    desk: APIClient, planned: str, body: dict[str, Any]
) -> None:
    shown = desk.get(planned).data
    assert {name: shown[name] for name in body} == {
        **body,
        "starts_at": "2026-10-05T02:00:00Z",
        "ends_at": "2026-10-05T04:30:00Z",
    }
    assert (shown["state"], shown["revision"], shown["zone"], shown["minutes"]) == ("draft", 1, "Asia/Jakarta", 150)


def test_draft_is_changed_in_part_and_a_promise_is_not(desk: APIClient, planned: str) -> None:
    changed = desk.patch(planned, {"capacity": 12, "topic": "Motif baru"})
    assert (changed.data["capacity"], changed.data["topic"], changed.data["minutes"]) == (12, "Motif baru", 150)
    desk.post(f"{planned}schedule/")
    refused = desk.patch(planned, {"capacity": 13})
    assert refused.status_code == 409
    assert refused.data["detail"].startswith("This session is no longer a draft.")


def test_scheduling_twice_is_refused(desk: APIClient, scheduled: str) -> None:
    again = desk.post(f"{scheduled}schedule/")
    assert again.status_code == 409
    assert again.data["type"] == "urn:desa-devisa:problem:refused"


def test_rescheduling_adds_a_revision_and_keeps_the_venue(desk: APIClient, scheduled: str, venue: Venue) -> None:
    moved = {"starts_at": "2026-10-06T09:00:00+07:00", "ends_at": "2026-10-06T11:00:00+07:00"}
    assert "reason" in desk.post(f"{scheduled}reschedule/", moved).data["errors"]
    answer = desk.post(f"{scheduled}reschedule/", {**moved, "reason": "Market day"})
    assert (answer.status_code, answer.data["revision"], answer.data["venue"]) == (200, 2, venue.pk)
    revisions = desk.get(f"{scheduled}revisions/").data["results"]
    assert [(row["number"], row["reason"], row["by"]["name"]) for row in revisions] == [
        (1, "", "Sari"),
        (2, "Market day", "Sari"),
    ]


def test_rescheduling_a_revision_that_is_gone_is_refused(desk: APIClient, scheduled: str) -> None:
    moved = {"starts_at": "2026-10-06T02:00:00Z", "ends_at": "2026-10-06T04:00:00Z", "reason": "Market day"}
    assert desk.get(scheduled)["ETag"] == '"1"'
    assert desk.post(f"{scheduled}reschedule/", moved, headers={"If-Match": '"1"'}).status_code == 200
    late = {**moved, "starts_at": "2026-10-06T03:00:00Z"}
    answer = desk.post(f"{scheduled}reschedule/", late, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.data["code"]) == (409, "stale")
    assert desk.post(f"{scheduled}cancel/", {"reason": "x"}, headers={"If-Match": '"1"'}).status_code == 409


def test_cancelling_needs_a_reason_and_frees_the_time(desk: APIClient, scheduled: str, body: dict[str, Any]) -> None:
    assert desk.post(f"{scheduled}cancel/", {}).status_code == 400
    taken = desk.post(SESSIONS, body)
    assert taken.status_code == 409
    assert "Choose another time." in taken.data["detail"]
    cancelled = desk.post(f"{scheduled}cancel/", {"reason": "Hall flooded"})
    assert (cancelled.data["state"], cancelled.data["reason"]) == ("cancelled", "Hall flooded")
    assert desk.post(SESSIONS, body).status_code == 201


def test_sheet_is_put_whole_and_again(
    desk: APIClient, scheduled: str, enrollments: list[Enrollment], today: time_machine.Traveller
) -> None:
    sheet = f"{scheduled}attendance/"
    rows: list[dict[str, Any]] = [
        {"enrollment": enrollments[0].pk, "state": "present"},
        {"enrollment": enrollments[1].pk, "state": "late", "minutes": 100},
        {"enrollment": enrollments[2].pk, "state": "excused", "reason": "sick"},
    ]
    assert [row["state"] for row in desk.get(sheet).data["rows"]] == ["expected"] * 3
    assert desk.put(sheet, {"rows": rows}).status_code == 409  # not begun
    today.move_to("2026-10-05T05:00:00Z")
    for _ in range(2):
        put = desk.put(sheet, {"rows": rows})
        assert put.status_code == 200, put.data
        assert [(row["person"]["name"], row["state"], row["minutes"], row["reason"]) for row in put.data["rows"]] == [
            ("Ani", "present", 150, ""),
            ("Budi", "late", 100, ""),
            ("Cici", "excused", 0, "sick"),
        ]
    long = desk.put(sheet, {"rows": [{**rows[0], "minutes": 151}]})
    assert (long.status_code, long.data["detail"]) == (400, "Nobody attends longer than the session lasted.")
    stranger = desk.put(sheet, {"rows": [{"enrollment": 10**9, "state": "present"}]})
    assert stranger.status_code == 400
    wrong = desk.put(sheet, {"rows": [{"enrollment": enrollments[0].pk, "state": "asleep"}]})
    assert list(wrong.data["errors"]) == ["rows.0.state"]
    assert desk.post(f"{scheduled}hold/").data["state"] == "held"
    assert desk.post(f"{scheduled}close/").data["state"] == "closed"
    assert desk.put(sheet, {"rows": rows}).status_code == 409


def test_holding_needs_marks_or_a_word_that_nobody_came(
    desk: APIClient, scheduled: str, today: time_machine.Traveller
) -> None:
    today.move_to("2026-10-05T05:00:00Z")
    assert desk.post(f"{scheduled}hold/").status_code == 409
    held = desk.post(f"{scheduled}hold/", {"nobody_came": True})
    assert (held.data["state"], held.data["nobody_came"]) == ("held", True)


def test_walk_in_gets_a_seat(desk: APIClient, scheduled: str, cohort: Cohort, today: time_machine.Traveller) -> None:
    today.move_to("2026-10-05T05:00:00Z")
    guest = PersonFactory.create(village=cohort.village, name="Dewi")
    answer = desk.post(f"{scheduled}walk-in/", {"cohort": cohort.pk, "person": {"id": guest.pk}})
    assert answer.status_code == 201, answer.data
    assert answer.data["rows"][-1]["person"] == {"id": guest.pk, "name": "Dewi"}
    assert desk.post(f"{scheduled}walk-in/", {"cohort": cohort.pk, "person": guest.pk}).status_code == 409


def test_mentor_marks_and_does_not_plan(
    ask: Caller, made: User, scheduled: str, body: dict[str, Any], enrollments: list[Enrollment]
) -> None:
    client = ask(made)
    assert client.get(scheduled).status_code == 200
    assert client.post(SESSIONS, body).status_code == 403
    assert client.post(f"{scheduled}cancel/", {"reason": "x"}).status_code == 403
    sheet = client.put(f"{scheduled}attendance/", {"rows": []})
    assert sheet.status_code == 409  # may, and the session has not begun


def test_foreign_keys_beyond_the_scope_do_not_exist(
    ask: Caller, rina: User, desk: APIClient, body: dict[str, Any], cohort: Cohort
) -> None:
    answer = ask(rina).post(SESSIONS, body)
    assert answer.status_code == 400
    assert set(answer.data["errors"]) == {"program", "cohorts"}
    strange = CohortFactory.create()
    assert set(desk.post(SESSIONS, {**body, "cohorts": [cohort.pk, strange.pk]}).data["errors"]) == {"cohorts"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("starts_at", "2026-10-05T09:00:00"),
        ("starts_at", "2026-10-05"),
        ("starts_at", "9999-12-31T23:59:59-12:00"),
        ("starts_at", 5),
        ("module", "weaving"),
        ("cohorts", []),
        ("cohorts", 7),
        ("cohorts", [True]),
        ("cohorts", [[1]]),
        ("cohorts", [10**40]),
        ("trainers", ["x"]),
        ("venue", None),
        ("venue", 1.5),
        ("venue", True),
        ("capacity", -1),
        ("capacity", 2**31),
        ("mode", "telepathy"),
        ("topic", "x" * 161),
        ("topic", 5),
        ("ends_at", "2026-10-05T08:00:00+07:00"),
        ("ends_at", "2026-10-07T08:00:00+07:00"),
    ],
)
def test_wrong_session_is_refused(desk: APIClient, body: dict[str, Any], field: str, wrong: object) -> None:
    answer = desk.post(SESSIONS, {**body, field: wrong})
    assert answer.status_code == 400, answer.data
    assert answer.data["errors"]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "scheduled"}, 1),
        ({"state": "draft"}, 0),
        ({"state": "unknown"}, None),
        ({"module": "design"}, 1),
        ({"module": "branding"}, 0),
        ({"region": "35.24"}, 1),
        ({"region": "52"}, 0),
        ({"from": "2026-10-05", "to": "2026-10-05"}, 1),
        ({"from": "2026-10-06"}, 0),
        ({"from": "soon"}, None),
        ({"search": "motif"}, 0),
        ({"search": "design"}, 1),
        ({"nothing": "1"}, None),
        ({"ordering": "password"}, None),
        ({"page_size": "201"}, None),
        ({"cursor": "abc"}, None),
    ],
)
@pytest.mark.usefixtures("scheduled")
def test_sessions_are_narrowed(desk: APIClient, asked: dict[str, str], found: int | None) -> None:
    answer = desk.get(SESSIONS, asked)
    assert answer.status_code == (200 if found is not None else 400), answer.data
    if found is not None:
        assert len(answer.data["results"]) == found
    else:
        assert answer.data["errors"]


def test_related_filters_keep_rows_once(
    desk: APIClient, scheduled: str, cohort: Cohort, made: User, trainer: Trainer, venue: Venue
) -> None:
    keys = {"program": cohort.program_id, "village": cohort.village_id, "cohort": cohort.pk, "mentor": made.pk}
    for name, key in {**keys, "trainer": trainer.pk, "venue": venue.pk}.items():
        assert len(desk.get(SESSIONS, {name: key}).data["results"]) == 1, name
        assert not desk.get(SESSIONS, {name: 10**9}).data.get("results"), name


def test_my_schedule_is_what_lies_ahead(ask: Caller, made: User, scheduled: str, cohort: Cohort) -> None:
    SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=NOW - timedelta(days=2), state="held")
    rows = ask(made).get("/api/v1/me/schedule/").data["results"]
    assert [row["id"] for row in rows] == [Session.objects.get(state="scheduled").pk]


def test_messages_of_a_session_name_people_and_no_number(desk: APIClient, scheduled: str) -> None:
    rows = desk.get(f"{scheduled}messages/").data["results"]
    assert {row["kind"] for row in rows} >= {"invitation", "h1"}
    assert {person["name"] for row in rows for person in row["people"]} == {"Ani", "Budi", "Cici"}
    assert "+62" not in str(rows)


@pytest.mark.usefixtures("made")
def test_joint_session_is_listed_once_whatever_the_filter(desk: APIClient, cohort: Cohort) -> None:
    second = CohortFactory.create(program=cohort.program, village=cohort.village)
    joint = SessionFactory.create(program=cohort.program, cohorts=[cohort, second])
    for asked in ({"region": "35"}, {"village": cohort.village_id}, {"program": cohort.program_id}, {}):
        assert [row["id"] for row in desk.get(SESSIONS, asked).data["results"]] == [joint.pk], asked
