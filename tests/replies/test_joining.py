"""DAFTAR from the poster: who writes first agrees; an unknown number waits to be registered by a person."""

from datetime import datetime, timedelta

import pytest

from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind, MessageState
from replies.joining import village_named
from replies.states import Intent, Outcome, ReplyState
from tests import factories
from tests.reminders.worlds import enroll, meeting, plan
from tests.replies.worlds import converse, write
from villages.consents import VERSION
from villages.models import Consent, ContactPoint, Person, Village
from villages.states import ConsentHow, ContactState, Purpose, Relation

pytestmark = pytest.mark.django_db


def silent_person(village: Village, relation: str = Relation.OWN, **columns: str) -> tuple[Person, ContactPoint]:
    """Write down somebody with a number who was never asked."""
    person = factories.PersonFactory.create(village=village, **columns)
    contact = factories.PersonContactFactory.create(person=person, relation=relation)
    return person, contact.contact_point


def test_a_known_number_agrees_by_writing(cohort: Cohort, parengan: Village, at: datetime) -> None:
    person, number = silent_person(parengan, name="Ani Lestari")
    enroll(cohort, person)
    session = meeting(cohort, at + timedelta(days=4))
    plan(session, at=at)
    assert not Message.objects.exists()
    reply, left = converse(number, "DAFTAR PARENGAN", at=at)
    consent = Consent.objects.get(person=person)
    assert (consent.purpose, consent.how, consent.text_version) == (Purpose.MESSAGES, ConsentHow.MESSAGE, VERSION)
    assert (consent.given_at, consent.recorded_by) == (reply.at, None)
    assert (reply.state, reply.outcome, reply.village) == (ReplyState.ANSWERED, Outcome.DONE, parengan)
    assert any(text.startswith("Terima kasih, Bu Ani. Anda akan menerima jadwal") for text in left)
    assert Message.objects.filter(session=session, kind=Kind.INVITATION).get().state == MessageState.SENT


def test_agreeing_twice_is_once(parengan: Village, at: datetime) -> None:
    person, number = silent_person(parengan)
    write(number, "daftar parengan", at=at)
    write(number, "daftar parengan", at=at)
    assert Consent.objects.filter(person=person).count() == 1


def test_daftar_lets_messages_go_again(parengan: Village, at: datetime) -> None:
    _person, number = silent_person(parengan)
    converse(number, "stop", at=at)
    _reply, left = converse(number, "daftar parengan", at=at)
    number.refresh_from_db()
    assert (number.state, len(left)) == (ContactState.VALID, 1)


@pytest.mark.parametrize("relation", [Relation.NEIGHBOUR, Relation.VILLAGE_CONTACT])
def test_nobody_agrees_for_a_neighbour(parengan: Village, at: datetime, relation: Relation) -> None:
    person, number = silent_person(parengan, relation)
    reply = write(number, "daftar parengan", at=at)
    assert (reply.state, reply.outcome) == (ReplyState.OPEN, Outcome.WAITING)
    assert not person.consents.exists()


def test_an_unknown_number_waits_and_hears_so(parengan: Village, at: datetime) -> None:
    reply, left = converse("+6281355512345", "Daftar Parengan, nama saya Ani", at=at)
    assert (reply.state, reply.intent, reply.outcome) == (ReplyState.OPEN, Intent.JOIN, Outcome.WAITING)
    assert reply.village == parengan
    assert left == [
        "Terima kasih. Keinginan Anda ikut Desa Parengan kami teruskan; petugas program akan menghubungi Anda."
    ]


def test_a_person_of_another_village_waits(parengan: Village, elsewhere: Village, at: datetime) -> None:
    _person, number = silent_person(parengan)
    assert write(number, "daftar sukarara", at=at).outcome == Outcome.WAITING


def test_an_unknown_village_is_asked_for_again(at: datetime, db: None) -> None:
    reply, left = converse("+6281355512345", "DAFTAR ATLANTIS", at=at)
    assert (reply.state, reply.outcome, reply.village) == (ReplyState.OPEN, Outcome.NOTHING, None)
    assert left[0].startswith("Kode desa ini belum kami kenal.")


def test_the_longest_code_that_fits_is_meant(parengan: Village) -> None:
    longer = factories.VillageFactory.create(code="parengan-timur")
    assert village_named(("parengan", "timur", "nama", "ani")) == longer
    assert village_named(("desa", "parengan", "nama", "ani")) == parengan
    assert village_named(()) is None
    assert village_named(("desa",)) is None
