"""What happens to villages, people, numbers and agreements."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from common.errors import MoveRefused, Refused
from common.models import Event
from tests import factories
from villages.actions import (
    add_contact,
    add_person,
    anonymise_person,
    change_person,
    change_village,
    give_consent,
    mark_number,
    move_village,
    opt_in,
    opt_out,
    read_numbers,
    register_village,
    remove_contact,
    welcome_person,
    withdraw_consent,
)
from villages.models import ContactPoint, Person, Region, Village
from villages.states import ContactState, Purpose, Relation, VillageStage

pytestmark = pytest.mark.django_db


def verbs(subject: Person | ContactPoint | Village) -> list[str]:
    return list(Event.objects.about(subject).order_by("pk").values_list("verb", flat=True))


def test_village_covers_its_seat_and_is_found_by_a_short_code(region: Region, sari: User, at: datetime) -> None:
    other = factories.lay_region("35.24.10.2010")
    village = register_village(name="Parengan", region=region, commodity="Ikat", regions=[other], by=sari, at=at)
    assert (village.code, village.stage, village.registered_by) == ("parengan", VillageStage.IDENTIFIED, sari)
    assert set(village.regions.all()) == {region, other}
    assert verbs(village) == ["registered"]


def test_village_of_the_same_name_gets_another_code(
    region: Region, parengan: Village, sari: User, at: datetime
) -> None:
    codes = [
        register_village(
            name="Parengan", region=factories.lay_region(f"35.24.10.201{n}"), commodity="Ikat", by=sari, at=at
        ).code
        for n in range(3)
    ]
    assert codes == ["parengan-maduran", "parengan-2", "parengan-3"]


def test_village_is_made_of_desa(sari: User, region: Region, at: datetime) -> None:
    assert region.parent is not None
    with pytest.raises(ValidationError) as refusal:
        register_village(name="Maduran", region=region.parent, commodity="Ikat", by=sari, at=at)
    assert refusal.value.code == "level"
    assert not Village.objects.exists()


def test_desa_belongs_to_one_village_at_a_time(region: Region, sari: User, at: datetime) -> None:
    register_village(name="Parengan", region=region, commodity="Ikat", by=sari, at=at)
    with pytest.raises(IntegrityError, match="desa_in_one_village_at_a_time"):
        register_village(name="Again", region=region, commodity="Ikat", by=sari, at=at)


def test_village_moves_one_stage_at_a_time_with_its_decree(sari: User, region: Region, at: datetime) -> None:
    village = register_village(name="Parengan", region=region, commodity="Ikat", by=sari, at=at)
    with pytest.raises(MoveRefused):
        move_village(village, to=VillageStage.DESIGNATED, by=sari, at=at)
    move_village(village, to=VillageStage.PROPOSED, by=sari, at=at)
    move_village(village, to=VillageStage.ASSESSED, by=sari, at=at)
    move_village(
        village, to=VillageStage.DESIGNATED, decree_number="188/1", decree_on=date(2022, 10, 25), by=sari, at=at
    )
    village.refresh_from_db()
    assert (village.stage, village.decree_number) == (VillageStage.DESIGNATED, "188/1")
    move_village(village, to=VillageStage.LAUNCHED, by=sari, at=at)
    village.refresh_from_db()
    assert village.decree_number == "188/1"


def test_village_leaves_only_with_a_reason(parengan: Village, sari: User, at: datetime) -> None:
    with pytest.raises(ValidationError):
        move_village(parengan, to=VillageStage.STOPPED, reason=" ", by=sari, at=at)
    move_village(parengan, to=VillageStage.STOPPED, reason="Nobody weaves any more", by=sari, at=at)
    assert parengan.stage == VillageStage.STOPPED


def test_village_is_corrected_and_keeps_its_code(parengan: Village, sari: User, at: datetime) -> None:
    change_village(parengan, commodity="Songket", by=sari, at=at)
    change_village(parengan, commodity="Songket", by=sari, at=at)
    parengan.refresh_from_db()
    assert (parengan.commodity, parengan.code, verbs(parengan)) == ("Songket", "parengan", ["changed"])
    with pytest.raises(TypeError):
        change_village(parengan, code="x", by=sari, at=at)


def test_person_is_written_down_tidily(parengan: Village, made: User, at: datetime) -> None:
    person = add_person(village=parengan, name="  Bu   Sumi ", sex="female", birth_year=1980, by=made, at=at)
    assert (person.name, person.hamlet, verbs(person)) == ("Bu Sumi", "", ["added"])


@pytest.mark.parametrize("wrong", [{"name": " "}, {"sex": "none"}, {"birth_year": 1800}, {"name": "a\x00b"}])
def test_person_with_wrong_input_is_refused(parengan: Village, made: User, at: datetime, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        add_person(village=parengan, by=made, at=at, **{"name": "Sumi", "sex": "female", **wrong})
    assert not Person.objects.exists()


def test_person_is_corrected_and_the_event_has_no_words(lidia: Person, made: User, at: datetime) -> None:
    change_person(lidia, name="Lidia Watik", hamlet="Krajan", by=made, at=at)
    change_person(lidia, name="Lidia Watik", by=made, at=at)
    (event,) = Event.objects.about(lidia)
    assert event.facts == {"columns": ["name", "hamlet"]}
    with pytest.raises(TypeError):
        change_person(lidia, village=3, by=made, at=at)


def test_number_is_shared_in_the_house(parengan: Village, lidia: Person, made: User, at: datetime) -> None:
    hasan = factories.PersonFactory.create(village=parengan, name="Hasan")
    point = add_contact(lidia, number="0812-3456-7890", relation=Relation.OWN, by=made, at=at)
    assert add_contact(hasan, number="+62 812 3456 7890", relation=Relation.SPOUSE, by=made, at=at) == point
    assert point.number == "+6281234567890"
    assert set(point.people.all()) == {lidia, hasan}
    remove_contact(hasan, contact_point=point, by=made, at=at)
    assert list(point.people.all()) == [lidia]
    with pytest.raises(Refused):
        remove_contact(hasan, contact_point=point, by=made, at=at)
    assert verbs(hasan) == ["contact_added", "contact_removed"]


def test_number_twice_is_refused(lidia: Person, made: User, at: datetime) -> None:
    add_contact(lidia, number="081234567890", relation=Relation.OWN, by=made, at=at)
    with pytest.raises(IntegrityError, match="person_has_number_once"):
        add_contact(lidia, number="081234567890", relation=Relation.SPOUSE, by=made, at=at)


@pytest.mark.parametrize(("number", "relation"), [("12", Relation.OWN), ("081234567891", "cousin"), ("", Relation.OWN)])
def test_number_that_is_none_is_refused(lidia: Person, made: User, at: datetime, number: str, relation: str) -> None:
    before = ContactPoint.objects.count()
    with pytest.raises(ValidationError):
        add_contact(lidia, number=number, relation=relation, by=made, at=at)
    assert ContactPoint.objects.count() == before


def test_reading_numbers_is_written_down_without_the_digits(lidia: Person, made: User, at: datetime) -> None:
    (contact,) = read_numbers(lidia, by=made, at=at)
    event = Event.objects.about(lidia).get()
    assert (event.verb, event.by, event.facts) == ("read_numbers", made, {"contact_points": [contact.contact_point_id]})


def test_number_turns_out_good_or_bad(made: User, at: datetime) -> None:
    point = factories.ContactPointFactory.create()
    mark_number(point, to=ContactState.UNREACHABLE, by=made, at=at)
    mark_number(point, to=ContactState.VALID, by=made, at=at)
    with pytest.raises(MoveRefused):
        mark_number(point, to=ContactState.UNVERIFIED, by=made, at=at)
    assert verbs(point) == ["marked", "marked"]


def test_stop_is_kept_once_and_only_its_own_can_be_lifted(at: datetime) -> None:
    point = factories.ContactPointFactory.create()
    opt_in(point, by=None, at=at)
    opt_out(point, by=None, at=at)
    opt_out(point, by=None, at=at)
    assert point.state == ContactState.OPTED_OUT
    opt_in(point, by=None, at=at)
    assert point.state == ContactState.VALID
    assert verbs(point) == ["opted_out", "opted_in"]


def test_agreement_is_live_once_and_can_be_given_again(parengan: Village, made: User, at: datetime) -> None:
    person = factories.PersonFactory.create(village=parengan)
    words: dict[str, Any] = {"how": "spoken", "text_version": "1", "by": made, "at": at}
    give_consent(person, purpose=Purpose.MESSAGES, **words)
    with pytest.raises(Refused):
        give_consent(person, purpose=Purpose.MESSAGES, **words)
    withdraw_consent(person, purpose=Purpose.MESSAGES, by=None, at=at)
    with pytest.raises(Refused):
        withdraw_consent(person, purpose=Purpose.MESSAGES, by=None, at=at)
    give_consent(person, purpose=Purpose.MESSAGES, **words)
    assert person.consents.get(withdrawn_at=None).purpose == Purpose.MESSAGES
    assert verbs(person) == ["consent_given", "consent_withdrawn", "consent_given"]


@pytest.mark.parametrize("wrong", [{"purpose": "sale"}, {"how": "guess"}])
def test_agreement_to_nothing_known_is_refused(lidia: Person, made: User, at: datetime, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        give_consent(
            lidia, **{"purpose": "photos", "how": "spoken", "text_version": "1", "by": made, "at": at, **wrong}
        )


def test_person_is_welcomed_whole_or_not_at_all(parengan: Village, made: User, at: datetime) -> None:
    known: dict[str, Any] = {"village": parengan, "sex": "female", "relation": Relation.OWN, "by": made, "at": at}
    person = welcome_person(name="Sumi", number="081234567890", consent_how="paper", text_version="1", **known)
    assert (person.contacts.count(), person.consents.count()) == (1, 1)
    with pytest.raises(ValidationError):
        welcome_person(name="Tini", number="12", **known)
    assert not Person.objects.filter(name="Tini").exists()


def test_forgotten_person_keeps_the_counts_and_nothing_else(
    parengan: Village, lidia: Person, sari: User, at: datetime
) -> None:
    shared, own = lidia.contact_points.get(), factories.ContactPointFactory.create()
    factories.PersonContactFactory.create(person=lidia, contact_point=own)
    hasan = factories.reachable_person(parengan, name="Hasan", number=shared)
    anonymise_person(lidia, by=sari, at=at)
    lidia.refresh_from_db()
    own.refresh_from_db()
    shared.refresh_from_db()
    assert lidia.name.startswith("Warga ")
    assert (lidia.birth_year, lidia.hamlet, lidia.craft, lidia.erased_at) == (None, "", "", at)
    assert (own.number, own.state) == (f"erased-{own.pk}", ContactState.OPTED_OUT)
    assert (shared.number.startswith("+62"), list(shared.people.all())) == (True, [hasan])
    assert not lidia.contacts.exists()
    assert not lidia.consents.filter(withdrawn_at__isnull=True).exists()
    assert parengan.people.count() == 2
    event = Event.objects.about(lidia).get()
    assert event.verb == "anonymised"
    assert "Lidia" not in str(event.facts)


def test_forgotten_person_is_left_alone(lidia: Person, sari: User, at: datetime) -> None:
    anonymise_person(lidia, by=sari, at=at)
    for act in (
        lambda: anonymise_person(lidia, by=sari, at=at),
        lambda: change_person(lidia, name="Lidia", by=sari, at=at),
        lambda: add_contact(lidia, number="081234567890", relation="own", by=sari, at=at),
        lambda: give_consent(lidia, purpose="photos", how="spoken", text_version="1", by=sari, at=at),
    ):
        with pytest.raises(Refused):
            act()


def test_forgotten_number_can_never_be_reached_again(lidia: Person, sari: User, at: datetime) -> None:
    anonymise_person(lidia, by=sari, at=at)
    point = ContactPoint.objects.get(number__startswith="erased")
    with pytest.raises(IntegrityError, match="contact_number_is_e164"):
        opt_in(point, by=sari, at=at)
