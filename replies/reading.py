"""What pages say about replies: who wrote, what was said before and after, and how many wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from reminders.models import Message
from reminders.topics import LINK, LINK_SHOWN
from replies.models import Answer, Reply
from replies.planning import ANSWER, REPLY
from replies.states import Intent, ReplyState
from villages.models import Person, PersonContact

LONGEST, LATELY = 40, 6


@dataclass(frozen=True)
class Waiting:
    """How many replies wait for a person, and how many of them of two kinds that need more than an answer."""

    total: int
    wrong: int
    joining: int


def waiting_of(replies: QuerySet[Reply]) -> Waiting:
    """Count what waits; one query."""
    waits = Q(state=ReplyState.OPEN)
    counts = replies.aggregate(
        total=Count("pk", filter=waits),
        wrong=Count("pk", filter=waits & Q(intent=Intent.WRONG_NUMBER)),
        joining=Count("pk", filter=waits & Q(intent=Intent.JOIN)),
    )
    return Waiting(**counts)


def with_writers(replies: QuerySet[Reply], user: User) -> QuerySet[Reply]:
    """Read along who may have written, of the people this user sees: `contact_point.writers`; 2 queries more."""
    seen = PersonContact.objects.filter(person__in=Person.objects.visible_to(user), person__erased_at__isnull=True)
    writers = Prefetch(
        "contact_point__contacts",
        seen.select_related("person__village").order_by("person__name", "pk"),
        to_attr="writers",
    )
    return replies.select_related("contact_point", "session__module", "village", "message").prefetch_related(writers)


def with_answers(replies: QuerySet[Reply]) -> QuerySet[Reply]:
    """Read along what staff wrote back; 1 query more."""
    written = Answer.objects.select_related("by").order_by("at", "pk")
    return replies.prefetch_related(Prefetch("answers", written))


@dataclass(frozen=True)
class Talk:
    """A conversation: what is at hand, and what was said long before it."""

    earlier: list["Line"]
    lately: list["Line"]


@dataclass(frozen=True)
class Line:
    """One text of a conversation."""

    at: datetime
    text: str
    ours: bool = False
    what: object = ""  # of ours: the kind; of theirs: what it was taken for
    state: str = ""
    state_label: object = ""
    who: str = ""
    current: bool = False


def conversation_of(reply: Reply, user: User) -> Talk:
    """Put what was written from and to one number in order, the oldest first; the last forty of each side."""
    if reply.contact_point_id is None:
        return Talk([], [_theirs(reply, reply)])
    lines = _lines(reply, user)
    here = next((place for place, line in enumerate(lines) if line.current), len(lines))
    cut = max(0, min(len(lines) - LATELY, here - LATELY // 2))
    return Talk(lines[:cut], lines[cut:])


def _lines(reply: Reply, user: User) -> list[Line]:
    words = Reply.objects.visible_to(user).filter(contact_point=reply.contact_point_id).order_by("-at", "-pk")
    seen = Message.objects.visible_to(user).order_by().values("pk")
    ours = Message.objects.filter(Q(pk__in=seen) | Q(subject_type__in=(REPLY, ANSWER)), ~Q(text=""), joined_to=None)
    letters = list(ours.filter(contact_point=reply.contact_point_id).order_by("-due_at", "-pk")[:LONGEST])
    keys = [letter.subject_id for letter in letters if letter.subject_type == ANSWER]
    writers = dict(Answer.objects.filter(pk__in=keys).order_by().values_list("pk", "by__name"))
    lines = [_theirs(each, reply) for each in words[:LONGEST]]
    lines += [_ours(letter, writers) for letter in letters]
    lines += _unsent(reply, {int(key) for key in keys})
    return sorted(lines, key=lambda line: (line.at, line.ours))


def _theirs(reply: Reply, current: Reply) -> Line:
    label = reply.get_intent_display() if reply.intent else ""
    return Line(reply.at, reply.words, what=label, current=reply.pk == current.pk)


def _ours(message: Message, writers: dict[int, str]) -> Line:
    who = writers.get(int(message.subject_id), "") if message.subject_type == ANSWER else ""
    return Line(
        message.settled_at or message.due_at,
        message.text.replace(LINK, LINK_SHOWN),
        ours=True,
        what=message.get_kind_display(),
        state=message.state,
        state_label=message.get_state_display(),
        who=who,
    )


def _unsent(reply: Reply, sent: Iterable[int]) -> list[Line]:
    """Show what staff wrote and what has not left yet."""
    waiting = Answer.objects.filter(reply__contact_point=reply.contact_point_id).exclude(pk__in=sent)
    rows = waiting.select_related("by").order_by("-at", "-pk")[:LONGEST]
    states = {
        row.subject_id: row
        for row in Message.objects.filter(subject_type=ANSWER, subject_id__in=[str(row.pk) for row in rows])
    }
    found = []
    for row in rows:
        message = states.get(str(row.pk))
        state, label = (message.state, message.get_state_display()) if message else ("", "")
        found.append(Line(row.at, row.text, ours=True, state=state, state_label=label, who=row.by.name))
    return found
