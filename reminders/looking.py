"""Reading, in a fixed number of queries, what the last look and the text of claimed messages need."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from programs.models import SessionRevision
from programs.states import SessionState
from reminders.hours import BETWEEN_REMINDERS
from reminders.judging import Look
from reminders.models import Message
from reminders.states import JOINED, TOLD, UNDER_WAY, Kind
from reminders.texts import Addressee, Topic
from villages.models import Consent, Person, PersonContact
from villages.states import REACHABLE, Purpose, Relation

Covered = Message.people.through


@dataclass(frozen=True)
class Listener:
    """One person a message is for."""

    person: Person
    consents: bool
    passed_on: bool

    @property
    def addressee(self) -> Addressee:
        """Address them as a text does."""
        return Addressee(self.person.pk, self.person.address, passed_on=self.passed_on)


@dataclass(frozen=True)
class Claimed:
    """One claimed message, the last look at it and what its text would say."""

    message: Message
    look: Look
    topic: Topic


def look_at(ids: Sequence[int], *, at: datetime) -> list[Claimed]:
    """Read the claimed messages; in the order of their ids."""
    messages = list(
        Message.objects.filter(pk__in=ids)
        .select_related("contact_point__link", "joined_to", "session__module", "session__venue", "revision")
        .order_by("pk")
    )
    people = _people(ids)
    heard = _heard_at({message.contact_point_id for message in messages}, ids, at=at)
    before = _told_before([message for message in messages if message.kind == Kind.CHANGE], people)
    return [
        _claimed(message, people[message.pk], heard.get(message.contact_point_id), before.get(message.pk))
        for message in messages
    ]


def _claimed(
    message: Message, people: list[Listener], heard_at: datetime | None, before: SessionRevision | None
) -> Claimed:
    session, kind = message.session, Kind(message.kind)
    consenting = [each for each in people if each.consents]
    look = Look(
        kind=kind,
        due_at=message.due_at,
        expires_at=message.expires_at,
        current=message.revision.number == session.revision,
        scheduled=session.state == SessionState.SCHEDULED,
        cancelled=session.state == SessionState.CANCELLED,
        reachable=message.contact_point.state in REACHABLE,
        consenting=bool(consenting),
        zone=people[0].person.village.zone if people else session.zone,
        heard_at=heard_at,
        starts=(session.starts_at, *([before.starts_at] if before else [])),
    )
    topic = Topic(
        kind=kind,
        session=session,
        people=tuple(each.addressee for each in consenting),
        before=(before.starts_at, before.ends_at, before.venue) if before else None,
    )
    return Claimed(message, look, topic)


def _people(ids: Iterable[int]) -> dict[int, list[Listener]]:
    """Read whom each message is for, whether they agree to messages, and whose number it is to them."""
    contact = PersonContact.objects.filter(
        person=OuterRef("person"), contact_point=OuterRef("message__contact_point"), relation=Relation.VILLAGE_CONTACT
    )
    covered = (
        Covered.objects.filter(message__in=ids)
        .annotate(consents=Exists(live_consent("person")), passed_on=Exists(contact))
        .select_related("person__village__region")
        .order_by("person__name", "person_id")
    )
    found = defaultdict(list)
    for each in covered:
        facts: Any = each  # with what was annotated
        found[facts.message_id].append(Listener(each.person, consents=facts.consents, passed_on=facts.passed_on))
    return found


def live_consent(person: str) -> QuerySet[Consent]:
    """Match the agreement to schedule messages of the outer row's person."""
    return Consent.objects.filter(person=OuterRef(person), purpose=Purpose.MESSAGES, withdrawn_at__isnull=True)


def _heard_at(numbers: Iterable[int], ids: Sequence[int], *, at: datetime) -> dict[int, datetime]:
    """Tell when each number last had a reminder within the hour; one that is leaving right now counts as now."""
    lately = Q(state__in=TOLD, settled_at__gt=at - BETWEEN_REMINDERS)
    others = Message.objects.filter(contact_point__in=numbers, kind__in=JOINED).exclude(pk__in=ids)
    found = (
        others.filter(lately | Q(state__in=UNDER_WAY))
        .values("contact_point_id")
        .annotate(last=Max(Coalesce("settled_at", Value(at))))
    )
    return {row["contact_point_id"]: row["last"] for row in found.order_by()}


def _told_before(changes: Sequence[Message], people: dict[int, list[Listener]]) -> dict[int, SessionRevision]:
    """Find, for each notice of a change, the revision that its number or its people heard of last."""
    if not changes:
        return {}
    heard = (
        Message.objects.filter(session__in={message.session_id for message in changes}, state__in=(*TOLD, *UNDER_WAY))
        .filter(revision__number__lt=F("session__revision"))
        .select_related("revision__venue")
        .prefetch_related("people")
        .order_by("revision__number", "pk")
    )
    found = {}
    for message in changes:
        covered = {each.person.pk for each in people[message.pk]}
        for earlier in heard:
            same = earlier.contact_point_id == message.contact_point_id
            if earlier.session_id == message.session_id and (
                same or covered & {one.pk for one in earlier.people.all()}
            ):
                found[message.pk] = earlier.revision
    return found
