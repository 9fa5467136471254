"""The outbox follows what holds: scheduled, moved, cancelled, joined, left, silenced."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Cohort
from programs.states import EnrollmentState, Rsvp
from reminders.models import Message
from reminders.planning import plan_sessions
from reminders.states import MessageState, Reason
from reminders.sweeping import sweep
from tests import factories
from tests.reminders.worlds import cancel, household, meeting, outbox, plan, reschedule, send, texts
from villages.states import ContactState

WEEK = timedelta(days=7)
FULL_PLAN = [("h0", "planned"), ("h1", "planned"), ("h3", "planned"), ("invitation", "planned")]


def test_scheduled_session_plans_one_message_per_number_and_kind(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati", "Siti Aminah")
    plan(meeting(cohort, at + WEEK), at=at)
    assert outbox() == FULL_PLAN
    assert {message.people.count() for message in Message.objects.all()} == {2}


def test_planning_a_hundred_times_changes_nothing(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    before = list(Message.objects.order_by("pk").values())
    for minute in range(100):
        sweep(at=at + timedelta(minutes=minute))
    assert list(Message.objects.order_by("pk").values()) == before


def test_sweep_finds_what_was_missed(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    meeting(cohort, at + WEEK)
    sweep(at=at)
    assert outbox() == FULL_PLAN


def test_sweep_reads_the_same_number_of_queries_for_one_and_seven_sessions(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati", "Siti Aminah")
    counts: list[int] = []
    for more in (1, 6):
        for hours in range(more):
            meeting(cohort, at + WEEK * (1 + len(counts)) + timedelta(hours=3 * hours))
        sweep(at=at)
        counts.append(_queries(lambda: sweep(at=at)))
    assert counts[0] == counts[1]


def _queries(run: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)


def test_reschedule_supersedes_what_is_unsent_and_invites_anew_who_heard_nothing(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at)
    old = Message.objects.filter(revision__number=1)
    assert {(row.state, row.note) for row in old} == {(MessageState.SUPERSEDED, Reason.CHANGED)}
    assert outbox(Message.objects.filter(revision__number=2)) == FULL_PLAN


def test_reschedule_tells_the_change_to_who_was_told(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    send(at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at + timedelta(hours=2))
    assert outbox(Message.objects.filter(revision__number=2)) == [
        ("change", "planned"),
        ("h0", "planned"),
        ("h1", "planned"),
        ("h3", "planned"),
    ]
    send(at + timedelta(hours=2))
    assert "Kamis, 8 Oktober 2026, 10.00–12.00 WIB" in texts()[-1]
    assert "Jumat, 9 Oktober 2026, 10.00–12.00 WIB" in texts()[-1]


def test_two_changes_in_a_day_leave_one_notice(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    send(at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at + timedelta(hours=2))
    reschedule(session, at + WEEK + timedelta(days=2), at=at + timedelta(hours=2))
    send(at + timedelta(hours=2))
    assert len(texts()) == 2
    assert "Kamis, 8 Oktober 2026" in texts()[-1]
    assert "Sabtu, 10 Oktober 2026" in texts()[-1]


def test_moving_back_before_anyone_heard_needs_no_notice(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    send(at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at + timedelta(hours=2))
    reschedule(session, at + WEEK, at=at + timedelta(hours=2))
    assert outbox(Message.objects.filter(revision__number=3)) == FULL_PLAN[:3]


def test_cancellation_goes_to_who_was_told_only(cohort: Cohort, at: datetime) -> None:
    told = household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    send(at)
    household(cohort, "Siti Aminah")
    plan(session, at=at)
    cancel(session, at=at + timedelta(hours=1))
    planned = Message.objects.filter(state=MessageState.PLANNED)
    assert [(row.kind, row.contact_point) for row in planned] == [("cancellation", told)]
    send(at + timedelta(hours=1))
    assert "Balai desa kebanjiran" in texts()[-1]


def test_claimed_message_that_has_not_begun_is_withdrawn(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    Message.objects.filter(kind="invitation").update(state=MessageState.CLAIMED, lease_until=at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at)
    assert Message.objects.get(revision__number=1, kind="invitation").state == MessageState.SUPERSEDED
    assert Message.objects.get(revision__number=2, kind="invitation").state == MessageState.PLANNED


def test_begun_message_counts_as_told(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    Message.objects.filter(kind="invitation").update(state=MessageState.CLAIMED, lease_until=at, begun_at=at)
    reschedule(session, at + WEEK + timedelta(days=1), at=at)
    assert Message.objects.get(revision__number=1, kind="invitation").state == MessageState.CLAIMED
    assert Message.objects.filter(revision__number=2, kind="change", state=MessageState.PLANNED).exists()


def test_silenced_number_is_blocked_and_comes_back(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    number.state = ContactState.OPTED_OUT
    number.save()
    plan(session, at=at)
    assert {(row.state, row.note) for row in Message.objects.all()} == {(MessageState.BLOCKED, Reason.UNREACHABLE)}
    number.state = ContactState.VALID
    number.save()
    plan(session, at=at)
    assert outbox() == FULL_PLAN


def test_withdrawn_consent_of_one_takes_their_name_out_and_of_all_blocks(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    people = cohort.people.order_by("name")
    people[0].consents.update(withdrawn_at=at)
    plan(session, at=at)
    assert {tuple(row.people.values_list("name", flat=True)) for row in Message.objects.all()} == {("Siti Aminah",)}
    people[1].consents.update(withdrawn_at=at)
    plan(session, at=at)
    assert {(row.state, row.note) for row in Message.objects.all()} == {(MessageState.BLOCKED, Reason.NO_CONSENT)}


def test_who_left_the_cohort_is_told_nothing_more(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    cohort.enrollments.update(state=EnrollmentState.WITHDRAWN, reason="Moved away")
    plan(session, at=at)
    assert {(row.state, row.note) for row in Message.objects.all()} == {(MessageState.SUPERSEDED, Reason.LEFT)}


def test_who_said_no_gets_no_reminders(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    session.seats.update(rsvp=Rsvp.NO, rsvp_at=at)
    plan(session, at=at)
    assert outbox() == [("h0", "superseded"), ("h1", "superseded"), ("h3", "superseded"), ("invitation", "planned")]
    session.seats.update(rsvp=Rsvp.YES)
    plan(session, at=at)
    assert outbox() == FULL_PLAN


@pytest.mark.parametrize("switch", ["sends_invitation", "sends_h3", "sends_h1", "sends_h0"])
def test_switch_of_the_program_is_kept(cohort: Cohort, at: datetime, switch: str) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    setattr(cohort.program, switch, False)
    cohort.program.save()
    plan(session, at=at)
    off = Message.objects.get(state=MessageState.SUPERSEDED)
    assert (off.kind, off.note) == (switch.removeprefix("sends_"), Reason.SWITCHED_OFF)


def test_reminder_whose_moment_came_while_senders_slept_stays(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    plan(session, at=session.starts_at - timedelta(hours=1))
    assert outbox() == FULL_PLAN


def test_begun_session_is_left_alone(cohort: Cohort, at: datetime) -> None:
    household(cohort, "Lidia Wati")
    plan_sessions([meeting(cohort, at - timedelta(minutes=1)).pk], at=at)
    assert not Message.objects.exists()


def test_village_contact_hears_for_who_has_no_phone(cohort: Cohort, at: datetime) -> None:
    kader = household(cohort, "Yanti")
    without = factories.PersonFactory.create(village=cohort.village, name="Rini")
    factories.ConsentFactory.create(person=without)
    factories.PersonContactFactory.create(person=without, contact_point=kader, relation="village_contact")
    factories.EnrollmentFactory.create(cohort=cohort, person=without)
    plan(meeting(cohort, at + WEEK), at=at)
    send(at)
    assert "Bu Yanti" in texts()[0]
    assert "Bu Rini" in texts()[0].splitlines()[-1]


def test_sessions_of_many_people_are_planned_at_once(cohort: Cohort, at: datetime) -> None:
    for _ in range(20):
        household(cohort, *(f"Penenun {n}" for n in range(5)))
    sessions = [meeting(cohort, at + timedelta(days=4 + n)).pk for n in range(3)]
    with CaptureQueriesContext(connection) as queries:
        plan_sessions(sessions, at=at)
    assert Message.objects.count() == 3 * 20 * 4
    assert Message.people.through.objects.count() == 3 * 100 * 4
    inserts = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert len(inserts) == 2  # whatever their number, far below what one statement can name
    message = Message.objects.filter(kind="invitation").first()
    assert message is not None
    assert (message.failed_channels, message.attempt, message.subject_type, message.user) == ([], 0, "", None)


def test_many_sessions_are_planned_part_by_part(cohort: Cohort, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.planning.AT_ONCE", 2)
    household(cohort, "Lidia Wati")
    sessions = [meeting(cohort, at + timedelta(days=4 + n)).pk for n in range(5)]
    plan_sessions(sessions, at=at)
    plan_sessions(sessions, at=at)
    assert Message.objects.count() == 5 * 4
