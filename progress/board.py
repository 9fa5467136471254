"""The dashboard as its template writes it: figures, one page of the matrix, who is behind, and the trend."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from common.keyset import Keyset, page
from programs.models import Cohort, Program
from progress.filters import DashboardFilter
from progress.matrix import Matrix, amount_of, cell_url, matrix_of, words_of
from progress.measures import within
from progress.outcomes import Outcomes, outcomes
from progress.period import Period
from progress.standing import Standing, latest_first, standings, whole_percent
from progress.summary import Cell, CohortProgress, Seats, cohorts_progress, seats_of
from progress.trend import Trend, trend_of
from villages.models import Village

IN_ORDER: Final = ("name", "pk")
MOST_LATE: Final = 12


@dataclass(frozen=True)
class CellLine:
    """One module of a village in words, and where its rows are."""

    cell: Cell
    amount: str
    words: str
    url: str


@dataclass(frozen=True)
class VillageLine:
    """One village and some of its modules."""

    name: str
    url: str
    percent: int | None
    cells: list[CellLine]


@dataclass(frozen=True)
class Board:
    """Everything that the dashboard shows."""

    period: Period
    figures: Outcomes
    query: str
    percent: int | None
    count: int
    late: list[VillageLine]
    late_count: int
    page: Keyset[Village]
    matrix: Matrix | None  # of all eleven modules
    lines: list[VillageLine]  # of one module
    trend: Trend


def board_of(chosen: DashboardFilter, *, at: datetime, cursor: str | None) -> Board:
    """Count for all villages of the scope, and draw those of one page; the same queries for 1 and 1,000."""
    period, modules = chosen.period, chosen.modules
    keys = list(chosen.cohorts.order_by().values_list("pk", flat=True))
    cohorts = Cohort.objects.filter(pk__in=within(keys))
    rows = standings(cohorts, at=at, period=period, modules=modules)
    behind = latest_first(rows)
    wanted = behind if chosen.only_behind else rows
    found = page(chosen.qs.filter(pk__in=within({each.village for each in wanted})), order=IN_ORDER, cursor=cursor)
    shown, named = in_page(wanted, [village.pk for village in found.rows]), not chosen.of_one_program
    return Board(
        period=period,
        figures=outcomes(chosen.qs, cohorts=cohorts, period=period, at=at),
        query=chosen.query,
        percent=whole_percent(rows),
        count=len({each.village for each in rows}),
        late=[_line(each, each.late, period, named=named) for each in behind[:MOST_LATE]],
        late_count=len(behind),
        page=found,
        matrix=matrix_of(shown, period=period, named=named) if len(modules) > 1 else None,
        lines=[_line(each, each.modules, period, named=named) for each in shown] if len(modules) == 1 else [],
        trend=trend_of(keys, period=period, at=at, modules=modules),
    )


@dataclass(frozen=True)
class ProgramBoard:
    """What a program's page draws: the whole program's percent, and the reader's villages of one page."""

    percent: int | None
    matrix: Matrix
    cohorts: list[CohortProgress]
    seats: Seats
    behind: list[Standing]


def program_board(program: Program, seen: QuerySet[Cohort], found: Keyset[Village], *, at: datetime) -> ProgramBoard:
    """Count for the whole program, for the cohorts that a reader sees, and for the villages of one page."""
    whole = standings(Cohort.objects.filter(program=program), at=at)
    own = dict(seen.order_by().values_list("pk", "village"))
    visible, here = set(own.values()), [village.pk for village in found.rows]
    return ProgramBoard(
        percent=whole_percent(whole),
        matrix=matrix_of(in_page(whole, here)),
        cohorts=cohorts_progress(seen.filter(village__in=here), at=at),
        seats=seats_of(own),
        behind=[each for each in whole if each.village in visible and each.late],
    )


def in_page(rows: Iterable[Standing], villages: Sequence[int]) -> list[Standing]:
    """Keep the villages of one page, in its order."""
    place = {village: index for index, village in enumerate(villages)}
    return sorted((each for each in rows if each.village in place), key=lambda each: place[each.village])


def _line(each: Standing, cells: Collection[Cell], period: Period, *, named: bool) -> VillageLine:
    lines = [CellLine(cell, amount_of(cell), words_of(cell), cell_url(each, cell, period)) for cell in cells]
    return VillageLine(each.label(named=named), reverse("village-detail", args=[each.village]), each.percent, lines)
