"""Where villages stand, without the rest of their rows: enough to draw a thousand of them and to say who is behind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from programs.models import Cohort
from programs.states import ModuleCode
from progress.measures import count_cells
from progress.period import ALWAYS, Period
from progress.summary import Cell, add_up, cell_of, mean_percent


@dataclass(frozen=True)
class Standing:
    """One village in one program, module by module."""

    village: int
    name: str
    program: int
    program_name: str
    modules: tuple[Cell, ...]

    def label(self, *, named: bool) -> str:
        """Name the village, and the program where several are shown."""
        return f"{self.name} · {self.program_name}" if named else self.name

    @property
    def percent(self) -> int | None:
        """Floor of the mean of the required modules' percents."""
        return mean_percent(cell.percent for cell in self.modules)

    @property
    def late(self) -> tuple[Cell, ...]:
        """Keep the modules that are behind plan."""
        return tuple(cell for cell in self.modules if cell.behind)

    @property
    def missing(self) -> int:
        """Percent points that the plan is ahead of what was delivered, over its modules; the more, the later."""
        owed = ((min(cell.planned, cell.required) - cell.delivered, cell.required) for cell in self.late)
        return sum(100 * short // required for short, required in owed)


def standings(
    cohorts: QuerySet[Cohort], *, at: datetime, period: Period = ALWAYS, modules: Sequence[str] = tuple(ModuleCode)
) -> list[Standing]:
    """Read where the villages of these cohorts stand, program by program, by name; two queries."""
    columns = ("pk", "village", "village__name", "program", "program__name")
    rows = cohorts.order_by("village__name", "village", "-program__starts_on", "-program", "pk").values_list(*columns)
    places = {pk: tuple(place) for pk, *place in rows}
    cells: dict[int, list[Cell]] = defaultdict(list)
    for count in count_cells(places, at=at, period=period, modules=modules):
        cells[count.cohort].append(cell_of(count))
    of: dict[tuple[object, ...], list[tuple[Cell, ...]]] = defaultdict(list)
    for cohort, place in places.items():
        of[place].append(tuple(cells[cohort]))
    return [_standing(place, rows) for place, rows in of.items()]


def _standing(place: tuple[object, ...], rows: list[tuple[Cell, ...]]) -> Standing:
    village, name, program, program_name = place
    return Standing(int(str(village)), str(name), int(str(program)), str(program_name), add_up(rows))


def whole_percent(rows: Iterable[Standing]) -> int | None:
    """Floor of the mean of the villages' percents."""
    return mean_percent(each.percent for each in rows)


def latest_first(rows: Iterable[Standing]) -> list[Standing]:
    """Keep who is behind, the most behind first."""
    return sorted((each for each in rows if each.late), key=lambda each: (-each.missing, each.name, each.village))
