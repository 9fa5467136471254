"""Who would be told, in which words, and what it is likely to cost: shown before anything is done."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models.functions import Now

from programs.models import Session, Venue
from programs.reach import Reach, reach_of
from reminders.models import Price
from reminders.states import PRICED, Category, Kind
from reminders.topics import LINK, LINK_SHOWN, Addressee, Topic
from reminders.wording.texts import text_of
from villages.states import Relation


@dataclass(frozen=True)
class Preview:
    """Who would be told, and the exact words for the first of them."""

    reach: Reach
    text: str
    cost: Decimal | None = None  # rupiah, where the first way costs something and its price is known

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
    text = text_of([topic]).replace(LINK, LINK_SHOWN) if reach.recipients else ""
    return Preview(reach, text, estimate(len(reach.recipients)))


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


def _first_people(reach: Reach) -> Iterable[Addressee]:
    for recipient in reach.recipients[:1]:
        passed_on = recipient.relation == Relation.VILLAGE_CONTACT
        yield from (Addressee(person.pk, person.address, passed_on=passed_on) for person in recipient.people)
