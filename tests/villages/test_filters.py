"""Narrowing lists: whole region codes, words in any order, and no input that breaks."""

from datetime import datetime

import pytest

from accounts.models import User
from tests import factories
from villages.actions import opt_out, withdraw_consent
from villages.filters import ContactPointFilter, PersonFilter, RegionFilter, VillageFilter
from villages.models import ContactPoint, Person, Region, Village

pytestmark = pytest.mark.django_db


def test_region_subtree_knows_whole_codes(region: Region) -> None:
    factories.lay_region("35.25")
    found = RegionFilter({"region": "35.24"}, queryset=Region.objects.all())
    assert sorted(found.qs.values_list("pk", flat=True)) == ["35.24", "35.24.10", "35.24.10.2009"]
    assert not RegionFilter({"region": "35.2"}, queryset=Region.objects.all()).is_valid()


def test_words_match_in_any_order(parengan: Village) -> None:
    factories.PersonFactory.create(village=parengan, name="Lidia Wati", hamlet="Krajan")
    factories.PersonFactory.create(village=parengan, name="Lidia Sari", hamlet="Wedi")
    for words, count in (("wati lidia", 1), ("LIDIA", 2), ("lidia krajan", 1), ("x", 0), ("", 2), ("50%", 0)):
        assert PersonFilter({"search": words}, queryset=Person.objects.all()).qs.count() == count


@pytest.mark.parametrize(
    "query", [{"search": "x" * 300}, {"search": "a\x00"}, {"village": "9" * 30}, {"cohort": "x"}, {"region": "11.1"}]
)
def test_wrong_filter_is_said_and_not_run(query: dict[str, str]) -> None:
    assert not PersonFilter(query, queryset=Person.objects.all()).is_valid()


def test_people_by_reach_and_agreement(parengan: Village, lidia: Person, at: datetime) -> None:
    alone = factories.PersonFactory.create(village=parengan)
    opted = factories.reachable_person(parengan)
    opt_out(opted.contact_points.get(), by=None, at=at)
    withdraw_consent(opted, purpose="messages", by=None, at=at)

    def found(**query: str) -> set[Person]:
        return set(PersonFilter(query, queryset=Person.objects.all()).qs)

    assert found(reachable="true") == {lidia}
    assert found(reachable="false") == {alone, opted}
    assert found(consent="true") == {lidia}
    assert found(village=str(parengan.pk), consent="false") == {alone, opted}


def test_people_and_villages_by_program(parengan: Village, cohort: object, elsewhere: Village, sari: User) -> None:
    program = str(parengan.cohorts.get().program_id)
    assert list(VillageFilter({"program": program}, queryset=Village.objects.all()).qs) == [parengan]
    assert list(VillageFilter({"region": "52"}, queryset=Village.objects.all()).qs) == [elsewhere]
    person = factories.PersonFactory.create(village=parengan)
    factories.EnrollmentFactory.create(cohort=cohort, person=person)
    assert list(PersonFilter({"program": program}, queryset=Person.objects.all()).qs) == [person]


def test_numbers_by_person(lidia: Person) -> None:
    factories.ContactPointFactory.create()
    found = ContactPointFilter({"person": str(lidia.pk), "state": "unverified"}, queryset=ContactPoint.objects.all())
    assert list(found.qs) == [lidia.contact_points.get()]
