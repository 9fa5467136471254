"""The main job through the API by a program of its own, over HTTP: from sign-in to a progress figure."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from programs.models import Cohort, Trainer, Venue
from tests.factories import PASSWORD, ContactPointFactory, lay_requirements, reachable_person

START = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=True) as traveller:
        yield traveller


def signed_in(server: LiveServer, user: User) -> httpx.Client:
    client = httpx.Client(base_url=f"{server.url}/api/v1/", headers={"Accept-Language": "en"}, timeout=30)
    answer = client.post("auth/login/", json={"login": user.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Token {answer.json()['token']}"
    return client


@pytest.mark.django_db(transaction=True)
def test_the_main_job_runs_over_http(
    live_server: LiveServer,
    clock: time_machine.Traveller,
    sari: User,
    made: User,
    cohort: Cohort,
    trainer: Trainer,
    venue: Venue,
) -> None:
    lay_requirements(cohort)
    household = ContactPointFactory.create()
    people = [reachable_person(cohort.village, name=name, number=household) for name in ("Ani Rahma", "Budi Santoso")]
    with closing(signed_in(live_server, sari)) as desk, closing(signed_in(live_server, made)) as phone:
        seats = enroll(desk, cohort, [person.pk for person in people])
        session = plan(desk, cohort, trainer, venue)
        assert told(desk, session) == {"invitation", "h3", "h1", "h0"}
        move(desk, session)
        assert told(desk, session) == {"invitation", "h3", "h1", "h0"}  # nobody had been told the old time yet
        clock.move_to(START + timedelta(days=6))
        hold(desk, session, seats)
        visit(desk, phone, cohort, people[0].pk)
        [row] = desk.get("progress/villages/", params={"program": cohort.program_id}).json()["results"]
        cells = {cell["module"]: cell for cell in row["modules"]}
        assert (cells["design"]["delivered"], cells["design"]["percent"]) == (120, 33)
        assert (cells["handholding"]["delivered"], cells["handholding"]["percent"]) == (1, 50)
        assert (row["percent"], row["attendance"]) == ((33 + 50) // 11, 50)
        assert desk.post("auth/logout/").status_code == 204
        assert desk.get("me/").status_code == 401


def enroll(desk: httpx.Client, cohort: Cohort, people: list[int]) -> list[int]:
    answers = [desk.post("enrollments/", json={"cohort": cohort.pk, "person": person}) for person in people]
    assert [answer.status_code for answer in answers] == [201, 201]
    return [answer.json()["id"] for answer in answers]


def plan(desk: httpx.Client, cohort: Cohort, trainer: Trainer, venue: Venue) -> str:
    body = {
        "program": cohort.program_id,
        "module": "design",
        "cohorts": [cohort.pk],
        "trainers": [trainer.pk],
        "venue": venue.pk,
        "mode": "in_person",
        "starts_at": "2026-10-06T09:00:00+07:00",
        "ends_at": "2026-10-06T11:00:00+07:00",
        "capacity": 20,
    }
    drafted = desk.post("sessions/", json=body)
    assert (drafted.status_code, drafted.json()["state"]) == (201, "draft")
    assert desk.post("sessions/", json=body).status_code == 409
    session = f"sessions/{drafted.json()['id']}/"
    assert desk.post(f"{session}schedule/").json()["state"] == "scheduled"
    return session


def told(desk: httpx.Client, session: str) -> set[str]:
    rows = desk.get(f"{session}messages/").json()["results"]
    revision = desk.get(session).json()["revision"]
    live = [row for row in rows if row["state"] == "planned"]
    assert {row["state"] for row in rows if row["revision"] < revision} <= {"superseded"}
    assert {row["revision"] for row in live} == {revision}
    assert all({person["name"] for person in row["people"]} == {"Ani Rahma", "Budi Santoso"} for row in live)
    assert len({row["kind"] for row in live}) == len(live)  # one text per number
    return {row["kind"] for row in live}


def move(desk: httpx.Client, session: str) -> None:
    later = {"starts_at": "2026-10-06T13:00:00+07:00", "ends_at": "2026-10-06T15:00:00+07:00", "reason": "Market day"}
    moved = desk.post(f"{session}reschedule/", json=later)
    assert (moved.json()["revision"], moved.json()["starts_at"]) == (2, "2026-10-06T06:00:00Z")


def hold(desk: httpx.Client, session: str, seats: list[int]) -> None:
    rows = [{"enrollment": seats[0], "state": "present"}, {"enrollment": seats[1], "state": "absent"}]
    for _ in range(2):
        sheet = desk.put(f"{session}attendance/", json={"rows": rows})
        assert [row["minutes"] for row in sheet.json()["rows"]] == [120, 0]
    assert desk.post(f"{session}hold/").json()["state"] == "held"
    assert desk.post(f"{session}close/").json()["state"] == "closed"


def visit(desk: httpx.Client, phone: httpx.Client, cohort: Cohort, person: int) -> None:
    address = f"visits/{uuid4()}/"
    body = {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "visited_at": "2026-10-05T10:00:00+07:00",
        "mode": "on_site",
        "modules": ["handholding"],
        "summary": "Looked at the looms.",
        "attendees": [{"person": person}],
        "location": None,
        "state": "submitted",
    }
    assert [phone.put(address, json=body).status_code for _ in range(3)] == [201, 200, 200]
    assert phone.put(address, json={**body, "summary": "Other"}).status_code == 409
    assert desk.post(f"{address}approve/").json()["state"] == "approved"
