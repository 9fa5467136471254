"""What people do on the floors below is told in the same transaction: through the real actions."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import User
from programs.actions import (
    answer_session,
    cancel_session,
    change_program,
    enroll_person,
    plan_session,
    reschedule_session,
    schedule_session,
    withdraw_enrollment,
)
from programs.models import Cohort, Session, Trainer, Venue
from programs.states import ModuleCode, Rsvp, SessionMode
from reminders.models import Message
from reminders.states import Kind, MessageState
from tests import factories
from tests.reminders.worlds import household, outbox, send, texts
from villages.actions import add_contact, give_consent, opt_in, opt_out, remove_contact, withdraw_consent
from villages.states import ConsentHow, Purpose, Relation

WEEK = timedelta(days=7)
FULL_PLAN = [("h0", "planned"), ("h1", "planned"), ("h3", "planned"), ("invitation", "planned")]


@pytest.fixture
def session(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime) -> Session:
    """Next week's session, scheduled for a household of two."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = plan_session(
        program=cohort.program,
        module=factories.module(ModuleCode.DESIGN),
        cohorts=[cohort],
        trainers=[trainer],
        venue=venue,
        mode=SessionMode.IN_PERSON,
        starts_at=at + WEEK,
        ends_at=at + WEEK + timedelta(hours=2),
        by=sari,
        at=at,
    )
    schedule_session(session, by=sari, at=at)
    return session


def test_draft_tells_nobody_and_scheduling_does(session: Session) -> None:
    assert outbox() == FULL_PLAN


def test_rescheduling_and_cancelling_are_told(session: Session, sari: User, at: datetime) -> None:
    send(at)
    later = session.starts_at + timedelta(days=1)
    reschedule_session(
        session,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        reason="Pasar",
        by=sari,
        at=at + timedelta(hours=1),
    )
    send(at + timedelta(hours=1))
    cancel_session(session, reason="Banjir", by=sari, at=at + timedelta(hours=2))
    send(at + timedelta(hours=2))
    assert len(texts()) == 3
    assert "Banjir" in texts()[-1]
    assert not Message.objects.filter(state=MessageState.PLANNED).exists()


def test_undone_change_plans_nothing(session: Session, sari: User, at: datetime) -> None:
    later = session.starts_at + timedelta(days=1)
    with transaction.atomic():
        reschedule_session(session, starts_at=later, ends_at=later + WEEK / 84, reason="Pasar", by=sari, at=at)
        transaction.set_rollback(True)
    assert outbox() == FULL_PLAN


def test_enrolling_and_leaving_are_followed(session: Session, cohort: Cohort, sari: User, at: datetime) -> None:
    newcomer = factories.reachable_person(cohort.village, name="Rini")
    enrollment = enroll_person(cohort, person=newcomer, by=sari, at=at)
    assert outbox(newcomer.messages.all()) == FULL_PLAN
    withdraw_enrollment(enrollment, reason="Pindah", by=sari, at=at)
    assert set(newcomer.messages.values_list("state", flat=True)) == {MessageState.SUPERSEDED}


def test_answer_is_followed(session: Session, at: datetime) -> None:
    for seat in session.seats.all():
        answer_session(seat, rsvp=Rsvp.NO, at=at)
    assert outbox() == [("h0", "superseded"), ("h1", "superseded"), ("h3", "superseded"), ("invitation", "planned")]


def test_opting_out_blocks_and_opting_in_returns(session: Session, at: datetime) -> None:
    point = Message.objects.all()[0].contact_point
    opt_out(point, by=None, at=at)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.BLOCKED}
    assert send(at) == 0
    opt_in(point, by=None, at=at)
    assert outbox() == FULL_PLAN


def test_consent_is_followed(session: Session, cohort: Cohort, sari: User, at: datetime) -> None:
    for person in cohort.people.all():
        withdraw_consent(person, purpose=Purpose.MESSAGES, by=sari, at=at)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.BLOCKED}
    give_consent(person, purpose=Purpose.MESSAGES, how=ConsentHow.SPOKEN, text_version="1", by=sari, at=at)
    assert outbox() == FULL_PLAN
    assert {message.people.get() for message in Message.objects.all()} == {person}


def test_number_is_followed(session: Session, cohort: Cohort, sari: User, at: datetime) -> None:
    lidia = cohort.people.order_by("name")[0]
    old = lidia.contact_points.get()
    remove_contact(lidia, contact_point=old, by=sari, at=at)
    assert {message.people.get().name for message in old.messages.all()} == {"Siti Aminah"}
    new = add_contact(lidia, number="0812 9000 1234", relation=Relation.OWN, by=sari, at=at)
    assert outbox(new.messages.all()) == FULL_PLAN


def test_switch_is_followed(session: Session, cohort: Cohort, sari: User, at: datetime) -> None:
    change_program(cohort.program, by=sari, at=at, sends_h3=False)
    assert Message.objects.get(kind=Kind.H3).state == MessageState.SUPERSEDED
