"""Topics without a database: sessions, people and a number as a text sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from programs.models import Session, Venue
from reminders.states import Kind
from reminders.topics import Addressee, Topic
from reminders.wording import Book
from villages.models import ContactPoint, PersonalLink

SHIPPED = Book({})  # nothing was changed
MORNING = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)  # Thursday, 09.00 WITA
ANI, SITI = Addressee(1, "Bu Ani"), Addressee(2, "Bu Siti")
JOKO = Addressee(3, "Pak Joko", passed_on=True)
HALL = Venue(pk=1, name="Balai Desa Sukarara")


def number() -> ContactPoint:
    """A number whose link is at its first version."""
    point = ContactPoint(pk=7, number="+6281234567890")
    point.link = PersonalLink(contact_point=point, version=1)
    return point


def session(**columns: Any) -> Session:
    """A training next Thursday in Sukarara."""
    starts_at = columns.pop("starts_at", MORNING)
    plan = {"topic": "Pewarnaan Alam", "zone": "Asia/Makassar", "venue": HALL, "pk": 1, **columns}
    return Session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2, minutes=30), **plan)


def topic(kind: Kind = Kind.H1, *people: Addressee, **columns: Any) -> Topic:
    """One thing to say about it, to Bu Ani when nobody is named."""
    facts = {name: columns.pop(name) for name in ("before", "decided", "trainer") if name in columns}
    return Topic(kind, session(**columns), people or (() if facts.get("trainer") else (ANI,)), **facts)
