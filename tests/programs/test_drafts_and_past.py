"""Into the past only what took place, and away only what nobody was told of."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.errors import Refused, RowMoved
from common.models import Event
from programs.actions import change_session, discard_session, reschedule_session, schedule_session
from programs.models import Booking, Cohort, Session, Trainer, Venue
from programs.states import ModuleCode, SessionMode, SessionState
from reminders.states import MessageState
from tests.factories import module
from tests.programs.plans import START, TWO_HOURS, draft

pytestmark = pytest.mark.django_db


def test_reschedule_into_the_past_is_questioned(session: Session, sari: User, at: datetime) -> None:
    gone = at - timedelta(days=1)
    given: dict[str, Any] = {"starts_at": gone, "ends_at": gone + TWO_HOURS, "reason": "Was a day earlier", "by": sari}
    with pytest.raises(ValidationError, match="This time has passed") as refusal:
        reschedule_session(session, **given, at=at, took_place=False)
    assert refusal.value.code == "took_place"
    assert session.revisions.count() == 1
    reschedule_session(session, **given, at=at, took_place=True)
    session.refresh_from_db()
    assert (session.starts_at, session.revision, session.state) == (gone, 2, SessionState.SCHEDULED)
    assert not session.messages.exclude(state=MessageState.SUPERSEDED).exists(), "nobody is told"


def test_draft_is_discarded_with_what_it_took(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    session = draft(cohort, venue, trainers=[trainer], by=sari)
    key = session.pk
    discard_session(session, by=sari, at=START)
    assert not Session.objects.exists()
    assert not Booking.objects.exists()
    event = Event.objects.get(verb="discarded", subject_type="programs.session", subject_id=str(key))
    assert (event.origin, event.by, event.at) == ("draft", sari, START)
    assert event.facts == {
        "program": cohort.program_id,
        "module": "design",
        "venue": venue.pk,
        "trainers": [trainer.pk],
        "cohorts": [cohort.pk],
        "starts_at": START.isoformat(),
        "ends_at": (START + TWO_HOURS).isoformat(),
    }
    draft(cohort, venue, trainers=[trainer], by=sari)


@pytest.mark.parametrize("state", ["scheduled", "held", "closed", "cancelled"])
def test_only_a_draft_is_discarded(session: Session, sari: User, at: datetime, state: str) -> None:
    Session.objects.filter(pk=session.pk).update(state=state, reason="Rain")
    with pytest.raises(Refused, match="no longer a draft"):
        discard_session(session, by=sari, at=at)
    assert Session.objects.filter(pk=session.pk).exists()


def test_what_was_discarded_meanwhile_is_said(planned: Session, cohort: Cohort, venue: Venue, sari: User) -> None:
    stale = Session.objects.get(pk=planned.pk)
    discard_session(planned, by=sari, at=START)
    with pytest.raises(RowMoved):
        schedule_session(stale, by=sari, at=START)
    with pytest.raises(RowMoved):
        discard_session(stale, by=sari, at=START)
    given: dict[str, Any] = {"cohorts": [cohort], "trainers": [], "venue": venue, "mode": SessionMode.IN_PERSON}
    given |= {"starts_at": START, "ends_at": START + TWO_HOURS, "module": module(ModuleCode.DESIGN)}
    with pytest.raises(RowMoved):
        change_session(stale, **given, by=sari, at=START)
