"""Who was told of a session as it stands: how, when, whether it was read and answered; who is not reached first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Attendance, Session
from programs.reach import reach_of
from programs.states import Rsvp, SessionState
from reminders.models import ManualContact, Message
from reminders.reading.outbox import reason_of
from reminders.reading.ways import next_way
from reminders.states import TOLD, TROUBLE, UNDER_WAY, WAITING, Channel, Kind, MessageState
from villages.models import Person

ARRIVED = (MessageState.DELIVERED, MessageState.READ)


@dataclass
class Line:
    """One person of a session: the last they were or will be told about it as it stands, and what they answered."""

    person: Person
    message: Message | None = None
    by_hand: ManualContact | None = None
    gap: str | Promise = ""
    rsvp: str = ""
    rsvp_at: datetime | None = None
    spared: bool = False  # of a cancelled session: never told of it, so there is nothing to take back

    @property
    def carrier(self) -> Message | None:
        """Give the message whose text left: its own, or the one it had joined."""
        return (self.message.joined_to or self.message) if self.message else None

    @property
    def state(self) -> str:
        """Say how far the text came."""
        return self.carrier.state if self.carrier else ""

    @property
    def answered(self) -> bool:
        """Tell whether they answered for the time that holds."""
        return bool(self.rsvp)

    @property
    def coming(self) -> bool:
        """Tell whether they said that they come."""
        return self.rsvp == Rsvp.YES

    @property
    def told(self) -> bool:
        """Say whether this person knows: was told by a text or by somebody, or answered."""
        return bool(self.by_hand or self.answered or self.state in TOLD)

    @property
    def reached(self) -> bool:
        """Say whether this person was told, or still will be."""
        return self.told or self.spared or self.state in WAITING

    @property
    def in_flight(self) -> bool:
        """Say whether a text is leaving right now, or left and was not answered for."""
        return self.state in (MessageState.CLAIMED, MessageState.UNKNOWN)

    @property
    def arrived_at(self) -> datetime | None:
        """Tell when the text arrived at the phone."""
        return self._when(*ARRIVED)

    @property
    def read_at(self) -> datetime | None:
        """Tell when it was read."""
        return self._when(MessageState.READ)

    @property
    def next_way(self) -> Channel | None:
        """Name the way that comes next, for who is still to be told."""
        return next_way(self.message) if self.message and self.message.state == MessageState.PLANNED else None

    @property
    def reason(self) -> str | Promise:
        """Say why not, for who is not reached."""
        return self.gap or (reason_of(self.message) if self.message else "")

    def _when(self, *states: MessageState) -> datetime | None:
        events = self.carrier.deliveries.all() if self.carrier else ()
        return min((event.at for event in events if event.state in states), default=None)


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
        """Count those who know."""
        return len(self.settled)

    @property
    def read(self) -> int:
        """Count those whose text was read; whoever answered has read it."""
        return sum(line.read_at is not None or line.answered for line in self.lines)

    @property
    def answered(self) -> int:
        """Count those who answered."""
        return sum(line.answered for line in self.lines)

    @property
    def people(self) -> int:
        """Count those who have to know."""
        return sum(not line.spared for line in self.lines)

    @property
    def settled(self) -> list[Line]:
        """List those who know."""
        return [line for line in self.lines if line.told]

    @property
    def missing(self) -> list[Line]:
        """List those whom nothing reaches."""
        return [line for line in self.lines if not line.reached]

    @property
    def waiting(self) -> list[Line]:
        """List those who are still to be told."""
        return [line for line in self.lines if line.reached and not line.told]


def telling_of(session: Session, *, reader: User) -> Telling:
    """Read who was told of a session as it stands now, of the people this reader sees; a fixed number of queries."""
    reach = reach_of(session)
    lines = {person.pk: Line(person) for recipient in reach.recipients for person in recipient.people}
    lines |= {person.pk: Line(person, gap=why.label) for person, why in reach.unreached}
    for message in _messages(session):
        for person in message.people.all():
            _take(lines, person, message)
    for by_hand in _by_hand(session).select_related("by"):
        if by_hand.person_id in lines:
            lines[by_hand.person_id].by_hand = by_hand
    if session.state == SessionState.CANCELLED:
        _spare(session, lines)
    else:
        _answers(session, lines)
    seen = set(Person.objects.visible_to(reader).filter(pk__in=lines).values_list("pk", flat=True))
    shown = [line for pk, line in lines.items() if pk in seen]
    ordered = sorted(shown, key=lambda line: (line.reached, line.told, line.person.name, line.person.pk))
    numbers = sum(any(person.pk in seen for person in recipient.people) for recipient in reach.recipients)
    return Telling(session, ordered, numbers)


def _messages(session: Session) -> models.QuerySet[Message]:
    """Read what speaks of the session as it stands; of a cancelled one only that says so."""
    current = Message.objects.filter(session=session, revision__number=session.revision)
    if session.state == SessionState.CANCELLED:
        current = current.filter(kind=Kind.CANCELLATION)
    along = ("people", "deliveries", "joined_to__deliveries", "contact_point__refusals")
    found = current.exclude(state=MessageState.SUPERSEDED).select_related("contact_point", "joined_to")
    return found.prefetch_related(*along).order_by("due_at", "pk")


def _by_hand(session: Session) -> models.QuerySet[ManualContact]:
    cancelled = session.state == SessionState.CANCELLED
    return ManualContact.objects.filter(session=session, revision__number=session.revision, cancelled=cancelled)


def _take(lines: dict[int, Line], person: Person, message: Message) -> None:
    """Keep the message that says most: the last one told, else the first one waiting, else the first trouble."""
    line = lines.setdefault(person.pk, Line(person))
    known = line.message
    if known is None or message.state in TOLD or (known.state in TROUBLE and message.state in WAITING):
        line.message = message


def _answers(session: Session, lines: dict[int, Line]) -> None:
    """Put beside each person what they answered."""
    seats = Attendance.objects.filter(session=session).exclude(rsvp=Rsvp.NONE)
    for person, rsvp, rsvp_at in seats.values_list("enrollment__person_id", "rsvp", "rsvp_at"):
        if person in lines:
            lines[person].rsvp, lines[person].rsvp_at = rsvp, rsvp_at


def _spare(session: Session, lines: dict[int, Line]) -> None:
    """Of a cancelled session, ask nobody to tell who had never heard of it."""
    texts = Message.people.through.objects.filter(message__session=session, message__state__in=(*TOLD, *UNDER_WAY))
    knew = set(texts.values_list("person_id", flat=True))
    knew |= set(ManualContact.objects.filter(session=session).values_list("person_id", flat=True))
    for line in lines.values():
        if line.person.pk not in knew and line.message is None:
            line.spared, line.gap = True, _("Had not been told of it yet, so there is nothing to take back.")
