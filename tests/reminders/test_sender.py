"""Claim, last look, join, record: each sender sends only what still holds, and each text once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Cohort, Session
from programs.states import SessionState
from reminders import claims
from reminders.breaker import open_books
from reminders.channels.log import LogGateway
from reminders.claims import Answer, free_lapsed, record_answers
from reminders.models import DeliveryEvent, LoggedText, Message
from reminders.sender import send_due
from reminders.sender.delivery import Desk
from reminders.sender.packing import Parcel, claim
from reminders.states import Channel, Kind, MessageState, Reason
from tests import factories
from tests.reminders.postmen import SILENT, WRONG, Postman, tick
from tests.reminders.worlds import cancel, household, meeting, outbox, plan, reschedule, send, texts
from villages.links import token_of
from villages.states import ContactState

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for a household of two."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


def test_due_text_leaves_once_and_names_everybody(session: Session, at: datetime) -> None:
    assert send(at) == 1
    assert send(at) == 0
    (text,) = texts()
    assert "Bu Lidia" in text
    assert "Bu Siti" in text
    assert text.count("Lidia") == 1
    assert "Kamis, 8 Oktober 2026" in text
    assert "10.00–12.00 WIB" in text
    invitation = Message.objects.get(kind=Kind.INVITATION)
    assert (invitation.state, invitation.settled_at, invitation.lease_until) == (MessageState.SENT, at, None)
    assert list(DeliveryEvent.objects.values_list("state", flat=True)) == [MessageState.SENT]


def test_token_of_the_household_is_sent_and_never_stored(session: Session, at: datetime) -> None:
    postman = Postman(channel=Channel.LOG)  # a text message has no room for the link
    tick(at, postman)
    message = Message.objects.get(kind=Kind.INVITATION)
    token = token_of(message.contact_point)
    assert f"http://testserver/s/{token}" in postman.letters[0].wording.filled
    assert token not in message.text + postman.letters[0].wording.text


def test_each_reminder_leaves_at_its_minute(session: Session, at: datetime) -> None:
    send(at)
    for kind in (Kind.H3, Kind.H1, Kind.H0):
        due_at = Message.objects.get(kind=kind).due_at
        assert send(due_at - timedelta(seconds=1)) == 0
        assert send(due_at) == 1
    assert outbox() == [("h0", "sent"), ("h1", "sent"), ("h3", "sent"), ("invitation", "sent")]


def test_last_look_drops_what_no_longer_holds(session: Session, at: datetime) -> None:
    Session.objects.filter(pk=session.pk).update(revision=2)
    assert send(at) == 0
    assert Message.objects.get(kind=Kind.INVITATION).note == Reason.CHANGED


@pytest.mark.parametrize("state", [SessionState.CANCELLED, SessionState.HELD])
def test_last_look_drops_a_session_that_is_no_longer_ahead(session: Session, at: datetime, state: str) -> None:
    Session.objects.filter(pk=session.pk).update(state=state, reason="Banjir")
    assert send(at) == 0
    assert Message.objects.get(kind=Kind.INVITATION).state == MessageState.SUPERSEDED


def test_last_look_blocks_without_consent_or_number(session: Session, at: datetime) -> None:
    message = Message.objects.get(kind=Kind.INVITATION)
    message.contact_point.state = ContactState.UNREACHABLE
    message.contact_point.save()
    assert send(at) == 0
    message.refresh_from_db()
    assert (message.state, message.note) == (MessageState.BLOCKED, Reason.UNREACHABLE)


def test_nothing_leaves_at_night_even_when_the_sender_was_late(session: Session, at: datetime) -> None:
    night = at + timedelta(hours=11)  # 21.00
    assert send(night) == 0
    message = Message.objects.get(kind=Kind.INVITATION)
    assert (message.state, message.note) == (MessageState.PLANNED, Reason.QUIET)
    assert message.due_at == at + timedelta(hours=20)  # 06.00
    assert send(message.due_at) == 1


def test_nothing_stale_leaves_after_three_days_of_silence(session: Session, at: datetime) -> None:
    assert send(session.starts_at) == 0
    assert {(row.state, row.note) for row in Message.objects.all()} == {(MessageState.EXPIRED, Reason.TOO_LATE)}


def test_reminders_of_one_hour_join_in_one_text(cohort: Cohort, session: Session, at: datetime) -> None:
    send(at)
    other = meeting(cohort, session.starts_at + timedelta(hours=3), topic="Pewarnaan alam")
    plan(other, at=at)
    send(at + timedelta(hours=2))
    evening = Message.objects.filter(kind=Kind.H1).first()
    assert evening is not None
    assert send(evening.due_at) == 1
    slept = Message.objects.filter(kind__in=[Kind.H3, Kind.H1]).values_list("state", flat=True)
    assert sorted(slept) == ["joined", "joined", "joined", "sent"]
    assert "Pewarnaan alam" in texts()[-1]
    assert texts()[-1].count("Bu Lidia") == 1


def test_second_reminder_within_the_hour_waits(cohort: Cohort, session: Session, at: datetime) -> None:
    send(at)
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at + timedelta(minutes=10))
    assert send(at + timedelta(minutes=10)) == 0
    waiting = Message.objects.get(kind=Kind.INVITATION, state=MessageState.PLANNED)
    assert (waiting.due_at, waiting.note) == (at + timedelta(hours=1), Reason.TOO_SOON)
    assert send(at + timedelta(hours=1)) == 1


def test_change_and_cancellation_go_alone_and_at_once(cohort: Cohort, session: Session, at: datetime) -> None:
    other = meeting(cohort, session.starts_at + timedelta(hours=3))
    plan(other, at=at)
    assert send(at) == 1
    reschedule(session, session.starts_at + timedelta(days=1), at=at + timedelta(minutes=5))
    cancel(other, at=at + timedelta(minutes=5))
    assert send(at + timedelta(minutes=5)) == 2


def test_early_reminder_does_not_leave_without_the_one_it_came_with(session: Session, at: datetime) -> None:
    reminder = Message.objects.get(kind=Kind.H3)
    Message.objects.filter(kind=Kind.INVITATION).update(due_at=reminder.due_at - timedelta(minutes=30))
    Message.objects.filter(kind=Kind.INVITATION).update(expires_at=reminder.due_at - timedelta(minutes=30))
    assert send(reminder.due_at - timedelta(minutes=30)) == 0
    reminder.refresh_from_db()
    assert reminder.state == MessageState.PLANNED
    assert send(reminder.due_at) == 1


def claimed(at: datetime, *rungs: str) -> list[Parcel]:
    """Claim what is due as a sender does that is killed before it begins."""
    return claim(rungs or ["log"], at=at, size=50).parcels


def begun(gateway: Any, at: datetime) -> None:
    """Hand over what is due as a sender does that is killed before it records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "record_answers", lambda *_, **__: [])
        hand_over(gateway, claimed(at, gateway.channel), at)


def hand_over(gateway: Any, parcels: list[Parcel], at: datetime) -> int:
    """Hand letters over as a sender does that was slow until now."""
    open_books([gateway.channel])
    with Desk(gateway, lambda: at, lambda: True) as desk:
        desk.hand_over(parcels)
    return desk.begun


@pytest.fixture
def lapsing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Have every lease lapse at once, until it is undone."""
    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=-1))
    return monkeypatch


def test_unanswered_send_becomes_unknown_and_is_never_repeated(session: Session, at: datetime) -> None:
    postman = Postman(SILENT)
    assert tick(at, postman) == 1
    assert Message.objects.get(kind=Kind.INVITATION).state == MessageState.UNKNOWN
    assert tick(at, postman) == 0
    assert len(postman.letters) == 1


def test_what_was_claimed_and_never_began_is_free_again(session: Session, at: datetime, lapsing: Any) -> None:
    claimed(at, "sms")
    postman = Postman()
    lapsing.undo()
    assert tick(at, postman) == 1
    assert Message.objects.get(kind=Kind.INVITATION).state == MessageState.ACCEPTED


def test_what_began_and_was_never_answered_is_unknown_where_no_key_is_kept(
    session: Session, at: datetime, lapsing: Any
) -> None:
    begun(Postman(), at)
    postman = Postman()
    assert tick(at, postman) == 0
    assert Message.objects.get(kind=Kind.INVITATION).state == MessageState.UNKNOWN


def test_what_began_and_was_never_answered_leaves_again_under_its_key(
    session: Session, at: datetime, lapsing: Any
) -> None:
    begun(LogGateway(), at)
    lapsing.undo()
    assert send(at) == 1
    assert LoggedText.objects.count() == 1
    assert Message.objects.get(kind=Kind.INVITATION).state == MessageState.SENT


def test_late_hand_does_not_begin_with_what_another_took(session: Session, at: datetime, lapsing: Any) -> None:
    slow = claimed(at, "sms")
    lapsing.undo()
    free_lapsed()
    quick, late = claimed(at, "sms"), Postman()
    assert hand_over(late, slow, at) == 0
    assert late.letters == []
    assert hand_over(Postman(), quick, at) == 1


def test_late_answer_of_a_lost_claim_is_not_written(session: Session, at: datetime) -> None:
    message = Message.objects.get(kind=Kind.INVITATION)
    claimed(at)
    late = Answer(message.pk, 0, MessageState.FAILED)
    assert record_answers([late], at=at) == []
    message.refresh_from_db()
    assert message.state == MessageState.CLAIMED


def test_joined_text_killed_half_way_is_repeated_whole(
    cohort: Cohort, session: Session, at: datetime, lapsing: Any
) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    begun(LogGateway(), at)
    lapsing.undo()
    plan(meeting(cohort, session.starts_at + timedelta(hours=6)), at=at)  # came meanwhile: it may not join any more
    send(at)
    assert LoggedText.objects.count() == 1
    states = Message.objects.filter(kind=Kind.INVITATION).values_list("state", flat=True)
    assert sorted(states) == ["joined", "planned", "sent"]


def test_letter_that_did_not_begin_leaves_out_what_changed_meanwhile(
    cohort: Cohort, session: Session, at: datetime, lapsing: Any
) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3), topic="Pewarnaan alam"), at=at)
    claimed(at)
    lapsing.undo()
    cancel(session, at=at)
    send(at)
    invitations = [text for text in texts() if "Pewarnaan alam" in text]
    assert len(invitations) == 1
    assert "Kamis, 8 Oktober 2026\n" in invitations[0]
    assert "10.00–12.00" not in invitations[0]


def test_letter_that_began_is_not_repeated_when_a_part_of_it_changed(
    cohort: Cohort, session: Session, at: datetime, lapsing: Any
) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    begun(LogGateway(), at)
    lapsing.undo()
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    LoggedText.objects.all().delete()
    send(at)
    assert set(Message.objects.filter(kind=Kind.INVITATION).values_list("state", flat=True)) == {MessageState.UNKNOWN}
    assert [text for text in texts() if "berubah" not in text] == []  # the change alone is told


def test_lapsed_letter_of_the_night_keeps_its_claim_until_morning(session: Session, at: datetime, lapsing: Any) -> None:
    begun(LogGateway(), at)
    lapsing.undo()
    assert send(at + timedelta(hours=11)) == 0
    message = Message.objects.get(kind=Kind.INVITATION)
    assert message.state == MessageState.CLAIMED
    assert timedelta(hours=8) < (message.lease_until or at) - claims.database_clock() <= timedelta(hours=9)


def test_refused_send_fails_with_all_that_joined(cohort: Cohort, session: Session, at: datetime) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    tick(at, Postman(WRONG))
    rows = Message.objects.filter(kind=Kind.INVITATION)
    assert {(row.state, row.note) for row in rows} == {(MessageState.FAILED, Reason.NO_WAY)}


def test_batch_takes_the_same_number_of_queries_for_one_and_seven_numbers(cohort: Cohort, at: datetime) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            household(cohort, f"Lidia {n}", f"Siti {n}")
        plan(meeting(cohort, at + WEEK + timedelta(hours=4 * len(counts))), at=at)
        with CaptureQueriesContext(connection) as queries:
            send(at + timedelta(hours=2 * len(counts)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_due_messages_are_sent_in_batches(cohort: Cohort, at: datetime) -> None:
    for n in range(120):
        household(cohort, f"Penenun {n}")
    plan(meeting(cohort, at + WEEK), at=at)
    assert send(at) == 120
    assert LoggedText.objects.count() == 120


def test_unknown_channel_is_refused_loudly(settings: object, db: None) -> None:
    settings.MESSAGE_CHANNELS = ["pigeon"]  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured):
        send_due(clock=lambda: factories.NOW)
