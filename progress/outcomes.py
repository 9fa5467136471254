"""What came of it in a period: people, training, visits, claims, exports; counted once, and kept as facts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from programs.models import Cohort
from progress.measures import (
    ExportCount,
    count_claims,
    count_exports,
    count_hours,
    count_items,
    count_trained,
    count_visits,
    read_first_exports,
    within,
)
from progress.period import Period
from progress.summary import Seats, percent_of, seats_of, training_hours
from villages.models import Village
from villages.states import DESA_DEVISA, VillageStage

CANDIDATES = (VillageStage.IDENTIFIED, VillageStage.PROPOSED, VillageStage.ASSESSED)


@dataclass(frozen=True)
class VillageCount:
    """Villages by how far they are: never one number."""

    desa_devisa: int = 0
    candidates: int = 0
    out: int = 0  # deferred, rejected or stopped


@dataclass(frozen=True)
class PeopleTrained:
    """People, each once, who came to a session that ended in the period."""

    trained: int = 0
    women: int = 0

    @property
    def share(self) -> int | None:
        """Percent of them who are women; None when nobody came."""
        return percent_of(self.women, self.trained)


@dataclass(frozen=True)
class Hours:
    """Training held, and what should have been held by then; a joint session counts in each cohort."""

    delivered_minutes: int = 0
    planned_minutes: int = 0

    @property
    def delivered_jp(self) -> int:
        """Whole training hours held."""
        return training_hours(self.delivered_minutes)

    @property
    def planned_jp(self) -> int:
        """Whole training hours planned by then."""
        return training_hours(self.planned_minutes)


@dataclass(frozen=True)
class VillageVisits:
    """Visits to one village, approved and waiting."""

    village: int
    name: str
    approved: int = 0
    pending: int = 0


@dataclass(frozen=True)
class ItemAges:
    """Open action items by days since the visit at which they were agreed."""

    within_30: int = 0
    within_60: int = 0
    within_90: int = 0
    older: int = 0
    total: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class NewExporter:
    """A unit whose first verified export lies in the period; a household's `name` is empty: it is a person's."""

    unit: int
    name: str
    village: int
    on: date

    @property
    def label(self) -> str:
        """Name it for anybody to read."""
        return self.name or _("Household business")


@dataclass(frozen=True)
class Share:
    """One year, product or destination (ISO 3166) of the exports, in rupiah; `count` is of both."""

    key: str
    label: str
    verified: Decimal
    reported: Decimal
    count: int


@dataclass(frozen=True)
class Exports:
    """Exports in rupiah: verified is the total, reported stands beside and is never added to it."""

    verified: Decimal = Decimal(0)
    reported: Decimal = Decimal(0)
    count_verified: int = 0
    count_reported: int = 0
    by_year: tuple[Share, ...] = ()
    by_product: tuple[Share, ...] = ()
    by_country: tuple[Share, ...] = ()


@dataclass(frozen=True)
class ClaimSums:
    """Subsidy approved and paid in the period, what is still open at its end, and how long it took to be paid."""

    committed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    committed_count: int = 0
    paid_count: int = 0
    open_count: int = 0
    days_to_pay: Decimal | None = None


@dataclass(frozen=True)
class Outcomes:
    """Everything that a period brought to some villages."""

    period: Period
    villages: VillageCount
    people: PeopleTrained
    hours: Hours
    seats: Seats
    visits: tuple[VillageVisits, ...]
    items: ItemAges
    new_exporters: tuple[NewExporter, ...]
    exports: Exports
    claims: ClaimSums

    @property
    def approved_visits(self) -> int:
        """Sum the approved visits of all villages."""
        return sum(each.approved for each in self.visits)

    @property
    def pending_visits(self) -> int:
        """Sum the visits that wait."""
        return sum(each.pending for each in self.visits)

    def as_facts(self) -> dict[str, Any]:
        """Write it down as JSON can keep it: amounts as text, days as ISO 8601."""
        written: dict[str, Any] = _plain(asdict(self))
        return written

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Self:
        """Read back what `as_facts` wrote."""
        period, claims = facts["period"], facts["claims"]
        days = claims["days_to_pay"]
        return cls(
            period=Period(date.fromisoformat(period["first"]), date.fromisoformat(period["last"]), period["zone"]),
            villages=VillageCount(**facts["villages"]),
            people=PeopleTrained(**facts["people"]),
            hours=Hours(**facts["hours"]),
            seats=Seats(**facts["seats"]),
            visits=tuple(VillageVisits(**each) for each in facts["visits"]),
            items=ItemAges(**facts["items"]),
            new_exporters=tuple(
                NewExporter(**{**each, "on": date.fromisoformat(each["on"])}) for each in facts["new_exporters"]
            ),
            exports=_exports_from(facts["exports"]),
            claims=ClaimSums(**{**_money(claims), "days_to_pay": None if days is None else Decimal(days)}),
        )


def outcomes(villages: QuerySet[Village], *, cohorts: QuerySet[Cohort], period: Period, at: datetime) -> Outcomes:
    """Count what a period brought to these villages through these cohorts; the same queries for 1 and 1,000."""
    places = {
        pk: (name, stage) for pk, name, stage in villages.order_by("name", "pk").values_list("pk", "name", "stage")
    }
    keys = list(places)
    serving = list(cohorts.filter(village__in=within(keys)).order_by().values_list("pk", flat=True).distinct())
    moment, day = period.until(at), period.day_of(at)
    return Outcomes(
        period=period,
        villages=_count_stages(stage for _name, stage in places.values()),
        people=PeopleTrained(*count_trained(serving, period=period)),
        hours=Hours(*count_hours(serving, period=period, at=at)),
        seats=seats_of(serving, period=period),
        visits=_visits(places, serving, period),
        items=ItemAges(*count_items(serving, moment=moment, day=day, zone=period.zone)),
        new_exporters=tuple(NewExporter(*each) for each in read_first_exports(keys, period=period)),
        exports=_exports(count_exports(keys, period=period)),
        claims=ClaimSums(*count_claims(serving, period=period, moment=moment, day=day)),
    )


def _count_stages(stages: Iterable[str]) -> VillageCount:
    found = list(stages)
    designated = sum(stage in DESA_DEVISA for stage in found)
    candidates = sum(stage in CANDIDATES for stage in found)
    return VillageCount(designated, candidates, len(found) - designated - candidates)


def _visits(places: dict[int, tuple[str, str]], cohorts: Sequence[int], period: Period) -> tuple[VillageVisits, ...]:
    """Say it of every village, also of those that nobody visited, in order of their names."""
    counts = {each.village: (each.approved, each.pending) for each in count_visits(cohorts, period=period)}
    return tuple(VillageVisits(key, name, *counts.get(key, (0, 0))) for key, (name, _stage) in places.items())


def _exports(counts: Sequence[ExportCount]) -> Exports:
    whole = next((each for each in counts if not each.dimension), None)
    if whole is None:
        return Exports()
    shares: dict[str, list[Share]] = {"year": [], "product": [], "country": []}
    for each in counts:
        if each.dimension:
            count = each.count_verified + each.count_reported
            label = each.label or each.key
            shares[each.dimension].append(Share(each.key, label, each.verified, each.reported, count))
    sums = (whole.verified, whole.reported, whole.count_verified, whole.count_reported)
    years = sorted(shares["year"], key=attrgetter("key"))
    return Exports(*sums, tuple(years), _largest(shares["product"]), _largest(shares["country"]))


def _largest(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Put the most verified first, then the most reported."""
    return tuple(sorted(shares, key=lambda share: (-share.verified, -share.reported, share.key)))


def _exports_from(facts: dict[str, Any]) -> Exports:
    lists = {
        name: tuple(Share(**_money(each)) for each in facts[name]) for name in ("by_year", "by_product", "by_country")
    }
    return Exports(**{**_money(facts), **lists})


def _money(facts: dict[str, Any]) -> dict[str, Any]:
    """Read the amounts among some facts."""
    amounts = ("verified", "reported", "committed", "paid")
    return {name: Decimal(value) if name in amounts else value for name, value in facts.items()}


def _plain(value: Any) -> Any:
    """Write anything of ours as JSON knows it."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
