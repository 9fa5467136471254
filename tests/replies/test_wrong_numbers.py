"""Salah nomor: the number is taken from whom the text was for, and from nobody else; the next number is used."""

from datetime import datetime, timedelta

import pytest

from noticeboard.boards import household_board
from programs.models import Cohort
from programs.reach import reach_of
from reminders.models import Message
from reminders.states import Kind, MessageState
from replies.states import Outcome, ReplyState
from tests import factories
from tests.reminders.worlds import enroll, happened, household, meeting, plan, send
from tests.replies.worlds import converse, write
from villages.actions import trust_contact
from villages.links import token_of
from villages.models import ContactPoint, Person, PersonContact, Village
from villages.states import ContactState, Relation
from villages.worklist import lacking

pytestmark = pytest.mark.django_db
SORRY = "Mohon maaf telah mengganggu. Nomor ini tidak akan menerima lagi pesan untuk orang lain."


def test_a_number_that_serves_nobody_else_is_marked(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    send(at)
    reply, left = converse(number, "Maaf salah nomor", at=at)
    number.refresh_from_db()
    assert number.state == ContactState.WRONG_PERSON
    assert (left, reply.state, reply.outcome) == ([SORRY], ReplyState.OPEN, Outcome.DONE)
    assert not Message.objects.filter(contact_point=number, state=MessageState.PLANNED).exists()


def test_nothing_more_goes_to_a_stranger_and_nothing_is_told_to_them(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    meeting(cohort, at + timedelta(days=2))
    converse(number, "salah nomor", at=at)
    for text in ("jadwal", "hadir", "halo", "bantuan", "mulai", "daftar parengan", "salah nomor"):
        reply, left = converse(number, text, at=at)
        assert (reply.state, left) == (ReplyState.OPEN, []), text


def test_the_next_number_of_the_person_is_used(cohort: Cohort, parengan: Village, at: datetime) -> None:
    person = factories.reachable_person(parengan, name="Ani Lestari")
    wrong = person.contact_points.get()
    neighbour = factories.PersonContactFactory.create(person=person, relation=Relation.NEIGHBOUR).contact_point
    enroll(cohort, person)
    session = meeting(cohort, at + timedelta(days=4))
    plan(session, at=at)
    send(at)
    write(wrong, "bukan saya", at=at)
    send(at)
    reminders = Message.objects.filter(session=session, state=MessageState.PLANNED)
    assert set(reminders.values_list("contact_point", flat=True)) == {neighbour.pk}


@pytest.fixture
def shared(cohort: Cohort, parengan: Village) -> tuple[Person, Person, ContactPoint]:
    """Bu Ani's own number is also said to be Bu Budi's, who takes part in nothing yet."""
    number = household(cohort, "Ani Lestari")
    ani = Person.objects.get(name="Ani Lestari")
    budi = factories.reachable_person(parengan, name="Budi Santi", number=number)
    return ani, budi, number


def test_a_shared_number_is_taken_from_whom_the_text_was_for(
    cohort: Cohort, shared: tuple[Person, Person, ContactPoint], at: datetime
) -> None:
    ani, budi, number = shared
    enroll(cohort, budi)
    session = meeting(cohort, at + timedelta(days=2))
    told = factories.MessageFactory.create(
        session=session, contact_point=number, state=MessageState.SENT, provider_id="p-1", channel="log", settled_at=at
    )
    told.people.add(budi)
    reply, left = converse(number, "Salah nomor", at=at, context="p-1")
    number.refresh_from_db()
    assert number.state == ContactState.UNVERIFIED
    assert PersonContact.objects.get(person=budi).wrong_at == at
    assert PersonContact.objects.get(person=ani).wrong_at is None
    assert happened(budi) == ["contact_doubted"]
    assert (left[0], reply.state) == (SORRY, ReplyState.OPEN)
    reach = reach_of(session)
    assert reach.people == [ani]
    assert [person for person, _why in reach.unreached] == [budi]
    assert lacking(budi.village).without_number == 1
    trust_contact(budi, contact_point=number, by=factories.UserFactory.create(), at=at)
    assert reach_of(session).people == [ani, budi]


def test_the_household_page_hides_whose_number_it_is_not(
    cohort: Cohort, shared: tuple[Person, Person, ContactPoint], at: datetime
) -> None:
    ani, budi, number = shared
    PersonContact.objects.filter(person=budi).update(wrong_at=at)
    board = household_board(token_of(number), at=at)
    assert board is not None
    assert [member.id for member in board.members] == [ani.pk]


def test_a_word_from_a_stranger_about_nobody_waits(at: datetime, db: None) -> None:
    reply, left = converse("+6281355512345", "salah nomor", at=at)
    assert (reply.state, reply.outcome, left) == (ReplyState.OPEN, Outcome.NOTHING, [])


def test_who_asked_for_silence_stays_silent(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    converse(number, "stop", at=at)
    reply, left = converse(number, "salah nomor", at=at)
    number.refresh_from_db()
    assert (reply.state, left, number.state) == (ReplyState.OPEN, [], ContactState.OPTED_OUT)


def test_the_apology_is_sent_once(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    converse(number, "salah nomor", at=at)
    converse(number, "salah nomor", at=at)
    assert Message.objects.filter(kind=Kind.REPLY, contact_point=number).count() == 1
