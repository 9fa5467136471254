"""What counts as waiting, defined once: a coordinator's page lists it, and the digest of the morning counts it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from common.dates import local_date
from common.zones import Zone
from exports.models import SubsidyClaim
from exports.querysets import ClaimQuerySet
from exports.states import ClaimState
from exports.worklist import overdue_claims
from mentoring.models import ActionItem, HeldVersion, Visit, VisitPlan
from mentoring.querysets import ActionItemQuerySet, HeldVersionQuerySet, VisitPlanQuerySet, VisitQuerySet
from mentoring.states import VisitState
from programs.models import Booking, Session
from programs.querysets import SessionQuerySet
from programs.states import SessionState

AHEAD: Final = timedelta(days=7)
PATIENCE: Final = timedelta(hours=24)


class Matter(models.TextChoices):
    """One kind of thing that waits for somebody's hand at the desk, the most urgent first; never shown as such."""

    UNREADY = "unready"
    UNMARKED = "unmarked"
    UNCLOSED = "unclosed"
    PENDING = "pending"
    HELD = "held"
    UNLOGGED = "unlogged"
    OVERDUE = "overdue"
    CLAIMS = "claims"
    PAYMENTS = "payments"  # for a finance officer's hand


def unready(at: datetime) -> SessionQuerySet[Session]:
    """Sessions of the coming week that are still a draft, or that nobody teaches."""
    taught = Exists(Booking.objects.filter(session=OuterRef("pk"), trainer__isnull=False))
    loose = Q(state=SessionState.DRAFT) | (Q(state=SessionState.SCHEDULED) & ~Q(taught))
    return Session.objects.filter(loose, starts_at__gt=at, starts_at__lte=at + AHEAD)


def unmarked(at: datetime) -> SessionQuerySet[Session]:
    """Sessions that are over and have no sheet yet."""
    return Session.objects.filter(state=SessionState.SCHEDULED, ends_at__lte=at)


def unclosed(at: datetime) -> SessionQuerySet[Session]:
    """Sessions that were held a day ago and are still open."""
    return Session.objects.filter(state=SessionState.HELD, ends_at__lte=at - PATIENCE)


def pending() -> VisitQuerySet[Visit]:
    """Visits that wait for approval."""
    return Visit.objects.pending()


def held() -> HeldVersionQuerySet[HeldVersion]:
    """Versions of visits that wait for a decision."""
    return HeldVersion.objects.waiting()


def unlogged(at: datetime) -> VisitPlanQuerySet[VisitPlan]:
    """Visits that were planned and not logged within three days."""
    return VisitPlan.objects.late(at)


def overdue(at: datetime) -> ActionItemQuerySet[ActionItem]:
    """Action items whose day has passed."""
    return ActionItem.objects.overdue(local_date(at, Zone.WIB))


def undecided(at: datetime) -> ClaimQuerySet[SubsidyClaim]:
    """Claims that wait for verification or approval for more than three days."""
    return overdue_claims(at).filter(state__in=(ClaimState.SUBMITTED, ClaimState.VERIFIED))


def unpaid(at: datetime) -> ClaimQuerySet[SubsidyClaim]:
    """Claims that wait for payment for more than three days."""
    return overdue_claims(at).filter(state=ClaimState.APPROVED)


def waiting_of(coordinators: Collection[int], *, at: datetime) -> dict[int, Counter[str]]:
    """Count what waits for each of these members of staff, by matter; as many queries for one of them as for all.

    Whose hand may not be laid on a claim, because they handed it in, does not wait for it.
    """
    found: dict[int, Counter[str]] = defaultdict(Counter)
    runs = "program__coordinators"
    handed_in = overdue(at).exclude(visit__state=VisitState.DRAFT)
    counted: tuple[tuple[Matter, models.QuerySet[Any], str], ...] = (
        (Matter.UNREADY, unready(at), runs),
        (Matter.UNMARKED, unmarked(at), runs),
        (Matter.UNCLOSED, unclosed(at), runs),
        (Matter.PENDING, pending(), runs),
        (Matter.HELD, held(), runs),
        (Matter.OVERDUE, handed_in, f"visit__{runs}"),
    )
    for matter, rows, path in counted:
        mine = rows.filter(**{f"{path}__in": coordinators}).order_by().values_list(path)
        for coordinator, count in mine.annotate(Count("pk", distinct=True)):
            found[coordinator][matter] += count
    for matter, claims, path in (
        (Matter.CLAIMS, undecided(at), runs),
        (Matter.PAYMENTS, unpaid(at), "program__finance_officers"),
    ):
        theirs = claims.annotate(reader=F(path)).filter(~Q(submitted_by=F("reader")), reader__in=coordinators)
        for reader, count in theirs.order_by().values_list("reader").annotate(Count("pk", distinct=True)):
            found[reader][matter] += count
    for coordinator, count in Counter(user for user, _plan in _late_plans(coordinators, at)).items():
        found[coordinator][Matter.UNLOGGED] += count
    return {coordinator: found[coordinator] for coordinator in coordinators}


def _late_plans(coordinators: Collection[int], at: datetime) -> set[tuple[int, Any]]:
    """Pair late plans with who sees their villages: by a program there, or because they registered it."""
    pairs: set[tuple[int, Any]] = set()
    for path in ("village__cohorts__program__coordinators", "village__registered_by"):
        rows: Iterable[tuple[int, Any]] = unlogged(at).filter(**{f"{path}__in": coordinators}).values_list(path, "pk")
        pairs |= set(rows)
    return pairs
