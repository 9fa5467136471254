"""Handovers and follow-up through the API."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from accounts.models import User
from mentoring.models import ActionItem, Handover, Visit
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from tests.factories import NOW

HANDOVERS, ITEMS, VISITS = "/api/v1/handovers/", "/api/v1/action-items/", "/api/v1/visits/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def agus(db: None) -> User:
    agus: User = factories.UserFactory.create(name="Agus", role="mentor")
    return agus


@pytest.fixture
def body(cohort: Cohort, made: User, agus: User) -> dict[str, Any]:
    letter = made.assignments.get()
    return {"assignment": letter.pk, "last_on": "2026-10-10", "taker": agus.pk, "first_on": "2026-10-11"}


@pytest.fixture
def item(cohort: Cohort, made: User) -> ActionItem:
    return factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))


def test_handover_from_desk_to_both_hands(
    ask: Caller, body: dict[str, Any], made: User, agus: User, sari: User
) -> None:
    prepared = ask(sari).post(HANDOVERS, body, format="json")
    assert prepared.status_code == 201, prepared.data
    assert (prepared.data["state"], prepared.data["missing"]) == ("prepared", ["giver", "taker"])
    assert prepared.data["giver"] == {"id": made.pk, "name": "Made"}
    assert ask(sari).post(HANDOVERS, body, format="json").status_code == 409
    address = f"{HANDOVERS}{prepared.data['id']}/"
    written = ask(made).patch(address, {"works": "Come on Friday."}, format="json", headers={"If-Match": '"1"'})
    assert (written.status_code, written.data["version"]) == (200, 2)
    stale = ask(made).patch(address, {"works": "Other"}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.data["code"]) == (409, "stale")
    assert ask(agus).patch(address, {"works": "Mine"}, format="json").status_code == 403
    assert ask(agus).post(f"{address}sign/", {"version": 1}, format="json").status_code == 409
    for _ in range(2):
        signed = ask(agus).post(f"{address}sign/", {"version": 2}, format="json")
        assert (signed.status_code, signed.data["missing"]) == (200, ["giver"])
    done = ask(made).post(f"{address}sign/", {"version": 2}, format="json")
    assert (done.data["state"], done.data["missing"], len(done.data["signatures"])) == ("signed", [], 2)
    assert ask(sari).post(f"{address}cancel/", {"reason": "Late"}, format="json").status_code == 409


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("assignment", 10**12),
        ("assignment", "x"),
        ("taker", None),
        ("last_on", "10/13/2026"),
        ("first_on", "2500-01-01"),
    ],
)
def test_wrong_handover_is_refused_by_field(
    ask: Caller, body: dict[str, Any], sari: User, field: str, wrong: object
) -> None:
    answer = ask(sari).post(HANDOVERS, {**body, field: wrong}, format="json")
    assert answer.status_code == 400, answer.data
    assert field in answer.data["errors"]
    assert not Handover.objects.exists()


def test_who_may_and_whose(
    ask: Caller, body: dict[str, Any], made: User, ina: User, rina: User, sari: User, joko: User
) -> None:
    assert ask(made).post(HANDOVERS, body, format="json").status_code == 403
    assert ask(rina).post(HANDOVERS, body, format="json").status_code == 400
    address = f"{HANDOVERS}{ask(sari).post(HANDOVERS, body, format='json').data['id']}/"
    assert ask(ina).get(address).status_code == 404
    assert ask(ina).post(f"{address}sign/", {"version": 1}, format="json").status_code == 404
    assert ask(joko).get(HANDOVERS).status_code == 403
    assert ask(sari).post(f"{address}sign/", {"version": 1, "reason": "Ill"}, format="json").status_code == 409
    for wrong in ({}, {"version": 0}, {"version": "two"}, {"version": 1, "reason": "x" * 301}):
        assert ask(made).post(f"{address}sign/", wrong, format="json").status_code == 400
    off = ask(sari).post(f"{address}cancel/", {"reason": "Made stays"}, format="json")
    assert (off.status_code, off.data["state"]) == (200, "cancelled")


def test_list_is_filtered(ask: Caller, body: dict[str, Any], sari: User, cohort: Cohort) -> None:
    client = ask(sari)
    key = client.post(HANDOVERS, body, format="json").data["id"]
    for asked, found in (
        ({"state": "prepared"}, [key]),
        ({"state": "signed"}, []),
        ({"village": cohort.village_id}, [key]),
    ):
        assert [row["id"] for row in client.get(HANDOVERS, asked).data["results"]] == found
    assert client.get(HANDOVERS, {"state": "gone"}).status_code == 400


def test_last_assignment_is_not_ended_over_open_items(ask: Caller, item: ActionItem, sari: User, made: User) -> None:
    answer = ask(sari).patch(f"/api/v1/assignments/{made.assignments.get().pk}/", {"ends_on": "2026-10-10"})
    assert answer.status_code == 409
    assert "Hand it over." in answer.data["detail"]


def test_item_is_finished_with_evidence(ask: Caller, item: ActionItem, made: User) -> None:
    address = f"{ITEMS}{item.pk}/finish/"
    assert ask(made).post(address, {"evidence": "x" * 301}, format="json").status_code == 400
    done = ask(made).post(address, {"evidence": "Seen it"}, format="json")
    assert (done.data["state"], done.data["evidence"], done.data["settled_in"]) == ("done", "Seen it", None)
    assert ask(made).post(address, {}, format="json").status_code == 409


def test_items_are_filtered_by_overdue_and_mentor(ask: Caller, item: ActionItem, sari: User, made: User) -> None:
    late = factories.ActionItemFactory.create(visit=item.visit, due_on="2026-09-01")
    client = ask(sari)
    for asked, found in (
        ({"overdue": "true"}, {str(late.pk)}),
        ({"overdue": "false"}, {str(item.pk)}),
        ({"mentor": str(made.pk)}, {str(late.pk), str(item.pk)}),
    ):
        assert {row["id"] for row in client.get(ITEMS, asked).data["results"]} == found
    assert client.get(ITEMS, {"mentor": "x"}).status_code == 400


def sent(cohort: Cohort, **changes: Any) -> dict[str, Any]:
    return {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "visited_at": "2026-09-30T14:30:00+07:00",
        "modules": ["handholding"],
        "summary": "Two kodi.",
        "state": "submitted",
        **changes,
    }


def test_visit_follows_items_once_whatever_the_retries(
    ask: Caller, item: ActionItem, cohort: Cohort, made: User
) -> None:
    said = [
        {"id": str(item.pk), "outcome": "carried_over", "due_on": "2026-11-01"},
        {"id": str(uuid4()), "outcome": "done", "words": "Seen it"},
    ]
    client, key = ask(made), str(uuid4())
    batch = {"items": [{"id": key, **sent(cohort, followed=said)}]}
    verdicts = [client.post(f"{VISITS}sync/", batch, format="json").data["items"][0] for _ in range(3)]
    assert [each["verdict"] for each in verdicts] == ["stored", "had_it", "had_it"]
    assert client.put(f"{VISITS}{key}/", sent(cohort, followed=said), format="json").status_code == 200
    shown = client.get(f"{VISITS}{key}/").data
    assert shown["followed"][0] == {**said[0], "words": ""}
    assert [row["id"] for row in shown["action_items"]] == [str(item.successor_key)]
    assert ActionItem.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "open"},
        {"outcome": "dropped"},
        {"outcome": "dropped", "words": "  "},
        {"outcome": "done", "words": "x" * 301},
        {"outcome": "carried_over", "due_on": "13/13/2026"},
        {"outcome": "done", "id": "x"},
        {},
    ],
)
def test_wrong_follow_up_is_refused_in_words(
    ask: Caller, cohort: Cohort, made: User, item: ActionItem, wrong: dict[str, str]
) -> None:
    given = sent(cohort, followed=[{"id": str(item.pk), **wrong}])
    answer = ask(made).put(f"{VISITS}{uuid4()}/", given, format="json")
    assert answer.status_code == 400, answer.data
    assert any(name.startswith("followed") for name in answer.data["errors"])
    assert Visit.objects.count() == 1
