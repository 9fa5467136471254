"""What is sent by hand: the numbers that wait for somebody to open WhatsApp, the longest waiting first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery

from accounts.models import User
from common.models import Event
from reminders.models import Message
from reminders.opening import waiting_by_hand
from reminders.states import Channel, MessageState
from villages.models import ContactPoint, Person


def opened_by_hand(user: User, *, at: datetime) -> models.QuerySet[Message]:
    """Keep what somebody opened and nobody has yet said how it went, as long as it is of use."""
    mine = Message.objects.visible_to(user)
    return mine.filter(channel=Channel.MANUAL, state=MessageState.ACCEPTED, expires_at__gt=at)


def numbers_by_hand(user: User, *, at: datetime) -> models.QuerySet[ContactPoint]:
    """List the numbers that wait for a hand, the longest waiting first, each with its messages."""
    waiting, opened = waiting_by_hand(user, at=at), opened_by_hand(user, at=at)
    both = Message.objects.filter(Q(pk__in=waiting.order_by().values("pk")) | Q(pk__in=opened.order_by().values("pk")))
    first = both.filter(contact_point=OuterRef("pk")).order_by("due_at", "pk").values("due_at")[:1]
    along = both.select_related("session__module", "session__venue").prefetch_related("people")
    texts = Prefetch("messages", along.order_by("due_at", "pk"), to_attr="texts")
    numbers = ContactPoint.objects.filter(pk__in=both.order_by().values("contact_point"))
    return numbers.annotate(since=Subquery(first)).filter(since__isnull=False).prefetch_related(texts)


@dataclass
class Errand:
    """What has to be done by hand for one number."""

    point: ContactPoint
    waiting: list[Message] = field(default_factory=list)
    opened: list[Message] = field(default_factory=list)
    opener: str = ""  # who opened it

    @property
    def people(self) -> list[Person]:
        """Name the household, each once."""
        found = {person.pk: person for message in (*self.opened, *self.waiting) for person in message.people.all()}
        return sorted(found.values(), key=lambda person: (person.name, person.pk))


def errands_of(numbers: Iterable[ContactPoint]) -> list[Errand]:
    """Sort the messages of each number by whether they were opened, and name who did; one query."""
    errands = []
    for point in numbers:
        texts: list[Message] = point.texts  # type: ignore[attr-defined]
        opened = [each for each in texts if each.state == MessageState.ACCEPTED]
        errands.append(Errand(point, [each for each in texts if each not in opened], opened))
    openers = _openers([message for errand in errands for message in errand.opened])
    for errand in errands:
        errand.opener = next((openers[each.pk] for each in errand.opened if each.pk in openers), "")
    return errands


def _openers(messages: Sequence[Message]) -> dict[int, str]:
    keys = [str(message.pk) for message in messages]
    events = Event.objects.filter(subject_type="reminders.message", subject_id__in=keys, verb="opened_by_hand")
    return {int(key): name for key, name in events.order_by("pk").values_list("subject_id", "by__name")}


def numbers_seen(user: User) -> models.QuerySet[ContactPoint]:
    """Keep the numbers to which a message goes that this user sees."""
    return ContactPoint.objects.filter(pk__in=Message.objects.visible_to(user).order_by().values("contact_point"))
