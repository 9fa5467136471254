"""Who has to be called: people of coming sessions whom nothing told, soonest first, with why and what to do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from mentoring.models import Assignment
from programs.models import Attendance, Session
from programs.reach import CLOSEST, Reach, Why, reaches_of
from programs.states import SEATED, Rsvp, SessionState
from reminders.models import ManualContact, Message, MissedCall
from reminders.states import TOLD, UNDER_WAY, WAITING, Kind, MessageState, Reason
from villages.models import Person, PersonContact, Village
from villages.states import REACHABLE, Relation

SOON = timedelta(days=7)
AT_HAND = timedelta(days=1)  # a text that leaves within it is worth waiting for
CURRENT = {"session": OuterRef("session"), "revision__number": OuterRef("session__revision")}


def not_told(at: datetime) -> models.QuerySet[Attendance]:
    """Keep the seats of people who have to know and do not: nothing told them, and nothing is about to.

    Who answered knows. A text without an answer may have arrived or not, so its people are called. Of a cancelled
    session whoever had heard of it has to know.
    """
    texts = Message.objects.filter(**CURRENT, people=OuterRef("enrollment__person"))
    hands = ManualContact.objects.filter(**CURRENT, person=OuterRef("enrollment__person"))
    return (
        Attendance.objects.filter(enrollment__state__in=SEATED, enrollment__person__erased_at__isnull=True)
        .filter(_of_a_plan(texts, hands, at) | _of_a_cancellation(texts, hands))
        .filter(session__starts_at__gt=at)
    )


def _of_a_plan(texts: models.QuerySet[Message], hands: models.QuerySet[ManualContact], at: datetime) -> Q:
    waiting, doubt = texts.filter(state__in=WAITING), texts.filter(state=MessageState.UNKNOWN)
    failed, soon = texts.filter(state=MessageState.FAILED), waiting.filter(due_at__lte=at + AT_HAND)
    alone = ~Exists(waiting) | Exists(doubt) | Exists(failed) & ~Exists(soon)
    told = Exists(texts.filter(state__in=TOLD)) | Exists(hands)
    return Q(session__state=SessionState.SCHEDULED, rsvp=Rsvp.NONE) & ~Q(told) & Q(alone)


def _of_a_cancellation(texts: models.QuerySet[Message], hands: models.QuerySet[ManualContact]) -> Q:
    notice, person = texts.filter(kind=Kind.CANCELLATION), OuterRef("enrollment__person")
    heard = Message.objects.filter(session=OuterRef("session"), people=person, state__in=(*TOLD, *UNDER_WAY))
    knew = Exists(heard.exclude(kind=Kind.CANCELLATION)) | Exists(
        ManualContact.objects.filter(session=OuterRef("session"), person=person, cancelled=False)
    )
    settled = Exists(notice.filter(state__in=(*TOLD, *WAITING))) | Exists(hands.filter(cancelled=True))
    return Q(session__state=SessionState.CANCELLED) & Q(knew) & ~Q(settled)


def sessions_to_call(user: User, *, at: datetime, within: timedelta = SOON) -> models.QuerySet[Session]:
    """List the sessions of the coming days about which this user has somebody to call; `alone` says how many."""
    seats = not_told(at).filter(pk__in=Attendance.objects.visible_to(user).order_by().values("pk"))
    alone = seats.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk")).values("n")
    soon = Session.objects.visible_to(user).filter(starts_at__gt=at, starts_at__lte=at + within)
    return soon.annotate(alone=Subquery(alone)).filter(alone__gt=0)


def unreached_soon(user: User, *, at: datetime, most: int = 5) -> list[tuple[Session, int]]:
    """List the first of those sessions with how many people each; one query."""
    rows = sessions_to_call(user, at=at).select_related("module").order_by("starts_at", "pk")[:most]
    return [(session, session.alone) for session in rows]  # type: ignore[attr-defined]


@dataclass
class Call:
    """One household, or one person without a number, that has to be told about one session by a human."""

    people: list[Person]
    why: str | Promise
    advice: str | Promise
    contacts: list[PersonContact] = field(default_factory=list)  # whom to call, the closest first
    mentors: list[User] = field(default_factory=list)  # when there is no number at all
    message: Message | None = None
    tries: list[MissedCall] = field(default_factory=list)

    @property
    def last(self) -> MissedCall | None:
        """Give the last call that nobody answered."""
        return max(self.tries, key=lambda call: (call.at, call.pk), default=None)

    @property
    def count(self) -> int:
        """Count the calls that nobody answered: one for the household."""
        return len({(call.by_id, call.at) for call in self.tries})


@dataclass
class Round:
    """One session and everybody who has to be called about it, by household."""

    session: Session
    calls: list[Call] = field(default_factory=list)

    @property
    def people(self) -> int:
        """Count them."""
        return sum(len(call.people) for call in self.calls)

    @property
    def villages(self) -> list[Village]:
        """List the villages they live in, for the sheet of each village contact."""
        found = {person.village_id: person.village for call in self.calls for person in call.people}
        return sorted(found.values(), key=lambda village: (village.name, village.pk))


TO_DO = {
    Why.NO_NUMBER: _("No number of their own: tell them through the village contact or the mentor."),
    Why.NO_CONSENT: _("Do not write: tell them in person or through the village contact, and ask whether they agree."),
    Why.OPTED_OUT: _("Do not write or call this number: tell them in person or through the village contact."),
    Why.UNREACHABLE: _("The number does not work: use another one, or ask the village contact."),
}
CALLABLE = (None, Why.UNREACHABLE)  # whose own numbers may be called


def rounds_of(sessions: Sequence[Session], user: User, *, at: datetime, village: Village | None = None) -> list[Round]:
    """Read everybody to call about these sessions, with why and by which way; a fixed number of queries."""
    mine = Attendance.objects.visible_to(user).order_by().values("pk")
    seats = not_told(at).filter(session__in=[session.pk for session in sessions], pk__in=mine)
    if village:
        seats = seats.filter(enrollment__person__village=village)
    found = seats.select_related("enrollment__person__village").order_by("enrollment__person__name", "pk")
    people: dict[int, list[Person]] = defaultdict(list)
    for seat in found:
        people[seat.session_id].append(seat.enrollment.person)
    desk = _desk_of(sessions, people, at=at)
    return [Round(session, desk.calls(session, people[session.pk])) for session in sessions if people[session.pk]]


def call_of(session: Session, people: Iterable[Person], user: User, *, at: datetime) -> Call | None:
    """Find the household of one call; None when it was told meanwhile."""
    wanted = {person.pk for person in people}
    rounds = rounds_of([session], user, at=at)
    calls = (call for each in rounds for call in each.calls)
    return next((call for call in calls if wanted & {person.pk for person in call.people}), None)


@dataclass(frozen=True)
class Desk:
    """Everything that lies beside the telephone."""

    reaches: dict[int, Reach]
    texts: dict[tuple[int, int], Message]
    contacts: dict[int, list[PersonContact]]
    go_between: dict[int, list[PersonContact]]  # by village
    mentors: dict[int, list[User]]
    tries: dict[tuple[int, int], list[MissedCall]]

    def calls(self, session: Session, people: Iterable[Person]) -> list[Call]:
        """Group the people of one session by the number that reaches them."""
        reach = self.reaches[session.pk]
        gaps = {person.pk: why for person, why in reach.unreached}
        homes = {person.pk: each.contact_point.pk for each in reach.recipients for person in each.people}
        groups: dict[object, list[Person]] = defaultdict(list)
        for person in people:
            groups[homes.get(person.pk, f"person {person.pk}")].append(person)
        return [self._call(session, group, gaps.get(group[0].pk)) for group in groups.values()]

    def _call(self, session: Session, group: list[Person], why: Why | None) -> Call:
        first = group[0]
        message = next((self.texts[key] for each in group if (key := (session.pk, each.pk)) in self.texts), None)
        call = Call(group, why.label if why else _reason(message), _advice(message, why), message=message)
        call.contacts = self._numbers(first, why)
        call.mentors = [] if call.contacts else self.mentors.get(first.village_id, [])
        call.tries = [each for person in group for each in self.tries.get((session.pk, person.pk), [])]
        return call

    def _numbers(self, person: Person, why: Why | None) -> list[PersonContact]:
        own = [each for each in self.contacts.get(person.pk, []) if _callable(each, why)]
        return own or self.go_between.get(person.village_id, [])[:1]


def _callable(contact: PersonContact, why: Why | None) -> bool:
    """Say whether a human may call a number: a person's own when they agreed, the village contact's always."""
    if contact.contact_point.is_email or contact.contact_point.state not in REACHABLE:
        return False
    return why in CALLABLE or contact.relation == Relation.VILLAGE_CONTACT


def _reason(message: Message | None) -> str | Promise:
    if message is None:
        return _("No message is planned.")
    return Reason(message.note).label if message.note in Reason.values else str(message.get_state_display())


def _advice(message: Message | None, why: Why | None) -> str | Promise:
    if why is not None:
        return TO_DO[why]
    if message and message.state == MessageState.UNKNOWN:
        return _("It may have arrived: call, and say here whether it did.")
    return _("Call, and write down that they know.")


def _desk_of(sessions: Sequence[Session], people: dict[int, list[Person]], *, at: datetime) -> Desk:
    everybody = {person.pk: person for group in people.values() for person in group}
    villages = {person.village_id for person in everybody.values()}
    keys = [session.pk for session in sessions]
    return Desk(
        reaches=reaches_of(list(sessions)),
        texts=_texts(keys, everybody),
        contacts=_contacts(everybody),
        go_between=_go_betweens(villages),
        mentors=_mentors(villages, at),
        tries=_tries(keys),
    )


def _texts(sessions: list[int], people: Iterable[int]) -> dict[tuple[int, int], Message]:
    """Find for each person the text that stands in doubt, else the last one that went wrong."""
    covered = Message.people.through.objects.filter(message__session__in=sessions, person__in=list(people))
    troubled = covered.exclude(message__state__in=(*TOLD, *WAITING, MessageState.SUPERSEDED))
    rows = troubled.select_related("message").order_by("message__due_at", "message_id")
    found: dict[tuple[int, int], Message] = {}
    for row in rows:
        key = (row.message.session_id or 0, row.person_id)
        if key not in found or found[key].state != MessageState.UNKNOWN:
            found[key] = row.message
    return found


def _contacts(people: Iterable[int]) -> dict[int, list[PersonContact]]:
    found: dict[int, list[PersonContact]] = defaultdict(list)
    rows = PersonContact.objects.filter(person__in=list(people)).select_related("contact_point", "person")
    for contact in sorted(rows, key=lambda each: (CLOSEST[each.relation], each.pk)):
        found[contact.person_id].append(contact)
    return found


def _go_betweens(villages: Iterable[int]) -> dict[int, list[PersonContact]]:
    """Find the numbers by which each village's contact is reached."""
    found: dict[int, dict[int, PersonContact]] = defaultdict(dict)
    rows = PersonContact.objects.filter(
        person__village__in=villages, relation=Relation.VILLAGE_CONTACT, contact_point__state__in=REACHABLE
    )
    for contact in rows.select_related("contact_point", "person").order_by("pk"):
        if not contact.contact_point.is_email:
            found[contact.person.village_id].setdefault(contact.contact_point_id, contact)
    return {village: list(points.values()) for village, points in found.items()}


def _mentors(villages: Iterable[int], at: datetime) -> dict[int, list[User]]:
    today = local_date(at, Zone.WIB)
    letters = Assignment.objects.filter(village__in=villages, starts_on__lte=today)
    lasting = letters.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_related("mentor")
    found: dict[int, list[User]] = defaultdict(list)
    for letter in lasting.order_by("pk"):
        found[letter.village_id].append(letter.mentor)
    return found


def _tries(sessions: list[int]) -> dict[tuple[int, int], list[MissedCall]]:
    found: dict[tuple[int, int], list[MissedCall]] = defaultdict(list)
    for call in MissedCall.objects.filter(session__in=sessions).select_related("by").order_by("at", "pk"):
        found[call.session_id, call.person_id].append(call)
    return found


def unanswered(user: User) -> models.QuerySet[Message]:
    """List what a gateway never answered for, the oldest first, until somebody or something says what became of it."""
    mine = Message.objects.visible_to(user).filter(state=MessageState.UNKNOWN, joined_to__isnull=True)
    return mine.select_related("contact_point", "session__module").prefetch_related("people").order_by("due_at", "pk")
