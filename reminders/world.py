"""What holds now about some sessions and their numbers, read in a fixed number of queries for the planner."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from programs.models import Attendance, Booking, Session, SessionRevision
from programs.reach import Reach, reaches_of
from programs.states import Rsvp, SessionState
from reminders.models import Message
from reminders.planner import REMINDERS, Meeting, Number, Promise
from reminders.recipients import points_of_trainers
from reminders.states import TOLD, UNDER_WAY, UNSENT, Kind, MessageState
from villages.models import Person
from villages.states import REACHABLE

SWITCHES = {
    Kind.INVITATION: "sends_invitation",
    Kind.H3: "sends_h3",
    Kind.H1: "sends_h1",
    Kind.H0: "sends_h0",
}
NOTICES = (Kind.INVITATION, Kind.CHANGE)


@dataclass(frozen=True)
class Row:
    """One message that exists; begun means that its text may have left."""

    id: int
    session_id: int
    revision_id: int
    contact_point_id: int
    kind: Kind
    state: MessageState
    due_at: datetime
    begun: bool
    reachable: bool
    people: frozenset[int]
    trainer: int | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        """What may exist once: revision, number, kind."""
        return (self.revision_id, self.contact_point_id, self.kind)

    @property
    def heard(self) -> bool:
        """Say whether somebody heard this, or is hearing it right now."""
        return self.state in TOLD or (self.state in UNDER_WAY and self.begun)

    @property
    def unsent(self) -> bool:
        """Say whether it can still be withdrawn."""
        return self.state in UNSENT or (self.state == MessageState.CLAIMED and not self.begun)


@dataclass(frozen=True)
class Scene:
    """One session with everything the planner looks at."""

    meeting: Meeting
    numbers: tuple[Number, ...]
    unreached: frozenset[int]
    rows: tuple[Row, ...]


def scenes_of(sessions: Sequence[Session]) -> list[Scene]:
    """Read what holds now about these sessions; each comes with its program."""
    ids = [session.pk for session in sessions]
    revisions, rows, declined = _revisions(ids), _rows(ids), _declined(ids)
    reaches, teachers = reaches_of(sessions), _teachers(ids)
    zones = _zones(person.pk for reach in reaches.values() for each in reach.recipients for person in each.people)
    return [
        _scene(
            meeting_of(session, *revisions[session.pk][session.revision]),
            reach=reaches[session.pk],
            zones=zones,
            declined=declined[session.pk],
            teachers=teachers[session.pk],
            ledger=Ledger(rows[session.pk], dict(revisions[session.pk].values())),
        )
        for session in sessions
    ]


def meeting_of(session: Session, revision_id: int, promise: Promise) -> Meeting:
    """Put one session and its current revision into the planner's words."""
    return Meeting(
        session_id=session.pk,
        revision_id=revision_id,
        promise=promise,
        zone=session.zone,
        cancelled=session.state == SessionState.CANCELLED,
        kinds=frozenset(kind for kind, switch in SWITCHES.items() if getattr(session.program, switch)),
    )


def _revisions(ids: Collection[int]) -> dict[int, dict[int, tuple[int, Promise]]]:
    found: dict[int, dict[int, tuple[int, Promise]]] = defaultdict(dict)
    columns = ("session_id", "number", "pk", "starts_at", "ends_at", "venue_id")
    for session_id, number, pk, *promise in SessionRevision.objects.filter(session__in=ids).values_list(*columns):
        found[session_id][number] = (pk, Promise(*promise))
    return found


def _teachers(ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Name, for each session, the numbers of who teaches it; one that does not reach its trainer is left out."""
    pairs = list(Booking.objects.filter(session__in=ids, trainer__isnull=False).values_list("session", "trainer"))
    points = points_of_trainers({trainer for _session, trainer in pairs}) if pairs else {}
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for session, trainer in sorted(pairs):
        if trainer in points and points[trainer].is_reachable:
            found[session].setdefault(points[trainer].pk, trainer)
    return found


def _rows(ids: Collection[int]) -> dict[int, list[Row]]:
    people = defaultdict(set)
    covered = Message.people.through.objects.filter(message__session__in=ids)
    for message_id, person_id in covered.values_list("message_id", "person_id"):
        people[message_id].add(person_id)
    found: dict[int, list[Row]] = defaultdict(list)
    messages = Message.objects.filter(session__in=ids).order_by("revision__number", "pk")
    columns = (
        "pk",
        "session_id",
        "revision_id",
        "contact_point_id",
        "kind",
        "state",
        "due_at",
        "begun_at",
        "trainer_id",
    )
    for row in messages.values(*columns, "contact_point__state"):
        found[row["session_id"]].append(
            Row(
                id=row["pk"],
                session_id=row["session_id"],
                revision_id=row["revision_id"],
                contact_point_id=row["contact_point_id"],
                kind=Kind(row["kind"]),
                state=MessageState(row["state"]),
                due_at=row["due_at"],
                begun=row["begun_at"] is not None,
                reachable=row["contact_point__state"] in REACHABLE,
                people=frozenset(people[row["pk"]]),
                trainer=row["trainer_id"],
            )
        )
    return found


def _declined(ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    seats = Attendance.objects.filter(session__in=ids, rsvp=Rsvp.NO)
    for session_id, person_id in seats.values_list("session_id", "enrollment__person_id"):
        found[session_id].add(person_id)
    return found


def _zones(people: Iterable[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "village__region__zone"))


class Ledger:
    """The messages of one session, found by number and by person without looking through all of them."""

    def __init__(self, rows: list[Row], promises: dict[int, Promise]) -> None:
        """Take the rows in the order of their revisions, and what each revision promised."""
        self.rows, self.promises = rows, promises
        self.heard: dict[tuple[str, int], int] = {}
        self.notices: dict[tuple[int, int], list[Row]] = defaultdict(list)
        self.failed = [row for row in rows if row.state == MessageState.FAILED]
        for index, row in enumerate(rows):
            if row.kind in NOTICES:
                self.notices[row.revision_id, row.contact_point_id].append(row)
            if row.heard:
                self.heard["number", row.contact_point_id] = index
                self.heard |= {("person", person): index for person in row.people}
                self.heard |= {("trainer", row.trainer): index} if row.trainer else {}

    def told(self, point: int, people: Iterable[int], trainer: int | None = None) -> Promise | None:
        """Tell what a number, or any of its people or its trainer by whatever number, heard last."""
        keys = [("number", point), *(("person", person) for person in people)]
        keys += [("trainer", trainer)] if trainer else []
        last = max((self.heard[key] for key in keys if key in self.heard), default=None)
        return None if last is None else self.promises[self.rows[last].revision_id]

    def announced(self, revision_id: int, point: int) -> Kind | None:
        """Name the notice of this revision that is there already; one that stands before one that was withdrawn."""
        notices = self.notices.get((revision_id, point), [])
        standing = [row for row in notices if row.state != MessageState.SUPERSEDED]
        return next((row.kind for row in [*standing, *notices]), None)

    def missed(self, revision_id: int, point: int, people: frozenset[int]) -> Kind | None:
        """Name the last reminder of this revision that failed on another number of these people."""
        failed = {
            row.kind
            for row in self.failed
            if row.revision_id == revision_id and row.contact_point_id != point and row.people & people
        }
        return next((kind for kind in reversed(REMINDERS) if kind in failed), None)


def _scene(
    meeting: Meeting,
    *,
    reach: Reach,
    zones: dict[int, str],
    declined: set[int],
    teachers: dict[int, int],
    ledger: Ledger,
) -> Scene:
    """Put the numbers together: of participants, and of trainers; who is both has one number."""
    groups = {each.contact_point.pk: frozenset(person.pk for person in each.people) for each in reach.recipients}
    first = {each.contact_point.pk: zones[each.people[0].pk] for each in reach.recipients}
    numbers = []
    for point in (*groups, *sorted(teachers.keys() - groups.keys())):
        people, trainer = groups.get(point, frozenset()), teachers.get(point)
        numbers.append(
            Number(
                contact_point_id=point,
                zone=first.get(point, meeting.zone),
                people=people,
                declined=people & declined,
                told=ledger.told(point, people, trainer),
                announced=ledger.announced(meeting.revision_id, point),
                missed=ledger.missed(meeting.revision_id, point, people),
                trainer=trainer,
            )
        )
    unreached = frozenset(person.pk for person, _why in reach.unreached)
    return Scene(meeting, tuple(numbers), unreached, tuple(ledger.rows))
