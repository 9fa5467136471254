"""The rows behind the figures of a period: each figure is a list whose amounts add up to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Extract, Floor
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.dates import local_date, short_date
from common.numbers import number, rupiah
from exports.models import ExportTransaction, SubsidyClaim
from exports.states import DELIVERED as PAID
from exports.states import OFF, STANDING, WAITING, ClaimState, TransactionState
from mentoring.models import ActionItem, Visit
from mentoring.states import ActionState, VisitState
from programs.models import Attendance, Booking, Cohort
from programs.states import CAME, DELIVERED, Mode, SessionState
from progress.period import Period
from villages.models import BusinessUnit, Person, Village

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Scope:
    """Whose figures: these villages and cohorts in this period, as one reader sees them at a moment."""

    reader: User
    villages: QuerySet[Village]
    cohorts: QuerySet[Cohort]
    period: Period
    at: datetime

    @property
    def moment(self) -> datetime:
        """Before when what is open was open."""
        return self.period.until(self.at)

    def inside(self, column: str) -> Q:
        """Match moments of the period."""
        return Q(**{f"{column}__gte": self.period.start, f"{column}__lt": self.period.end})

    def on_days(self, column: str) -> Q:
        """Match days of the period."""
        return Q(**{f"{column}__range": (self.period.first, self.period.last)})

    def serving(self, *, village: str) -> Q:
        """Match what serves one of the cohorts, or none of them but their program in their village."""
        own = self.cohorts.order_by()
        near = own.filter(program=OuterRef("program"), village=OuterRef(village))
        return Q(cohort__in=own.values("pk")) | (Q(cohort__isnull=True) & Q(Exists(near)))


@dataclass(frozen=True)
class Line:
    """One row as a page writes it: its words, whose it is, the page it has, and what it adds."""

    page: str  # name of the address; none when the row has no page of its own
    key: object
    words: str
    below: str
    village: str
    chip: tuple[str, str, str] | None = None
    amount: Decimal | int = 1


@dataclass(frozen=True)
class Source:
    """One figure: its title, the rows that add up to it, their order, and how each is written."""

    title: str | Promise
    rows: Callable[[Scope], Rows]
    order: tuple[str, ...]
    line: Callable[[Any, str], Line]
    amount: str = ""  # a column, or empty where every row adds one
    unit: str = ""  # "minutes" or "money", empty for things that are counted

    def seen(self, scope: Scope) -> Rows:
        """Keep the rows that this reader may open."""
        rows = self.rows(scope)
        visible: Rows = rows.model._default_manager.visible_to(scope.reader)
        return rows.filter(pk__in=visible.order_by().values("pk"))

    def total(self, rows: Rows) -> int | Decimal:
        """Add up rows."""
        if not self.amount:
            return rows.order_by().count()
        found: int | Decimal | None = rows.order_by().aggregate(total=Sum(self.amount))["total"]
        return found or 0

    @property
    def measure(self) -> str:
        """Say what the amounts are."""
        return str(MEASURES[self.unit])

    def write(self, total: int | Decimal) -> str:
        """Write a sum of the rows."""
        return rupiah(total) if self.unit == "money" else number(total)

    def say_unseen(self, total: int | Decimal) -> str:
        """Say how much is counted in rows that a reader does not open; nothing when there are none."""
        sentence = _("Of it, %(amount)s is counted in rows that only those who work with them open.")
        return sentence % {"amount": self.write(total)} if total else ""


MEASURES: Final = {"": gettext_lazy("How many"), "minutes": gettext_lazy("Minutes"), "money": gettext_lazy("Rupiah")}


def _sessions(scope: Scope) -> Rows:
    lasted = Floor(Extract(F("session__ends_at") - F("session__starts_at"), "epoch") / Value(60))
    ended = scope.inside("session__ends_at") & Q(session__module__mode=Mode.TRAINING)
    rows = Booking.objects.filter(ended, cohort__in=scope.cohorts.order_by().values("pk"))
    seconds = models.ExpressionWrapper(lasted, output_field=models.BigIntegerField())
    return rows.annotate(minutes=seconds).select_related("session__module", "cohort__village")


def _held(scope: Scope) -> Rows:
    return _sessions(scope).filter(session__state__in=DELIVERED)


def _planned(scope: Scope) -> Rows:
    past = Q(session__state=SessionState.SCHEDULED, session__ends_at__lte=scope.at)
    return _sessions(scope).filter(past | Q(session__state__in=DELIVERED))


def _session_line(booking: Booking, zone: str) -> Line:
    session, cohort = booking.session, booking.cohort
    below = f"{short_date(local_date(session.ends_at, zone))} · {cohort.name if cohort else ''}"
    chip = ("session", session.state, session.get_state_display())
    village = cohort.village.name if cohort else ""
    return Line("session-detail", session.pk, session.title, below, village, chip, session.minutes)


def _people(scope: Scope) -> Rows:
    ended = scope.inside("session__ends_at") & Q(session__state__in=DELIVERED, state__in=CAME)
    seats = Attendance.objects.filter(ended, enrollment__cohort__in=scope.cohorts.order_by().values("pk"))
    came = seats.filter(enrollment__person=OuterRef("pk"))
    return Person.objects.filter(Exists(came)).select_related("village")


def _person_line(person: Person, _zone: str) -> Line:
    return Line("person-detail", person.pk, person.name, person.get_sex_display(), person.village.name)


def _visits(scope: Scope) -> Rows:
    rows = Visit.objects.filter(scope.serving(village="village"), scope.inside("visited_at"))
    return rows.select_related("village", "mentor")


def _approved(scope: Scope) -> Rows:
    return _visits(scope).filter(state=VisitState.APPROVED)


def _pending(scope: Scope) -> Rows:
    return _visits(scope).filter(state=VisitState.SUBMITTED)


def _visit_line(visit: Visit, zone: str) -> Line:
    day = short_date(local_date(visit.visited_at, zone))
    chip = ("visit", visit.state, visit.get_state_display())
    return Line("visit-detail", visit.pk, day, visit.mentor.name, visit.village.name, chip)


def _items(scope: Scope) -> Rows:
    open_then = Q(state=ActionState.OPEN) | Q(settled_at__gte=scope.moment)
    visits = Visit.objects.filter(scope.serving(village="village"), visited_at__lt=scope.moment)
    known = visits.exclude(state=VisitState.DRAFT).order_by().values("pk")
    return ActionItem.objects.filter(open_then, visit__in=known).select_related("visit", "village")


def _item_line(item: ActionItem, zone: str) -> Line:
    agreed = short_date(local_date(item.visit.visited_at, zone))
    chip = ("action", item.state, item.get_state_display())
    return Line("visit-detail", item.visit_id, item.what, agreed, item.village.name, chip)


def _claims(scope: Scope) -> Rows:
    rows = SubsidyClaim.objects.filter(scope.serving(village="business_unit__village"))
    return rows.select_related("business_unit__village")


def _claim_line(claim: SubsidyClaim, zone: str) -> Line:
    at = claim.approved_at or claim.submitted_at or claim.started_at
    day = short_date(claim.paid_on or local_date(at, zone))
    village = claim.business_unit.village
    chip = ("claim", claim.state, claim.get_state_display())
    amount = claim.approved_amount or claim.requested
    words = f"#{claim.pk} · {claim.business_unit.name}"
    return Line("claim-detail", claim.pk, words, day, village.name if village else "", chip, amount)


def _open_claims(scope: Scope) -> Rows:
    day = scope.period.day_of(scope.at)
    later = Q(state__in=PAID, paid_on__gt=day) | Q(state__in=OFF, moved_at__gte=scope.moment)
    return _claims(scope).filter(Q(state__in=WAITING) | later, submitted_at__lt=scope.moment)


def _committed(scope: Scope) -> Rows:
    return _claims(scope).filter(scope.inside("approved_at"), state__in=(ClaimState.APPROVED, *PAID))


def _paid(scope: Scope) -> Rows:
    return _claims(scope).filter(scope.on_days("paid_on"), state__in=PAID)


def _exports(scope: Scope) -> Rows:
    sold = ExportTransaction.objects.filter(scope.on_days("exported_on"), state__in=STANDING)
    own = sold.filter(business_unit__village__in=scope.villages.order_by().values("pk"))
    return own.select_related("business_unit__village")


def _verified(scope: Scope) -> Rows:
    return _exports(scope).filter(state=TransactionState.VERIFIED)


def _reported(scope: Scope) -> Rows:
    return _exports(scope).exclude(state=TransactionState.VERIFIED)


def _export_line(export: ExportTransaction, _zone: str) -> Line:
    unit, village = export.business_unit, export.business_unit.village
    below = f"{unit.name} · {short_date(export.exported_on)} · {export.country}"
    chip = ("export", export.state, export.get_state_display())
    return Line(
        "transaction-detail", export.pk, export.product, below, village.name if village else "", chip, export.rupiah
    )


def _first_exports(scope: Scope) -> Rows:
    own = BusinessUnit.objects.filter(village__in=scope.villages.order_by().values("pk"))
    verified = Q(transactions__state=TransactionState.VERIFIED)
    began = own.annotate(began_on=Min("transactions__exported_on", filter=verified))
    return began.filter(scope.on_days("began_on")).select_related("village")


def _unit_line(unit: Any, _zone: str) -> Line:
    return Line("unit-detail", unit.pk, unit.name, short_date(unit.began_on), unit.village.name)


SOURCES: Final[dict[str, Source]] = {
    "people": Source(gettext_lazy("People trained"), _people, ("name", "pk"), _person_line),
    "hours": Source(
        gettext_lazy("Training held"), _held, ("session__ends_at", "pk"), _session_line, "minutes", "minutes"
    ),
    "planned-hours": Source(
        gettext_lazy("Training planned by now"),
        _planned,
        ("session__ends_at", "pk"),
        _session_line,
        "minutes",
        "minutes",
    ),
    "visits": Source(gettext_lazy("Approved visits"), _approved, ("visited_at", "pk"), _visit_line),
    "pending-visits": Source(gettext_lazy("Visits waiting for approval"), _pending, ("visited_at", "pk"), _visit_line),
    "action-items": Source(gettext_lazy("Open action items"), _items, ("visit__visited_at", "pk"), _item_line),
    "new-exporters": Source(gettext_lazy("New exporters"), _first_exports, ("began_on", "pk"), _unit_line),
    "exports": Source(
        gettext_lazy("Exports, verified"), _verified, ("exported_on", "pk"), _export_line, "rupiah", "money"
    ),
    "reported-exports": Source(
        gettext_lazy("Exports, reported and not verified"),
        _reported,
        ("exported_on", "pk"),
        _export_line,
        "rupiah",
        "money",
    ),
    "committed-claims": Source(
        gettext_lazy("Subsidy approved"), _committed, ("approved_at", "pk"), _claim_line, "approved_amount", "money"
    ),
    "paid-claims": Source(
        gettext_lazy("Subsidy paid"), _paid, ("paid_on", "pk"), _claim_line, "approved_amount", "money"
    ),
    "open-claims": Source(gettext_lazy("Open claims"), _open_claims, ("submitted_at", "pk"), _claim_line),
}
