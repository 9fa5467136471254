"""Which events change what staff ought to be told: planned again, or withdrawn, in the transaction of each."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from briefings.certificates import release
from briefings.planning import plan_about, plan_for
from common.events import Listener, listen
from common.models import Event
from exports.models import SubsidyClaim
from mentoring.models import ActionItem, Assignment, Handover, Visit, VisitPlan
from papers.models import Certificate
from programs.models import Session
from reminders.states import Kind
from villages.models import ContactPoint, Person

Keys = Callable[[Any], Iterable[object]]
OF_PLANS = (Kind.VISIT_TOMORROW, Kind.VISIT_MISSING)
OF_ITEMS = (Kind.ACTION_DUE, Kind.ACTION_OVERDUE)
OF_HANDOVERS = (Kind.HANDOVER, Kind.HANDOVER_SIGNED)

OF_CLAIMS = (Kind.CLAIM_SUBMITTED, Kind.CLAIM_APPROVED, Kind.CLAIM_RETURNED, Kind.CLAIM_REJECTED, Kind.CLAIM_PAID)
DECIDED = ("submitted", "returned", "verified", "approved", "paid", "rejected", "cancelled")


def of_row(row: VisitPlan | Visit | Session | Handover | SubsidyClaim) -> Iterable[object]:
    """The row itself."""
    return [row.pk]


def of_village(row: ActionItem | Assignment) -> Iterable[object]:
    """Its village."""
    return [row.village_id]


REASONS: dict[str, tuple[tuple[Kind, ...], Keys, tuple[str, ...]]] = {
    "mentoring.visitplan": (OF_PLANS, of_row, ("planned", "moved", "cancelled", "visited", "reopened", "handed_over")),
    "mentoring.visit": ((Kind.VISIT_RETURNED,), of_row, ("returned", "submitted")),
    "mentoring.actionitem": (OF_ITEMS, of_village, ("finished", "dropped", "carried_over")),
    "mentoring.assignment": (OF_ITEMS, of_village, ("assigned", "ended", "reopened")),
    "mentoring.handover": (OF_HANDOVERS, of_row, ("prepared", "written", "signed", "cancelled")),
    "exports.subsidyclaim": (OF_CLAIMS, of_row, DECIDED),
    "programs.session": ((Kind.SHEET_MISSING,), of_row, ("held", "closed", "cancelled")),
}


def _replan(kinds: tuple[Kind, ...], keys: Keys) -> Listener:
    def plan_again(subject: models.Model, event: Event) -> None:
        plan_about(kinds, list(keys(subject)), at=event.at)

    return plan_again


def of_number(point: ContactPoint, event: Event) -> None:
    """Find the owner of a number another one, or this one again; what may not go there is held back by the outbox."""
    owners = User.objects.filter(Q(phone=point.number) | Q(email__iexact=point.number))
    plan_for(list(owners.values_list("pk", flat=True)), at=event.at)


def of_person(person: Person, _event: Event) -> None:
    """Plan anew what is told of a villager's certificate: their number or their agreement changed."""
    release([person.pk])


def of_certificate(certificate: Certificate, _event: Event) -> None:
    """Plan anew what is told of a certificate that no longer holds."""
    release([certificate.enrollment.person_id])


def of_wishes(user: User, event: Event) -> None:
    """Follow what a member of staff wants to be told."""
    plan_for([user.pk], at=event.at)


OTHERS: tuple[tuple[str, Callable[[Any, Event], None], tuple[str, ...]], ...] = (
    ("villages.contactpoint", of_number, ("opted_out", "opted_in", "marked")),
    ("villages.person", of_person, ("contact_added", "contact_removed", "consent_withdrawn", "anonymised", "merged")),
    ("papers.certificate", of_certificate, ("revoked",)),
    ("accounts.user", of_wishes, ("notices_chosen",)),
)


def subscribe() -> None:
    """Hear of every such event, in its own transaction."""
    for label, (kinds, keys, verbs) in REASONS.items():
        for verb in verbs:
            listen(label, verb, _replan(kinds, keys))
    for label, listener, verbs in OTHERS:
        for verb in verbs:
            listen(label, verb, listener)
