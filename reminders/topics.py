"""What messages are about, read and ready to be put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from programs.models import Session, Venue
from reminders.states import Kind

LANGUAGE = "id"
LINK = "{link}"  # stands in every kept text where the link goes, so that no token is ever stored
LINK_SHOWN = f"{settings.BASE_URL}/s/…"


@dataclass(frozen=True)
class Addressee:
    """One person a text is for; one without a phone hears it from whoever holds the number."""

    id: int
    name: str
    passed_on: bool = False


@dataclass(frozen=True)
class Topic:
    """One thing to say about one session."""

    kind: Kind
    session: Session  # with module and venue
    people: tuple[Addressee, ...]
    before: tuple[datetime, datetime, Venue | None] | None = None  # what they had heard, for a change
    decided: bool = True  # a preview may be shown before the new time is chosen
    trainer: str = ""  # how the trainer is addressed, when the number is the trainer's


@dataclass(frozen=True)
class Notice:
    """One thing to say about anything else, by the values that its words name."""

    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = LANGUAGE
    link: str = ""  # where the marker leads; the household's page when empty
    calendar: bytes = b""
