"""Visits that wait for a person, through the API: how they are answered, listed and decided on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from accounts.models import User
from mentoring.models import HeldVersion, Visit
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.factories import NOW, AssignmentFactory, CohortFactory, HeldVersionFactory, VisitFactory

VISITS, HELD = "/api/v1/visits/", "/api/v1/held-visits/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def body(cohort: Cohort) -> dict[str, Any]:
    return {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "visited_at": "2026-09-30T14:30:00+07:00",
        "modules": ["design"],
        "summary": "Looked at the new motifs.",
        "attendees": [{"name": "Pak RT"}],
        "state": "submitted",
    }


def lose(made: User) -> None:
    made.assignments.update(ends_on=date(2026, 9, 1))


def test_visit_that_waits_is_202_again_and_again(ask: Caller, made: User, body: dict[str, Any]) -> None:
    lose(made)
    key, client = uuid4(), ask(made)
    answers = [client.put(f"{VISITS}{key}/", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    said = answers[0].data
    assert (said["id"], said["verdict"], said["version"], said["reason"]) == (
        str(key), "conflict", None, "not_assigned",
    )  # fmt: skip
    assert said["detail"]
    assert HeldVersion.objects.count() == 1
    assert client.get(f"{VISITS}{key}/").status_code == 404


def test_closed_period_and_fast_clock_are_202(ask: Caller, made: User, cohort: Cohort, body: dict[str, Any]) -> None:
    client = ask(made)
    ahead = {"visited_at": (NOW + timedelta(hours=3)).isoformat(), "sent_at": (NOW + timedelta(hours=4)).isoformat()}
    answer = client.put(f"{VISITS}{uuid4()}/", {**body, **ahead})
    assert (answer.status_code, answer.data["reason"]) == (202, "clock")
    assert client.put(f"{VISITS}{uuid4()}/", {**body, **ahead, "sent_at": None}).status_code == 400
    cohort.program.closed_through = date(2026, 9, 30)
    cohort.program.save()
    answer = client.put(f"{VISITS}{uuid4()}/", body)
    assert (answer.status_code, answer.data["reason"]) == (202, "closed_period")


def test_other_content_is_409_with_its_reason(ask: Caller, made: User, body: dict[str, Any]) -> None:
    client, address = ask(made), f"{VISITS}{uuid4()}/"
    client.put(address, body)
    answer = client.put(address, {**body, "summary": "Else"})
    assert (answer.status_code, answer.data["reason"], answer["ETag"]) == (409, "other_version", '"1"')


def test_strangers_key_is_answered_without_a_word_about_the_other(
    ask: Caller, made: User, cohort: Cohort, body: dict[str, Any]
) -> None:
    elsewhere = CohortFactory.create()
    other = AssignmentFactory.create(village=elsewhere.village).mentor
    visit = VisitFactory.create(cohort=elsewhere, mentor=other, summary="Secret")
    client, address = ask(made), f"{VISITS}{visit.pk}/"
    answer = client.put(address, body)
    assert (answer.status_code, answer.data["reason"]) == (409, "key_taken")
    assert "ETag" not in answer
    assert "Secret" not in answer.content.decode()
    (said,) = client.post(f"{VISITS}sync/", {"items": [{"id": str(visit.pk), **body}]}).data["items"]
    assert (said["verdict"], said["version"], said["reason"]) == ("conflict", None, "key_taken")
    strange, unknown = client.get(address), client.get(f"{VISITS}{uuid4()}/")
    assert strange.status_code == unknown.status_code == 404
    same = ("type", "title", "status", "detail", "code")
    assert [strange.data[name] for name in same] == [unknown.data[name] for name in same]


def test_batch_says_why_each_waits_and_notes_the_clock(ask: Caller, made: User, body: dict[str, Any]) -> None:
    key = str(uuid4())
    sent = {"sent_at": (NOW + timedelta(hours=2)).isoformat(), "items": [{"id": key, **body}]}
    (said,) = ask(made).post(f"{VISITS}sync/", sent).data["items"]
    assert said == {"id": key, "verdict": "stored", "detail": "", "version": 1, "reason": ""}
    assert ask(made).get(f"{VISITS}{key}/").data["clock_skew"] == 7200
    lose(made)
    sent["items"] = [{"id": str(uuid4()), **body}, {"id": key, **body}]
    assert [(row["verdict"], row["reason"]) for row in ask(made).post(f"{VISITS}sync/", sent).data["items"]] == [
        ("conflict", "not_assigned"),
        ("had_it", ""),
    ]
    assert ask(made).post(f"{VISITS}sync/", {"sent_at": "yesterday", "items": []}).status_code == 400


def test_waiting_visit_is_listed_and_taken(ask: Caller, made: User, sari: User, body: dict[str, Any]) -> None:
    lose(made)
    key = uuid4()
    ask(made).put(f"{VISITS}{key}/", body)
    desk = ask(sari)
    (row,) = desk.get(HELD, {"state": "waiting", "reason": "not_assigned", "village": body["village"]}).data["results"]
    assert (row["key"], row["sent_by"]["name"], row["content"]["summary"]) == (str(key), "Made", body["summary"])
    assert desk.get(HELD, {"reason": "clock"}).data["results"] == []
    assert desk.get(HELD, {"reason": "lost"}).status_code == 400
    taken = desk.post(f"{HELD}{row['id']}/take/")
    assert (taken.status_code, taken.data["state"], taken.data["became"]) == (200, "taken", key)
    assert desk.post(f"{HELD}{row['id']}/take/").status_code == 409
    assert desk.get(f"{VISITS}{key}/").data["state"] == "submitted"
    assert ask(made).get(f"{HELD}{row['id']}/").data["state"] == "taken"
    assert ask(made).put(f"{VISITS}{key}/", body).status_code == 202


def test_dismissal_has_a_comment(ask: Caller, made: User, sari: User, rina: User, cohort: Cohort) -> None:
    held = HeldVersionFactory.create(visit=VisitFactory.create(cohort=cohort, mentor=made))
    address = f"{HELD}{held.pk}/dismiss/"
    assert ask(sari).post(address, {}).status_code == 400
    assert ask(sari).post(address, {"comment": "  "}).status_code == 400
    assert ask(made).post(address, {"comment": "No"}).status_code == 403
    assert ask(rina).post(address, {"comment": "No"}).status_code == 404
    said = ask(sari).post(address, {"comment": "Written twice"}).data
    assert (said["state"], said["comment"], said["settled_by"]["name"]) == ("dismissed", "Written twice", "Sari")
    assert ask(sari).post(address, {"comment": "Again"}).status_code == 409
    assert Visit.objects.get().summary == "Looked at the new motifs."


def test_what_cannot_be_taken_is_400_and_goes_on_waiting(ask: Caller, made: User, sari: User, cohort: Cohort) -> None:
    held = HeldVersionFactory.create(visit=VisitFactory.create(cohort=cohort, mentor=made))
    HeldVersion.objects.update(content={**held.content, "program": 10**12})
    answer = ask(sari).post(f"{HELD}{held.pk}/take/")
    assert answer.status_code == 400
    assert "program" in answer.data["errors"]
    assert ask(sari).get(f"{HELD}{held.pk}/").data["state"] == "waiting"


def test_period_is_closed_and_opened(ask: Caller, sari: User, made: User, cohort: Cohort) -> None:
    address = f"/api/v1/programs/{cohort.program_id}/"
    desk = ask(sari)
    assert desk.post(f"{address}close-period/", {"through": "2026-10-01"}).status_code == 400
    assert desk.post(f"{address}close-period/", {"through": "2026-09-30"}).data["closed_through"] == "2026-09-30"
    assert desk.patch(address, {"closed_through": None}).data["closed_through"] == "2026-09-30"
    assert ask(made).post(f"{address}reopen-period/").status_code == 403
    assert desk.post(f"{address}reopen-period/").data["closed_through"] is None
