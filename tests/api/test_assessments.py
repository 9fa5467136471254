"""Assessments, criteria and proposals through the API."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from villages.models import Assessment, Village
from villages.states import Criterion

ASSESSMENTS, SETS = "/api/v1/assessments/", "/api/v1/criteria-sets/"
ALL_EIGHT = [{"criterion": code, "value": 3, "evidence": "Seen on 12 looms."} for code in Criterion.values]


@pytest.fixture(autouse=True)
def _criteria(db: None) -> None:
    factories.lay_criteria()


def body(village: Village, /, **changes: Any) -> dict[str, Any]:
    return {"village": village.pk, "kind": "mentor", "as_of": "2026-09-24", **changes}


def test_way_of_an_assessment(ask: Caller, made: User, sari: User, cohort: Cohort) -> None:
    mentor, desk = ask(made), ask(sari)
    begun = mentor.post(ASSESSMENTS, body(cohort.village, scores=ALL_EIGHT[:2]))
    assert begun.status_code == 201, begun.data
    assert (begun.data["state"], begun.data["total"], len(begun.data["scores"])) == ("draft", None, 2)
    assert begun.data["village"]["name"] == "Parengan"
    address = f"{ASSESSMENTS}{begun.data['id']}/"
    missing = mentor.post(f"{address}submit/")
    assert missing.status_code == 400
    assert missing.data["errors"]["finance"] == ["Choose a score."]
    assert missing.data["errors"]["finance-evidence"] == ["Say what shows this."]
    scored = mentor.patch(address, {"scores": ALL_EIGHT, "version": begun.data["version"]})
    assert (scored.data["total"], len(scored.data["scores"])) == ("3.00", 8)
    part = mentor.patch(address, {"scores": [{"criterion": "finance", "value": 1}], "as_of": "2026-09-20"})
    assert (part.data["total"], part.data["as_of"]) == ("2.75", "2026-09-20")
    assert part.data["scores"][4] == {"criterion": "finance", "value": 1, "evidence": "Seen on 12 looms."}
    assert mentor.post(f"{address}submit/").data["state"] == "submitted"
    assert mentor.post(f"{address}submit/").status_code == 409
    assert mentor.post(f"{address}finalise/").status_code == 403
    final = desk.post(f"{address}finalise/")
    assert (final.data["state"], final.data["final_by"]) == ("final", {"id": sari.pk, "name": "Sari"})
    assert desk.post(f"{address}finalise/").status_code == 409
    assert desk.patch(address, {"scores": ALL_EIGHT}).status_code == 409


def test_slower_program_is_told(ask: Caller, made: User, parengan: Village) -> None:
    client = ask(made)
    begun = client.post(ASSESSMENTS, body(parengan)).data
    address = f"{ASSESSMENTS}{begun['id']}/"
    assert client.patch(address, {"scores": ALL_EIGHT[:1], "version": 1}).status_code == 200
    late = client.patch(address, {"scores": [{"criterion": "quality", "value": 1}], "version": 1, "kind": "self"})
    assert (late.status_code, late.data["code"]) == (409, "stale")
    assert Assessment.objects.get().kind == "mentor"


@pytest.mark.parametrize("line", [{}, {"value": 3}, {"criterion": None}])
def test_line_without_its_criterion_is_said(ask: Caller, made: User, parengan: Village, line: dict[str, Any]) -> None:
    begun = ask(made).post(ASSESSMENTS, body(parengan)).data
    answer = ask(made).patch(f"{ASSESSMENTS}{begun['id']}/", {"scores": [line]})
    assert answer.status_code == 400
    assert not Assessment.objects.get().scores.exists()


def test_who_submitted_does_not_make_it_final(ask: Caller, sari: User, cohort: Cohort) -> None:
    row = factories.assessed(village=cohort.village, state="submitted", by=sari)
    answer = ask(sari).post(f"{ASSESSMENTS}{row.pk}/finalise/")
    assert answer.status_code == 409
    assert "ask a colleague" in answer.data["detail"]


def test_mentor_writes_no_assessment_of_lpei(ask: Caller, made: User, parengan: Village) -> None:
    client = ask(made)
    assert client.post(ASSESSMENTS, body(parengan, kind="lpei")).status_code == 403
    begun = client.post(ASSESSMENTS, body(parengan)).data
    assert client.patch(f"{ASSESSMENTS}{begun['id']}/", {"kind": "lpei"}).status_code == 403
    desk = factories.assessed(village=parengan, kind="lpei", state="draft", as_of=date(2026, 9, 1))
    assert client.patch(f"{ASSESSMENTS}{desk.pk}/", {"scores": []}).status_code == 403
    assert client.post(f"{ASSESSMENTS}{desk.pk}/submit/").status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "friend"},
        {"as_of": "2200-01-01"},
        {"as_of": "2001-01-01"},
        {"as_of": "24/9/2026"},
        {"village": 10**30},
        {"scores": [{"criterion": "taste", "value": 3}]},
        {"scores": [{"criterion": "quality", "value": 6}]},
        {"scores": [{"criterion": "quality", "value": "\x00"}]},
        {"scores": [{"criterion": "quality", "evidence": "a\x00b"}]},
        {"scores": [{"criterion": "quality", "evidence": "x" * 1001}]},
        {"scores": [{"criterion": "quality", "value": 3}] * 2},
        {"scores": "all"},
    ],
)
def test_bad_bodies_are_said_and_write_nothing(
    ask: Caller, made: User, parengan: Village, change: dict[str, Any]
) -> None:
    answer = ask(made).post(ASSESSMENTS, body(parengan, **change))
    assert answer.status_code == 400, answer.data
    assert not Assessment.objects.exists()


def test_second_of_a_day_is_refused(ask: Caller, made: User, parengan: Village) -> None:
    assert ask(made).post(ASSESSMENTS, body(parengan)).status_code == 201
    again = ask(made).post(ASSESSMENTS, body(parengan))
    assert again.status_code == 400
    assert "already has an assessment of this kind" in again.data["detail"]


def test_list_is_narrowed(ask: Caller, sari: User, cohort: Cohort) -> None:
    day = date(2026, 6, 1)
    own = factories.assessed(village=cohort.village, as_of=day)
    near = factories.CohortFactory.create(program=cohort.program).village
    other = factories.assessed(village=near, kind="self", as_of=day + timedelta(days=9), state="submitted")
    factories.assessed(as_of=day)  # of a village in nobody's program
    client = ask(sari)

    def found(**asked: Any) -> list[int]:
        return [row["id"] for row in client.get(ASSESSMENTS, asked).data["results"]]

    assert found() == [other.pk, own.pk]
    assert found(village=cohort.village_id) == [own.pk]
    assert found(kind="self") == [other.pk]
    assert found(state="final") == [own.pk]
    assert found(region="35.24.10") == [own.pk]
    assert found(**{"from": "2026-06-02"}) == [other.pk]
    assert found(to="2026-06-01") == [own.pk]
    assert client.get(ASSESSMENTS, {"from": "yesterday"}).status_code == 400
    assert client.get(ASSESSMENTS, {"colour": "red"}).status_code == 400


def test_observer_reads_what_is_final(ask: Caller, observer: User, parengan: Village) -> None:
    row = factories.assessed(village=parengan)
    factories.assessed(village=parengan, kind="self", state="submitted")
    assert [each["id"] for each in ask(observer).get(ASSESSMENTS).data["results"]] == [row.pk]


def test_criteria_are_read_with_their_words(ask: Caller, made: User) -> None:
    [first] = ask(made).get(SETS).data["results"]
    assert (first["lowest"], first["highest"], first["in_force_from"]) == (1, 5, "2019-01-01")
    assert [line["code"] for line in first["criteria"]] == Criterion.values
    assert {len(line["anchors_id"]) for line in first["criteria"]} == {5}
    assert sum(line["weight"] for line in first["criteria"]) == 10_000
    assert ask(made).post(SETS, {"name": "Mine"}).status_code == 405


def test_proposal_names_its_reasons(ask: Caller, sari: User, cohort: Cohort) -> None:
    client, address = ask(sari), f"/api/v1/cohorts/{cohort.pk}/proposal/"
    assert client.get(address).data == {"assessment": None, "state": None, "as_of": None, "needs": []}
    row = factories.assessed({"finance": 1}, village=cohort.village, state="submitted")
    told = client.get(address).data
    assert (told["assessment"], told["state"], told["as_of"]) == (row.pk, "submitted", "2026-09-24")
    [finance] = [need for need in told["needs"] if need["module"] == "finance"]
    assert finance == {
        "module": "finance",
        "mode": "mentoring",
        "amount": 4,
        "criterion": "finance",
        "value": 1,
        "reason": "A mentor keeps the books with the group until it does so alone.",
    }
    assert not cohort.requirements.exists()


def test_proposal_elsewhere_is_not_there(ask: Caller, rina: User, cohort: Cohort) -> None:
    assert ask(rina).get(f"/api/v1/cohorts/{cohort.pk}/proposal/").status_code == 404
    assert ask(rina).get(f"/api/v1/cohorts/{10**30}/proposal/").status_code == 404
