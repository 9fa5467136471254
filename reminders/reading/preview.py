"""Who would be told, in which words and by which way, and what it is likely to cost: shown before anything is done."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models.functions import Now

from accounts.models import User
from programs.models import Session, Venue
from programs.reach import Reach, Why, reach_of
from reminders.ladder import choose
from reminders.models import Price, Refusal
from reminders.states import PRICED, Category, Channel, Kind
from reminders.topics import LINK, LINK_SHOWN, Addressee, Topic
from reminders.wording import Book, may_say, open_book, write
from villages.models import ContactPoint, Person
from villages.states import Relation


@dataclass(frozen=True)
class Preview:
    """Who would be told, the exact words for the first of them, and by which way they would go."""

    reach: Reach
    text: str = ""
    channel: Channel | None = None
    numberless: tuple[Person, ...] = ()  # those whom the reader sees
    others: int = 0  # without a number, whom the reader does not see
    cost: Decimal | None = None  # rupiah, where the first way costs something and its price is known

    @property
    def numbers(self) -> int:
        """How many texts would leave."""
        return len(self.reach.recipients)

    @property
    def people(self) -> int:
        """How many people they are for."""
        return len(self.reach.people)

    @property
    def without(self) -> int:
        """How many have no number."""
        return len(self.numberless) + self.others

    @property
    def silent(self) -> int:
        """How many have a number and still get no message."""
        return len(self.reach.unreached) - self.without


def preview_of(session: Session, kind: Kind, *, reader: User | None = None, **change: object) -> Preview:
    """Write what would be sent if the session were changed so (starts_at, ends_at, venue, reason)."""
    reach, goal = reach_of(session), copy(session)
    for name, value in change.items():
        if value is not None:
            setattr(goal, name, value)
    before: tuple[datetime, datetime, Venue | None] = (session.starts_at, session.ends_at, session.venue)
    decided = kind != Kind.CHANGE or change.get("starts_at") is not None
    topic = Topic(kind, goal, _first_people(reach), before if kind == Kind.CHANGE else None, decided)
    numberless = [person for person, why in reach.unreached if why == Why.NO_NUMBER]
    seen = _seen(numberless, reader)
    channel, text = _first_letter(topic, reach)
    return Preview(reach, text, channel, seen, len(numberless) - len(seen), estimate(len(reach.recipients)))


def _first_letter(topic: Topic, reach: Reach) -> tuple[Channel | None, str]:
    """Write the letter of the first number, as it would leave by its first way."""
    if not reach.recipients:
        return None, ""
    point, book = reach.recipients[0].contact_point, open_book()
    channel = first_way(point, topic, book=book)
    letter = write([topic], channel=channel or Channel.LOG, point=point, book=book)
    return channel, letter.text.replace(LINK, LINK_SHOWN)


def first_way(point: ContactPoint, topic: Topic, *, book: Book) -> Channel | None:
    """Name the rung that a number takes first, as the ladder chooses it: one that fits and may say this."""
    closed = set(Refusal.objects.filter(contact_point=point.pk).values_list("channel", flat=True))
    rungs = settings.MESSAGE_CHANNELS
    closed |= {rung for rung in rungs if not may_say([topic], channel=rung, book=book)}
    way = choose(rungs, is_email=point.is_email, closed=closed, resting={}, expires_at=topic.session.starts_at)
    return Channel(way.channel) if way.channel else None


def _seen(people: list[Person], reader: User | None) -> tuple[Person, ...]:
    """Keep those whom the reader may see by name."""
    if reader is None or not people:
        return ()
    keys = Person.objects.visible_to(reader).filter(pk__in=[each.pk for each in people]).values_list("pk", flat=True)
    seen = set(keys)
    return tuple(person for person in people if person.pk in seen)


def estimate(texts: int) -> Decimal | None:
    """Estimate in rupiah what so many texts cost by the first way; None where it is free or its price is not known.

    An SMS is counted as one part.
    """
    first = settings.MESSAGE_CHANNELS[0]
    if first not in PRICED or not texts:
        return None
    known = Price.objects.filter(channel=first, category__in=("", Category.UTILITY), valid_from__lte=Now())
    amount = known.order_by("-category", "-valid_from").values_list("amount", flat=True).first()
    return amount * texts if amount is not None else None


def _first_people(reach: Reach) -> tuple[Addressee, ...]:
    return tuple(
        Addressee(person.pk, person.address, passed_on=recipient.relation == Relation.VILLAGE_CONTACT)
        for recipient in reach.recipients[:1]
        for person in recipient.people
    )
