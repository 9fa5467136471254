"""BERHENTI and MULAI: nothing begins after it but one confirmation, from whichever side the wish comes."""

from datetime import datetime, timedelta

import pytest

from programs.models import Cohort
from reminders.models import Message
from reminders.sender.packing import claim
from reminders.states import Kind, MessageState, Reason
from replies.answering import answer_new
from replies.models import Reply
from replies.states import Intent, Outcome, ReplyState
from tests import factories
from tests.reminders.worlds import happened, household, meeting, plan, send
from tests.replies.worlds import converse, hear, planned, write
from villages.actions import mark_number, opt_out
from villages.models import ContactPoint
from villages.states import ContactState

pytestmark = pytest.mark.django_db
STOPPED = "Baik, kami tidak akan mengirim pesan lagi. Balas MULAI bila ingin menerima lagi."


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """A number of one weaver."""
    return household(cohort, "Ani Lestari")


def test_stop_silences_at_once_and_says_so_once(number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "Tolong stop kirim pesan", at=at)
    number.refresh_from_db()
    assert number.state == ContactState.OPTED_OUT
    assert (left, reply.state, reply.outcome) == ([STOPPED], ReplyState.ANSWERED, Outcome.DONE)
    again, left = converse(number, "STOP", at=at)
    assert (left, again.state, again.outcome) == ([], ReplyState.ANSWERED, Outcome.AGAIN)
    assert happened(number) == ["marked", "opted_out"]


def test_stop_withdraws_what_was_planned_and_what_was_claimed(
    cohort: Cohort, number: ContactPoint, at: datetime
) -> None:
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    answer = planned(write(number, "jadwal", at=at))
    claim(["log"], at=at, size=100)  # another sender holds them and has not begun
    assert set(Message.objects.values_list("state", flat=True)) >= {MessageState.CLAIMED}
    stop = write(number, "berhenti", at=at)
    answer.refresh_from_db()
    assert (answer.state, answer.note) == (MessageState.SUPERSEDED, Reason.UNREACHABLE)
    waiting = Message.objects.filter(state__in=(MessageState.PLANNED, MessageState.CLAIMED))
    assert waiting.get() == planned(stop)


def test_silence_asked_for_on_a_page_holds_back_answers_and_notices_too(number: ContactPoint, at: datetime) -> None:
    answer = planned(write(number, "jadwal", at=at))
    notice = factories.MessageFactory.create(
        session=None,
        revision=None,
        subject_type="mentoring.visit",
        subject_id="1",
        kind=Kind.VISIT_MISSING,
        contact_point=number,
        expires_at=at + timedelta(days=1),
    )
    number.refresh_from_db()
    opt_out(number, by=None, at=at)
    for message, state in ((answer, MessageState.SUPERSEDED), (notice, MessageState.BLOCKED)):
        message.refresh_from_db()
        assert (message.state, message.note) == (state, Reason.UNREACHABLE)


def test_a_number_that_works_again_withdraws_nothing(number: ContactPoint, at: datetime) -> None:
    answer = planned(write(number, "jadwal", at=at))
    ContactPoint.objects.filter(pk=number.pk).update(state=ContactState.UNREACHABLE)
    number.refresh_from_db()
    mark_number(number, to=ContactState.VALID, by=None, at=at)
    answer.refresh_from_db()
    assert answer.state == MessageState.PLANNED


@pytest.mark.parametrize("text", ["jadwal", "bantuan", "halo, siapa ini"])
def test_who_asked_for_silence_is_called_instead_of_written_to(number: ContactPoint, at: datetime, text: str) -> None:
    write(number, "berhenti", at=at)
    send(at)
    reply, left = converse(number, text, at=at)
    assert (reply.state, left) == (ReplyState.OPEN, [])


def test_an_answer_of_who_asked_for_silence_still_counts(cohort: Cohort, number: ContactPoint, at: datetime) -> None:
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    send(at)
    write(number, "berhenti", at=at)
    send(at)
    reply, left = converse(number, "hadir", at=at)
    assert (reply.state, left) == (ReplyState.ANSWERED, [])
    assert session.seats.get().rsvp == "yes"


def test_mulai_begins_again(cohort: Cohort, number: ContactPoint, at: datetime) -> None:
    session = meeting(cohort, at + timedelta(days=9))
    write(number, "stop", at=at)
    send(at)
    plan(session, at=at)
    _reply, left = converse(number, "MULAI", at=at)
    assert (
        "Terima kasih, Bu Ani. Anda akan menerima jadwal pelatihan Desa Parengan."
        " Balas JADWAL, BANTUAN, atau BERHENTI kapan saja."
    ) in left
    assert Message.objects.filter(session=session, state=MessageState.SENT, kind=Kind.INVITATION).exists()


def test_of_stop_and_start_the_one_written_last_holds(number: ContactPoint, at: datetime) -> None:
    write(number, "mulai", at=at)
    late = hear(number, "berhenti", at=at)
    Reply.objects.filter(pk=late.pk).update(at=at - timedelta(minutes=1))
    answer_new(at=at)
    number.refresh_from_db()
    assert number.state == ContactState.VALID
    late.refresh_from_db()
    assert late.outcome == Outcome.AGAIN


def test_an_unknown_number_is_silenced_too(at: datetime, db: None) -> None:
    _reply, left = converse("+6281355512345", "STOP", at=at)
    assert ContactPoint.objects.get(number="+6281355512345").state == ContactState.OPTED_OUT
    assert left == [STOPPED]


def test_a_sender_without_a_number_waits_for_a_person(at: datetime, db: None) -> None:
    reply, left = converse("TELCO", "stop", at=at)
    assert (reply.state, reply.intent, left) == (ReplyState.OPEN, Intent.STOP, [])


def test_the_confirmation_is_the_only_text_that_may_break_the_silence(number: ContactPoint, at: datetime) -> None:
    stop = write(number, "berhenti", at=at)
    other = factories.MessageFactory.create(contact_point=number, expires_at=at + timedelta(days=1))
    send(at)
    other.refresh_from_db()
    assert planned(stop).state == MessageState.SENT
    assert other.state == MessageState.BLOCKED
