"""Bringing the outbox in line with what holds now; running it a hundred times changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from common.doorbell import ring
from common.sets import insert_select
from programs.models import Session
from programs.states import SessionState
from reminders.models import Message
from reminders.planner import Number, Wanted, wanted
from reminders.states import REVIVABLE, Kind, MessageState, Reason
from reminders.world import SWITCHES, Row, Scene, scenes_of

AHEAD = (SessionState.SCHEDULED, SessionState.CANCELLED)
AT_ONCE = 200  # sessions whose people and messages are held in memory together
Covered = Message.people.through
COLUMNS = {
    "key": "uuid",
    "kind": "text",
    "contact_point_id": "bigint",
    "session_id": "bigint",
    "revision_id": "bigint",
    "trainer_id": "bigint",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
    "state": "text",
    "note": "text",
}
GOALS = (
    f"FROM unnest({', '.join(f'%({name})s::{kind}[]' for name, kind in COLUMNS.items())}) goal({', '.join(COLUMNS)})"
)
FOR = "FROM unnest(%(names)s::{0}[], %(people)s::bigint[]) cover(name, person) JOIN reminders_message message"
BY_KEY, BY_ID = f"{FOR.format('uuid')} ON message.key = name", f"{FOR.format('bigint')} ON message.id = name"


@dataclass
class Difference:
    """What has to be written so that the outbox says what is wanted."""

    missing: list[Wanted] = field(default_factory=list)
    revived: list[tuple[Row, Wanted]] = field(default_factory=list)
    recast: list[tuple[Row, Wanted]] = field(default_factory=list)
    withdrawn: dict[tuple[MessageState, Reason], list[int]] = field(default_factory=dict)

    def is_due(self, at: datetime) -> bool:
        """Say whether something in it leaves now."""
        goals = [*self.missing, *(goal for _row, goal in self.revived)]
        return any(goal.due_at <= at and not goal.too_late for goal in goals)

    def withdraw(self, row: Row, state: MessageState, reason: Reason) -> None:
        """Take one message out of the plan."""
        self.withdrawn.setdefault((state, reason), []).append(row.id)

    def block(self, row: Row, reason: Reason) -> None:
        """Hold one message back until it is allowed again; once is enough."""
        if row.state != MessageState.BLOCKED:
            self.withdraw(row, MessageState.BLOCKED, reason)


@transaction.atomic
def plan_sessions(ids: Collection[int], *, at: datetime, wait: bool = True) -> None:
    """Plan these sessions again; one that another hand holds is waited for, or left to that hand."""
    ordered = sorted(ids)
    parts = [ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE)]
    due = [_plan(part, at=at, wait=wait) for part in parts]
    if any(due):
        ring()


def _plan(ids: Collection[int], *, at: datetime, wait: bool) -> bool:
    """Plan so many sessions as memory holds at once; True when something of it leaves now."""
    supersede_outdated(ids)
    rows = Session.objects.select_for_update(no_key=True, of=("self",), skip_locked=not wait)
    sessions = rows.select_related("program").filter(pk__in=ids, state__in=AHEAD, starts_at__gt=at).order_by("pk")
    change = Difference()
    for scene in scenes_of(list(sessions)):
        compare(scene, change, at=at)
    write(change)
    return change.is_due(at)


def supersede_outdated(ids: Collection[int]) -> None:
    """Withdraw what is not yet sent and speaks of an older revision, or of a session that is no longer to come."""
    unsent = Message.objects.not_begun().filter(session__in=ids)
    over = ~Q(session__state__in=AHEAD) | Q(session__state=SessionState.CANCELLED) & ~Q(kind=Kind.CANCELLATION)
    for reason, outdated in (
        (Reason.CHANGED, Q(revision__number__lt=F("session__revision"))),
        (Reason.CANCELLED, Q(session__state=SessionState.CANCELLED) & ~Q(kind=Kind.CANCELLATION)),
        (Reason.OVER, over),
    ):
        _withdraw(unsent.filter(outdated).values_list("pk", flat=True), MessageState.SUPERSEDED, reason)


def compare(scene: Scene, change: Difference, *, at: datetime) -> None:
    """Set what is wanted beside what is there."""
    goals = {
        (goal.revision_id, goal.contact_point_id, str(goal.kind)): goal
        for number in scene.numbers
        for goal in wanted(scene.meeting, number, at=at)
    }
    numbers = {number.contact_point_id: number for number in scene.numbers}
    there = {row.key: row for row in scene.rows}
    change.missing += [goal for key, goal in goals.items() if key not in there]
    for key, row in there.items():
        goal = goals.get(key)
        if goal is None:
            _leave(scene, row, numbers.get(row.contact_point_id), change, at=at)
        elif row.state in REVIVABLE and not row.begun:
            change.revived.append((row, goal))
        elif row.unsent and row.state != MessageState.BLOCKED and not _names(row, goal):
            change.recast.append((row, goal))


def _names(row: Row, goal: Wanted) -> bool:
    """Say whether a message is for those it ought to be for."""
    return (row.people, row.trainer) == (goal.people, goal.trainer)


def _leave(scene: Scene, row: Row, number: Number | None, change: Difference, *, at: datetime) -> None:
    """Withdraw a message that nobody wants any more, unless its moment came while it was wanted."""
    if not row.unsent:
        return
    if number is None and not row.reachable:
        change.block(row, Reason.UNREACHABLE)
    elif number is None and row.people & scene.unreached:
        change.block(row, Reason.NO_CONSENT)
    elif number is None:
        change.withdraw(row, MessageState.SUPERSEDED, Reason.LEFT)
    elif row.kind in SWITCHES and row.kind not in scene.meeting.kinds:
        change.withdraw(row, MessageState.SUPERSEDED, Reason.SWITCHED_OFF)
    elif row.kind != Kind.INVITATION and number.people and number.people == number.declined:
        change.withdraw(row, MessageState.SUPERSEDED, Reason.SAID_NO)
    elif row.due_at > at:
        change.withdraw(row, MessageState.SUPERSEDED, Reason.CHANGED)


def write(change: Difference) -> None:
    """Write the difference; a row that moved meanwhile stays as it is, a row that came meanwhile is left alone."""
    for (state, reason), ids in change.withdrawn.items():
        _withdraw(ids, state, reason)
    for row, goal in change.revived:
        state, due_at, note = _start(goal)
        Message.objects.filter(pk=row.id, state__in=REVIVABLE).update(
            state=state,
            due_at=due_at,
            expires_at=goal.expires_at,
            note=note,
            settled_at=None,
            tries=0,
            failed_channels=[],
            channel="",
        )
    cast = {row.id: goal for row, goal in (*change.revived, *change.recast) if not _names(row, goal)}
    waiting = Message.objects.not_begun().filter(pk__in=cast).exclude(state=MessageState.BLOCKED)
    waiting.update(state=MessageState.PLANNED, lease_until=None)  # no sender takes it, nor begins with the old names
    taught = [(row, goal) for row, goal in (*change.revived, *change.recast) if row.trainer != goal.trainer]
    for trainer in {goal.trainer for _row, goal in taught}:
        ids = [row.id for row, goal in taught if goal.trainer == trainer]
        Message.objects.filter(pk__in=ids).update(trainer=trainer)
    Covered.objects.filter(message__in=cast).delete()
    _cover(cast, BY_ID)
    if change.missing:
        _insert({uuid4(): goal for goal in change.missing})


def _withdraw(ids: Iterable[int], state: MessageState, reason: Reason) -> None:
    """Move unsent messages out of the plan; the ids stand in the statement so that a claimed row is seen as claimed."""
    pks = list(ids)
    if pks:
        Message.objects.not_begun().filter(pk__in=pks).update(state=state, note=reason, lease_until=None)


def _start(goal: Wanted) -> tuple[MessageState, datetime, str]:
    """A message that cannot leave in useful time is listed as such from the start."""
    if goal.too_late:
        return MessageState.EXPIRED, goal.expires_at, Reason.TOO_LATE
    return MessageState.PLANNED, goal.due_at, ""


def _insert(new: Mapping[UUID, Wanted]) -> None:
    """Write messages and whom they are for, in two statements whatever their number."""
    rows = [(key, *_columns(goal)) for key, goal in new.items()]
    params = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    columns = {name: f"goal.{name}" for name in COLUMNS}
    insert_select(Message, columns=columns, source=GOALS, params=params, tail="ON CONFLICT DO NOTHING")
    _cover(new, BY_KEY)


def _columns(goal: Wanted) -> tuple[object, ...]:
    """Give what a new message says, in the order of COLUMNS after its key."""
    state, due_at, note = _start(goal)
    session = (goal.session_id, goal.revision_id, goal.trainer)
    return (str(goal.kind), goal.contact_point_id, *session, due_at, goal.expires_at, str(state), str(note))


def _cover(goals: Mapping[Any, Wanted], source: str) -> None:
    """Write down for whom each message is."""
    pairs = [(name, person) for name, goal in goals.items() for person in goal.people]
    if pairs:
        names, people = zip(*pairs, strict=True)
        columns = {"message_id": "message.id", "person_id": "cover.person"}
        params = {"names": list(names), "people": list(people)}
        insert_select(Covered, columns=columns, source=source, params=params, tail="ON CONFLICT DO NOTHING")


def hold_back(point: int) -> None:
    """Hold back what this number was to be told about anything but sessions, also when a sender has claimed it."""
    waiting = Message.objects.not_begun().filter(contact_point=point, session__isnull=True)
    waiting.update(state=MessageState.BLOCKED, note=Reason.UNREACHABLE, lease_until=None)


def let_go(point: int, *, at: datetime) -> None:
    """Plan again what was held back because of this number and is still of use."""
    held = Message.objects.filter(contact_point=point, session__isnull=True, state=MessageState.BLOCKED)
    held.filter(note=Reason.UNREACHABLE, expires_at__gt=at).update(state=MessageState.PLANNED, note="")


def recall(people: Collection[int]) -> None:
    """Take from its sender what was to be told to these people; before it leaves it is looked at once more."""
    waiting = Message.objects.not_begun().filter(people__in=people, session__isnull=True)
    Message.objects.filter(pk__in=waiting.exclude(state=MessageState.BLOCKED).values("pk")).not_begun().update(
        state=MessageState.PLANNED, lease_until=None
    )
