"""Villages, people and numbers through the API."""

import pytest

from accounts.models import User
from common.models import Event
from tests.api.conftest import Caller
from tests.factories import PersonContactFactory, PersonFactory, VillageFactory, lay_region, reachable_person
from villages.models import ContactPoint, Person, Village

VILLAGES, PEOPLE, NUMBERS = "/api/v1/villages/", "/api/v1/people/", "/api/v1/contact-points/"


@pytest.mark.usefixtures("cohort")
def test_village_is_registered_corrected_and_moved(ask: Caller, sari: User) -> None:
    lay_region("35.24.12.2001")
    client = ask(sari)
    body = {"name": "Sidomulyo", "region": "35.24.12.2001", "commodity": "Batik"}
    made = client.post(VILLAGES, body)
    assert made.status_code == 201, made.data
    assert (made.data["stage"], made.data["regions"], made.data["zone"]) == (
        "identified",
        ["35.24.12.2001"],
        "Asia/Jakarta",
    )
    address = f"{VILLAGES}{made.data['id']}/"
    assert client.patch(address, {"commodity": "Songket"}).data["commodity"] == "Songket"
    assert client.post(f"{address}move/", {"to": "proposed"}).data["stage"] == "proposed"
    assert client.post(f"{address}move/", {"to": "independent"}).status_code == 409
    assert client.post(f"{address}move/", {"to": "stopped"}).status_code == 400


def test_village_of_someone_else_is_not_there(ask: Caller, ina: User, parengan: Village) -> None:
    client = ask(ina)
    assert [row["name"] for row in client.get(VILLAGES).data["results"]] == ["Sukarara"]
    assert client.get(f"{VILLAGES}{parengan.pk}/").status_code == 404
    assert client.get(f"{VILLAGES}{10**30}/").status_code == 404


def test_mentor_reads_a_village_and_may_not_change_it(ask: Caller, made: User, parengan: Village) -> None:
    answer = ask(made).patch(f"{VILLAGES}{parengan.pk}/", {"name": "Mine"})
    assert answer.status_code == 403
    assert answer.data["code"] == "permission_denied"


@pytest.mark.usefixtures("cohort")
def test_region_filter_takes_the_subtree_and_no_namesake(ask: Caller, sari: User) -> None:
    client = ask(sari)
    for code, found in (("35", 1), ("35.24", 1), ("35.24.10.2009", 1), ("35.2", 400), ("35.25", 0), ("3", 400)):
        answer = client.get(VILLAGES, {"region": code})
        assert answer.status_code == 400 if found == 400 else len(answer.data["results"]) == found, code


def test_person_is_written_down_agrees_and_is_forgotten(ask: Caller, sari: User, made: User, parengan: Village) -> None:
    client = ask(made)
    person = client.post(PEOPLE, {"village": parengan.pk, "name": "  Bu   Sumi ", "sex": "female", "birth_year": 1980})
    assert person.status_code == 201, person.data
    assert person.data["name"] == "Bu Sumi"
    address = f"{PEOPLE}{person.data['id']}/"
    agreed = client.post(f"{address}consent/", {"purpose": "messages", "how": "spoken", "text_version": "1"})
    assert agreed.data["consents"][0]["purpose"] == "messages"
    again = client.post(f"{address}consent/", {"purpose": "messages", "how": "spoken", "text_version": "1"})
    assert again.status_code == 409
    assert again.data["detail"] == "This person has already agreed to this."
    assert client.post(f"{address}withdraw-consent/", {"purpose": "messages"}).data["consents"] == []
    assert client.post(f"{address}anonymise/").status_code == 403


@pytest.mark.usefixtures("cohort")
def test_anonymised_person_keeps_no_name(ask: Caller, sari: User, lidia: Person) -> None:
    client = ask(sari)
    gone = client.post(f"{PEOPLE}{lidia.pk}/anonymise/")
    assert gone.status_code == 200, gone.data
    assert "Lidia" not in str(client.get(PEOPLE).data)
    assert client.post(f"{PEOPLE}{lidia.pk}/anonymise/").status_code == 409
    assert not client.get(NUMBERS).data["results"]


def test_person_of_another_village_cannot_be_written(ask: Caller, ina: User, parengan: Village) -> None:
    answer = ask(ina).post(PEOPLE, {"village": parengan.pk, "name": "X", "sex": "female"})
    assert answer.status_code == 400
    assert "village" in answer.data["errors"]
    assert not Person.objects.exists()


def test_numbers_are_shown_to_who_may_and_each_reading_is_written_down(ask: Caller, made: User, lidia: Person) -> None:
    point = ContactPoint.objects.get()
    PersonContactFactory.create(contact_point=point, person=PersonFactory.create(village=VillageFactory.create()))
    client = ask(made)
    row = client.get(NUMBERS).data["results"][0]
    assert row["people"] == [{"id": lidia.pk, "name": "Lidia Wati", "relation": "own"}]  # not the stranger elsewhere
    assert client.get(f"{NUMBERS}{point.pk}/").data["number"] == point.number
    read = Event.objects.filter(verb="read_numbers")
    assert [event.facts for event in read] == [{"contact_points": [point.pk]}] * 2


def test_numbers_stand_nowhere_else(ask: Caller, made: User, lidia: Person) -> None:
    digits = ContactPoint.objects.get().number[3:]
    for address in (PEOPLE, f"{PEOPLE}{lidia.pk}/", VILLAGES, "/api/v1/visits/"):
        assert digits not in ask(made).get(address).content.decode()


@pytest.mark.usefixtures("made")
def test_observer_reads_villages_and_no_people(ask: Caller, observer: User, lidia: Person) -> None:
    client = ask(observer)
    assert len(client.get(VILLAGES).data["results"]) == 1
    assert client.get(PEOPLE).status_code == 403
    assert client.get(NUMBERS).status_code == 403


def test_shared_number_is_one_and_can_be_silenced(ask: Caller, made: User, lidia: Person, parengan: Village) -> None:
    number = ContactPoint.objects.get().number
    husband = PersonFactory.create(village=parengan)
    client = ask(made)
    shared = client.post(NUMBERS, {"person": husband.pk, "number": f"0{number[3:]}", "relation": "spouse"})
    assert shared.status_code == 201, shared.data
    assert [person["id"] for person in shared.data["people"]] == [lidia.pk, husband.pk]
    address = f"{NUMBERS}{shared.data['id']}/"
    assert client.patch(address, {"state": "opted_out"}).data["state"] == "opted_out"
    assert client.patch(address, {"state": "unreachable"}).status_code == 409
    assert client.patch(address, {"state": "valid"}).data["state"] == "valid"
    twice = client.post(NUMBERS, {"person": husband.pk, "number": number})
    assert twice.status_code == 409
    assert twice.data["detail"] == "This person already has this number."
    assert client.post(NUMBERS, {"person": husband.pk, "number": "021 555 0100"}).status_code == 400


def test_people_are_found_by_words_in_any_order(ask: Caller, made: User, parengan: Village) -> None:
    reachable_person(parengan, name="Siti Aminah", hamlet="Krajan")
    reachable_person(parengan, name="Siti Rahma", hamlet="Tengah")
    found = ask(made).get(PEOPLE, {"search": "krajan siti"}).data["results"]
    assert [row["name"] for row in found] == ["Siti Aminah"]
