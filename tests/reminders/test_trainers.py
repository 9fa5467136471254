"""Who teaches is told too: invitation, change, cancellation and the day before; one text per number."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.actions import assign_trainers, cancel_session, change_trainer, reschedule_session
from programs.models import Cohort, Session, Trainer
from reminders.families import look_at
from reminders.judging import judge
from reminders.models import Message
from reminders.planning import plan_sessions
from reminders.sweeping import sweep
from reminders.topics import Topic
from tests import factories
from tests.reminders.worlds import household, meeting, outbox, plan, send
from villages.actions import opt_in, opt_out
from villages.models import ContactPoint

WEEK, DAY = timedelta(days=7), timedelta(days=1)
PHONE, OTHER = "+6281234500011", "+6281234500012"
PLAN = [("h1", "planned"), ("invitation", "planned")]


@pytest.fixture
def ratna(db: None) -> Trainer:
    return factories.TrainerFactory.create(name="Ratna Kusumadewi", phone=PHONE)


@pytest.fixture
def session(cohort: Cohort, ratna: Trainer, at: datetime) -> Session:
    """Next week, taught by Ratna; nobody takes part yet."""
    return meeting(cohort, at + WEEK, trainers=[ratna])


def to(number: str) -> list[tuple[str, str]]:
    return outbox(Message.objects.filter(contact_point__number=number))


def looked(message: Message, at: datetime) -> tuple[str, Topic]:
    (claimed,) = look_at([message.pk], at=at)
    assert isinstance(claimed.topic, Topic)
    return str(judge(claimed.look, at=at).state), claimed.topic


def test_trainer_gets_an_invitation_and_the_day_before(session: Session, ratna: Trainer, at: datetime) -> None:
    plan(session, at=at)
    assert outbox() == PLAN
    assert set(Message.objects.values_list("trainer", "contact_point__number")) == {(ratna.pk, PHONE)}
    before = list(Message.objects.order_by("pk").values())
    for minute in range(100):
        sweep(at=at + timedelta(minutes=minute))
    assert list(Message.objects.order_by("pk").values()) == before


def test_last_look_needs_no_consent_of_who_teaches_and_names_them(session: Session, at: datetime) -> None:
    plan(session, at=at)
    state, topic = looked(Message.objects.get(kind="invitation"), at)
    assert (state, topic.trainer, topic.people) == ("claimed", "Ratna Kusumadewi", ())


def test_trainer_of_the_household_gets_one_text(cohort: Cohort, ratna: Trainer, at: datetime) -> None:
    number = household(cohort, "Lidia Wati")
    ContactPoint.objects.filter(pk=number.pk).update(number=PHONE)
    plan(meeting(cohort, at + WEEK, trainers=[ratna]), at=at)
    assert outbox() == [("h0", "planned"), ("h1", "planned"), ("h3", "planned"), ("invitation", "planned")]
    taught = Message.objects.filter(trainer=ratna).order_by("kind").values_list("kind", flat=True)
    assert list(taught) == ["h1", "invitation"]
    _state, topic = looked(Message.objects.get(kind="invitation"), at)
    assert (topic.trainer, [person.name for person in topic.people]) == ("Ratna Kusumadewi", ["Bu Lidia"])


def test_household_that_declined_still_hears_of_what_it_teaches(cohort: Cohort, ratna: Trainer, at: datetime) -> None:
    number = household(cohort, "Lidia Wati")
    ContactPoint.objects.filter(pk=number.pk).update(number=PHONE)
    session = meeting(cohort, at + WEEK, trainers=[ratna])
    plan(session, at=at)
    session.seats.update(rsvp="no", rsvp_at=at)
    plan(session, at=at)
    live = outbox(Message.objects.filter(state="planned"))
    assert live == PLAN


def test_change_and_cancellation_follow_who_was_told(session: Session, sari: User, at: datetime) -> None:
    plan(session, at=at)
    send(at)
    later = session.starts_at + DAY
    reschedule_session(
        session,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        venue=session.venue,
        reason="Market",
        by=sari,
        at=at,
    )
    assert ("change", "planned") in to(PHONE)
    send(at)
    cancel_session(session, reason="Hall flooded", by=sari, at=at)
    assert to(PHONE) == [
        ("cancellation", "planned"),
        ("change", "sent"),
        ("h1", "superseded"),
        ("h1", "superseded"),
        ("invitation", "sent"),
    ]


def test_other_hands_are_invited_and_the_former_plan_is_withdrawn(
    session: Session, ratna: Trainer, sari: User, at: datetime
) -> None:
    plan(session, at=at)
    other = factories.TrainerFactory.create(phone=OTHER)
    assign_trainers(session, trainers=[other], by=sari, at=at)
    assert (to(PHONE), to(OTHER)) == ([("h1", "superseded"), ("invitation", "superseded")], PLAN)
    assign_trainers(session, trainers=[ratna, other], by=sari, at=at)
    assert (to(PHONE), to(OTHER)) == (PLAN, PLAN)


def test_claimed_invitation_of_a_former_trainer_is_withdrawn_before_it_begins(
    session: Session, sari: User, at: datetime
) -> None:
    plan(session, at=at)
    Message.objects.filter(kind="invitation").update(state="claimed", lease_until=at + DAY)
    assign_trainers(session, trainers=[], by=sari, at=at)
    assert to(PHONE) == [("h1", "superseded"), ("invitation", "superseded")]


def test_new_phone_is_told_what_is_still_to_come_and_not_twice(
    session: Session, ratna: Trainer, sari: User, at: datetime
) -> None:
    plan(session, at=at)
    send(at)
    change_trainer(ratna, phone=OTHER, by=sari, at=at)
    assert to(PHONE) == [("h1", "superseded"), ("invitation", "sent")]
    assert to(OTHER) == [("h1", "planned")]


def test_silence_holds_for_trainers_too(session: Session, at: datetime) -> None:
    plan(session, at=at)
    Message.objects.filter(kind="invitation").update(state="claimed", lease_until=at + DAY)
    point = ContactPoint.objects.get(number=PHONE)
    opt_out(point, by=None, at=at)
    assert to(PHONE) == [("h1", "blocked"), ("invitation", "blocked")]
    opt_in(point, by=None, at=at)
    assert to(PHONE) == PLAN


def test_account_without_a_phone_is_told_by_e_mail(cohort: Cohort, made: User, at: datetime) -> None:
    trainer = factories.TrainerFactory.create(user=made)
    nobody = factories.TrainerFactory.create()
    plan(meeting(cohort, at + WEEK, trainers=[trainer, nobody]), at=at)
    assert to("made@example.org") == PLAN
    assert Message.objects.count() == 2


def test_switches_of_the_program_hold_for_trainers(session: Session, at: datetime) -> None:
    session.program.sends_h1 = False
    session.program.save()
    plan(session, at=at)
    assert outbox() == [("invitation", "planned")]


def test_planning_asks_the_same_for_one_trainer_and_for_seven(cohort: Cohort, ratna: Trainer, at: datetime) -> None:
    counts = []
    for more in (1, 6):
        for n in range(more):
            other = factories.TrainerFactory.create(phone=f"+628123450010{n}" if more > 1 else "+6281234500199")
            meeting(cohort, at + WEEK * (1 + more) + timedelta(hours=3 * n), trainers=[other])
        ids = list(Session.objects.values_list("pk", flat=True))
        plan_sessions(ids, at=at)
        counts.append(asked(lambda ids=ids: plan_sessions(ids, at=at)))  # type: ignore[misc]
    assert counts[0] == counts[1]


def asked(run: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)
