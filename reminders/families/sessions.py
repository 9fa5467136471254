"""Messages about sessions: what the last look and the text of each need, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef

from programs.models import SessionRevision
from programs.states import SessionState
from reminders.families import Claimed, heard_at
from reminders.hours import same_day
from reminders.judging import Look
from reminders.models import Message
from reminders.states import TOLD, UNDER_WAY, URGENT, Kind, MessageState, Reason
from reminders.topics import Addressee, Topic
from villages.models import Consent, Person, PersonContact
from villages.states import REACHABLE, Relation

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


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:
    """Read these messages; in the order of their ids."""
    messages = list(
        Message.objects.filter(pk__in=ids)
        .select_related("contact_point__link", "joined_to", "trainer")
        .prefetch_related("session__module", "session__venue", "revision")  # each is read once, however many are told
        .order_by("pk")
    )
    people = listeners_of(ids)
    heard = heard_at({message.contact_point_id for message in messages}, ids, at=at)
    before = _told_before([message for message in messages if message.kind == Kind.CHANGE], people)
    return [
        _claimed(message, people[message.pk], heard.get(message.contact_point_id), before.get(message.pk), at)
        for message in messages
    ]


def _claimed(
    message: Message,
    people: list[Listener],
    last_heard: datetime | None,
    before: SessionRevision | None,
    at: datetime,
) -> Claimed:
    (session, _), kind = message.promise(), Kind(message.kind)
    consenting = [each for each in people if each.consents]
    zone = people[0].person.village.zone if people else session.zone
    starts = (session.starts_at, *([before.starts_at] if before else []))
    look = Look(
        kind=kind,
        due_at=message.due_at,
        expires_at=message.expires_at,
        zone=zone,
        objection=_objection(message),
        reachable=message.contact_point.state in REACHABLE,
        consenting=bool(consenting) or message.trainer is not None,  # who teaches agreed by doing so
        heard_at=last_heard,
        at_once=kind in URGENT and any(same_day(start, at, zone) for start in starts),
    )
    topic = Topic(
        kind=kind,
        session=session,
        people=tuple(each.addressee for each in consenting),
        before=(before.starts_at, before.ends_at, before.venue) if before else None,
        trainer=message.trainer.name if message.trainer else "",
    )
    return Claimed(message, look, topic)


def _objection(message: Message) -> tuple[MessageState, Reason] | None:
    """Say what about the session no longer holds; the first counts."""
    session, revision = message.promise()
    cancelled = session.state == SessionState.CANCELLED
    if revision.number != session.revision:
        return MessageState.SUPERSEDED, Reason.CHANGED
    if cancelled != (message.kind == Kind.CANCELLATION):
        return MessageState.SUPERSEDED, Reason.CANCELLED
    if not cancelled and session.state != SessionState.SCHEDULED:
        return MessageState.SUPERSEDED, Reason.OVER
    return None


def listeners_of(ids: Iterable[int]) -> dict[int, list[Listener]]:
    """Read whom each message is for, whether they agree to messages, and whose number it is to them."""
    contact = PersonContact.objects.filter(
        person=OuterRef("person"), contact_point=OuterRef("message__contact_point"), relation=Relation.VILLAGE_CONTACT
    )
    covered = (
        Covered.objects.filter(message__in=ids)
        .annotate(consents=Exists(Consent.objects.to_messages("person")), passed_on=Exists(contact))
        .select_related("person")
        .prefetch_related("person__village__region")
        .order_by("person__name", "person_id")
    )
    found = defaultdict(list)
    for each in covered:
        facts: Any = each  # with what was annotated
        found[facts.message_id].append(Listener(each.person, consents=facts.consents, passed_on=facts.passed_on))
    return found


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
                found[message.pk] = earlier.promise()[1]
    return found
