"""Bringing notices in line with what is wished for: insert what is missing, withdraw what is settled, keep the rest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import models, transaction

from briefings.wishes import Scope, Telling, Wish
from reminders.models import Message, Preference
from reminders.recipients import points_of_users
from reminders.states import REVIVABLE, TOLD, UNDER_WAY, UNSENT, MessageState, Reason
from villages.models import ContactPoint

AT_MOST = 1_000  # rows in one statement
Covered = Message.people.through
Subject = tuple[str, str, str]
Identity = tuple[str, Subject, int | None, int | None]  # kind, subject, member of staff, else number


@dataclass
class Change:
    """What has to be written."""

    missing: list[tuple[Wish, int]] = field(default_factory=list)
    revived: list[tuple[Message, Wish]] = field(default_factory=list)
    recast: list[tuple[Message, Wish]] = field(default_factory=list)
    withdrawn: dict[tuple[MessageState, Reason], list[int]] = field(default_factory=lambda: defaultdict(list))

    def withdraw(self, row: Message, reason: Reason, state: MessageState = MessageState.SUPERSEDED) -> None:
        """Take one message out of the plan, once."""
        if _is_unsent(row) and row.state != state:
            self.withdrawn[state, reason].append(row.pk)


@transaction.atomic
def keep(tellings: Sequence[Telling], scope: Scope, *, at: datetime) -> None:
    """Plan these kinds again: one query for the wishes of each, and a fixed number for what is there."""
    off = switched_off(scope.users)
    wishes = [wish for each in tellings for wish in each.wishes(at, scope) if (wish.user, wish.kind) not in off]
    rows = _rows(tellings, scope, at=at)
    points = points_of_users({wish.user for wish in wishes if wish.user})
    change = Change()
    for wish in wishes:
        _compare(wish, rows.pop(_identity_of(wish), []), points, change)
    for (kind, _subject, user, _point), left in rows.items():
        for row in left:
            change.withdraw(row, Reason.UNWANTED if (user, kind) in off else Reason.DONE)
    write(change)


def switched_off(users: Collection[int] | None = None) -> set[tuple[int | None, str]]:
    """Read who does not want which kind."""
    rows = Preference.objects.all() if users is None else Preference.objects.filter(user__in=users)
    return set(rows.values_list("user", "kind"))


def _rows(tellings: Sequence[Telling], scope: Scope, *, at: datetime) -> dict[Identity, list[Message]]:
    """Read the messages of these kinds that are still of use, by what they are about and for whom."""
    kinds, types = {each.kind for each in tellings}, {each.subject_type for each in tellings}
    messages = Message.objects.filter(kind__in=kinds, subject_type__in=types, expires_at__gt=at)
    messages = messages.filter(**scope.terms(key="subject_id", user="user")).prefetch_related("people")
    found: dict[Identity, list[Message]] = defaultdict(list)
    for row in messages.order_by("pk"):
        found[_identity(row)].append(row)
    return found


def _identity(row: Message) -> Identity:
    subject = (row.subject_type, row.subject_id, row.subject_revision)
    return row.kind, subject, row.user_id, None if row.user_id else row.contact_point_id


def _identity_of(wish: Wish) -> Identity:
    return wish.kind.value, wish.subject, wish.user, wish.point


def _is_unsent(row: Message) -> bool:
    return row.state in UNSENT or (row.state == MessageState.CLAIMED and row.begun_at is None)


def _is_heard(row: Message) -> bool:
    return row.state in TOLD or (row.state in UNDER_WAY and row.begun_at is not None)


def _compare(wish: Wish, rows: Sequence[Message], points: Mapping[int, ContactPoint], change: Change) -> None:
    """Set one wish beside its messages: on the number of today, and on numbers of before."""
    point = points.get(wish.user) if wish.user else None
    number = point.pk if point else wish.point
    here = next((row for row in rows if row.contact_point_id == number), None)
    heard = any(_is_heard(row) for row in rows)
    for row in rows:
        if row is not here or heard:
            change.withdraw(row, Reason.OTHER_NUMBER)
    if heard or number is None:
        return
    if point is not None and not point.is_reachable:
        if here is not None:
            change.withdraw(here, Reason.UNREACHABLE, MessageState.BLOCKED)
    elif here is None:
        if wish.fresh:
            change.missing.append((wish, number))
    elif here.state in REVIVABLE and here.begun_at is None and here.note != Reason.NOTHING:
        change.revived.append((here, wish))
    elif _is_unsent(here) and wish.people != {person.pk for person in here.people.all()}:
        change.recast.append((here, wish))


def write(change: Change) -> None:
    """Write the difference; a message that moved meanwhile stays as it is, one that came meanwhile is left alone."""
    for (state, reason), ids in change.withdrawn.items():
        withdraw(Message.objects.filter(pk__in=ids), reason, state)
    for row, wish in change.revived:
        fresh = {"state": MessageState.PLANNED, "due_at": wish.due_at, "expires_at": wish.expires_at, "note": ""}
        again = {**fresh, "settled_at": None, "tries": 0, "failed_channels": [], "channel": ""}
        Message.objects.filter(pk=row.pk, state__in=REVIVABLE).update(**again)
    cast = {row.pk: wish for row, wish in (*change.revived, *change.recast)}
    claimed = Message.objects.not_begun().filter(pk__in=[row.pk for row, _wish in change.recast])
    claimed.filter(state=MessageState.CLAIMED).update(state=MessageState.PLANNED, lease_until=None)
    if cast:
        Covered.objects.filter(message__in=cast).delete()
        _cover((pk, wish) for pk, wish in cast.items())
    _insert(change.missing)


def withdraw(
    messages: "models.QuerySet[Message]", reason: Reason, state: MessageState = MessageState.SUPERSEDED
) -> None:
    """Move out of the plan those that have not begun to leave."""
    rows = messages & Message.objects.not_begun()
    rows.update(state=state, note=reason, lease_until=None)


def _insert(missing: Sequence[tuple[Wish, int]]) -> None:
    new = {uuid4(): pair for pair in missing}
    if not new:
        return
    rows = [
        Message(
            key=key,
            kind=wish.kind,
            contact_point_id=number,
            subject_type=wish.subject[0],
            subject_id=wish.subject[1],
            subject_revision=wish.subject[2],
            user_id=wish.user,
            due_at=wish.due_at,
            expires_at=wish.expires_at,
        )
        for key, (wish, number) in new.items()
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_MOST)
    if any(wish.people for wish, _number in missing):
        written = Message.objects.filter(key__in=new).values_list("pk", "key")
        _cover((pk, new[key][0]) for pk, key in written)


def _cover(messages: Iterable[tuple[int, Wish]]) -> None:
    rows = [Covered(message_id=pk, person_id=person) for pk, wish in messages for person in sorted(wish.people)]
    Covered.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_MOST)
