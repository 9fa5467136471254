"""Who is told about a session and on which number; pages and the planner of messages read the same answer.

A person is told on their best number: their own first, the village contact's last. Several people may share a number;
it is told once, for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from programs.models import Attendance, Cohort, Enrollment, Session
from programs.states import SEATED, SessionState
from villages.models import Consent, ContactPoint, Person, PersonContact
from villages.states import REACHABLE, ContactState, Relation

CLOSEST = {relation: rank for rank, relation in enumerate(Relation.values)}


class Why(models.TextChoices):
    """Why nobody can be told by message, in the order in which it is looked at."""

    NO_NUMBER = "no_number", gettext_lazy("No number")
    NO_CONSENT = "no_consent", gettext_lazy("Has not agreed to messages")
    OPTED_OUT = "opted_out", gettext_lazy("Asked for no more messages")
    UNREACHABLE = "unreachable", gettext_lazy("The number does not reach them")


@dataclass(frozen=True)
class Recipient:
    """One number, and the people it is told for; the relation is the closest one among them."""

    contact_point: ContactPoint
    people: tuple[Person, ...]
    relation: Relation


@dataclass(frozen=True)
class Reach:
    """Who is told about one session, and who is not and why."""

    recipients: list[Recipient] = field(default_factory=list)
    unreached: list[tuple[Person, Why]] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        """List everyone who is told, by name."""
        told = [person for recipient in self.recipients for person in recipient.people]
        return sorted(told, key=lambda person: (person.name, person.pk))


def gap_of(reach: Reach) -> str:
    """Say whom no message reaches, so that somebody tells them; empty when everybody is reached."""
    if not reach.recipients and not reach.unreached:
        return _("Nobody is expected yet, so nobody is told.")
    if not reach.recipients:
        return _("Nobody can be reached by message: tell them yourself. They stand on the list of calls.")
    return (
        ngettext(
            "%(n)s person cannot be reached by message: tell them yourself. They stand on the list of calls.",
            "%(n)s people cannot be reached by message: tell them yourself. They stand on the list of calls.",
            len(reach.unreached),
        )
        % {"n": len(reach.unreached)}
        if reach.unreached
        else ""
    )


def silent_people(user: User, *, day: date) -> models.QuerySet[Enrollment]:
    """List participants of cohorts that run on `day` who have not agreed to messages; nothing is planned for them."""
    running = Enrollment.objects.visible_to(user).seated().filter(cohort__starts_on__lte=day, cohort__ends_on__gte=day)
    return running.filter(~Exists(Consent.objects.to_messages("person")), person__erased_at__isnull=True)


def silent_cohorts(cohorts: models.QuerySet[Cohort]) -> models.QuerySet[Cohort]:
    """Keep cohorts in which somebody has not agreed; `seated` take part, `silent` of them have not agreed."""
    people = Enrollment.objects.seated().filter(cohort=OuterRef("pk"), person__erased_at__isnull=True)
    silent = people.filter(~Exists(Consent.objects.to_messages("person")))
    counted: models.QuerySet[Any] = cohorts.annotate(seated=_tally(people), silent=_tally(silent))
    return counted.filter(silent__gt=0)


def _tally(people: models.QuerySet[Enrollment]) -> Coalesce:
    return Coalesce(Subquery(people.order_by().values("cohort").annotate(n=Count("pk")).values("n")), 0)


def reach_of(session: Session) -> Reach:
    """Tell who is told about a session: of a draft its cohorts' participants, else who has a seat; in two queries."""
    return reaches_of([session])[session.pk]


def reaches_of(sessions: Collection[Session]) -> dict[int, Reach]:
    """Tell it for many sessions at once, by their keys, in three queries."""
    people_of = _people_of(sessions)
    everyone = {person.pk: person for people in people_of.values() for person in people}
    best = _best_contacts(everyone)
    return {session.pk: _reach(people_of[session.pk], best) for session in sessions}


def reach_of_people(people: Collection[int]) -> Reach:
    """Tell on which numbers these people are told of something of their own; in two queries."""
    rows = _present(people)
    return _reach(list(rows.values()), _best_contacts(rows))


def _people_of(sessions: Collection[Session]) -> dict[int, list[Person]]:
    drafts = [session.pk for session in sessions if session.state == SessionState.DRAFT]
    others = [session.pk for session in sessions if session.state != SessionState.DRAFT]
    pairs: set[tuple[int, int]] = set()
    if drafts:
        enrolled = Enrollment.objects.seated().filter(cohort__bookings__session__in=drafts)
        pairs |= set(enrolled.values_list("cohort__bookings__session_id", "person_id"))
    if others:
        seats = Attendance.objects.filter(session__in=others, enrollment__state__in=SEATED)
        pairs |= set(seats.values_list("session_id", "enrollment__person_id"))
    rows = _present({person for _, person in pairs})
    found: dict[int, list[Person]] = defaultdict(list)
    for session, person in pairs:
        if person in rows:
            found[session].append(rows[person])
    return found


def _present(people: Collection[int]) -> dict[int, Person]:
    """Read who was not erased, by name, and whether they agreed to messages."""
    rows = Person.objects.present().filter(pk__in=people).annotate(agreed=Exists(Consent.objects.to_messages("pk")))
    return {person.pk: person for person in rows.order_by("name", "pk")}


def _best_contacts(people: Iterable[int]) -> dict[int, PersonContact]:
    """Read everyone's best contact: what works first, then the closest relation, a phone before an e-mail address.

    A number that somebody said is not this person's is passed by, though others may be reached by it.
    """
    right = PersonContact.objects.filter(wrong_at__isnull=True)
    contacts = right.filter(person__in=list(people)).select_related("contact_point")
    best: dict[int, PersonContact] = {}
    for contact in sorted(contacts, key=_rank, reverse=True):
        best[contact.person_id] = contact
    return best


def _rank(contact: PersonContact) -> tuple[bool, int, bool, bool, int]:
    point, closeness = contact.contact_point, CLOSEST[contact.relation]
    return point.state not in REACHABLE, closeness, point.is_email, point.state != ContactState.VALID, point.pk


def _reach(people: Sequence[Person], best: dict[int, PersonContact]) -> Reach:
    reach = Reach()
    shared: dict[int, list[tuple[Person, PersonContact]]] = defaultdict(list)
    for person in sorted(people, key=lambda each: (each.name, each.pk)):
        why = _why_not(person, best.get(person.pk))
        if why is not None:
            reach.unreached.append((person, why))
        else:
            contact = best[person.pk]
            shared[contact.contact_point_id].append((person, contact))
    for pairs in shared.values():
        relation = min((contact.relation for _, contact in pairs), key=CLOSEST.__getitem__)
        point = pairs[0][1].contact_point
        reach.recipients.append(Recipient(point, tuple(person for person, _ in pairs), Relation(relation)))
    return reach


def _why_not(person: Person, contact: PersonContact | None) -> Why | None:
    if contact is None:
        return Why.NO_NUMBER
    if not getattr(person, "agreed", False):
        return Why.NO_CONSENT
    if contact.contact_point.state == ContactState.OPTED_OUT:
        return Why.OPTED_OUT
    return None if contact.contact_point.state in REACHABLE else Why.UNREACHABLE
