"""Pages of villages, people and numbers: each one works, hides what is not one's own, and refuses with a sentence."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from tests import factories
from villages.links import token_of
from villages.models import ContactPoint, Person, Region, Village

pytestmark = pytest.mark.django_db


def show(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def press(client: Client, user: User, address: str, status: int = 302, **values: str) -> str:
    client.force_login(user)
    answer = client.post(address, values)
    assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[-900:])
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def point(lidia: Person) -> ContactPoint:
    return lidia.contact_points.get()


@pytest.fixture
def addresses(parengan: Village, lidia: Person) -> list[str]:
    return [
        f"/villages/{parengan.pk}/people/",
        f"/villages/{parengan.pk}/people/new/",
        f"/villages/{parengan.pk}/poster/",
        f"/people/{lidia.pk}/",
        f"/people/{lidia.pk}/edit/",
        f"/people/{lidia.pk}/numbers/new/",
    ]


@pytest.fixture
def buttons(lidia: Person, point: ContactPoint) -> list[str]:
    number = f"/people/{lidia.pk}/numbers/{point.pk}"
    return [
        f"/people/{lidia.pk}/numbers/",
        f"/people/{lidia.pk}/consent/",
        f"/people/{lidia.pk}/consent/withdraw/",
        *(f"{number}/{verb}/" for verb in ("remove", "mark", "stop", "resume", "link/renew", "link/revoke")),
    ]


def test_stranger_is_asked_to_sign_in(client: Client, addresses: list[str], buttons: list[str]) -> None:
    for address in [*addresses, "/villages/new/"]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
    for address in buttons:
        assert "/accounts/login/" in client.post(address)["Location"]


def test_other_mentor_and_other_coordinator_find_nothing(
    client: Client, addresses: list[str], buttons: list[str], ina: User, rina: User, lidia: Person
) -> None:
    for user in (ina, rina):
        for address in addresses:
            show(client, user, address, 404)
        for address in buttons:
            press(client, user, address, 404, purpose="messages", how="spoken", to="valid")
    assert not Event.objects.exists()
    show(client, rina, f"/people/{lidia.pk}/anonymise/", 404)


def test_observer_and_finance_read_figures_not_people(
    client: Client, addresses: list[str], buttons: list[str], observer: User, joko: User, cohort: object
) -> None:
    for user in (observer, joko):
        for address in addresses:
            show(client, user, address, 403)
        for address in buttons:
            press(client, user, address, 403)
        show(client, user, "/villages/new/", 403)


def test_mentor_neither_registers_villages_nor_erases_people(client: Client, made: User, lidia: Person) -> None:
    show(client, made, "/villages/new/", 403)
    show(client, made, f"/people/{lidia.pk}/anonymise/", 403)
    press(client, made, f"/people/{lidia.pk}/anonymise/", 403)
    assert Person.objects.get().erased_at is None


def test_pages_open_for_coordinator_and_mentor_in_both_languages(
    client: Client, addresses: list[str], cohort: object, sari: User, made: User
) -> None:
    for language in ("id", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for user in (sari, made):
            for address in addresses:
                assert f'lang="{language}"' in show(client, user, address)
        show(client, sari, "/villages/new/")


def test_people_are_listed_with_what_they_lack(reader: Client, made: User, parengan: Village, lidia: Person) -> None:
    factories.PersonFactory.create(village=parengan, name="Djumadi")
    shown = show(reader, made, f"/villages/{parengan.pk}/people/")
    for words in ("Lidia Wati", "Djumadi", "No number", "Not yet", "without any number", "0812-••••-"):
        assert words in shown
    assert lidia.contact_points.get().number[3:] not in shown
    assert "Lidia" not in show(reader, made, f"/villages/{parengan.pk}/people/?reachable=false")
    assert "Nobody matches this" in show(reader, made, f"/villages/{parengan.pk}/people/?search=zzz")
    assert 'option value="false" selected' in show(reader, made, f"/villages/{parengan.pk}/people/?reachable=false")
    show(reader, made, f"/villages/{parengan.pk}/people/?reachable=perhaps")
    show(reader, made, f"/villages/{parengan.pk}/people/?cursor=broken", 409)


def test_list_without_people_says_what_to_do(reader: Client, made: User, parengan: Village) -> None:
    assert "No people yet" in show(reader, made, f"/villages/{parengan.pk}/people/")


def test_list_and_page_cost_the_same_for_one_and_seven(client: Client, made: User, parengan: Village) -> None:
    counted: list[tuple[int, int]] = []
    person = factories.reachable_person(parengan, name="Aminah")
    for more in (0, 6):
        for _ in range(more):
            factories.reachable_person(parengan)
            number = factories.PersonContactFactory.create(person=person).contact_point
            factories.PersonalLinkFactory.create(contact_point=number)
        client.force_login(made)
        counted.append(
            (
                _queries(lambda: client.get(f"/villages/{parengan.pk}/people/")),
                _queries(lambda: client.post(f"/people/{person.pk}/numbers/")),
            )
        )
    assert counted[0] == counted[1]
    assert counted[0][0] <= 12


def _queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_list_goes_on_with_a_second_page(reader: Client, made: User, parengan: Village) -> None:
    for _ in range(27):
        factories.PersonFactory.create(village=parengan)
    shown = show(reader, made, f"/villages/{parengan.pk}/people/")
    onward = re.search(r'href="(\?cursor=[^"]+)" rel="next"', shown)
    assert onward is not None
    assert 'rel="prev"' in show(reader, made, f"/villages/{parengan.pk}/people/{onward[1]}")


def test_person_is_added_with_number_and_agreement(reader: Client, made: User, parengan: Village) -> None:
    assert "Read these words aloud" in show(reader, made, f"/villages/{parengan.pk}/people/new/")
    values: dict[str, Any] = {
        "name": "Sumi",
        "sex": "female",
        "number": "0812 3456 7890",
        "relation": "own",
        "consent_how": "paper",
    }
    press(reader, made, f"/villages/{parengan.pk}/people/new/", **values)
    person = Person.objects.get()
    assert (person.village, person.contacts.count(), person.consents.get().text_version) == (parengan, 1, "2026-1")
    shown = show(reader, made, f"/people/{person.pk}/")
    for words in ("Sumi was added.", "0812-••••-890", "Signed paper", "Number added", "Agreed"):
        assert words in shown


def test_wrong_person_is_shown_again_with_what_was_typed(reader: Client, made: User, parengan: Village) -> None:
    address = f"/villages/{parengan.pk}/people/new/"
    shown = press(reader, made, address, 400, name="Sumi", number="12", relation="own", birth_year="1500")
    for words in ('value="Sumi"', 'value="12"', "too short", "Sex: "):
        assert words in shown
    assert not Person.objects.exists()


def test_numbers_are_masked_until_asked_for_and_reading_is_audited(
    reader: Client, made: User, lidia: Person, point: ContactPoint
) -> None:
    digits = point.number[3:]
    address = f"/people/{lidia.pk}/"
    assert digits not in show(reader, made, address).replace(" ", "")
    assert not Event.objects.exists()
    show(reader, made, f"{address}numbers/", 302)
    assert not Event.objects.exists()
    shown = press(reader, made, f"{address}numbers/", 200)
    assert digits in shown.replace(" ", "")
    assert token_of(point) in shown
    event = Event.objects.get()
    assert (event.verb, event.by, event.subject_id) == ("read_numbers", made, str(lidia.pk))
    assert "Numbers were read" in show(reader, made, address)


def test_shown_numbers_are_not_kept_by_the_browser(client: Client, made: User, lidia: Person) -> None:
    client.force_login(made)
    assert client.post(f"/people/{lidia.pk}/numbers/")["Cache-Control"] == "no-store"


def test_person_is_corrected(reader: Client, made: User, lidia: Person) -> None:
    assert 'value="Lidia Wati"' in show(reader, made, f"/people/{lidia.pk}/edit/")
    press(reader, made, f"/people/{lidia.pk}/edit/", name="Lidia Watik", sex="female", birth_year="1978")
    lidia.refresh_from_db()
    assert (lidia.name, lidia.birth_year, lidia.craft) == ("Lidia Watik", 1978, "")


def test_number_is_added_shared_and_refused_twice(reader: Client, made: User, lidia: Person) -> None:
    address = f"/people/{lidia.pk}/numbers/new/"
    press(reader, made, address, number="081234567890", relation="spouse")
    assert "already has this number" in press(reader, made, address, 409, number="081234567890", relation="own")
    assert "no phone number" in press(reader, made, address, 400, number="abc", relation="own")
    assert lidia.contacts.count() == 2


def test_agreement_is_given_and_taken_back(reader: Client, made: User, lidia: Person) -> None:
    press(reader, made, f"/people/{lidia.pk}/consent/", purpose="photos", how="paper")
    refused = press(reader, made, f"/people/{lidia.pk}/consent/", 409, purpose="photos", how="paper")
    assert "already agreed" in refused
    press(reader, made, f"/people/{lidia.pk}/consent/", 409, purpose="sale", how="paper")
    press(reader, made, f"/people/{lidia.pk}/consent/withdraw/", purpose="messages")
    press(reader, made, f"/people/{lidia.pk}/consent/withdraw/", 409, purpose="messages")
    press(reader, made, f"/people/{lidia.pk}/consent/withdraw/", 409)
    assert list(lidia.consents.filter(withdrawn_at__isnull=True).values_list("purpose", flat=True)) == ["photos"]


def test_number_is_marked_stopped_and_resumed(reader: Client, made: User, lidia: Person, point: ContactPoint) -> None:
    base = f"/people/{lidia.pk}/numbers/{point.pk}"
    states = []
    steps: list[tuple[str, dict[str, Any]]] = [("mark", {"to": "valid"}), ("stop", {}), ("stop", {}), ("resume", {})]
    for verb, values in steps:
        press(reader, made, f"{base}/{verb}/", **values)
        point.refresh_from_db()
        states.append(point.state)
    assert states == ["valid", "opted_out", "opted_out", "valid"]
    press(reader, made, f"{base}/stop/")
    assert "Opted out" in show(reader, made, f"/villages/{lidia.village_id}/people/")
    press(reader, made, f"{base}/resume/")
    press(reader, made, f"{base}/mark/", 409, to="opted_out")
    press(reader, made, f"{base}/mark/", 409, to="valid")


def test_link_is_renewed_and_closed(reader: Client, made: User, lidia: Person, point: ContactPoint) -> None:
    base = f"/people/{lidia.pk}/numbers/{point.pk}"
    press(reader, made, f"{base}/link/renew/")
    press(reader, made, f"{base}/link/revoke/")
    shown = press(reader, made, f"/people/{lidia.pk}/numbers/", 200)
    for words in ("page of the household is closed", "Link renewed", "Link closed"):
        assert words in shown


def test_number_of_someone_else_has_no_buttons(client: Client, made: User, lidia: Person) -> None:
    other = factories.PersonContactFactory.create(person=factories.PersonFactory.create(village=lidia.village))
    for verb in ("remove", "stop", "link/renew"):
        press(client, made, f"/people/{lidia.pk}/numbers/{other.contact_point_id}/{verb}/", 404)


def test_number_is_removed_from_one_person(
    client: Client, made: User, lidia: Person, point: ContactPoint, parengan: Village
) -> None:
    hasan = factories.reachable_person(parengan, number=point)
    press(client, made, f"/people/{lidia.pk}/numbers/{point.pk}/remove/")
    assert list(point.people.all()) == [hasan]


def test_person_is_erased_after_one_more_question(reader: Client, sari: User, cohort: object, lidia: Person) -> None:
    assert "Forget Lidia Wati?" in show(reader, sari, f"/people/{lidia.pk}/anonymise/")
    press(reader, sari, f"/people/{lidia.pk}/anonymise/")
    shown = show(reader, sari, f"/people/{lidia.pk}/")
    assert "Lidia" not in shown
    assert "only the counts remain" in shown
    assert f"/people/{lidia.pk}/edit/" not in shown
    press(reader, sari, f"/people/{lidia.pk}/edit/", 409, name="Back", sex="female")
    press(reader, sari, f"/people/{lidia.pk}/anonymise/", 409)


def test_village_is_found_chosen_and_registered(reader: Client, sari: User, region: Region) -> None:
    shown = show(reader, sari, "/villages/new/?search=pareng")
    assert "Parengan, Kec. Maduran, Kab. Lamongan" in shown
    assert "?region=35.24.10.2009" in shown
    assert 'value="Parengan"' in show(reader, sari, "/villages/new/?region=35.24.10.2009")
    press(reader, sari, "/villages/new/", region="35.24.10.2009", name="Parengan", commodity="Ikat")
    village = Village.objects.get()
    assert village.registered_by == sari
    assert "is now a village of the programme" in show(reader, sari, f"/villages/{village.pk}/")
    taken = press(reader, sari, "/villages/new/", 409, region="35.24.10.2009", name="Again", commodity="Ikat")
    assert "already belongs to a village" in taken


def test_village_search_and_place_survive_any_input(reader: Client, sari: User, region: Region) -> None:
    assert "No desa of this name" in show(reader, sari, "/villages/new/?search=zzzz")
    for query in ("search=a", "search=%00abc", "region=x", "region=35", "region=" + "9" * 400, f"search={'x' * 99}"):
        show(reader, sari, f"/villages/new/?{query}")
    for place in ("35.24", "x", "", "99.99.99.9999"):
        press(reader, sari, "/villages/new/", 400, region=place, name="A", commodity="B")
    assert not Village.objects.exists()


def test_poster_leads_to_the_village_page_and_names_nobody(
    reader: Client, made: User, parengan: Village, lidia: Person
) -> None:
    made.phone = "+6281200000092"
    made.save()
    shown = show(reader, made, f"/villages/{parengan.pk}/poster/")
    for words in ("testserver/d/parengan", '<svg viewBox="', "Made", "0812 0000 0092", 'lang="id"'):
        assert words in shown
    assert "Lidia" not in shown
    assert "style=" not in shown


def test_poster_leaves_out_who_no_longer_mentors(reader: Client, sari: User, cohort: object, parengan: Village) -> None:
    gone = factories.UserFactory.create(name="Former", role="mentor", phone="+6281200000095")
    factories.AssignmentFactory.create(mentor=gone, village=parengan, ends_on="2026-01-31")
    assert "Former" not in show(reader, sari, f"/villages/{parengan.pk}/poster/")
