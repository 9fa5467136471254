"""Of certificates: one text per number for all who share it and got theirs, with the link to the household's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import translation

from briefings.keeping import withdraw
from briefings.looking import WITHDRAWN, names_of, read
from briefings.wishes import Scope, Telling, Wish
from common.zones import Zone
from papers.models import Certificate
from programs.reach import reach_of_people
from reminders.families import Claimed
from reminders.families.sessions import Listener, listeners_of
from reminders.hours import out_of_quiet
from reminders.judging import Look
from reminders.models import Message
from reminders.states import TOLD, UNDER_WAY, Kind, Reason
from reminders.topics import LANGUAGE, Notice
from villages.states import REACHABLE

CERTIFICATE: Final = Certificate._meta.label_lower
USEFUL: Final = timedelta(days=7)
Covered = Message.people.through


@dataclass(frozen=True)
class Issued:
    """One certificate that its bearer may not know of yet."""

    id: int
    person: int
    cohort: int
    zone: str
    issued_at: datetime


def issued(at: datetime, _scope: Scope) -> Iterable[Wish]:
    """Wish for one text per number and cohort about what was issued within a week; never about it again."""
    papers = _untold(at)
    shared: dict[tuple[int, int], list[Issued]] = defaultdict(list)
    points = {
        person.pk: recipient.contact_point.pk
        for recipient in reach_of_people({paper.person for paper in papers}).recipients
        for person in recipient.people
    }
    for paper in papers:
        if paper.person in points:
            shared[points[paper.person], paper.cohort].append(paper)
    for (point, _cohort), group in shared.items():
        first = group[0]
        yield Wish(
            kind=Kind.CERTIFICATE,
            subject=(CERTIFICATE, str(first.id), ""),
            point=point,
            people=frozenset(paper.person for paper in group),
            due_at=out_of_quiet(first.issued_at, first.zone),
            expires_at=first.issued_at + USEFUL,
        )


def _untold(at: datetime) -> list[Issued]:
    """Read the valid certificates of the week whose bearers were not told since, the oldest first; 2 queries."""
    columns = (
        "pk",
        "enrollment__person",
        "enrollment__cohort",
        "enrollment__cohort__village__region__zone",
        "issued_at",
    )
    rows = Certificate.objects.valid().filter(issued_at__gt=at - USEFUL).order_by("pk").values_list(*columns)
    papers = [Issued(*row) for row in rows]
    heard = Covered.objects.filter(
        person__in={paper.person for paper in papers},
        message__kind=Kind.CERTIFICATE,
        message__state__in=(*TOLD, *UNDER_WAY),
        message__begun_at__isnull=False,
    )
    told = dict(heard.order_by().values_list("person").annotate(Max("message__begun_at")))
    return [paper for paper in papers if paper.person not in told or told[paper.person] < paper.issued_at]


def release(people: Iterable[int]) -> None:
    """Take the texts about these people's certificates that have not begun out of the plan; the sweep plans anew."""
    covered = Message.objects.filter(kind=Kind.CERTIFICATE, people__in=list(people))
    ids = list(covered.order_by().values_list("pk", flat=True).distinct())
    withdraw(Message.objects.filter(pk__in=ids), Reason.DONE)


def looks(ids: Sequence[int], at: datetime) -> list[Claimed]:  # noqa: ARG001  a family is asked at a moment
    """Read messages about certificates, and whose still hold; 4 queries."""
    messages, people = read(ids), listeners_of(ids)
    firsts = Certificate.objects.select_related("enrollment").in_bulk({int(each.subject_id) for each in messages})
    everyone = {listener.person.pk for each in people.values() for listener in each}
    valid = Certificate.objects.valid().filter(enrollment__person__in=everyone)
    held = set(valid.values_list("enrollment__person", "enrollment__cohort"))
    return [_look(message, firsts[int(message.subject_id)], people[message.pk], held) for message in messages]


def _look(message: Message, first: Certificate, people: Sequence[Listener], held: set[tuple[int, int]]) -> Claimed:
    """Name only those who agreed and whose certificate was not revoked since."""
    bearers = [each for each in people if (each.person.pk, first.enrollment.cohort_id) in held]
    consenting = [each.addressee for each in bearers if each.consents]
    look = Look(
        kind=Kind.CERTIFICATE,
        due_at=message.due_at,
        expires_at=message.expires_at,
        zone=people[0].person.village.zone if people else Zone.WIB,
        objection=None if bearers else (WITHDRAWN, Reason.DONE),
        reachable=message.contact_point.state in REACHABLE,
        consenting=bool(consenting),
    )
    title = str(first.facts.get("program", ""))
    with translation.override(LANGUAGE):
        names = names_of(consenting)
    return Claimed(message, look, Notice(Kind.CERTIFICATE, {"hello": names, "title": title, "who": names}))


TELLING = Telling(Kind.CERTIFICATE, CERTIFICATE, issued)
