"""What ought to be told, to whom and when: a pure function of what holds now. It reads no row and no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from reminders.hours import out_of_quiet, reminder_moment, same_day
from reminders.states import URGENT, Kind

REMINDERS = (Kind.H3, Kind.H1, Kind.H0)


@dataclass(frozen=True)
class Promise:
    """When and where a session is, as one revision has it."""

    starts_at: datetime
    ends_at: datetime
    venue_id: int | None


@dataclass(frozen=True)
class Meeting:
    """What holds now about one session."""

    session_id: int
    revision_id: int
    promise: Promise
    zone: str
    cancelled: bool
    kinds: frozenset[str]  # what its program sends


@dataclass(frozen=True)
class Number:
    """One phone number, and the people it reaches for one session; it may be the trainer's, or a trainer's too."""

    contact_point_id: int
    zone: str
    people: frozenset[int]
    declined: frozenset[int] = frozenset()  # answered that they cannot come
    told: Promise | None = None  # the last they heard, or are hearing right now
    announced: Kind | None = None  # the notice of this revision that is there already
    missed: Kind | None = None  # the last reminder that failed on another number of its people
    trainer: int | None = None  # who teaches and reads this number


@dataclass(frozen=True)
class Wanted:
    """One message that ought to exist; too late means that it cannot leave in useful time and is only listed."""

    session_id: int
    revision_id: int
    contact_point_id: int
    kind: Kind
    people: frozenset[int]
    due_at: datetime
    expires_at: datetime
    trainer: int | None = None

    @property
    def too_late(self) -> bool:
        """Say whether the session begins before this may be sent."""
        return self.due_at >= self.expires_at


def wanted(meeting: Meeting, number: Number, *, at: datetime) -> list[Wanted]:
    """List what this number ought to be told about this session, from `at` on; nothing once it has begun."""
    if at >= meeting.promise.starts_at:
        return []
    if meeting.cancelled:
        return [_notice(meeting, number, Kind.CANCELLATION, at)] if number.told else []
    return [*_announcement(meeting, number, at), *_reminders(meeting, number, at)]


def _announcement(meeting: Meeting, number: Number, at: datetime) -> Iterator[Wanted]:
    """Want one notice per revision: a change for those who heard of another time, an invitation for the others."""
    heard_otherwise = number.told is not None and number.told != meeting.promise
    kind = number.announced or (Kind.CHANGE if heard_otherwise else None if number.told else Kind.INVITATION)
    if kind == Kind.CHANGE or (kind is not None and kind in meeting.kinds):
        yield _notice(meeting, number, kind, at)


def _notice(meeting: Meeting, number: Number, kind: Kind, at: datetime) -> Wanted:
    """Want a notice now; only what concerns today may break the night."""
    starts = [meeting.promise.starts_at, *([number.told.starts_at] if number.told else [])]
    today = kind in URGENT and any(same_day(start, at, number.zone) for start in starts)
    due_at = at if today else out_of_quiet(at, number.zone)
    return replace(_want(meeting, number, kind, due_at, number.people), trainer=number.trainer)


def _reminders(meeting: Meeting, number: Number, at: datetime) -> Iterator[Wanted]:
    """Want the reminders that still lie ahead, for who did not decline; and the last one, if it failed before.

    A trainer gets that of the day before.
    """
    coming, overdue = number.people - number.declined, None
    for kind in REMINDERS:
        due_at = out_of_quiet(reminder_moment(kind, meeting.promise.starts_at, meeting.zone), number.zone)
        teaches = number.trainer if kind == Kind.H1 else None
        if (coming or teaches) and kind in meeting.kinds and at < due_at < meeting.promise.starts_at:
            yield replace(_want(meeting, number, kind, due_at, coming), trainer=teaches)
        overdue = kind if due_at <= at else overdue
    if coming and overdue and overdue == number.missed and overdue in meeting.kinds:
        yield _want(meeting, number, overdue, out_of_quiet(at, number.zone), coming)


def _want(meeting: Meeting, number: Number, kind: Kind, due_at: datetime, people: frozenset[int]) -> Wanted:
    return Wanted(
        session_id=meeting.session_id,
        revision_id=meeting.revision_id,
        contact_point_id=number.contact_point_id,
        kind=kind,
        people=people,
        due_at=due_at,
        expires_at=meeting.promise.starts_at,
    )
