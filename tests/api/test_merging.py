"""Records of one person through the API."""

import pytest

from accounts.models import User
from tests.api.conftest import Caller
from tests.factories import PersonContactFactory, PersonFactory
from villages.models import Person, Village

PEOPLE = "/api/v1/people/"


@pytest.fixture
def twin(cohort: object, lidia: Person) -> Person:
    """Another record of Bu Lidia, on the same number."""
    other = PersonFactory.create(village=lidia.village, name="bu Lidia  Wati", hamlet="Krajan")
    PersonContactFactory.create(person=other, contact_point=lidia.contact_points.get())
    return other


def test_pairs_are_found_and_merged(ask: Caller, sari: User, lidia: Person, twin: Person) -> None:
    client = ask(sari)
    (pair,) = client.get(f"{PEOPLE}duplicates/", {"village": lidia.village_id}).data["results"]
    assert pair == {
        "first": {"id": lidia.pk, "name": "Lidia Wati"},
        "second": {"id": twin.pk, "name": "bu Lidia  Wati"},
        "sure": "certain",
        "reasons": ["the same name", "the same number"],
    }
    body = {"person": {"id": twin.pk}, "columns": ["name"]}
    merged = client.post(f"{PEOPLE}{lidia.pk}/merge/", body)
    assert merged.status_code == 200, merged.data
    assert (merged.data["id"], merged.data["name"], merged.data["hamlet"]) == (lidia.pk, "bu Lidia  Wati", "Krajan")
    assert client.get(f"{PEOPLE}duplicates/").data["results"] == []
    assert client.post(f"{PEOPLE}{lidia.pk}/merge/", body).status_code == 400  # there is no such person any more


def test_old_id_leads_to_the_record_that_stayed(
    ask: Caller, sari: User, ina: User, lidia: Person, twin: Person
) -> None:
    ask(sari).post(f"{PEOPLE}{lidia.pk}/merge/", {"person": twin.pk})
    moved = ask(sari).get(f"{PEOPLE}{twin.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"{PEOPLE}{lidia.pk}/")
    assert ask(sari).patch(f"{PEOPLE}{twin.pk}/", {"name": "X"}).status_code == 404
    assert ask(ina).get(f"{PEOPLE}{twin.pk}/").status_code == 404
    for key in ("x", "9" * 40, "²"):
        assert ask(sari).get(f"{PEOPLE}{key}/").status_code == 404


def test_two_people_are_not_offered_again(ask: Caller, sari: User, lidia: Person, twin: Person) -> None:
    client = ask(sari)
    for _ in range(2):
        assert client.post(f"{PEOPLE}{twin.pk}/not-duplicate/", {"person": lidia.pk}).status_code == 200
    assert client.get(f"{PEOPLE}duplicates/").data["results"] == []
    assert client.post(f"{PEOPLE}{twin.pk}/not-duplicate/", {"person": twin.pk}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"person": "x"}, {"person": 10**30}, {"person": None}])
def test_wrong_body_is_answered_by_field(ask: Caller, sari: User, lidia: Person, twin: Person, body: object) -> None:
    answer = ask(sari).post(f"{PEOPLE}{lidia.pk}/merge/", body)
    assert answer.status_code == 400
    assert "person" in answer.data["errors"]


def test_unknown_columns_and_villages_are_named(ask: Caller, sari: User, lidia: Person, twin: Person) -> None:
    answer = ask(sari).post(f"{PEOPLE}{lidia.pk}/merge/", {"person": twin.pk, "columns": ["village"]})
    assert answer.status_code == 400
    assert ask(sari).get(f"{PEOPLE}duplicates/", {"village": "x"}).status_code == 400
    assert Person.objects.count() == 2


def test_stranger_is_no_counterpart(ask: Caller, sari: User, lidia: Person, elsewhere: Village, cohort: object) -> None:
    stranger = PersonFactory.create(village=elsewhere)
    answer = ask(sari).post(f"{PEOPLE}{lidia.pk}/merge/", {"person": stranger.pk})
    assert answer.status_code == 400


def test_mentor_does_not_merge(ask: Caller, made: User, lidia: Person, twin: Person) -> None:
    assert ask(made).get(f"{PEOPLE}duplicates/").status_code == 403
    assert ask(made).post(f"{PEOPLE}{lidia.pk}/merge/", {"person": twin.pk}).status_code == 403
