"""Who teaches a session changes without its promise changing."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from common.errors import Refused
from common.models import Event
from programs.actions import assign_trainers, cancel_session
from programs.models import Cohort, Session, Trainer, Venue
from reminders.models import Message
from tests.factories import CohortFactory, TrainerFactory, VenueFactory
from tests.programs.browsing import press, read
from tests.programs.plans import START, history, scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(cohort: Cohort, sari: User) -> Trainer:
    """Someone who teaches elsewhere at that very time."""
    trainer = TrainerFactory.create(name="Bu Komang")
    other = CohortFactory.create(program=cohort.program)
    scheduled(other, VenueFactory.create(), trainers=[trainer], topic="Marketing", by=sari, starts_at=START)
    return trainer


def test_trainers_change_and_participants_are_not_told_anew(
    session: Session, trainer: Trainer, sari: User, at: datetime
) -> None:
    told = Message.objects.filter(session=session).count()
    new = TrainerFactory.create()
    assign_trainers(session, trainers=[new], by=sari, at=at)
    assert [*session.trainers.all()] == [new]
    assert session.bookings.get(trainer=new).starts_at == session.starts_at
    assert Message.objects.filter(session=session).count() == told
    facts = Event.objects.about(session).get(verb="trainers_assigned").facts
    assert facts == {"was": [trainer.pk], "trainers": [new.pk]}
    session.refresh_from_db()
    assert session.revision == 1


def test_the_same_trainers_again_change_nothing(session: Session, trainer: Trainer, sari: User, at: datetime) -> None:
    assign_trainers(session, trainers=[trainer], by=sari, at=at)
    assert "trainers_assigned" not in history(session)


def test_a_trainer_who_teaches_elsewhere_is_refused_by_name(
    session: Session, trainer: Trainer, busy: Trainer, sari: User, at: datetime
) -> None:
    with pytest.raises(Refused, match="Bu Komang already has “Marketing”"):
        assign_trainers(session, trainers=[trainer, busy], by=sari, at=at)
    assert [*session.trainers.all()] == [trainer]


def test_a_cancelled_session_gets_no_trainers(session: Session, sari: User, at: datetime) -> None:
    cancel_session(session, reason="Hall flooded", by=sari, at=at)
    with pytest.raises(Refused, match="no longer changes"):
        assign_trainers(session, trainers=[], by=sari, at=at)


@pytest.mark.usefixtures("clock")
def test_page_begins_from_who_teaches_and_refuses_with_the_form_kept(
    desk: Client, session: Session, trainer: Trainer, busy: Trainer
) -> None:
    assert "checked" in read(desk, "session-trainers", session.pk)
    refused = press(desk, "session-trainers", session.pk, trainers=[busy.pk], status=409)
    assert "already has “Marketing”" in refused
    press(desk, "session-trainers", session.pk, trainers=[])
    assert not session.trainers.exists()
    assert "Trainers changed" in read(desk, "session-detail", session.pk)


def test_mentors_and_strangers_say_not_who_teaches(reader: Client, session: Session, made: User, rina: User) -> None:
    for user, status in ((made, 403), (rina, 404)):
        reader.force_login(user)
        read(reader, "session-trainers", session.pk, status=status)


def test_a_session_nobody_teaches_yet_can_be_staffed_over_another(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime
) -> None:
    first = scheduled(cohort, venue, by=sari)
    second = scheduled(cohort, venue, by=sari, starts_at=START + timedelta(hours=2))
    for each in (first, second):
        assign_trainers(each, trainers=[trainer], by=sari, at=at)
    assert trainer.bookings.count() == 2
