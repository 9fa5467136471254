"""What is reported of a region in one month: reckoned once, as facts that everything else is drawn from."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from json import dumps
from typing import Any, Final, Self

from django.db.models import QuerySet
from django.utils import translation

from common.dates import local_date, utc_text
from common.zones import Zone
from exports.models import RegionFigure
from programs.models import Cohort, Program
from progress.outcomes import outcomes
from progress.period import Period
from reports.models import RegionReport
from villages.models import Region, Village
from villages.querysets import under

FORM: Final = 1  # of the facts; who draws them looks here first
PUBLISHED: Final = 12  # figures of others, the latest first


@dataclass(frozen=True)
class Subject:
    """A region or all of Indonesia, one program or all, one month."""

    region: Region | None
    program: Program | None
    month: date  # its first day

    @classmethod
    def of(cls, report: RegionReport) -> Self:
        """Name what a frozen report tells of."""
        return cls(report.region, report.program, report.month)

    @property
    def zone(self) -> str:
        """Tell by whose clock the month begins."""
        return self.region.zone if self.region else Zone.WIB

    @property
    def period(self) -> Period:
        """Tell the month from its first moment to its last."""
        return Period.month(self.month.year, self.month.month, self.zone)

    @property
    def villages(self) -> QuerySet[Village]:
        """Choose the villages that are told of."""
        rows = (
            Village.objects.filter(under(self.region.code, field="region__code"))
            if self.region
            else Village.objects.all()
        )
        return rows.filter(cohorts__program=self.program).distinct() if self.program else rows

    @property
    def cohorts(self) -> QuerySet[Cohort]:
        """Choose the cohorts through which they were supported."""
        return Cohort.objects.filter(program=self.program) if self.program else Cohort.objects.all()

    def begun(self, at: datetime) -> bool:
        """Tell whether any of the month has passed."""
        return self.period.start <= at

    def over(self, at: datetime) -> bool:
        """Tell whether all of the month has passed."""
        return self.period.end <= at


@dataclass(frozen=True)
class Editions:
    """By what a report is counted: the edition of our code, and that of the list of places."""

    code: str
    regions: str


@translation.override("id")
def reckon(subject: Subject, editions: Editions, *, at: datetime) -> dict[str, Any]:
    """Count everything that the report says, as of `at`; the same queries for 1 and 1,000 villages."""
    region, program = subject.region, subject.program
    counted = outcomes(subject.villages, cohorts=subject.cohorts, period=subject.period, at=at)
    return {
        "form": FORM,
        "region": {"code": region.code, "name": place_of(region)} if region else None,
        "program": {"id": program.pk, "name": program.name, "organiser": program.organiser} if program else None,
        "counted_at": utc_text(at.replace(microsecond=0)),
        "editions": {"code": editions.code, "regions": editions.regions},
        "over": subject.over(at),
        "outcomes": counted.as_facts(),
        "published": [_published(figure) for figure in _figures(subject)],
    }


def place_of(region: Region) -> str:
    """Read a region with what it is part of: `Kab. Lamongan, Jawa Timur`; 1 query unless read along."""
    return f"{region.titled}, {place_of(region.parent)}" if region.parent else region.titled


def digest(facts: dict[str, Any]) -> str:
    """Take the fingerprint of facts, whatever the order in which a database gives them back."""
    canonical = dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def day_counted(facts: dict[str, Any]) -> date:
    """Tell the day on which facts were counted."""
    return local_date(datetime.fromisoformat(facts["counted_at"]), facts["outcomes"]["period"]["zone"])


def _figures(subject: Subject) -> list[RegionFigure]:
    """Read what others published about this very region, about times that had begun by the month's end."""
    if subject.region is None:
        return []
    rows = RegionFigure.objects.standing().filter(region=subject.region, starts_on__lte=subject.period.last)
    return list(rows.order_by("-ends_on", "-starts_on", "pk")[:PUBLISHED])


def _published(figure: RegionFigure) -> dict[str, Any]:
    return {
        "source": figure.source,
        "population": figure.population,
        "first": figure.starts_on.isoformat(),
        "last": figure.ends_on.isoformat(),
        "value": None if figure.value is None else str(figure.value),
        "currency": figure.currency,
        "units": figure.units,
        "centres": figure.centres,
        "countries": figure.countries,
    }


def file_name(subject: Subject, sequence: int = 0) -> str:
    """Name a file by what it tells of."""
    region = subject.region.pk if subject.region else "indonesia"
    program = f"-program-{subject.program.pk}" if subject.program else ""
    edition = f"-edisi-{sequence}" if sequence else ""
    return f"laporan-bulanan-{region}-{subject.month:%Y-%m}{program}{edition}"
