"""Refusals: the next rung, the next number, later, not at all; each by the rules and without a hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from programs.models import Cohort, Session
from reminders.channels.gateway import Guarantee, Outcome
from reminders.models import ChannelStatus, DeliveryEvent, Message, Refusal
from reminders.sender import packing
from reminders.states import Channel, Kind, MessageState, Reason
from reminders.wording import write
from tests import factories
from tests.reminders.postmen import BUSY, DEAD, SILENT, STOP, TAKEN, WRONG, Postman, tick
from tests.reminders.worlds import enroll, happened, household, meeting, plan, reschedule
from villages.actions import add_contact, mark_number, opt_in, opt_out, remove_contact
from villages.models import ContactPoint
from villages.states import ContactState, Relation

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for one household."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


@pytest.fixture
def many(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for four numbers."""
    for name in ("Lidia Wati", "Rini", "Siti Aminah", "Wati"):
        household(cohort, name)
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


@pytest.fixture
def people_too(settings: Any) -> None:
    """Have people as the last rung."""
    settings.MESSAGE_CHANNELS = ["log", "manual"]


def invitation() -> Message:
    """Read the one invitation."""
    return Message.objects.get(kind=Kind.INVITATION)


def whatsapp(says: Any) -> Postman:
    """Be WhatsApp."""
    return Postman(says, channel=Channel.WHATSAPP, guarantee=Guarantee.ECHO)


def test_number_that_is_not_on_whatsapp_gets_an_sms_in_the_same_tick(session: Session, at: datetime) -> None:
    first, second = whatsapp(DEAD), Postman()
    assert tick(at, first, second) == 2
    message = invitation()
    assert (message.state, message.channel, message.failed_channels) == (MessageState.ACCEPTED, "sms", ["whatsapp"])
    assert Refusal.objects.get().code == "131026"
    words = DeliveryEvent.objects.order_by("pk").values_list("state", "note")
    assert list(words) == [("failed", "131026"), ("accepted", "")]


def test_refused_channel_is_not_tried_again_for_the_next_message(
    cohort: Cohort, session: Session, at: datetime
) -> None:
    first, second = whatsapp(DEAD), Postman()
    tick(at, first, second)
    reminder = Message.objects.get(kind=Kind.H3)
    tick(reminder.due_at, first, second)
    assert (len(first.letters), len(second.letters)) == (1, 2)


def test_letter_that_a_channel_cannot_take_says_nothing_about_the_number(session: Session, at: datetime) -> None:
    tick(at, whatsapp(WRONG), Postman())
    assert invitation().channel == "sms"
    assert not Refusal.objects.exists()


def test_dead_number_is_marked_and_its_people_are_told_on_their_next_one(
    cohort: Cohort, session: Session, at: datetime
) -> None:
    own = ContactPoint.objects.get()
    lidia = cohort.people.get(name="Lidia Wati")
    kader = factories.ContactPointFactory.create()
    factories.PersonContactFactory.create(person=lidia, contact_point=kader, relation=Relation.VILLAGE_CONTACT)
    postman = Postman({own.number: DEAD})
    tick(at, postman)
    own.refresh_from_db()
    assert (own.state, happened(own)) == (ContactState.UNREACHABLE, ["marked"])
    assert postman.addresses == [own.number, kader.number]
    assert "Bu Lidia" in postman.letters[1].wording.text
    dead = Message.objects.get(kind=Kind.INVITATION, contact_point=own)
    assert (dead.state, dead.note) == (MessageState.FAILED, Reason.NO_WAY)
    assert tick(at, postman) == 0


def test_reminder_that_failed_is_told_on_the_next_number_too(cohort: Cohort, session: Session, at: datetime) -> None:
    own = ContactPoint.objects.get()
    tick(at, Postman())
    for person in cohort.people.all():
        kader, _new = ContactPoint.objects.get_or_create(number="+6281300001111")
        factories.PersonContactFactory.create(person=person, contact_point=kader, relation=Relation.VILLAGE_CONTACT)
    evening, postman = Message.objects.get(kind=Kind.H1).due_at, Postman({own.number: DEAD})
    tick(evening, postman)
    assert postman.addresses == [own.number, kader.number]
    assert Message.objects.get(kind=Kind.H1, contact_point=kader).state == MessageState.ACCEPTED
    assert not Message.objects.filter(kind=Kind.H3, contact_point=kader).exists()
    plan(session, at=evening)
    assert tick(evening, postman) == 0


def test_outage_or_our_mistake_marks_no_number(session: Session, at: datetime) -> None:
    tick(at, whatsapp(DEAD), Postman(WRONG))
    assert (invitation().state, invitation().note) == (MessageState.FAILED, Reason.NO_WAY)
    assert ContactPoint.objects.get().is_reachable


def test_address_that_no_channel_fits_fails_without_blame(cohort: Cohort, at: datetime) -> None:
    mail = factories.ContactPointFactory.create(number="lidia@example.org")
    enroll(cohort, factories.reachable_person(cohort.village, number=mail, name="Lidia"))
    plan(meeting(cohort, at + WEEK), at=at)
    assert tick(at, Postman()) == 0
    assert (invitation().state, invitation().note) == (MessageState.FAILED, Reason.NO_WAY)
    mail.refresh_from_db()
    assert mail.is_reachable


def test_busy_gateway_is_tried_again_later_and_then_given_up(session: Session, at: datetime) -> None:
    busy, moments = Postman(BUSY), []
    for _ in range(5):
        ChannelStatus.objects.update(failures=0, open_until=None)
        at = max(at, invitation().due_at)
        moments.append(at)
        assert tick(at, busy) == 1
    message = invitation()
    assert [later - sooner for sooner, later in pairwise(moments)] == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(minutes=30),
    ]
    assert (message.state, message.note, message.code) == (MessageState.FAILED, Reason.NO_WAY, "busy")
    assert len({letter.key for letter in busy.letters}) == 1


def test_try_that_would_come_too_late_takes_the_next_rung(session: Session, at: datetime) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(expires_at=at + timedelta(seconds=20))
    tick(at, whatsapp(BUSY), Postman())
    assert (invitation().state, invitation().channel) == (MessageState.ACCEPTED, "sms")


def test_later_never_means_at_night(session: Session, at: datetime) -> None:
    evening = at + timedelta(hours=9, minutes=59, seconds=50)  # 19.59.50
    Message.objects.filter(kind=Kind.INVITATION).update(due_at=evening)
    tick(evening, Postman(BUSY))
    assert invitation().due_at == evening + timedelta(seconds=30)
    assert tick(invitation().due_at, Postman()) == 0
    assert (invitation().due_at, invitation().note) == (at + timedelta(hours=20), Reason.QUIET)


def test_word_to_stop_stops_the_run(many: Session, at: datetime) -> None:
    stopped = Postman(STOP, width=2)
    assert tick(at, stopped) == 2
    assert tick(at, stopped) == 0
    status = ChannelStatus.objects.get(pk="sms")
    assert (status.code, status.halted_at is not None) == ("190", True)
    rows = Message.objects.filter(kind=Kind.INVITATION)
    assert {(row.state, row.note) for row in rows} == {(MessageState.PLANNED, Reason.RESTING)}
    assert all(at + timedelta(minutes=14) < row.due_at <= at + timedelta(minutes=15) for row in rows)
    assert ContactPoint.objects.get(pk=rows[0].contact_point_id).is_reachable


def test_resting_channel_gives_way_to_the_next(session: Session, at: datetime) -> None:
    tick(at, whatsapp(STOP), Postman())
    assert (invitation().state, invitation().channel, invitation().failed_channels) == ("accepted", "sms", [])


def test_people_are_the_last_rung_and_senders_pass_by_what_is_theirs(
    session: Session, people_too: None, at: datetime
) -> None:
    postman = Postman(DEAD)
    tick(at, postman)
    message = invitation()
    assert (message.state, message.channel, message.begun_at) == (MessageState.PLANNED, "manual", None)
    assert tick(at, postman) == 0
    assert not Message.objects.due(at).exists()
    assert ContactPoint.objects.get().is_reachable
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    message.refresh_from_db()
    assert (message.state, message.note) == (MessageState.SUPERSEDED, Reason.CHANGED)


def test_letter_that_cannot_be_written_stops_no_other(
    many: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    postman = Postman()

    def stumble(topics: Any, **facts: Any) -> Any:
        if topics[0].people[0].name == "Bu Rini":
            raise KeyError("place")
        return write(topics, **facts)

    monkeypatch.setattr(packing, "write", stumble)
    assert tick(at, postman) == 3
    failed = Message.objects.get(state=MessageState.FAILED)
    assert (failed.note, failed.begun_at) == (Reason.UNWRITTEN, None)


def test_adapter_that_stumbles_leaves_its_letters_open(session: Session, at: datetime) -> None:
    def stumble(_letter: object) -> Outcome:
        raise ValueError("no such field")

    assert tick(at, Postman(stumble)) == 1
    assert invitation().state == MessageState.UNKNOWN


@pytest.mark.parametrize("guarantee", [Guarantee.NONE, Guarantee.ECHO, Guarantee.LOOKUP])
def test_letter_without_an_answer_is_left_open(session: Session, at: datetime, guarantee: Guarantee) -> None:
    postman = Postman(SILENT, guarantee=guarantee)
    tick(at, postman)
    tick(at, postman)
    assert (len(postman.letters), invitation().state, invitation().note) == (1, "unknown", Reason.NO_ANSWER)


def test_letter_without_an_answer_is_repeated_under_its_key_where_keys_are_kept(session: Session, at: datetime) -> None:
    postman = Postman(SILENT, guarantee=Guarantee.IDEMPOTENT)
    tick(at, postman)
    assert tick(at, postman) == 0  # a lease later
    lapse()
    postman.says = TAKEN
    assert tick(at, postman) == 1
    first, second = postman.letters
    assert (first.key, first.wording) == (second.key, second.wording)
    assert invitation().state == MessageState.ACCEPTED


def test_letter_that_is_never_answered_is_left_open_after_a_dozen_repeats(session: Session, at: datetime) -> None:
    postman = Postman(SILENT, guarantee=Guarantee.IDEMPOTENT)
    for _ in range(15):
        ChannelStatus.objects.update(failures=0, open_until=None)
        tick(at, postman)
        lapse()
    assert (len(postman.letters), invitation().state) == (13, MessageState.UNKNOWN)


def test_repeated_letter_says_what_was_sealed(session: Session, at: datetime) -> None:
    postman = Postman(SILENT, guarantee=Guarantee.IDEMPOTENT)
    tick(at, postman)
    lapse()
    Session.objects.filter(pk=session.pk).update(topic="Pewarnaan alam")
    tick(at, postman)
    first, second = postman.letters
    assert (first.key, first.wording.filled) == (second.key, second.wording.filled)


@pytest.mark.parametrize("says", [BUSY, STOP])
def test_refusal_of_a_repeated_letter_says_nothing_about_the_first(
    session: Session, at: datetime, says: Outcome
) -> None:
    postman = Postman(SILENT, guarantee=Guarantee.IDEMPOTENT)
    tick(at, postman)
    lapse()
    postman.says = says
    tick(at, postman, Postman(channel=Channel.LOG))
    assert (invitation().state, invitation().channel) == (MessageState.CLAIMED, "sms")


@pytest.mark.parametrize(
    ("found", "state"),
    [(None, "unknown"), (SILENT, "unknown"), (TAKEN, "accepted"), (BUSY, "planned"), (Outcome(BUSY.state), "planned")],
)
def test_gateway_that_can_be_asked_is_asked(session: Session, at: datetime, found: Outcome | None, state: str) -> None:
    postman = Postman(SILENT, guarantee=Guarantee.LOOKUP)
    tick(at, postman)
    assert postman.asked == []  # it may still be on its way
    lapse()
    if found:
        postman.found = {invitation().key: found}
    tick(at, postman)
    assert len(postman.asked) == 1
    assert invitation().state in (state, "unknown" if state == "planned" else state)
    assert len(postman.letters) == (2 if invitation().due_at == at and state == "planned" else 1)
    tick(at, postman)
    assert len(postman.asked) == 1  # a lease later


def lapse() -> None:
    """Let every lease run out."""
    Message.objects.exclude(lease_until=None).update(lease_until=factories.NOW - timedelta(days=1))


def test_process_that_stood_still_hands_nothing_over(
    session: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.sender.delivery.FROZEN", -1.0)
    postman = Postman()
    tick(at, postman, going=once())
    assert (postman.letters, invitation().state, invitation().begun_at) == ([], MessageState.PLANNED, None)


def test_sender_that_shall_end_gives_back_what_it_claimed(many: Session, at: datetime) -> None:
    postman = Postman(width=1)
    assert tick(at, postman, going=once()) == 1
    states = Message.objects.filter(kind=Kind.INVITATION).values_list("state", "lease_until")
    assert sorted(states) == [("accepted", None), *[("planned", None)] * 3]


def once(times: int = 3) -> Callable[[], bool]:
    """Go on so many times."""
    left = iter(range(times))
    return lambda: next(left, None) is not None


def subject_message(at: datetime, **columns: Any) -> Message:
    """Tell a number about something that is no session."""
    told = {"subject_type": "mentoring.visit", "subject_id": "1", "kind": Kind.VISIT_TOMORROW, **columns}
    return factories.MessageFactory.create(session=None, revision=None, due_at=at, expires_at=at + WEEK, **told)


def test_opting_out_holds_back_what_is_not_about_sessions(db: None, at: datetime) -> None:
    message = subject_message(at, state=MessageState.CLAIMED)
    begun = subject_message(
        at, state=MessageState.CLAIMED, begun_at=at, contact_point=message.contact_point, subject_id="2"
    )
    opt_out(message.contact_point, by=None, at=at)
    for each in (message, begun):
        each.refresh_from_db()
    assert (message.state, message.note, message.lease_until) == (MessageState.BLOCKED, Reason.UNREACHABLE, None)
    assert begun.state == MessageState.CLAIMED
    opt_in(message.contact_point, by=None, at=at)
    message.refresh_from_db()
    assert (message.state, message.note) == (MessageState.PLANNED, "")


def test_number_that_a_person_says_works_again_is_tried_by_every_way(session: Session, at: datetime) -> None:
    tick(at, Postman(DEAD))
    point = ContactPoint.objects.get()
    assert point.state == ContactState.UNREACHABLE
    mark_number(point, to=ContactState.VALID, by=factories.UserFactory.create(), at=at)
    assert not Refusal.objects.exists()


def test_person_who_leaves_a_number_is_looked_at_again(lidia: Any, at: datetime) -> None:
    message = subject_message(at, state=MessageState.CLAIMED)
    message.people.add(lidia)
    add_contact(lidia, number="0812 9000 1234", relation=Relation.OWN, by=factories.UserFactory.create(), at=at)
    remove_contact(
        lidia, contact_point=lidia.contact_points.order_by("pk")[0], by=factories.UserFactory.create(), at=at
    )
    message.refresh_from_db()
    assert (message.state, message.lease_until) == (MessageState.PLANNED, None)
