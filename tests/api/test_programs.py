"""Programs, cohorts, requirements, enrollments, trainers and venues through the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from programs.models import Cohort, Requirement, Trainer
from tests.api.conftest import Caller
from tests.factories import EnrollmentFactory, PersonFactory, RequirementFactory
from villages.models import Person, Region

V1 = "/api/v1"


@pytest.fixture
def desk(ask: Caller, sari: User) -> APIClient:
    return ask(sari)


@pytest.mark.usefixtures("modules")
def test_the_eleven_modules_are_named_in_the_callers_language(ask: Caller, observer: User) -> None:
    rows = ask(observer).get(f"{V1}/modules/").data["results"]
    assert [row["position"] for row in rows] == list(range(1, 12))
    assert rows[3] == {"code": "handholding", "name": "Handholding", "mode": "visit", "position": 4}
    assert ask(observer).get(f"{V1}/modules/quality-assurance/").status_code == 200


@pytest.mark.usefixtures("modules")
def test_program_is_opened_and_changed_with_money_as_text(desk: APIClient, sari: User, made: User) -> None:
    body: dict[str, Any] = {
        "name": "Desa Devisa 2027",
        "organiser": "LPEI",
        "fiscal_year": 2027,
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "subsidy_ceiling": "107530000.50",
        "sends_h3": False,
    }
    opened = desk.post(f"{V1}/programs/", body)
    assert opened.status_code == 201, opened.data
    assert (opened.data["subsidy_ceiling"], opened.data["currency"]) == ("107530000.50", "IDR")
    assert opened.data["coordinators"] == [{"id": sari.pk, "name": "Sari"}]
    assert (opened.data["sends_h3"], opened.data["sends_h1"]) == (False, True)
    address = f"{V1}/programs/{opened.data['id']}/"
    assert desk.patch(address, {"ends_on": "2026-01-01"}).status_code == 400
    assert desk.patch(address, {"name": "Again"}).data["name"] == "Again"
    assert desk.patch(address, {"subsidy_ceiling": "1e20"}).status_code == 400


def test_cohort_is_formed_once_by_name(desk: APIClient, cohort: Cohort) -> None:
    body = {
        "program": cohort.program_id,
        "village": cohort.village_id,
        "name": "Angkatan 2",
        "starts_on": "2026-02-01",
        "ends_on": "2026-11-30",
    }
    formed = desk.post(f"{V1}/cohorts/", body)
    assert formed.status_code == 201, formed.data
    assert {name: formed.data[name] for name in body} == body
    assert desk.post(f"{V1}/cohorts/", body).status_code in {400, 409}


def test_requirements_are_added_changed_and_taken_away_one_by_one(desk: APIClient, cohort: Cohort) -> None:
    RequirementFactory.create(cohort=cohort)
    body = {"cohort": cohort.pk, "module": "branding", "required": 240}
    added = desk.post(f"{V1}/requirements/", body)
    assert (added.status_code, added.data["minimum_attendance"]) == (201, 80)
    again = desk.post(f"{V1}/requirements/", body)
    assert (again.status_code, again.data["detail"]) == (
        409,
        "This cohort already has a requirement for this module.",
    )
    address = f"{V1}/requirements/{added.data['id']}/"
    assert desk.patch(address, {"required": 300}).data["required"] == 300
    assert desk.delete(address).status_code == 204
    assert list(Requirement.objects.values_list("module", "required")) == [("design", 360)]


def test_requirements_are_set_whole(desk: APIClient, cohort: Cohort) -> None:
    RequirementFactory.create(cohort=cohort)
    address = f"{V1}/cohorts/{cohort.pk}/requirements/"
    rows = [{"module": "branding", "required": 240}, {"module": "handholding", "required": 4, "minimum_attendance": 0}]
    for _ in range(2):
        answer = desk.put(address, {"rows": rows})
        assert [(row["module"], row["required"]) for row in answer.data] == [("handholding", 4), ("branding", 240)]
    wrong = desk.put(address, {"rows": [{"module": "branding", "required": 0}]})
    assert wrong.data["errors"] == {"rows.0.required": ["Ensure this value is greater than or equal to 1."]}


def test_person_is_enrolled_once_and_withdraws_with_a_reason(desk: APIClient, cohort: Cohort, lidia: Person) -> None:
    enrolled = desk.post(f"{V1}/enrollments/", {"cohort": cohort.pk, "person": lidia.pk})
    assert enrolled.status_code == 201, enrolled.data
    assert enrolled.data["person"] == {"id": lidia.pk, "name": "Lidia Wati"}
    assert desk.post(f"{V1}/enrollments/", {"cohort": cohort.pk, "person": lidia.pk}).status_code == 409
    address = f"{V1}/enrollments/{enrolled.data['id']}/"
    assert desk.post(f"{address}withdraw/", {}).data["errors"] == {"reason": ["This field is required."]}
    assert desk.post(f"{address}withdraw/", {"reason": "Moved away"}).data["state"] == "withdrawn"
    stranger = PersonFactory.create()
    assert desk.post(f"{V1}/enrollments/", {"cohort": cohort.pk, "person": stranger.pk}).status_code == 400


def test_observer_sees_cohorts_and_no_participants(ask: Caller, observer: User, cohort: Cohort) -> None:
    EnrollmentFactory.create(cohort=cohort)
    client = ask(observer)
    assert len(client.get(f"{V1}/cohorts/").data["results"]) == 1
    assert client.get(f"{V1}/enrollments/").status_code == 403


@pytest.mark.usefixtures("cohort")
def test_trainers_and_venues_are_shared_and_a_trainers_number_is_not(
    desk: APIClient, ask: Caller, rina: User, region: Region
) -> None:
    added = desk.post(f"{V1}/trainers/", {"name": "Bu Rahma", "organisation": "BBPPEI", "phone": "0812 3456 7890"})
    assert added.status_code == 201, added.data
    assert Trainer.objects.get().phone == "+6281234567890"
    shown = ask(rina).get(f"{V1}/trainers/").data["results"]
    assert shown == [{"id": added.data["id"], "name": "Bu Rahma", "organisation": "BBPPEI"}]
    venue = desk.post(f"{V1}/venues/", {"name": "Balai", "region": region.pk, "landmark": "Depan masjid"})
    assert (venue.status_code, venue.data["zone"]) == (201, "Asia/Jakarta")
    assert desk.post(f"{V1}/trainers/", {"name": "X", "phone": "021 555"}).status_code == 400


def test_program_given_to_someone_else_is_out_of_sight(desk: APIClient, rina: User, cohort: Cohort) -> None:
    address = f"{V1}/programs/{cohort.program_id}/"
    assert desk.patch(address, {"coordinators": [{"id": rina.pk}]}).status_code == 204
    assert desk.get(address).status_code == 404


def test_cohort_gets_more_places_and_who_waits_comes_in(desk: APIClient, cohort: Cohort) -> None:
    address = f"{V1}/cohorts/{cohort.pk}/"
    assert desk.patch(address, {"capacity": 1}).data["capacity"] == 1
    people = [PersonFactory.create(village=cohort.village) for _ in range(3)]
    rows = [desk.post(f"{V1}/enrollments/", {"cohort": cohort.pk, "person": person.pk}).data for person in people]
    assert [row["state"] for row in rows] == ["accepted", "waitlisted", "waitlisted"]
    assert desk.post(f"{V1}/enrollments/{rows[2]['id']}/admit/").status_code == 409
    assert desk.patch(address, {"capacity": 0}).status_code == 400
    assert desk.patch(address, {"capacity": 2}).status_code == 200
    assert desk.get(f"{V1}/enrollments/{rows[1]['id']}/").data["state"] == "accepted"
    assert desk.patch(address, {"capacity": None}).data["capacity"] is None
    assert desk.get(f"{V1}/enrollments/", {"state": "waitlisted"}).data["results"] == []
    assert desk.post(f"{V1}/enrollments/{rows[2]['id']}/admit/").status_code == 409
