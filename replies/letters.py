"""The last look at our answers and their words, as they leave: two families of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from common.zones import Zone
from programs.models import Attendance, Session
from programs.states import SEATED, Rsvp, SessionState
from reminders.families import Claimed
from reminders.judging import Look
from reminders.models import Message
from reminders.states import Kind, MessageState, Reason
from reminders.topics import LANGUAGE, Notice
from replies.answering import may_hear
from replies.mentors import Mentor, mentors_of
from replies.models import Answer, Reply
from replies.planning import WELCOME
from replies.states import Intent, Outcome
from replies.words import Facts, words_of
from villages.models import Person, PersonContact

RSVP = {Intent.YES: Rsvp.YES, Intent.NO: Rsvp.NO}
GONE = (MessageState.SUPERSEDED, Reason.DONE)


@dataclass(frozen=True)
class Around:
    """What the answers of one batch name, read at once."""

    mentors: dict[int, list[Mentor]]
    ahead: dict[int, list[Attendance]]  # person -> seats that lie ahead, the next first
    known: frozenset[int]  # numbers that serve somebody


def reply_looks(ids: Sequence[int], at: datetime) -> list[Claimed]:
    """Read our automatic answers as they hold now; in the order of their ids, in a fixed number of queries."""
    messages = _messages(ids)
    seats = Attendance.objects.select_related("session__module", "session__venue", "enrollment__person")
    rows = Reply.objects.select_related("village", "session__module", "session__venue")
    rows = rows.prefetch_related(Prefetch("seats", seats.order_by("session__starts_at", "session_id", "pk")))
    replies = {str(reply.pk): reply for reply in rows.filter(pk__in=[message.subject_id for message in messages])}
    around = _around(messages, at=at)
    return [_claimed(message, replies.get(message.subject_id), around) for message in messages]


def answer_looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  what staff wrote does not change
    """Read what staff wrote back; in the order of their ids."""
    messages = _messages(ids)
    answers = {str(each.pk): each for each in Answer.objects.filter(pk__in=[row.subject_id for row in messages])}
    return [_sealed(row, answers[row.subject_id].text, reachable=row.contact_point.is_reachable) for row in messages]


def _messages(ids: Sequence[int]) -> list[Message]:
    people = Prefetch("people", Person.objects.select_related("village").order_by("name", "pk"))
    rows = Message.objects.filter(pk__in=ids).select_related("contact_point__link", "joined_to")
    return list(rows.prefetch_related(people).order_by("pk"))


def _around(messages: Sequence[Message], *, at: datetime) -> Around:
    people = {person.pk: person for message in messages for person in message.people.all()}
    coming = Attendance.objects.filter(
        enrollment__person__in=people,
        enrollment__state__in=SEATED,
        session__state=SessionState.SCHEDULED,
        session__starts_at__gt=at,
    )
    ahead: dict[int, list[Attendance]] = {}
    rows = coming.select_related("enrollment", "session__module", "session__venue")
    for seat in rows.order_by("session__starts_at", "session_id", "pk"):
        ahead.setdefault(seat.enrollment.person_id, []).append(seat)
    points = [message.contact_point_id for message in messages]
    known = PersonContact.objects.filter(contact_point__in=points).values_list("contact_point", flat=True)
    return Around(mentors_of({person.village_id for person in people.values()}, at=at), ahead, frozenset(known))


def _claimed(message: Message, reply: Reply | None, around: Around) -> Claimed:
    if reply is None:
        return _sealed(message, "", objection=GONE)
    intent, outcome = Intent(reply.intent), Outcome(reply.outcome)
    if message.subject_revision == WELCOME:  # registered by hand after they wrote
        intent, outcome = Intent.JOIN, Outcome.DONE
    text = words_of(intent, outcome, _facts(message, reply, around))
    reachable = may_hear(message.contact_point, intent, outcome)
    return _sealed(message, text, reachable=reachable, objection=_objection(reply))


def _sealed(
    message: Message, text: str, *, reachable: bool = True, objection: tuple[MessageState, Reason] | None = None
) -> Claimed:
    look = Look(
        kind=Kind.REPLY,
        due_at=message.due_at,
        expires_at=message.expires_at,
        zone=Zone.WIB,
        objection=objection,
        reachable=reachable,
        at_once=True,
    )
    return Claimed(message, look, Notice(Kind.REPLY, {"text": text}, LANGUAGE))


def _objection(reply: Reply) -> tuple[MessageState, Reason] | None:
    """Say whether what was noted no longer stands: the session moved, or they answered again."""
    if reply.outcome != Outcome.DONE or reply.intent not in RSVP:
        return None
    seats = reply.seats.all()
    if any(seat.session.state == SessionState.CANCELLED for seat in seats):
        return MessageState.SUPERSEDED, Reason.CANCELLED
    stands = all(seat.rsvp == RSVP[Intent(reply.intent)] for seat in seats) and bool(seats)
    return None if stands else GONE  # they answered again


def _facts(message: Message, reply: Reply, around: Around) -> Facts:
    people = list(message.people.all())
    villages = sorted({person.village_id for person in people})
    village = reply.village or (people[0].village if people else None)
    ahead = [seat for person in people for seat in around.ahead.get(person.pk, [])[:1]]
    first = min(ahead, key=lambda seat: (seat.session.starts_at, seat.session_id), default=None)
    return Facts(
        names=[person.address for person in people],
        village=village.name if village else "",
        session=(first.session if first else None) if reply.intent == Intent.SCHEDULE else reply.session,
        noted=_noted(reply),
        mentors=[mentor.line for key in villages for mentor in around.mentors.get(key, [])],
        shared=len(people) > 1,
        known=message.contact_point_id in around.known,
    )


def _noted(reply: Reply) -> list[tuple[Session, list[str]]]:
    """Put those whose answer was noted under each session."""
    found: dict[int, tuple[Session, list[str]]] = {}
    for seat in reply.seats.all():
        found.setdefault(seat.session_id, (seat.session, []))[1].append(seat.enrollment.person.address)
    return list(found.values())
