"""Short words for the sessions that tests plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from common.models import Event
from programs.actions import plan_session, schedule_session
from programs.models import Cohort, Session, Trainer, Venue
from programs.states import ModuleCode, SessionMode
from tests.factories import NOW, module

START = NOW + timedelta(days=7)  # Thursday, 8 October 2026, 10.00 WIB
TWO_HOURS = timedelta(hours=2)


def draft(
    cohort: Cohort,
    venue: Venue | None,
    *,
    by: User,
    trainers: Sequence[Trainer] = (),
    starts_at: datetime = START,
    **columns: Any,
) -> Session:
    """Plan two hours of design."""
    given = {
        "program": cohort.program,
        "module": module(ModuleCode.DESIGN),
        "cohorts": [cohort],
        "mode": SessionMode.IN_PERSON,
        "ends_at": starts_at + TWO_HOURS,
        "at": NOW,
        **columns,
    }
    return plan_session(trainers=trainers, venue=venue, starts_at=starts_at, by=by, **given)


def scheduled(cohort: Cohort, venue: Venue | None, *, by: User, **columns: Any) -> Session:
    """Plan and promise it."""
    session = draft(cohort, venue, by=by, **columns)
    schedule_session(session, by=by, at=NOW)
    return session


def history(row: Any) -> list[str]:
    """Read the verbs of what happened to a row."""
    return [event.verb for event in Event.objects.about(row).order_by("pk")]
