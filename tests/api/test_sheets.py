"""The sheet through the API: versions, corrections, paper, the code of the room, photos, and who keeps away."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from attendance.models import SheetPhoto
from attendance.sheet import sheet_code
from programs.models import Cohort, Enrollment, Session, Venue
from tests.api.conftest import Caller
from tests.api.world import keeps_away
from tests.factories import NOW, EnrollmentFactory, reachable_person
from tests.programs.plans import scheduled

SHEET = "/api/v1/sessions/{}/attendance/"
PHOTO = "/api/v1/sheet-photos/{}/"


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return [
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=name))
        for name in ("Ani", "Budi", "Cici")
    ]


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User) -> Session:
    return scheduled(cohort, venue, starts_at=NOW - timedelta(hours=1), by=sari)


@pytest.fixture
def desk(ask: Caller, sari: User) -> APIClient:
    return ask(sari)


def states(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.data
    return [row["state"] for row in answer.data["rows"]]


def test_sheet_tells_number_version_hand_and_code(desk: APIClient, running: Session, people: list[Enrollment]) -> None:
    desk.put(SHEET.format(running.pk), {"rows": [{"enrollment": people[1].pk, "state": "present"}]})
    answer = desk.get(SHEET.format(running.pk)).data
    assert answer["code"] == sheet_code(running)
    assert [row["number"] for row in answer["rows"]] == [1, 2, 3]
    assert [row["version"] for row in answer["rows"]] == [0, 1, 0]
    assert answer["rows"][1]["marked_by"]["name"] == "Sari"
    assert answer["rows"][1]["source"] == "trainer"
    assert answer["crossed"] == []


def test_whole_sheet_twice_is_one_sheet(desk: APIClient, running: Session, people: list[Enrollment]) -> None:
    body = {"rows": [{"enrollment": one.pk, "state": "present"} for one in people]}
    assert states(desk.put(SHEET.format(running.pk), body)) == ["present"] * 3
    assert [row["version"] for row in desk.put(SHEET.format(running.pk), body).data["rows"]] == [1, 1, 1]


def test_mark_of_an_old_version_crosses(desk: APIClient, running: Session, people: list[Enrollment]) -> None:
    one = people[0].pk
    desk.put(SHEET.format(running.pk), {"rows": [{"enrollment": one, "state": "absent", "version": 0}]})
    answer = desk.put(SHEET.format(running.pk), {"rows": [{"enrollment": one, "state": "present", "version": 0}]})
    assert states(answer)[0] == "absent"
    assert answer.data["crossed"] == [one]


def test_held_and_closed_sheets_are_corrected_with_a_reason(
    ask: Caller, desk: APIClient, made: User, running: Session, people: list[Enrollment]
) -> None:
    rows = [{"enrollment": one.pk, "state": "present"} for one in people]
    desk.put(SHEET.format(running.pk), {"rows": rows})
    desk.post(f"/api/v1/sessions/{running.pk}/hold/", {})
    rows[0]["state"] = "late"
    assert states(desk.put(SHEET.format(running.pk), {"rows": rows}))[0] == "late", "the contract's PUT needs no reason"
    desk.post(f"/api/v1/sessions/{running.pk}/close/")
    rows[0]["state"] = "absent"
    assert desk.put(SHEET.format(running.pk), {"rows": rows, "correction_reason": "x"}).status_code == 409
    correct = f"{SHEET.format(running.pk)}correct/"
    assert desk.post(correct, {"rows": rows}).status_code == 400
    assert desk.post(correct, {"rows": rows, "reason": " "}).status_code == 400
    assert ask(made).post(correct, {"rows": rows, "reason": "Paper"}).status_code == 403
    assert states(desk.post(correct, {"rows": rows, "reason": "Paper"}))[0] == "absent"
    assert running.seats.get(enrollment=people[0]).marks.latest("version").reason == "Paper"


def test_paper_is_entered_by_number(desk: APIClient, running: Session) -> None:
    address = f"{SHEET.format(running.pk)}by-number/"
    assert states(desk.post(address, {"rows": "1 2S", "rest_absent": True})) == ["present", "excused", "absent"]
    assert {row["source"] for row in desk.get(SHEET.format(running.pk)).data["rows"]} == {"paper"}
    for wrong in ({"rows": "9"}, {"rows": "1X"}, {"rows": "1 1"}, {}, {"rows": 5}):
        assert desk.post(address, wrong).status_code == 400


def test_code_of_the_room_is_shown_and_hidden(desk: APIClient, running: Session) -> None:
    address = f"/api/v1/sessions/{running.pk}/check-in-code/"
    first, second = desk.post(address, {}).data["code"], desk.post(address, {"open": True}).data["code"]
    assert len(first) == len(second) == 6
    assert first != second
    assert desk.post(address, {"open": False}).data == {"code": None, "opened_at": None}
    Session.objects.filter(pk=running.pk).update(ends_at=NOW - timedelta(minutes=1))
    assert desk.post(address, {}).status_code == 409


def picture(colour: str = "white", kind: str = "JPEG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (90, 60), colour).save(written, kind)
    return written.getvalue()


def put(desk: APIClient, key: object, session: object, sent: Any, kind: str = "image/jpeg") -> Any:
    return desk.generic("PUT", f"{PHOTO.format(key)}?session={session}", sent, content_type=kind)


def test_photo_is_put_once_and_given_back_clean(desk: APIClient, running: Session) -> None:
    key = uuid4()
    assert put(desk, key, running.pk, picture()).status_code == 201
    again = put(desk, key, running.pk, picture())
    assert (again.status_code, again.data["id"]) == (200, str(key))
    assert put(desk, uuid4(), running.pk, picture()).data["id"] == str(key), "the same page is one page"
    assert put(desk, key, running.pk, picture("grey")).status_code == 409
    assert put(desk, uuid4(), running.pk, picture("grey", "PNG"), "image/png").status_code == 201
    answer = desk.get(f"{PHOTO.format(key)}file/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert desk.get("/api/v1/sheet-photos/", {"session": str(running.pk), "count": "true"}).data["count"] == 2


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"<svg/>", "image/svg+xml", 415),
        (b"{}", "application/json", 415),
        (picture()[:-100], "image/jpeg", 400),
        (b"\xff" * (8 * 1024 * 1024 + 1), "image/jpeg", 413),
        (b"", "image/jpeg", 415),
    ],
)
def test_what_is_no_photo_is_refused_by_its_status(
    desk: APIClient, running: Session, sent: bytes, kind: str, status: int
) -> None:
    answer = put(desk, uuid4(), running.pk, sent, kind)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not SheetPhoto.objects.exists()


@pytest.mark.parametrize("session", ["", "0", "x", "9" * 30, "99999999"])
def test_photo_needs_a_session_of_ones_own(desk: APIClient, running: Session, session: str) -> None:
    assert put(desk, uuid4(), session, picture()).status_code == 404
    assert put(desk, "no-key", running.pk, picture()).status_code == 404


def test_photo_of_a_strangers_session_is_not_kept(ask: Caller, rina: User, running: Session) -> None:
    assert put(ask(rina), uuid4(), running.pk, picture()).status_code == 404


def test_photo_is_removed_with_a_reason(desk: APIClient, running: Session) -> None:
    key = uuid4()
    put(desk, key, running.pk, picture())
    assert desk.post(f"{PHOTO.format(key)}remove/", {}).status_code == 400
    assert desk.post(f"{PHOTO.format(key)}remove/", {"reason": "Wrong sheet"}).status_code == 204
    assert desk.post(f"{PHOTO.format(key)}remove/", {"reason": "Wrong sheet"}).status_code == 404


def test_who_keeps_away_is_listed_and_noted(desk: APIClient, cohort: Cohort) -> None:
    person = keeps_away(cohort)
    (row,) = desk.get("/api/v1/attendance/absences/", {"cohort": cohort.pk}).data["results"]
    assert (row["id"], row["absences"], row["seen_at"]) == (person.pk, 2, None)
    note = f"/api/v1/attendance/absences/{person.pk}/note/"
    assert desk.post(note, {"contacted": "person"}).status_code == 400
    answer = desk.post(note, {"contacted": "person", "outcome": "comes_again"})
    assert (answer.status_code, answer.data["seat"]) == (201, row["seat"])
    assert desk.post(note, {"contacted": "person", "outcome": "comes_again"}).status_code == 404
    assert desk.get("/api/v1/attendance/absences/").data["results"] == []
