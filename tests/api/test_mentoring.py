"""Visits from phones, their review, assignments and action items through the API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from accounts.models import User
from mentoring.models import HeldVersion, Visit
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.factories import NOW, ActionItemFactory, AttendeeFactory, PersonFactory, VisitFactory
from villages.models import Person, Village

VISITS, ITEMS, ASSIGNMENTS = "/api/v1/visits/", "/api/v1/action-items/", "/api/v1/assignments/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def body(cohort: Cohort, lidia: Person) -> dict[str, Any]:
    return {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "visited_at": "2026-09-30T14:30:00+07:00",
        "mode": "on_site",
        "modules": ["design", "handholding"],
        "summary": "Looked at the new motifs.",
        "attendees": [{"person": lidia.pk}, {"name": "Pak RT"}],
        "findings": [{"module": "design", "text": "Colours run."}, {"criterion": "quality", "text": "Even weave."}],
        "action_items": [{"id": str(uuid4()), "what": "Dye a sample", "owner": "Bu Lidia", "due_on": "2026-10-08"}],
        "location": {"lat": -7.112233445, "lon": 112.3, "accuracy": 12.4},
        "state": "draft",
    }


def test_visit_is_new_once_and_the_same_whatever_the_retries(ask: Caller, made: User, body: dict[str, Any]) -> None:
    client, address = ask(made), f"{VISITS}{uuid4()}/"
    first = client.put(address, body)
    assert first.status_code == 201, first.data
    assert first["ETag"] == '"1"'
    assert [client.put(address, body).status_code for _ in range(3)] == [200, 200, 200]
    assert Visit.objects.count() == 1
    shown = client.get(address)
    assert shown["ETag"] == '"1"'
    assert shown.data["visited_at"] == "2026-09-30T07:30:00Z"
    assert shown.data["location"] == {"lat": -7.11223, "lon": 112.3, "accuracy": 12}
    assert shown.data["modules"] == ["handholding", "design"]
    assert shown.data["attendees"][0]["person"]["name"] == "Lidia Wati"
    assert shown.data["attendees"][1] == {"person": None, "name": "Pak RT"}


def test_what_was_read_can_be_sent_back(ask: Caller, made: User, body: dict[str, Any]) -> None:
    client, address = ask(made), f"{VISITS}{uuid4()}/"
    client.put(address, body)
    read = client.get(address)
    again = client.put(address, read.json(), headers={"If-Match": read["ETag"]})
    assert again.status_code == 200
    assert again.data["attendees"] == read.data["attendees"]
    assert not HeldVersion.objects.exists()


def test_other_content_is_a_conflict_and_kept(ask: Caller, made: User, body: dict[str, Any]) -> None:
    client, address = ask(made), f"{VISITS}{uuid4()}/"
    client.put(address, body)
    other = client.put(address, {**body, "summary": "Something else"})
    assert other.status_code == 409
    assert other.data["code"] == "stale"
    assert other["ETag"] == '"1"'
    assert Visit.objects.get().summary == "Looked at the new motifs."
    assert HeldVersion.objects.count() == 1


def test_visit_changes_from_the_version_that_was_read(ask: Caller, made: User, body: dict[str, Any]) -> None:
    client, address = ask(made), f"{VISITS}{uuid4()}/"
    client.put(address, body)
    changed = client.put(address, {**body, "summary": "Better words"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    late = client.put(address, {**body, "summary": "Late words"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late["ETag"]) == (409, '"2"')
    assert client.put(address, body, headers={"If-Match": "soon"}).status_code == 400


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("village", 10**12),
        ("program", 10**12),
        ("cohort", 10**12),
        ("visited_at", "2026-09-30T14:30:00"),
        ("visited_at", "2026-11-30T14:30:00Z"),
        ("visited_at", "0001-01-01T00:00:00+14:00"),
        ("modules", ["weaving"]),
        ("attendees", [{}]),
        ("attendees", [{"person": 10**12}]),
        ("findings", [{"text": "About nothing"}]),
        ("action_items", [{"id": "1", "what": "x"}]),
        ("location", {"lat": 91, "lon": 0, "accuracy": 1}),
        ("location", {"lat": "nan", "lon": 0, "accuracy": 1}),
        ("state", "approved"),
        ("summary", "x" * 4001),
        ("summary", "bell \x07"),
        ("mode", ["on_site"]),
    ],
)
def test_wrong_visit_is_refused_by_field(
    ask: Caller, made: User, body: dict[str, Any], field: str, wrong: object
) -> None:
    answer = ask(made).put(f"{VISITS}{uuid4()}/", {**body, field: wrong})
    assert answer.status_code == 400, answer.data
    assert any(name.startswith(field) for name in answer.data["errors"])
    assert not Visit.objects.exists()


def test_key_of_someone_elses_visit_says_nothing_about_it(
    ask: Caller, ina: User, elsewhere: Village, body: dict[str, Any], cohort: Cohort
) -> None:
    visit = VisitFactory.create(cohort=cohort)
    cohort_there = Cohort.objects.create(
        program=cohort.program, village=elsewhere, name="x", starts_on=cohort.starts_on, ends_on=cohort.ends_on
    )
    mine = {**body, "village": elsewhere.pk, "program": cohort_there.program_id, "attendees": [], "action_items": []}
    client = ask(ina)
    answer = client.put(f"{VISITS}{visit.pk}/", mine)
    assert answer.status_code == 409
    assert "ETag" not in answer
    assert client.get(f"{VISITS}{visit.pk}/").status_code == 404
    assert client.put(f"{VISITS}not-a-key/", mine).status_code == 404


def test_only_mentors_log_visits(ask: Caller, sari: User, joko: User, body: dict[str, Any]) -> None:
    for user in (sari, joko):
        assert ask(user).put(f"{VISITS}{uuid4()}/", body).status_code == 403


def test_batch_judges_each_item_alone(ask: Caller, made: User, body: dict[str, Any]) -> None:
    known, fresh, wrong = (str(uuid4()) for _ in range(3))
    client = ask(made)
    plain = {**body, "action_items": []}
    client.put(f"{VISITS}{known}/", plain)
    sent = [
        {"id": known, **plain},
        {"id": wrong, **plain, "village": 10**12},
        {"id": known, **plain, "summary": "Other"},
        "not a visit",
        {**plain},
        {"id": fresh, **plain, "state": "submitted"},
        {"id": known, **plain, "summary": "Other", "base_version": 1},
    ]
    answer = client.post(f"{VISITS}sync/", {"items": sent})
    assert answer.status_code == 200, answer.data
    said = answer.data["items"]
    assert [item["verdict"] for item in said] == [
        "had_it", "refused", "conflict", "refused", "refused", "stored", "stored",
    ]  # fmt: skip
    assert said[0] == {"id": known, "verdict": "had_it", "detail": "", "version": 1, "reason": ""}
    assert "You are not assigned to this village." in said[1]["detail"]
    assert Visit.objects.get(pk=fresh).state == "submitted"
    assert client.post(f"{VISITS}sync/", {"items": [{}] * 51}).status_code == 400


def test_visit_is_submitted_returned_and_approved(ask: Caller, made: User, sari: User, body: dict[str, Any]) -> None:
    address = f"{VISITS}{uuid4()}/"
    mentor, desk = ask(made), ask(sari)
    mentor.put(address, body)
    assert desk.get(address).status_code == 404  # a draft is the mentor's own
    assert mentor.post(f"{address}submit/").data["state"] == "submitted"
    assert mentor.post(f"{address}approve/").status_code == 403
    assert desk.post(f"{address}return/", {}).status_code == 400
    returned = desk.post(f"{address}return/", {"comment": "Who came?"})
    assert (returned.data["state"], returned.data["comment"], returned.data["version"]) == ("returned", "Who came?", 2)
    mentor.post(f"{address}submit/")
    assert desk.post(f"{address}approve/", headers={"If-Match": "1"}).status_code == 409
    approved = desk.post(f"{address}approve/", headers={"If-Match": "2"})
    assert (approved.data["state"], approved.data["approved_by"]["name"]) == ("approved", "Sari")
    assert desk.post(f"{address}approve/").status_code == 409


def test_observer_reads_approved_visits_without_their_people(
    ask: Caller, observer: User, cohort: Cohort, joko: User
) -> None:
    shown = VisitFactory.create(cohort=cohort, state="approved")
    AttendeeFactory.create(visit=shown, person=PersonFactory.create(village=cohort.village, name="Sumi"))
    hidden = VisitFactory.create(cohort=cohort)
    client = ask(observer)
    assert [row["id"] for row in client.get(VISITS).data["results"]] == [str(shown.pk)]
    assert client.get(f"{VISITS}{shown.pk}/").data["attendees"] == []
    assert client.get(f"{VISITS}{hidden.pk}/").status_code == 404
    assert ask(joko).get(VISITS).status_code == 403


def test_action_items_are_finished_dropped_and_carried_over(ask: Caller, made: User, cohort: Cohort) -> None:
    visit = VisitFactory.create(cohort=cohort, mentor=made)
    items = [ActionItemFactory.create(visit=visit, due_on=day) for day in (None, NOW.date(), NOW.date() + timedelta(1))]
    client = ask(made)
    rows = client.get(ITEMS).data["results"]
    assert [row["due_on"] for row in rows] == ["2026-10-01", "2026-10-02", None]
    assert client.post(f"{ITEMS}{items[0].pk}/finish/").data["state"] == "done"
    assert client.post(f"{ITEMS}{items[0].pk}/finish/").status_code == 409
    assert client.post(f"{ITEMS}{items[1].pk}/drop/", {"reason": " "}).status_code == 400
    assert client.post(f"{ITEMS}{items[1].pk}/drop/", {"reason": "No dye"}).data["reason"] == "No dye"
    again = client.post(f"{ITEMS}{items[2].pk}/carry-over/", {"due_on": "2026-11-01"})
    assert (again.status_code, again.data["due_on"], again.data["state"]) == (201, "2026-11-01", "open")


def test_village_is_given_to_a_mentor_and_taken(ask: Caller, sari: User, made: User, ina: User, cohort: Cohort) -> None:
    client = ask(sari)
    body = {"mentor": {"id": ina.pk}, "village": cohort.village_id, "starts_on": "2026-10-01"}
    given = client.post(ASSIGNMENTS, body)
    assert given.status_code == 201, given.data
    assert given.data["mentor"] == {"id": ina.pk, "name": "Ina"}
    assert client.post(ASSIGNMENTS, body).status_code == 409
    address = f"{ASSIGNMENTS}{given.data['id']}/"
    assert client.patch(address, {}).status_code == 400
    assert client.patch(address, {"ends_on": "2026-12-31"}).data["ends_on"] == "2026-12-31"
    assert client.patch(address, {"ends_on": "2026-12-31"}).status_code == 409
    assert ask(made).post(ASSIGNMENTS, body).status_code == 403
