"""Small worlds for tests of messages: a cohort whose people have numbers, and a session they are told about."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from common.models import Event
from programs.models import Cohort, Session
from programs.states import SessionState
from reminders.models import LoggedText, Message
from reminders.planning import plan_sessions
from reminders.sender import send_due
from tests import factories
from villages.models import ContactPoint, Person


def enroll(cohort: Cohort, *people: Person) -> None:
    """Give people a place in a cohort."""
    for person in people:
        factories.EnrollmentFactory.create(cohort=cohort, person=person)


def household(cohort: Cohort, *names: str) -> ContactPoint:
    """Enroll people who share one number."""
    number = factories.ContactPointFactory.create()
    enroll(cohort, *(factories.reachable_person(cohort.village, number=number, name=name) for name in names))
    return number


def meeting(cohort: Cohort, starts_at: datetime, **columns: Any) -> Session:
    """Schedule a session of a cohort, without an action and so without messages."""
    session = factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], **{"starts_at": starts_at, **columns}
    )
    for enrollment in cohort.enrollments.order_by("pk"):
        factories.AttendanceFactory.create(session=session, enrollment=enrollment)
    return session


def reschedule(session: Session, starts_at: datetime, *, at: datetime) -> None:
    """Move a session as the action does, and plan again."""
    session.starts_at, session.ends_at = starts_at, starts_at + timedelta(hours=2)
    session.revision += 1
    session.save()
    factories.SessionRevisionFactory.create(session=session, number=session.revision)
    plan_sessions([session.pk], at=at)


def cancel(session: Session, *, at: datetime) -> None:
    """Cancel a session as the action does, and plan again."""
    session.state, session.reason = SessionState.CANCELLED, "Balai desa kebanjiran"
    session.save()
    plan_sessions([session.pk], at=at)


def plan(session: Session, *, at: datetime) -> None:
    """Plan one session."""
    plan_sessions([session.pk], at=at)


def send(at: datetime) -> int:
    """Run one tick at that moment."""
    return send_due(clock=lambda: at)


def outbox(messages: Iterable[Message] | None = None) -> list[tuple[str, str]]:
    """List kind and state of every message, by the order of their kinds."""
    rows = Message.objects.all() if messages is None else messages
    return sorted((row.kind, row.state) for row in rows)


def texts() -> list[str]:
    """List what left, oldest first."""
    return list(LoggedText.objects.order_by("at", "key").values_list("text", flat=True))


def happened(subject: Any) -> list[str]:
    """List the verbs of one row's history."""
    return list(Event.objects.about(subject).order_by("pk").values_list("verb", flat=True))
