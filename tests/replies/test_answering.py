"""Who comes and who does not, from a word that came in to the text that left, by the way that needs no gateway."""

from datetime import datetime, timedelta

import pytest

from common.models import Event
from programs.actions import answer_session
from programs.models import Attendance, Cohort, Session
from reminders.models import Message
from reminders.states import Kind, MessageState
from replies.answering import answer_new
from replies.hearing import hear_said
from replies.models import Reply
from replies.states import Intent, Outcome, ReplyState
from tests import factories
from tests.reminders.worlds import cancel, household, meeting, plan, reschedule, send
from tests.replies.worlds import converse, hear, planned, said, write
from villages.models import ContactPoint

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOTED = (
    "Terima kasih.\nTercatat: Bu Ani dan Bu Siti hadir di *Pewarnaan Alam*, Sabtu, 3 Oktober 2026, 10.00–12.00 WIB."
    "\nUntuk menjawab sendiri-sendiri: {link}"
)


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """The number of Bu Ani and Bu Siti."""
    return household(cohort, "Ani Lestari", "Siti Aminah")


@pytest.fixture
def session(cohort: Cohort, number: ContactPoint, at: datetime) -> Session:
    """A training in two days that the number was invited to."""
    session = meeting(cohort, at + 2 * DAY, topic="Pewarnaan Alam")
    plan(session, at=at)
    send(at)
    return session


def answers(session: Session) -> list[str]:
    """List what everybody answered."""
    return list(Attendance.objects.filter(session=session).order_by("pk").values_list("rsvp", flat=True))


def test_hadir_is_noted_for_everybody_the_text_was_for(session: Session, number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "HADIR", at=at)
    assert answers(session) == ["yes", "yes"]
    assert (reply.state, reply.intent, reply.outcome) == (ReplyState.ANSWERED, Intent.YES, Outcome.DONE)
    assert (reply.session, reply.contact_point, reply.seats.count()) == (session, number, 2)
    assert left == [NOTED]


def test_izin_keeps_its_reason_with_the_seat_and_out_of_events(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    reply, left = converse(number, "Izin, anak sakit", at=at)
    assert answers(session) == ["no", "no"]
    assert set(session.seats.values_list("rsvp_reason", flat=True)) == {"anak sakit"}
    assert "Bu Ani dan Bu Siti tidak bisa hadir" in left[0]
    assert not [facts for facts in Event.objects.values_list("facts", flat=True) if "sakit" in str(facts)]
    assert reply.state == ReplyState.ANSWERED


def test_the_answer_leaves_at_night_too(session: Session, number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "1", at=at + timedelta(hours=13))  # 23.00
    assert len(left) == 1
    assert planned(reply).state == MessageState.SENT


def test_an_answer_is_a_message_of_the_outbox_of_its_own(session: Session, number: ContactPoint, at: datetime) -> None:
    message = planned(write(number, "hadir", at=at))
    assert (message.kind, message.session, message.due_at) == (Kind.REPLY, None, at)
    assert message.expires_at == at + DAY
    assert message.people.count() == 2
    assert send(at + DAY + timedelta(minutes=1)) == 0
    message.refresh_from_db()
    assert message.state == MessageState.EXPIRED


def test_an_answer_does_not_join_a_reminder(session: Session, number: ContactPoint, at: datetime) -> None:
    evening = session.starts_at - timedelta(hours=17)  # the day before, 17.00
    reply, left = converse(number, "hadir", at=evening)
    assert len(left) == 2
    assert planned(reply).joined_to is None


def test_one_text_of_two_sessions_is_answered_for_both(cohort: Cohort, number: ContactPoint, at: datetime) -> None:
    first, second = (meeting(cohort, at + days * DAY, topic=f"Sesi {days}") for days in (3, 4))
    for session in (first, second):
        plan(session, at=at)
    send(at)
    carrier = Message.objects.get(joined__isnull=False)
    _reply, left = converse(number, "hadir", at=at, context=carrier.provider_id)
    assert answers(first) == answers(second) == ["yes", "yes"]
    assert "*Sesi 3*" in left[0]
    assert "*Sesi 4*" in left[0]


def test_a_word_without_a_context_answers_the_next_session(
    cohort: Cohort, session: Session, number: ContactPoint, at: datetime
) -> None:
    later = meeting(cohort, at + 6 * DAY)
    plan(later, at=at + timedelta(hours=2))
    send(at + timedelta(hours=2))
    write(number, "hadir", at=at + timedelta(hours=3))
    assert (answers(session), answers(later)) == (["yes", "yes"], ["", ""])


def test_a_button_answers_its_own_message(cohort: Cohort, session: Session, number: ContactPoint, at: datetime) -> None:
    later = meeting(cohort, at + 6 * DAY)
    plan(later, at=at)
    key = Message.objects.get(session=later, kind=Kind.INVITATION).key
    write(number, "Tidak bisa", at=at, payload=f"rsvp:{key}:no")
    assert (answers(session), answers(later)) == (["", ""], ["no", "no"])


def test_who_was_told_by_a_human_answers_the_next_session(cohort: Cohort, number: ContactPoint, at: datetime) -> None:
    session = meeting(cohort, at + 2 * DAY)
    write(number, "hadir", at=at)
    assert answers(session) == ["yes", "yes"]


def test_an_answer_after_the_beginning_gets_a_kind_sentence(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    reply, left = converse(number, "hadir", at=session.starts_at + timedelta(minutes=5))
    assert answers(session) == ["", ""]
    assert (reply.outcome, reply.state) == (Outcome.LATE, ReplyState.ANSWERED)
    assert "sudah dimulai" in left[0]


def test_an_answer_to_a_cancelled_session_gets_a_kind_sentence(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    cancel(session, at=at)
    send(at)
    reply, left = converse(number, "hadir", at=at)
    assert reply.outcome == Outcome.CANCELLED
    assert "dibatalkan" in left[0]


def test_an_answer_to_an_older_time_is_asked_again(session: Session, number: ContactPoint, at: datetime) -> None:
    invitation = Message.objects.get(session=session, kind=Kind.INVITATION)
    reschedule(session, session.starts_at + DAY, at=at)
    reply, left = converse(number, "hadir", at=at, context=invitation.provider_id)
    assert answers(session) == ["", ""]
    assert reply.outcome == Outcome.CHANGED
    answer = next(text for text in left if "sudah berubah" in text)
    assert "Minggu, 4 Oktober 2026" in answer
    assert write(number, "hadir", at=at).outcome == Outcome.DONE
    assert answers(session) == ["yes", "yes"]


def test_what_was_noted_is_not_confirmed_once_it_no_longer_stands(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    reply = write(number, "hadir", at=at)
    Attendance.objects.filter(session=session).update(rsvp="", rsvp_at=None)  # as a reschedule does
    send(at)
    assert planned(reply).state == MessageState.SUPERSEDED


def test_the_last_word_written_counts_whatever_the_order_of_arrival(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    write(number, "hadir", at=at)
    late = hear(number, "izin", at=at + timedelta(minutes=5))
    Reply.objects.filter(pk=late.pk).update(at=at - timedelta(minutes=1))
    answer_new(at=at + timedelta(minutes=5))
    late.refresh_from_db()
    assert answers(session) == ["yes", "yes"]
    assert (late.state, late.outcome) == (ReplyState.ANSWERED, Outcome.AGAIN)


def test_a_word_that_comes_twice_is_one(session: Session, number: ContactPoint, at: datetime) -> None:
    word = said(number, "hadir", at=at)
    hear_said([word, word], at=at)
    hear_said([word], at=at)
    assert answer_new(at=at) == 1
    assert Message.objects.filter(kind=Kind.REPLY).count() == 1
    assert Event.objects.filter(subject_type="programs.attendance", verb="answered").count() == 2


def test_the_same_answer_twice_is_one_answer_and_a_new_reason_is_kept(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    write(number, "izin", at=at)
    write(number, "izin", at=at)
    assert Event.objects.filter(verb="answered").count() == 2
    write(number, "izin anak sakit", at=at)
    assert set(session.seats.values_list("rsvp_reason", flat=True)) == {"anak sakit"}
    write(number, "hadir", at=at)
    assert set(session.seats.values_list("rsvp_reason", flat=True)) == {""}


def test_a_household_of_five_is_answered_once_and_named(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, *(f"{name} Wati" for name in ("Ani", "Budi", "Citra", "Dewi", "Eka")))
    session = meeting(cohort, at + 2 * DAY)
    plan(session, at=at)
    send(at)
    _reply, left = converse(number, "HADIR", at=at)
    assert answers(session) == ["yes"] * 5
    assert left[0].count("\n") == 2
    assert "Bu Ani, Bu Budi, Bu Citra, Bu Dewi dan Bu Eka" in left[0]


def test_one_member_who_answered_on_the_page_is_overruled_by_the_later_word_for_all(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    seat = session.seats.order_by("pk")[0]
    answer_session(seat, rsvp="no", at=at)
    write(number, "hadir", at=at + timedelta(minutes=1))
    assert answers(session) == ["yes", "yes"]


def test_words_beside_a_clear_answer_wait_for_a_person_too(
    session: Session, number: ContactPoint, at: datetime
) -> None:
    reply = write(number, "hadir berdua", at=at)
    assert (reply.state, reply.outcome) == (ReplyState.OPEN, Outcome.DONE)


def test_an_answer_to_nothing_waits_for_a_person(number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "hadir", at=at)
    assert (reply.state, reply.outcome) == (ReplyState.OPEN, Outcome.NOTHING)
    assert left == ["Terima kasih. Pesan Anda kami teruskan; petugas program akan menghubungi Anda."]


def test_a_trainer_who_cannot_come_is_shown_to_the_coordinator(cohort: Cohort, at: datetime) -> None:
    session = meeting(cohort, at + 2 * DAY)
    told = factories.MessageFactory.create(
        session=session, trainer=factories.TrainerFactory.create(), state=MessageState.SENT, provider_id="t-1"
    )
    reply = write(told.contact_point, "izin, sakit", at=at, channel="log")
    assert (reply.state, reply.outcome) == (ReplyState.OPEN, Outcome.NOTHING)
    assert reply.session == session


def test_a_reply_that_breaks_the_machine_goes_to_a_person(
    session: Session, number: ContactPoint, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ValueError("never seen before")

    monkeypatch.setattr("replies.answering.seats_of", broken)
    reply = hear(number, "hadir", at=at)
    other = hear(factories.ContactPointFactory.create(), "jadwal", at=at)
    assert answer_new(at=at) == 2
    reply.refresh_from_db()
    other.refresh_from_db()
    assert (reply.state, reply.intent) == (ReplyState.OPEN, Intent.FREE)
    assert other.state != ReplyState.NEW
