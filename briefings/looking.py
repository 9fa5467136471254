"""What every last look at a notice shares: its rows, whether it is still for them, and the values of its words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from accounts.models import User
from briefings.keeping import switched_off
from common.dates import local_moment
from reminders.families import Claimed
from reminders.judging import Look
from reminders.models import Message
from reminders.recipients import addresses_of
from reminders.states import Kind, MessageState, Reason
from reminders.topics import Addressee, Notice
from reminders.wording.texts import join_names
from villages.states import REACHABLE

Objection = tuple[MessageState, Reason] | None
WITHDRAWN = MessageState.SUPERSEDED


def read(ids: Sequence[int]) -> list[Message]:
    """Read messages with their numbers and whom they are for, in the order of their ids."""
    rows = Message.objects.filter(pk__in=ids).select_related("contact_point__link", "user", "joined_to")
    return list(rows.order_by("pk"))


class Standing:
    """Whether messages are still for the members of staff they were planned for; one query for all of them."""

    def __init__(self, messages: Sequence[Message]) -> None:
        """Read what these members of staff switched off."""
        self.off = switched_off({message.user_id for message in messages if message.user_id})

    def objection(self, message: Message) -> Objection:
        """Say why it is not for them any more; the first reason counts."""
        user = message.user
        if user is None or not user.is_active:
            return WITHDRAWN, Reason.DONE
        if (user.pk, message.kind) in self.off:
            return WITHDRAWN, Reason.UNWANTED
        if message.contact_point.number not in addresses_of(user.phone, user.email):
            return WITHDRAWN, Reason.OTHER_NUMBER
        return None


def claimed(message: Message, *, zone: str, objection: Objection, notice: Notice) -> Claimed:
    """Put the last look at a notice together."""
    look = Look(
        kind=Kind(message.kind),
        due_at=message.due_at,
        expires_at=message.expires_at,
        zone=zone,
        objection=objection,
        reachable=message.contact_point.state in REACHABLE,
    )
    return Claimed(message, look, notice)


def silent(message: Message, objection: Objection, *, zone: str) -> Claimed:
    """Look at a message that has nothing to say any more."""
    return claimed(message, zone=zone, objection=objection, notice=Notice(Kind(message.kind), {"hello": ""}))


def spoken(user: User) -> Any:
    """Speak the language of a member of staff within a `with`."""
    return translation.override(user.language)


def notice_for(user: User, kind: str, path: str, values: Mapping[str, str]) -> Notice:
    """Address a member of staff and lead them to a page; called within `spoken`."""
    hello = user.name.split()[0] if user.name else ""
    link = f"{settings.BASE_URL}{path}"
    return Notice(Kind(kind), {"hello": hello, **values}, language=user.language, link=link)


def names_of(people: Sequence[Addressee]) -> str:
    """Write the names of villagers as one says them."""
    return join_names(person.name for person in people) if people else ""


def day_moment(day: date, clock: time, zone: str, *, plus: int = 0) -> datetime:
    """Put a wall-clock time on the day so many days later at the place."""
    return local_moment(day + timedelta(days=plus), clock, zone)
