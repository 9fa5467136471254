"""Records that look like one person: which pairs are found, how sure, in how many queries."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from common.models import Event
from tests import factories
from tests.villages.test_views import press, show
from villages.actions import merge_people, tell_apart
from villages.duplicates import MOST, alike_among
from villages.models import ContactPoint, FormerId, NotDuplicate, Person, Village

pytestmark = pytest.mark.django_db
LIST = "/people/duplicates/"


def found() -> list[tuple[str, str, str]]:
    with translation.override("en"):
        return [(pair.first.name, pair.second.name, pair.sure) for pair in alike_among(Person.objects.present())]


def person(village: Village, name: str, *, number: ContactPoint | None = None, **columns: Any) -> Person:
    made = factories.PersonFactory.create(village=village, name=name, **columns)
    if number:
        factories.PersonContactFactory.create(person=made, contact_point=number)
    return made


@pytest.fixture
def number(db: None) -> ContactPoint:
    return factories.ContactPointFactory.create()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Munawaroh", "siti  MUNAWAROH"),
        ("Siti Munawaroh", "Bu Siti Munawaroh"),
        ("H. Kusnan", "Pak Kusnan"),
        ("Hj. Sulastri", "Ibu Hj. Sulastri"),
        ("M. Anam", "M Anam"),
        ("Ma'ruf", "Maruf"),
        ("Sdr.Kusnan", "Bapak Haji Kusnan"),
    ],
)
def test_same_name_and_birth_year_are_a_pair(parengan: Village, one: str, other: str) -> None:
    person(parengan, one, birth_year=1985)
    person(parengan, other, birth_year=1985)
    assert found() == [(one, other, "likely")]


def test_same_name_alone_is_no_pair(parengan: Village, elsewhere: Village) -> None:
    person(parengan, "Siti", birth_year=1985, hamlet="Krajan")
    person(parengan, "Siti", birth_year=1990, hamlet="Wedi")
    person(elsewhere, "Siti", birth_year=1985, hamlet="Krajan")
    person(parengan, "Hj.", birth_year=1985)
    person(parengan, "Bu", birth_year=1985)
    assert found() == []


def test_the_more_they_share_the_surer_it_is(parengan: Village, number: ContactPoint) -> None:
    for name, columns in (("Sumi", {}), ("Rukmini", {"hamlet": "Krajan"}), ("Tutik", {"birth_year": 1980})):
        shared = number if not columns else None
        for _ in range(2):
            person(parengan, name, number=shared, **columns)
    person(parengan, "Yuli", sex="female", hamlet="Wedi", birth_year=1950)
    person(parengan, "Yuli", sex="male", hamlet="wedi ", birth_year=1990)
    assert found() == [
        ("Sumi", "Sumi", "certain"),
        ("Tutik", "Tutik", "likely"),
        ("Rukmini", "Rukmini", "likely"),
        ("Yuli", "Yuli", "possible"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Endang Susilowati", "Endang Susilowaty", True),
        ("Endang Susilowati", "Susilowati Endang", True),
        ("Sumiati", "Sumati", True),
        ("Sumiati", "Sumiyati", True),
        ("Sumiati", "Tumiati", True),
        ("Sumiati", "Rumiatu", False),
        ("Sumiati", "Sumi", False),
        ("Ani", "Ana", False),  # short names differ by a letter all the time
        ("Lidia Wati", "Hasan Basri", False),
    ],
)
def test_near_names_need_one_number(
    parengan: Village,
    number: ContactPoint,
    one: str,
    other: str,
    alike: bool,  # noqa: FBT001
) -> None:
    first, second = person(parengan, one), person(parengan, other)
    assert found() == []
    for each in (first, second):
        factories.PersonContactFactory.create(person=each, contact_point=number)
    assert bool(found()) is alike


def test_reasons_for_and_against_are_said_in_words(parengan: Village, number: ContactPoint) -> None:
    person(parengan, "Sumi Ati", number=number, hamlet="Krajan", birth_year=1985, sex="male")
    person(parengan, "Ati Sumi", number=number, hamlet="Krajan", birth_year=1985)
    with translation.override("en"):
        (pair,) = alike_among(Person.objects.present())
    assert pair.reasons == (
        "the same words in another order",
        "the same number",
        "the same birth year",
        "the same hamlet",
        "but another birth year or sex",
    )


def test_told_apart_erased_and_merged_are_not_offered(parengan: Village, sari: User, at: Any) -> None:
    one, two, three = (person(parengan, "Sumi", birth_year=1985) for _ in range(3))
    assert len(found()) == 3
    tell_apart(two, second=one, by=sari, at=at)
    assert len(found()) == 2
    merge_people(one, gone=three, by=sari, at=at)
    assert found() == []


def test_list_is_bounded_and_costs_the_same_for_one_and_many(parengan: Village) -> None:
    counts = []
    for more in (2, 12):
        for _ in range(more):
            factories.PersonContactFactory.create(person=person(parengan, "Sumi", birth_year=1985))
        with CaptureQueriesContext(connection) as queries:
            pairs = alike_among(Person.objects.present())
        counts.append(len(queries))
    assert (len(pairs), counts) == (MOST, [3, 3])  # 1 and 91 pairs


@pytest.fixture
def pair(cohort: object, parengan: Village, number: ContactPoint) -> tuple[Person, Person]:
    one = person(parengan, "Sumi", number=number, birth_year=1985, hamlet="Krajan", craft="")
    two = person(parengan, "Bu Sumi", number=number, hamlet="Wedi", craft="mewarna")
    factories.ConsentFactory.create(person=two)
    return one, two


def test_worklist_shows_pairs_and_settles_them(
    reader: Client, sari: User, pair: tuple[Person, Person], number: ContactPoint
) -> None:
    one, two = pair
    shown = show(reader, sari, f"{LIST}?village={one.village_id}")
    for words in ("The same name, the same number", "Almost certain", "Compare and merge", "0812-••••-"):
        assert words in shown
    assert number.number[3:] not in shown
    back = f"{LIST}?village={one.village_id}"
    press(reader, sari, f"/people/{one.pk}/not-duplicate/", person=str(two.pk), next=back)
    shown = show(reader, sari, back)
    assert "Sumi and Bu Sumi are two people" in shown
    assert "No doubles found" in shown
    warned = show(reader, sari, f"/people/{one.pk}/merge/?with={two.pk}")
    assert re.search(r"Sari said on .* that these are two people", warned)


def test_worklist_survives_any_filter(reader: Client, sari: User, pair: object) -> None:
    for asked in ("?village=x", "?village=9999999999999999999999", "?village=%00"):
        show(reader, sari, f"{LIST}{asked}", 400)


def test_page_asks_shows_and_merges(reader: Client, sari: User, pair: tuple[Person, Person]) -> None:
    one, two = pair
    address = f"/people/{one.pk}/merge/"
    assert "Probably the same person" in show(reader, sari, address)
    assert f"?with={two.pk}" in show(reader, sari, f"{address}?search=bu+sum")
    assert "Nobody else in this village" in show(reader, sari, f"{address}?search=zzz")
    shown = show(reader, sari, f"{address}?with={two.pk}")
    for words in ('name="name" value="goes"', 'name="hamlet" value="stays" checked', "empty: is filled in", "1 moves"):
        assert words in shown
    assert "1 is in both and becomes one" in shown
    assert 'name="birth_year"' not in shown
    assert not Event.objects.exists()
    press(reader, sari, address, person=str(two.pk), name="goes", hamlet="stays")
    one.refresh_from_db()
    assert (one.name, one.hamlet, one.craft, one.birth_year) == ("Bu Sumi", "Krajan", "mewarna", 1985)
    shown = show(reader, sari, f"/people/{one.pk}/")
    assert "The two records are one now." in shown
    assert "Merged with another record" in shown


def test_slower_hand_is_told_in_words(reader: Client, sari: User, pair: tuple[Person, Person]) -> None:
    one, two = pair
    values: dict[str, Any] = {"name": "stays", "hamlet": "stays"}
    press(reader, sari, f"/people/{one.pk}/merge/", person=str(two.pk), **values)
    for address, other in ((f"/people/{one.pk}/merge/", two), (f"/people/{two.pk}/merge/", one)):
        assert "a moment ago" in press(reader, sari, address, 409, person=str(other.pk), **values)
    assert "a moment ago" in press(reader, sari, f"/people/{one.pk}/not-duplicate/", 409, person=str(two.pk))
    assert FormerId.objects.count() == 1


def test_old_address_leads_to_the_record_that_stayed(
    reader: Client, sari: User, made: User, ina: User, pair: tuple[Person, Person], at: Any
) -> None:
    one, two = pair
    merge_people(one, gone=two, by=sari, at=at)
    for user, page in ((made, ""), (made, "edit/"), (sari, "merge/")):
        reader.force_login(user)
        answer = reader.get(f"/people/{two.pk}/{page}")
        assert (answer.status_code, answer["Location"]) == (301, f"/people/{one.pk}/{page}")
    show(reader, ina, f"/people/{two.pk}/", 404)
    press(reader, made, f"/people/{two.pk}/edit/", 409, name="Sumi", sex="female")


def test_wrong_input_is_answered_without_a_fault(reader: Client, sari: User, pair: tuple[Person, Person]) -> None:
    one, two = pair
    for asked in ("x", "", "0", "99999999999999999999", "-1"):
        show(reader, sari, f"/people/{one.pk}/merge/?with={asked}", 404)
        press(reader, sari, f"/people/{one.pk}/merge/", 404, person=asked)
    assert "one record" in show(reader, sari, f"/people/{one.pk}/merge/?with={one.pk}", 409)
    wrong = press(reader, sari, f"/people/{one.pk}/merge/", 400, person=str(two.pk), name="both", hamlet="stays")
    assert "Name:" in wrong
    assert Person.objects.count() == 2


@pytest.mark.parametrize("back", ["-1", "1e999", "a\0b", "9999-12-31T23:59", "//evil.example", "https://evil.example/"])
def test_way_back_that_is_no_page_of_ours_leads_to_the_list(
    reader: Client, sari: User, pair: tuple[Person, Person], back: str
) -> None:
    one, two = pair
    reader.force_login(sari)
    answer = reader.post(f"/people/{one.pk}/not-duplicate/", {"person": two.pk, "next": back})
    assert (answer.status_code, answer["Location"]) == (302, LIST)


def test_only_the_desk_merges(
    client: Client, made: User, ina: User, rina: User, observer: User, joko: User, pair: tuple[Person, Person]
) -> None:
    one, two = pair
    for user in (made, observer, joko):
        show(client, user, LIST, 403)
        show(client, user, f"/people/{one.pk}/merge/", 403)
        press(client, user, f"/people/{one.pk}/merge/", 403, person=str(two.pk))
        press(client, user, f"/people/{one.pk}/not-duplicate/", 403, person=str(two.pk))
    assert "merge" not in show(client, made, f"/people/{one.pk}/")
    assert LIST not in show(client, made, f"/villages/{one.village_id}/people/")
    show(client, rina, f"/people/{one.pk}/merge/", 404)
    press(client, rina, f"/people/{one.pk}/merge/", 404, person=str(two.pk))
    assert "Sumi" not in show(client, rina, LIST)
    assert not NotDuplicate.objects.exists()


def test_stranger_is_no_counterpart(
    reader: Client, sari: User, pair: tuple[Person, Person], elsewhere: Village
) -> None:
    stranger = person(elsewhere, "Sumi")
    show(reader, sari, f"/people/{pair[0].pk}/merge/?with={stranger.pk}", 404)
    press(reader, sari, f"/people/{pair[0].pk}/merge/", 404, person=str(stranger.pk))


def test_pages_cost_the_same_for_one_and_seven_relations(
    client: Client, sari: User, pair: tuple[Person, Person]
) -> None:
    one, two = pair
    client.force_login(sari)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            cohort = factories.CohortFactory.create(village=one.village)
            session = factories.SessionFactory.create(
                program=cohort.program, cohorts=[cohort], venue=None, mode="online"
            )
            for each in (one, two):
                place = factories.EnrollmentFactory.create(cohort=cohort, person=each)
                factories.AttendanceFactory.create(session=session, enrollment=place)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/people/{one.pk}/merge/?with={two.pk}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_speak_both_languages(client: Client, sari: User, pair: tuple[Person, Person]) -> None:
    one, two = pair
    for language in ("id", "en"):
        client.cookies["language"] = language
        for address in (LIST, f"/people/{one.pk}/merge/", f"/people/{one.pk}/merge/?with={two.pk}"):
            assert "<h1>" in show(client, sari, address)
