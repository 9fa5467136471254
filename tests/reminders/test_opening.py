"""Opening by hand: a claim with a last look, one text per number, and exactly one of two hands."""

from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest

from accounts.models import User
from common.errors import Refused
from programs.models import Cohort, Session
from reminders import opening
from reminders.actions import confirm_by_hand
from reminders.models import DeliveryEvent, ManualContact, Message
from reminders.opening import Opened, open_by_hand, wording_of
from reminders.planning import plan_sessions
from reminders.states import Channel, Kind, MessageState, Reason
from tests import factories
from tests.programs.test_races import PAUSE, at_once
from tests.reminders.worlds import cancel, happened, household, meeting, plan, reschedule
from villages.actions import opt_out
from villages.links import token_of
from villages.models import ContactPoint

WEEK = timedelta(days=7)


def by_hand(**narrow: Any) -> None:
    """Put what is planned on the list of what is sent by hand, as the ladder does."""
    rows = Message.objects.filter(state=MessageState.PLANNED, **narrow)
    rows.update(channel=Channel.MANUAL, failed_channels=["whatsapp", "sms"])


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """One household."""
    return household(cohort, "Lidia Wati", "Siti Aminah")


@pytest.fixture
def session(cohort: Cohort, number: ContactPoint, at: datetime) -> Session:
    """Next week's session, whose invitation waits for a hand."""
    session = meeting(cohort, at + WEEK, topic="Pewarnaan alam")
    plan(session, at=at)
    by_hand()
    return session


def invitation() -> Message:
    return Message.objects.get(kind=Kind.INVITATION)


def test_opening_claims_and_gives_the_text_with_the_link(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    opened = open_by_hand(number, by=sari, at=at)
    assert opened.wording is not None
    assert "Bu Lidia" in opened.wording.filled
    assert token_of(number) in opened.wording.filled
    message = invitation()
    assert (message.state, message.note, message.begun_at) == (MessageState.ACCEPTED, Reason.OPENED, at)
    assert token_of(number) not in message.text
    assert message.attempt == 1
    assert happened(message) == ["opened_by_hand"]
    assert DeliveryEvent.objects.get().note == Reason.OPENED


def test_what_is_opened_waits_for_nobody_else(session: Session, number: ContactPoint, sari: User, at: datetime) -> None:
    open_by_hand(number, by=sari, at=at)
    with pytest.raises(Refused):
        open_by_hand(number, by=sari, at=at)
    assert Message.objects.filter(state=MessageState.ACCEPTED).count() == 1


def test_one_text_says_everything_that_is_due(
    cohort: Cohort, session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    plan(meeting(cohort, at + WEEK + timedelta(hours=3), topic="Membuat katalog"), at=at)
    by_hand()
    opened = open_by_hand(number, by=sari, at=at)
    assert opened.wording is not None
    assert "Pewarnaan alam" in opened.wording.text
    assert "Membuat katalog" in opened.wording.text
    first, second = opened.messages
    assert (first.state, second.state, second.joined_to) == (MessageState.ACCEPTED, MessageState.JOINED, first)


def test_a_change_goes_alone_and_first(
    cohort: Cohort, session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    open_by_hand(number, by=sari, at=at)
    plan(meeting(cohort, at + WEEK + timedelta(hours=3), topic="Membuat katalog"), at=at)
    reschedule(session, session.starts_at + timedelta(days=1), at=at + timedelta(hours=2))
    by_hand()
    later = at + timedelta(hours=2)
    opened = open_by_hand(number, by=sari, at=later)
    assert [message.kind for message in opened.messages] == [Kind.CHANGE]
    assert opened.wording is not None
    assert "Membuat katalog" not in opened.wording.text
    assert [message.kind for message in open_by_hand(number, by=sari, at=later).messages] == [Kind.INVITATION]


def test_nothing_stale_is_opened_after_a_change(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    old = Message.objects.filter(revision__number=1)
    assert set(old.values_list("state", flat=True)) == {MessageState.SUPERSEDED}
    by_hand()
    opened = open_by_hand(number, by=sari, at=at)
    assert [message.promise()[1].number for message in opened.messages] == [2]


def test_what_no_longer_holds_is_withdrawn_and_said(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    Session.objects.filter(pk=session.pk).update(revision=2)
    opened = open_by_hand(number, by=sari, at=at)
    assert (opened.messages, opened.wording) == ((), None)
    assert [(message.state, message.note) for message in opened.aside] == [(MessageState.SUPERSEDED, Reason.CHANGED)]


def test_the_night_is_kept_by_hand_too(session: Session, number: ContactPoint, sari: User, at: datetime) -> None:
    night = at + timedelta(hours=11)
    opened = open_by_hand(number, by=sari, at=night)
    (message,) = opened.aside
    assert (message.state, message.note, message.channel) == (MessageState.PLANNED, Reason.QUIET, Channel.MANUAL)
    assert message.due_at == at + timedelta(hours=20)
    assert open_by_hand(number, by=sari, at=message.due_at).wording


def test_nothing_is_opened_after_they_asked_for_silence(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    opt_out(number, by=sari, at=at)
    with pytest.raises(Refused):
        open_by_hand(number, by=sari, at=at)


def test_a_coordinator_opens_only_what_she_sees(
    session: Session, number: ContactPoint, rina: User, at: datetime
) -> None:
    with pytest.raises(Refused):
        open_by_hand(number, by=rina, at=at)
    assert invitation().state == MessageState.PLANNED


def test_opened_text_is_read_again_with_its_link(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    opened = open_by_hand(number, by=sari, at=at)
    assert opened.wording is not None
    assert wording_of(invitation(), at=at + timedelta(hours=1)).filled == opened.wording.filled


def test_who_was_reached_is_told_by_hand(session: Session, number: ContactPoint, sari: User, at: datetime) -> None:
    open_by_hand(number, by=sari, at=at)
    confirm_by_hand(invitation(), reached=True, by=sari, at=at + timedelta(minutes=5))
    message = invitation()
    assert (message.state, message.note) == (MessageState.DELIVERED, Reason.SAID)
    assert ManualContact.objects.filter(session=session, by=sari).count() == 2
    assert happened(message) == ["opened_by_hand", "settled"]


def test_who_was_told_an_older_time_is_not_told_of_the_new_one(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    open_by_hand(number, by=sari, at=at)
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    confirm_by_hand(invitation(), reached=True, by=sari, at=at)
    assert not ManualContact.objects.exists()
    assert Message.objects.filter(kind=Kind.CHANGE).exists()  # what had been opened is corrected


def test_who_was_not_reached_takes_the_whole_text_along(
    cohort: Cohort, session: Session, number: ContactPoint, sari: User, at: datetime, settings: Any
) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms", "manual"]
    plan(meeting(cohort, at + WEEK + timedelta(hours=3)), at=at)
    by_hand()
    first, second = open_by_hand(number, by=sari, at=at).messages
    confirm_by_hand(first, reached=False, by=sari, at=at)
    for message in (first, second):
        message.refresh_from_db()
        assert message.state == MessageState.FAILED
        assert Channel.MANUAL in message.failed_channels
    with pytest.raises(Refused):
        confirm_by_hand(first, reached=True, by=sari, at=at)


def test_cancelled_meanwhile_is_withdrawn(session: Session, number: ContactPoint, sari: User, at: datetime) -> None:
    cancel(session, at=at)
    with pytest.raises(Refused):
        open_by_hand(number, by=sari, at=at)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SUPERSEDED}


def test_planning_again_leaves_what_was_opened(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    open_by_hand(number, by=sari, at=at)
    plan_sessions([session.pk], at=at)
    assert invitation().state == MessageState.ACCEPTED
    assert Message.objects.filter(kind=Kind.INVITATION).count() == 1


# -- two hands --------------------------------------------------------------------------------------------------------


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between taking what waits and writing that it is taken."""
    look = vars(opening)["look_at"]

    def later(*given: Any, **named: Any) -> Any:
        sleep(PAUSE)
        return look(*given, **named)

    monkeypatch.setattr(opening, "look_at", later)


def race(number: ContactPoint, by: User, at: datetime) -> tuple[list[Opened], list[Exception | None]]:
    opened: list[Opened] = []

    def act() -> None:
        opened.append(open_by_hand(ContactPoint.objects.get(pk=number.pk), by=by, at=at))

    raised = at_once(act, act)
    return [each for each in opened if each.wording], raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_look")
def test_of_two_hands_exactly_one_opens(session: Session, number: ContactPoint, sari: User, at: datetime) -> None:
    opened, raised = race(number, sari, at)
    assert len(opened) == 1
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert invitation().attempt == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_look")
def test_without_the_lock_both_open(
    session: Session, number: ContactPoint, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(point: ContactPoint, *, by: User, at: datetime) -> list[int]:
        return list(opening.waiting_by_hand(by, at=at).filter(contact_point=point).values_list("pk", flat=True))

    monkeypatch.setattr(opening, "_hold", look)
    opened, _raised = race(number, sari, at)
    assert len(opened) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_look")
def test_a_change_and_a_hand_at_once_tell_no_old_time(
    session: Session, number: ContactPoint, sari: User, at: datetime
) -> None:
    """Whichever is first: either the hand finds nothing, or what it opened is corrected by the notice of the change."""
    other = factories.SessionRevisionFactory  # keeps the act below short
    opened: list[Opened] = []

    def move() -> None:
        again = Session.objects.get(pk=session.pk)
        again.starts_at, again.ends_at, again.revision = again.starts_at + WEEK, again.ends_at + WEEK, 2
        again.save()
        other.create(session=again, number=2)
        plan_sessions([again.pk], at=at)

    at_once(move, lambda: opened.append(open_by_hand(number, by=sari, at=at)))
    plan_sessions([session.pk], at=at)  # as the sweep does
    old = Message.objects.filter(revision__number=1, begun_at__isnull=False).exists()
    new = set(Message.objects.filter(revision__number=2).values_list("kind", flat=True))
    assert (Kind.CHANGE in new) == old
    assert not Message.objects.filter(revision__number=1, state=MessageState.PLANNED).exists()
