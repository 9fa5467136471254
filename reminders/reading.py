"""What pages say about messages: who was told and how, who is not reached, and the words of what is still to come."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.functional import Promise

from accounts.models import User
from programs.models import Attendance, Session, Venue
from programs.reach import Reach, reach_of
from programs.states import SEATED
from reminders.families import look_at
from reminders.models import ManualContact, Message
from reminders.states import TOLD, TROUBLE, Kind, MessageState, Reason
from reminders.topics import LINK, LINK_SHOWN, Addressee, Topic
from reminders.wording import write
from reminders.wording.texts import text_of
from villages.models import Person
from villages.states import Relation

SOON = timedelta(days=7)
WAITING = (MessageState.PLANNED, MessageState.CLAIMED)


@dataclass(frozen=True)
class Summary:
    """How many messages are in which state."""

    waiting: int
    told: int
    trouble: int


def summary_of(messages: models.QuerySet[Message]) -> Summary:
    """Count messages by what they mean to a coordinator; one query."""
    counts = dict(messages.order_by().values_list("state").annotate(n=Count("pk")))
    return Summary(*(sum(counts.get(state, 0) for state in states) for states in (WAITING, TOLD, TROUBLE)))


def reason_of(message: Message) -> str | Promise:
    """Say in words why a message is where it is; a gateway's own words stay as they are."""
    return Reason(message.note).label if message.note in Reason.values else message.note


def words_of(message: Message, *, at: datetime) -> str:
    """Write what a message would say if it left now, with the marker where the link goes."""
    topics = [claimed.topic for claimed in look_at([message.pk], at=at)]
    return write(topics, channel=message.channel or settings.MESSAGE_CHANNELS[0], point=message.contact_point).text


@dataclass
class Line:
    """One person of a session: the last they were or will be told about it as it stands."""

    person: Person
    message: Message | None = None
    by_hand: ManualContact | None = None
    gap: str | Promise = ""

    @property
    def reached(self) -> bool:
        """Say whether this person was told, or still will be."""
        return bool(self.by_hand or (self.message and self.message.state in (*TOLD, *WAITING)))

    @property
    def told(self) -> bool:
        """Say whether this person was told."""
        return bool(self.by_hand or (self.message and self.message.state in TOLD))

    @property
    def reason(self) -> str | Promise:
        """Say why not, for who is not reached."""
        return self.gap or (reason_of(self.message) if self.message else "")


@dataclass
class Telling:
    """Everybody of one session; who is not reached stands first, then who is still to be told."""

    session: Session
    lines: list[Line] = field(default_factory=list)
    numbers: int = 0

    @property
    def unreached(self) -> int:
        """Count those whom nothing reaches."""
        return sum(not line.reached for line in self.lines)

    @property
    def told(self) -> int:
        """Count those who were told."""
        return len(self.settled)

    @property
    def settled(self) -> list[Line]:
        """List those who were told."""
        return [line for line in self.lines if line.told]

    @property
    def open(self) -> list[Line]:
        """List those who were not told yet, or whom nothing reaches."""
        return [line for line in self.lines if not line.told]


def telling_of(session: Session, *, reader: User) -> Telling:
    """Read who was told of a session as it stands now, of the people this reader sees; a fixed number of queries."""
    reach = reach_of(session)
    lines = {person.pk: Line(person) for recipient in reach.recipients for person in recipient.people}
    lines |= {person.pk: Line(person, gap=why.label) for person, why in reach.unreached}
    current = {"session": session, "revision__number": session.revision}
    messages = Message.objects.filter(**current).exclude(state=MessageState.SUPERSEDED)
    for message in messages.select_related("contact_point").prefetch_related("people").order_by("due_at", "pk"):
        for person in message.people.all():
            _take(lines, person, message)
    for by_hand in ManualContact.objects.filter(**current).select_related("by"):
        if by_hand.person_id in lines:
            lines[by_hand.person_id].by_hand = by_hand
    seen = set(Person.objects.visible_to(reader).filter(pk__in=lines).values_list("pk", flat=True))
    shown = [line for pk, line in lines.items() if pk in seen]
    ordered = sorted(shown, key=lambda line: (line.reached, line.told, line.person.name, line.person.pk))
    numbers = sum(any(person.pk in seen for person in recipient.people) for recipient in reach.recipients)
    return Telling(session, ordered, numbers)


def _take(lines: dict[int, Line], person: Person, message: Message) -> None:
    """Keep the message that says most: the last one told, else the first one waiting, else the first trouble."""
    line = lines.setdefault(person.pk, Line(person))
    known = line.message
    if known is None or message.state in TOLD or (known.state in TROUBLE and message.state in WAITING):
        line.message = message


def unreached_soon(user: User, *, at: datetime, most: int = 5) -> list[tuple[Session, int]]:
    """List the user's sessions of the coming week with people whom nothing reaches, and how many; one query."""
    current = {"session": OuterRef("session"), "revision__number": OuterRef("session__revision")}
    person = OuterRef("enrollment__person")
    texts = Message.objects.filter(**current, people=person, state__in=(*TOLD, *WAITING))
    by_hand = ManualContact.objects.filter(**current, person=person)
    soon = Session.objects.visible_to(user).upcoming(at).filter(starts_at__gt=at, starts_at__lte=at + SOON)
    seats = Attendance.objects.filter(enrollment__state__in=SEATED, enrollment__person__erased_at__isnull=True)
    alone = seats.filter(~Exists(texts), ~Exists(by_hand), session=OuterRef("pk")).order_by().values("session")
    counted = soon.annotate(alone=Subquery(alone.annotate(n=Count("pk")).values("n"))).filter(alone__gt=0)
    rows = counted.select_related("module").order_by("starts_at", "pk")[:most]
    return [(session, session.alone) for session in rows]


@dataclass(frozen=True)
class Preview:
    """Who would be told, and the exact words for the first of them."""

    reach: Reach
    text: str

    @property
    def numbers(self) -> int:
        """How many texts would leave."""
        return len(self.reach.recipients)

    @property
    def people(self) -> int:
        """How many people they are for."""
        return len(self.reach.people)


def preview_of(session: Session, kind: Kind, **change: object) -> Preview:
    """Write what would be sent if the session were changed so (starts_at, ends_at, venue, reason)."""
    reach, goal = reach_of(session), copy(session)
    for name, value in change.items():
        if value is not None:
            setattr(goal, name, value)
    before: tuple[datetime, datetime, Venue | None] = (session.starts_at, session.ends_at, session.venue)
    people = _first_people(reach)
    decided = kind != Kind.CHANGE or change.get("starts_at") is not None
    topic = Topic(kind, goal, tuple(people), before if kind == Kind.CHANGE else None, decided)
    return Preview(reach, text_of([topic]).replace(LINK, LINK_SHOWN) if reach.recipients else "")


def _first_people(reach: Reach) -> Iterable[Addressee]:
    for recipient in reach.recipients[:1]:
        passed_on = recipient.relation == Relation.VILLAGE_CONTACT
        yield from (Addressee(person.pk, person.address, passed_on=passed_on) for person in recipient.people)
