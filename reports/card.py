"""Rapor desa: where one village stands, what it got, what came of it, and what comes next, on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from exports.models import ExportTransaction
from mentoring.models import ActionItem, Visit
from mentoring.states import VisitState
from programs.models import Cohort, Program, Session
from programs.proposal import ASKS
from progress.matrix import amount_of
from progress.outcomes import Outcomes, outcomes
from progress.period import Period
from progress.summary import Cell, VillageProgress, village_progress
from reports.destinations import country
from villages.comparison import Comparison, Line, latest
from villages.models import Assessment, Village
from villages.states import DESA_DEVISA, STAGES_WITH_REASON, Criterion

SALES, SESSIONS, TASKS = 3, 3, 3  # rows that are named one by one


@dataclass(frozen=True)
class Work:
    """One module, and how much of it the village got."""

    cell: Cell
    amount: str


@dataclass(frozen=True)
class Moved:
    """One criterion then and now, beside the modules that should move it."""

    line: Line
    works: tuple[Work, ...]

    @property
    def verdict(self) -> str:
        """Say in a word whether it moved."""
        if self.line.change is None:
            return ""
        return _("rose") if self.line.change > 0 else _("fell") if self.line.change < 0 else _("unchanged")


@dataclass(frozen=True)
class Step:
    """Something that comes next, and its day where one is set."""

    day: date | None
    text: str
    late: bool = False


@dataclass(frozen=True)
class Sale:
    """One verified export as anybody may read it."""

    product: str
    country: str
    on: date
    rupiah: Decimal

    @property
    def destination(self) -> str:
        """Name the country in the language of the moment."""
        return country(self.country)


@dataclass(frozen=True)
class Card:
    """A village's report card in one of its programs, as one reader sees it."""

    village: Village
    on: date
    program: Program | None
    others: tuple[Program, ...]
    comparison: Comparison | None
    progress: VillageProgress | None
    told: Outcomes
    last_visit: date | None
    sales: tuple[Sale, ...]
    steps: tuple[Step, ...]

    @property
    def standing(self) -> str:
        """Say whether it is a Desa Devisa or not yet one; a candidate is never called one."""
        if self.village.stage in DESA_DEVISA:
            return _("Desa Devisa")
        return _("No longer a candidate") if self.village.stage in STAGES_WITH_REASON else _("Candidate")

    @property
    def works(self) -> tuple[Work, ...]:
        """List the eleven modules in their order."""
        return tuple(Work(cell, amount_of(cell)) for cell in self.progress.modules) if self.progress else ()

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Put each criterion beside what was delivered of the modules that work on it."""
        if self.comparison is None:
            return ()
        of = {work.cell.module: work for work in self.works if work.cell.required or work.cell.delivered}
        pairs = zip(Criterion.values, self.comparison.lines, strict=True)
        return tuple(Moved(line, tuple(_for(code, of))) for code, line in pairs)

    @property
    def percent(self) -> int | None:
        """Tell how far the program is here."""
        return self.progress.percent if self.progress else None


def _for(code: str, of: dict[str, Work]) -> Iterable[Work]:
    return (of[ask.module] for ask in ASKS if ask.criterion == code and ask.module in of)


def card_of(village: Village, *, reader: User, program: int | None, at: datetime) -> Card | None:
    """Read the card in one program (the latest when none is named); None when the village is in no such program."""
    on = local_date(at, village.zone)
    cohorts = Cohort.objects.visible_to(reader).filter(village=village)
    found = village_progress(village, cohorts, at=at)
    chosen = next(((each, here) for each, here in found if program in (None, each.pk)), None)
    if program is not None and chosen is None:
        return None
    mine = cohorts.filter(program=chosen[0]) if chosen else cohorts.none()
    place = Village.objects.filter(pk=village.pk)
    return Card(
        village=village,
        on=on,
        program=chosen[0] if chosen else None,
        others=tuple(each for each, _here in found if chosen is None or each != chosen[0]),
        comparison=latest(Assessment.objects.visible_to(reader), village=village),
        progress=chosen[1] if chosen else None,
        told=outcomes(place, cohorts=mine, period=Period.between(None, on), at=at),
        last_visit=_last_visit(village, reader),
        sales=_sales(village, reader),
        steps=(*_sessions(village, reader, at), *_tasks(village, reader, on)),
    )


def _last_visit(village: Village, reader: User) -> date | None:
    rows = Visit.objects.visible_to(reader).filter(village=village, state=VisitState.APPROVED)
    moment = rows.order_by("-visited_at", "-pk").values_list("visited_at", flat=True).first()
    return local_date(moment, village.zone) if moment else None


def _sales(village: Village, reader: User) -> tuple[Sale, ...]:
    """Name the latest verified sales by product and destination, not by unit: a household's name is a person's."""
    rows = ExportTransaction.objects.visible_to(reader).verified().filter(business_unit__village=village)
    found = rows.order_by("-exported_on", "-pk")[:SALES]
    return tuple(Sale(each.product, each.country, each.exported_on, each.rupiah) for each in found)


def _sessions(village: Village, reader: User, at: datetime) -> tuple[Step, ...]:
    rows = Session.objects.visible_to(reader).upcoming(at).filter(cohorts__village=village).distinct()
    found = rows.select_related("module").order_by("starts_at", "pk")[:SESSIONS]
    return tuple(
        Step(local_date(each.starts_at, each.zone), _("Training: %(title)s") % {"title": each.title}) for each in found
    )


def _tasks(village: Village, reader: User, on: date) -> tuple[Step, ...]:
    """Name what is to be done first, without who does it."""
    rows = ActionItem.objects.visible_to(reader).open().filter(village=village)
    found = rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:TASKS]
    return tuple(Step(each.due_on, each.what, each.due_on is not None and each.due_on < on) for each in found)
