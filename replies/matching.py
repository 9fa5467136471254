"""Whose words these are and what they answer: our message first, then a button's key, then who and whose number."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q

from programs.models import Attendance, Session
from programs.states import SEATED, SessionState
from reminders.models import Message, Refusal
from reminders.states import TOLD, UNDER_WAY
from replies.intents import Meaning
from replies.models import KnownUser, Reply
from replies.states import Intent
from villages.actions import mark_number
from villages.models import ContactPoint, Person
from villages.states import ContactState

ADDRESS = re.compile(r"\+[1-9][0-9]{6,14}|[^@\s]+@[^@\s]+")
LOOK_BACK = timedelta(days=1)  # how long after a session an answer is still taken for an answer to it
SILENT = (ContactState.UNVERIFIED, ContactState.UNREACHABLE)  # a word from such a number proves it


@dataclass(frozen=True)
class Match:
    """The number that wrote, held until the end of the transaction, and the messages that one text of ours carried."""

    point: ContactPoint | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def message(self) -> Message | None:
        """Give the message that carried the text."""
        return self.messages[0] if self.messages else None


@dataclass(frozen=True)
class Asked:
    """One session that somebody answers, the revision they were told of, and whom the answer is for."""

    session: Session
    revision: int
    people: frozenset[int]

    def live(self, at: datetime) -> bool:
        """Say whether it can still be answered."""
        return self.session.state == SessionState.SCHEDULED and at < self.session.starts_at


def match_of(reply: Reply, meaning: Meaning) -> Match:
    """Find and hold the number, and what is answered; the phone is the last resort and never needed."""
    carrier = _carrier(reply, meaning)
    messages = [carrier, *carrier.joined.order_by("pk")] if carrier else []
    key = carrier.contact_point_id if carrier else _number_behind(reply)
    held = ContactPoint.objects.select_for_update(no_key=True).filter(pk=key) if key else None
    point = held.order_by("pk").first() if held is not None else None
    if point and reply.user_id:
        KnownUser.objects.update_or_create(
            channel=reply.channel, user_id=reply.user_id, defaults={"contact_point": point}
        )
    return Match(point, messages)


def _carrier(reply: Reply, meaning: Meaning) -> Message | None:
    found = None
    if reply.context:
        found = Message.objects.filter(channel=reply.channel, provider_id=reply.context).order_by("pk").first()
    if found is None and meaning.key:
        found = Message.objects.filter(key=meaning.key).order_by("pk").first()
    return found.joined_to or found if found else None


def _number_behind(reply: Reply) -> int | None:
    """Find the number, or make a row for one that writes for the first time; a sender without a number has none."""
    known = KnownUser.objects.filter(channel=reply.channel, user_id=reply.user_id) if reply.user_id else None
    found = known.order_by("pk").values_list("contact_point", flat=True).first() if known is not None else None
    if found is None and ADDRESS.fullmatch(reply.sender):
        found = ContactPoint.objects.get_or_create(number=reply.sender)[0].pk
    return found


def prove(point: ContactPoint, *, channel: str, intent: Intent, at: datetime) -> None:
    """Take a word from a number as the proof that it works, on this channel too; only a stranger proves nothing."""
    Refusal.objects.filter(contact_point=point, channel=channel).delete()
    strange = intent == Intent.WRONG_NUMBER and point.state == ContactState.UNVERIFIED
    if point.state in SILENT and not strange:
        mark_number(point, to=ContactState.VALID, by=None, at=at)


def people_behind(point: ContactPoint | None) -> list[Person]:
    """List who is reached by a number, by name; nobody when strangers answer it."""
    if point is None or point.state == ContactState.WRONG_PERSON:
        return []
    right = Person.objects.present().filter(contacts__contact_point=point, contacts__wrong_at__isnull=True)
    return list(right.select_related("village").order_by("name", "pk"))


def asked_of(match: Match, *, at: datetime) -> list[Asked]:
    """Tell which sessions are answered: those of the text, else the next one that the number was told of."""
    told = [message for message in match.messages if message.session_id]
    if match.point and not told:
        told = _next_told(match.point, at=at)
    if not told and match.point:
        return _next_seat(match.point, at=at)
    return _grouped(told)


def _next_told(point: ContactPoint, *, at: datetime) -> list[Message]:
    heard = Q(state__in=TOLD) | Q(state__in=UNDER_WAY, begun_at__isnull=False)
    lately = Q(session__starts_at__gt=at - LOOK_BACK) | Q(session__state=SessionState.CANCELLED)
    messages = Message.objects.filter(heard, lately, contact_point=point).select_related("session")
    rows = list(messages.order_by("session__starts_at", "session_id", "revision__number", "pk"))
    ahead = [row for row in rows if _ahead(row, at)]
    chosen = (ahead[0] if ahead else max(rows, key=lambda row: row.settled_at or row.due_at)) if rows else None
    return [row for row in rows if chosen and row.session_id == chosen.session_id]


def _ahead(message: Message, at: datetime) -> bool:
    session, _revision = message.promise()
    return session.state == SessionState.SCHEDULED and session.starts_at > at


def _next_seat(point: ContactPoint, *, at: datetime) -> list[Asked]:
    """Take who was told by a human: the next session in which people of this number have a seat."""
    people = {person.pk for person in people_behind(point)}
    ahead = Attendance.objects.filter(
        enrollment__person__in=people,
        enrollment__state__in=SEATED,
        session__state=SessionState.SCHEDULED,
        session__starts_at__gt=at,
    )
    first = ahead.select_related("session").order_by("session__starts_at", "session_id", "pk").first()
    return [Asked(first.session, first.session.revision, frozenset(people))] if first else []


def _grouped(messages: Iterable[Message]) -> list[Asked]:
    """Put what was told of one session together: the last revision that was told, and everybody it covered."""
    ids = [message.pk for message in messages]
    rows = Message.objects.filter(pk__in=ids).annotate(told=F("revision__number"))
    people: dict[int, set[int]] = defaultdict(set)
    last: dict[int, tuple[Session, int]] = {}
    for row in rows.select_related("session").prefetch_related("people").order_by("told", "pk"):
        session, _revision = row.promise()
        last[session.pk] = (session, row.told)
        people[session.pk] |= {person.pk for person in row.people.all()}
    return [Asked(session, told, frozenset(people[pk])) for pk, (session, told) in sorted(last.items())]


def seats_of(asked: Asked) -> list[Attendance]:
    """Find the seats that one answer is for."""
    seats = Attendance.objects.filter(
        session=asked.session, enrollment__person__in=asked.people, enrollment__state__in=SEATED
    )
    return list(seats.order_by("pk"))
