"""Planning sessions: from a draft to a promise, and to another promise when plans change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.events import record
from programs.actions.answering import Answer, answer_cautions
from programs.actions.booking import book, lock, rebook, refuse_overlap
from programs.actions.seats import seat_everyone
from programs.models import Cohort, Module, Program, Session, SessionRevision, Trainer, Venue
from programs.states import AttendanceSource, AttendanceState, Rsvp, SessionMode, SessionState
from programs.taken import Taken, taken_by


class Keep:
    """Says that a venue stays as it is, where None says that there is none."""


KEEP: Final = Keep()
LONGEST: Final = timedelta(days=1)


@transaction.atomic
def plan_session(
    *,
    program: Program,
    module: Module,
    cohorts: Sequence[Cohort],
    trainers: Sequence[Trainer],
    venue: Venue | None,
    mode: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    capacity: int | None = None,
    topic: str = "",
    override: str | None = None,
) -> Session:
    """Write a draft and take its trainers, venue and cohorts; nobody is told before it is scheduled."""
    taken = Taken(cohorts=cohorts, trainers=trainers, venue=venue)
    _check(program, taken, mode, starts_at, ends_at)
    lock(taken)
    refuse_overlap(taken, starts_at, ends_at, by=by)
    answer = answer_cautions(program, taken, starts_at, ends_at, override=override, capacity=capacity, by=by)
    session = Session(program=program, module=module, venue=venue, zone=taken.zone, mode=mode, topic=topic)
    session.starts_at, session.ends_at, session.capacity = starts_at, ends_at, capacity
    session.override_reason = answer.reason
    session.clean_fields(exclude={"program", "module", "venue"})
    session.save(force_insert=True)
    book(session, taken)
    record(session, verb="planned", by=by, at=at, goal=SessionState.DRAFT, **answer.facts, **times_of(session))
    return session


@transaction.atomic
def change_session(
    session: Session,
    *,
    module: Module,
    cohorts: Sequence[Cohort],
    trainers: Sequence[Trainer],
    venue: Venue | None,
    mode: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    capacity: int | None = None,
    topic: str = "",
    override: str | None = None,
) -> None:
    """Rewrite a draft; what has been promised is rescheduled or cancelled instead."""
    taken = Taken(cohorts=cohorts, trainers=trainers, venue=venue)
    _check(session.program, taken, mode, starts_at, ends_at)
    lock(taken)
    refuse_promised(session)
    refuse_overlap(taken, starts_at, ends_at, by=by, besides=session)
    answer = _answer(session, taken, starts_at, ends_at, override=override, capacity=capacity, by=by)
    before = times_of(session)
    session.module, session.venue, session.zone, session.mode = module, venue, taken.zone, mode
    session.starts_at, session.ends_at, session.capacity, session.topic = starts_at, ends_at, capacity, topic
    session.override_reason = answer.reason
    session.clean_fields(exclude={"program", "module", "venue"})
    session.save()
    rebook(session, taken)
    record(session, verb="changed", by=by, at=at, before=before, **answer.facts, **times_of(session))


@transaction.atomic
def schedule_session(session: Session, *, by: User, at: datetime, override: str | None = None) -> None:
    """Promise a draft: give every participant a seat; from now on people are told.

    Why it is held in spite of a caution may have been said with the draft; a new reason takes its place.
    """
    taken = taken_by(session)
    lock(taken)
    Session.objects.move(session, SessionState.SCHEDULED)
    if taken_by(session) != taken:  # the draft was changed while this waited
        raise RowMoved(session)
    session.refresh_from_db(fields=["starts_at", "ends_at", "venue", "revision", "capacity", "override_reason"])
    times = session.starts_at, session.ends_at
    answer = _answer(session, taken, *times, override=override, capacity=session.capacity, by=by)
    if answer.reason:
        session.override_reason = answer.reason
        session.save(update_fields=["override_reason"])
    _promise(session, by=by, at=at)
    seats = seat_everyone(session, taken.cohorts)
    origin, goal = SessionState.DRAFT, SessionState.SCHEDULED
    facts = {"seats": seats, **answer.facts, **times_of(session)}
    record(session, verb="scheduled", by=by, at=at, origin=origin, goal=goal, **facts)


@transaction.atomic
def reschedule_session(
    session: Session,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User,
    at: datetime,
    venue: Venue | Keep | None = KEEP,
    override: str | None = None,
    took_place: bool | None = None,
) -> None:
    """Promise another time or place, and say why; the revision that the caller saw must still be the current one.

    Into the past only what `took_place` then: it is put on record, and nobody is told. None is a program that was not
    asked (as with `override`); people always are.
    """
    _check_move(session, starts_at, reason=reason, at=at, took_place=took_place)
    now_taken = taken_by(session)
    place = now_taken.venue if isinstance(venue, Keep) else venue
    taken = Taken(cohorts=now_taken.cohorts, trainers=now_taken.trainers, venue=place)
    _check(session.program, taken, session.mode, starts_at, ends_at)
    before = times_of(session)
    if (starts_at, ends_at, place) == (session.starts_at, session.ends_at, now_taken.venue):
        raise ValidationError(_("Time and place are the same as before; there is nothing to tell."))
    lock(taken)
    renew(session, starts_at=starts_at, ends_at=ends_at, venue=place, zone=taken.zone)
    refuse_overlap(taken, starts_at, ends_at, by=by, besides=session)
    answer = _answer(session, taken, starts_at, ends_at, override=override, capacity=session.capacity, by=by)
    rebook(session, taken)
    promise_anew(session, answer, before=before, reason=reason, by=by, at=at)


def refuse_promised(session: Session) -> None:
    """Refuse to rewrite or throw away what is no longer a draft; the row is held until the transaction ends."""
    held = Session.objects.select_for_update(no_key=True).filter(pk=session.pk).first()
    if held is None:  # it was discarded meanwhile
        raise RowMoved(session)
    if held.state != SessionState.DRAFT:
        raise Refused(_("This session is no longer a draft. Reschedule or cancel it, and people are told."))


def refuse_marked(session: Session, *, before: datetime | None = None) -> None:
    """Refuse to move or cancel what people attended; who checked in `before` it began is expected again."""
    if before is not None:
        early = session.seats.filter(source=AttendanceSource.SELF, marked_at__lt=before)
        early.update(state=AttendanceState.EXPECTED, minutes=0, source="", marked_at=None, version=F("version") + 1)
    if session.seats.exclude(state=AttendanceState.EXPECTED).exists():
        raise Refused(_("Attendance has already been marked, so this session took place."))


def renew(session: Session, *, starts_at: datetime, ends_at: datetime, venue: Venue | None, zone: str) -> None:
    """Write the next revision's time and place over the revision that was read, or say that another hand was faster."""
    same = Session.objects.filter(pk=session.pk, state=SessionState.SCHEDULED, revision=session.revision)
    number, left = session.revision + 1, session.starts_at
    if not same.update(starts_at=starts_at, ends_at=ends_at, venue=venue, zone=zone, revision=number):
        raise RowMoved(session)
    session.refresh_from_db(fields=["starts_at", "ends_at", "venue", "zone", "revision", "state"])
    refuse_marked(session, before=left)


def promise_anew(
    session: Session, answer: Answer, *, before: dict[str, Any], reason: str, by: User, at: datetime
) -> None:
    """Promise the time that was written: a revision, answers asked again, one event that plans messages."""
    session.override_reason = answer.reason
    session.save(update_fields=["override_reason"])
    # An answer was given for the time that no longer holds.
    session.seats.update(rsvp=Rsvp.NONE, rsvp_at=None, rsvp_reason="")
    _promise(session, by=by, at=at, reason=reason.strip())
    facts = {"revision": session.revision, "reason": reason.strip(), **answer.facts, **times_of(session)}
    record(session, verb="rescheduled", by=by, at=at, before=before, **facts)


def _promise(session: Session, *, by: User, at: datetime, reason: str = "") -> None:
    promise = SessionRevision(
        session=session, number=session.revision, venue=session.venue, reason=reason, by=by, at=at
    )
    promise.starts_at, promise.ends_at = session.starts_at, session.ends_at
    promise.override_reason = session.override_reason
    promise.clean_fields(exclude={"session", "venue", "by"})
    promise.save(force_insert=True)


def _answer(session: Session, taken: Taken, starts_at: datetime, ends_at: datetime, **given: Any) -> Answer:
    """Answer what speaks against a time of a session that is already there."""
    return answer_cautions(session.program, taken, starts_at, ends_at, besides=[session], **given)


def _check(program: Program, taken: Taken, mode: str, starts_at: datetime, ends_at: datetime) -> None:
    if not taken.cohorts:
        raise ValidationError(_("Choose the cohorts that take part."), code="cohorts")
    if any(cohort.program_id != program.pk for cohort in taken.cohorts):
        raise ValidationError(_("A session's cohorts belong to its program."), code="cohorts")
    if taken.venue is None and mode != SessionMode.ONLINE:
        raise ValidationError(_("A session that people travel to has a venue."), code="venue")
    if ends_at <= starts_at:
        raise ValidationError(_("A session ends after it starts."), code="ends_at")
    if ends_at - starts_at > LONGEST:
        raise ValidationError(
            _("A session lasts at most a day; plan a longer training as several sessions."), code="ends_at"
        )


def _check_move(session: Session, starts_at: datetime, *, reason: str, at: datetime, took_place: bool | None) -> None:
    if session.state != SessionState.SCHEDULED:
        raise MoveRefused(_("Only a scheduled session can be rescheduled."))
    check_reason(reason)
    if starts_at <= at and took_place is False:
        raise ValidationError(_("This time has passed. Say so if the session took place then."), code="took_place")


def check_reason(reason: str) -> None:
    """Refuse to move without saying why."""
    if not reason.strip():
        raise ValidationError(_("Say why the session is rescheduled."), code="reason")


def times_of(session: Session) -> dict[str, Any]:
    """Write down when and where a session stands, for the record of an event."""
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "venue": session.venue_id,
    }
