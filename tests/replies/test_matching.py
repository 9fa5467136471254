"""Whose words these are: our message first, then the button, the gateway's id of the person, the number last."""

from datetime import datetime, timedelta

import pytest

from programs.models import Cohort, Session
from reminders.models import Message, Refusal
from reminders.states import Channel, Kind
from replies.hearing import hear_said
from replies.models import KnownUser, Reply
from replies.planning import MOST_A_DAY
from replies.states import Intent, Outcome, ReplyState
from tests import factories
from tests.factories import lay_region
from tests.reminders.worlds import household, meeting, plan, send
from tests.replies.worlds import converse, hear, said, write
from villages.models import ContactPoint
from villages.states import ContactState

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """A number of one weaver."""
    return household(cohort, "Ani Lestari")


@pytest.fixture
def told(cohort: Cohort, number: ContactPoint, at: datetime) -> Message:
    """An invitation that left."""
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    send(at)
    return Message.objects.get(session=session, kind=Kind.INVITATION)


def test_our_own_message_is_enough_without_any_number(told: Message, at: datetime) -> None:
    reply = write("", "hadir", at=at, context=told.provider_id, user_id="person-7")
    assert (reply.contact_point, reply.message, reply.outcome) == (told.contact_point, told, Outcome.DONE)
    assert KnownUser.objects.get().contact_point == told.contact_point
    later = write("", "jadwal", at=at, user_id="person-7")  # from now on the id is known
    assert (later.contact_point, later.state) == (told.contact_point, ReplyState.ANSWERED)


def test_our_message_weighs_more_than_the_number(told: Message, at: datetime) -> None:
    other = factories.ContactPointFactory.create()
    assert write(other, "hadir", at=at, context=told.provider_id).contact_point == told.contact_point


def test_a_button_weighs_more_than_the_number(told: Message, at: datetime) -> None:
    reply = write("", "", at=at, payload=f"rsvp:{told.key}:yes")
    assert (reply.contact_point, reply.outcome) == (told.contact_point, Outcome.DONE)


def test_a_known_id_follows_its_person_to_a_new_number(number: ContactPoint, at: datetime) -> None:
    old = factories.ContactPointFactory.create()
    KnownUser.objects.create(channel=Channel.LOG, user_id="person-7", contact_point=old)
    assert write(number, "jadwal", at=at, user_id="person-7").contact_point == old
    assert write("", "jadwal", at=at, user_id="person-7", channel=Channel.WHATSAPP).contact_point is None


def test_a_context_of_another_channel_is_no_context(told: Message, at: datetime) -> None:
    reply = write(told.contact_point, "hadir", at=at, context=told.provider_id, channel=Channel.SMS)
    assert reply.message is None
    assert reply.outcome == Outcome.DONE  # by the number, the next session


def test_a_number_that_is_nowhere_gets_a_row_and_is_never_lost(at: datetime, db: None) -> None:
    reply = write("+6281355512345", "Apakah ini Desa Devisa?", at=at)
    assert (reply.state, reply.intent) == (ReplyState.OPEN, Intent.FREE)
    assert reply.contact_point == ContactPoint.objects.get(number="+6281355512345")


def test_a_word_proves_the_number_on_its_channel(number: ContactPoint, at: datetime) -> None:
    for channel in (Channel.WHATSAPP, Channel.SMS):
        Refusal.objects.create(contact_point=number, channel=channel, at=at)
    ContactPoint.objects.filter(pk=number.pk).update(state=ContactState.UNREACHABLE)
    write(number, "halo", at=at, channel=Channel.WHATSAPP)
    number.refresh_from_db()
    assert number.state == ContactState.VALID
    assert list(Refusal.objects.values_list("channel", flat=True)) == [Channel.SMS]


def test_a_word_without_words_is_kept(number: ContactPoint, at: datetime) -> None:
    reply = write(number, "", at=at)
    assert (reply.state, reply.intent) == (ReplyState.OPEN, Intent.FREE)


def test_signs_that_no_database_keeps_are_left_out(number: ContactPoint, at: datetime) -> None:
    assert hear(number, "ha\x00dir\ud800 \x07", at=at).text == "hadir"


def test_a_clock_ahead_of_ours_writes_no_word_of_tomorrow(number: ContactPoint, at: datetime) -> None:
    word = said(number, "hadir", at=at + timedelta(days=3))
    hear_said([word], at=at)
    assert Reply.objects.get().at == at


# -- sentences -------------------------------------------------------------------------------------------------------


def test_a_sentence_waits_and_is_answered_by_a_line_once_a_day(number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "Apakah boleh membawa anak?", at=at)
    assert (reply.state, reply.intent, len(left)) == (ReplyState.OPEN, Intent.FREE, 1)
    second, left = converse(number, "Halo?", at=at + timedelta(hours=5))
    assert (second.state, left) == (ReplyState.OPEN, [])
    _third, left = converse(number, "Halo?", at=at + timedelta(hours=25))
    assert len(left) == 1


def test_the_line_names_the_mentor(number: ContactPoint, at: datetime, parengan: object) -> None:
    mentor = factories.UserFactory.create(name="Made", role="mentor", phone="+6281234567890")
    factories.AssignmentFactory.create(mentor=mentor, village=parengan)
    _reply, left = converse(number, "Apakah boleh membawa anak?", at=at)
    assert left[0].startswith("Pesan ini dijawab otomatis; pesan Anda akan dibaca petugas. Balas JADWAL, HADIR")
    assert left[0].endswith(" Bicara dengan pendamping: Made, 0812 3456 7890.")
    _reply, left = converse(number, "bantuan", at=at)
    assert left == ["Pendamping Anda: Made, 0812 3456 7890. Silakan telepon atau kirim pesan."]


def test_help_without_a_mentor_waits_for_a_person(number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "BANTUAN", at=at)
    assert (reply.state, reply.outcome) == (ReplyState.OPEN, Outcome.WAITING)
    assert left == ["Terima kasih. Pesan Anda kami teruskan; petugas program akan menghubungi Anda."]


def test_a_stranger_learns_how_to_join(at: datetime, db: None) -> None:
    _reply, left = converse("+6281355512345", "jadwal", at=at)
    assert left[0].endswith("tulis DAFTAR dan kode yang tertera di poster desa Anda.")


def test_two_machines_do_not_talk_for_ever(number: ContactPoint, at: datetime) -> None:
    replies = [write(number, "jadwal", at=at) for _ in range(MOST_A_DAY + 1)]
    assert [reply.state for reply in replies] == [ReplyState.ANSWERED] * MOST_A_DAY + [ReplyState.OPEN]
    assert Message.objects.filter(kind=Kind.REPLY).count() == MOST_A_DAY


# -- the schedule ------------------------------------------------------------------------------------------------------


def test_the_schedule_is_read_as_the_answer_leaves(told: Message, at: datetime) -> None:
    session = Session.objects.get()
    reply = write(told.contact_point, "jadwal", at=at)
    Session.objects.filter(pk=session.pk).update(topic="Judul baru")
    send(at)
    assert "*Judul baru*" in Message.objects.get(subject_id=str(reply.pk)).text


def test_without_a_session_the_schedule_says_so(number: ContactPoint, at: datetime) -> None:
    reply, left = converse(number, "JADWAL", at=at)
    assert (left, reply.state) == (["Belum ada jadwal. Kami kabari lewat pesan ini."], ReplyState.ANSWERED)


def test_times_are_those_of_the_place(at: datetime, program: object) -> None:
    village = factories.VillageFactory.create(region=lay_region("52.02.02.2004"))
    cohort = factories.CohortFactory.create(program=program, village=village)
    number = household(cohort, "Ani Lestari")
    meeting(cohort, at + timedelta(days=2), venue=factories.VenueFactory.create(region=village.region))
    _reply, left = converse(number, "jadwal", at=at)
    assert "11.00–13.00 WITA" in left[0]
