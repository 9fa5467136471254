"""Contacts that are e-mail addresses: added like numbers, shown masked, written to and never dialled."""

import pytest
from django.test import Client

from accounts.models import User
from common.phones import local_phone, mask_phone
from papers.sheets import number_of
from tests import factories
from villages.models import ContactPoint, Person
from villages.states import Relation

ADDRESS = "siti@example.org"


@pytest.fixture
def desk(reader: Client, sari: User, cohort: object) -> Client:
    reader.force_login(sari)
    return reader


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Siti@Example.org ", ADDRESS), ("0812 3456 7890", "+6281234567890")],
)
def test_form_takes_a_number_or_an_address(desk: Client, lidia: Person, typed: str, kept: str) -> None:
    page = f"/people/{lidia.pk}/numbers/new/"
    assert "Mobile number or e-mail address" in desk.get(page).content.decode()
    assert desk.post(page, {"number": typed, "relation": Relation.OWN}).status_code == 302
    assert lidia.contact_points.filter(number=kept).exists()


@pytest.mark.parametrize("typed", ["siti@", "@example.org", "siti@exa mple.org", "12", "x" * 300 + "@example.org"])
def test_form_says_what_is_no_address(desk: Client, lidia: Person, typed: str) -> None:
    answer = desk.post(f"/people/{lidia.pk}/numbers/new/", {"number": typed, "relation": Relation.OWN})
    assert answer.status_code == 400
    assert lidia.contacts.count() == 1


def test_page_masks_the_address_and_writes_to_it(desk: Client, lidia: Person) -> None:
    factories.PersonContactFactory.create(person=lidia, contact_point__number=ADDRESS)
    hidden = desk.get(f"/people/{lidia.pk}/").content.decode()
    assert "s••••@example.org" in hidden
    assert ADDRESS not in hidden
    shown = desk.post(f"/people/{lidia.pk}/numbers/").content.decode()
    assert f'href="mailto:{ADDRESS}"' in shown
    assert f"tel:{ADDRESS}" not in shown
    assert "wa.me/iti" not in shown
    number = lidia.contact_points.exclude(number=ADDRESS).get().number
    assert f"tel:{number}" in shown


def test_address_is_written_as_it_is() -> None:
    assert local_phone(ADDRESS) == ADDRESS
    assert mask_phone(ADDRESS) == "s••••@example.org"


def test_paper_shows_a_phone_and_no_address(lidia: Person) -> None:
    point = ContactPoint.objects.get(contacts__person=lidia)
    factories.PersonContactFactory.create(person=lidia, contact_point__number=ADDRESS)
    assert number_of(lidia) == mask_phone(point.number)
    lidia.contacts.filter(contact_point=point).delete()
    assert number_of(Person.objects.get(pk=lidia.pk)) == "–"
