"""What the numbers say: cells that add up from cohort to village to program, and people's way through their cohorts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.models import Cohort, Enrollment, Program
from programs.states import EnrollmentState, Mode, ModuleCode
from progress.measures import CellCount, PersonCount, count_cells, count_people, count_seats
from progress.period import ALWAYS, Period
from villages.models import Person, Village

TRAINING_HOUR = 45  # minutes


class CellState(StrEnum):
    """How far one module is."""

    NOT_REQUIRED = "not_required"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"

    @property
    def label(self) -> str:
        """Say it in the language of the moment."""
        return str(STATE_LABELS[self])


STATE_LABELS = {
    CellState.NOT_REQUIRED: _("Not required"),
    CellState.NOT_STARTED: _("Not started"),
    CellState.IN_PROGRESS: _("In progress"),
    CellState.COMPLETE: _("Complete"),
}


def percent_of(part: int, whole: int) -> int | None:
    """Floor of 100 x part / whole, at most 100; None when there is no whole."""
    return min(100, 100 * part // whole) if whole else None


def training_hours(minutes: int) -> int:
    """Count whole training hours (jam pelajaran) of 45 minutes."""
    return minutes // TRAINING_HOUR


def mean_percent(percents: Iterable[int | None]) -> int | None:
    """Floor of the mean of those that are not None; None when there is none."""
    known = [percent for percent in percents if percent is not None]
    return sum(known) // len(known) if known else None


@dataclass(frozen=True)
class Cell:
    """One module of a cohort, or of all cohorts of a village: minutes, visits or claims by its mode."""

    module: str
    mode: str
    required: int = 0
    delivered: int = 0
    planned: int = 0
    pending: int = 0

    @property
    def percent(self) -> int | None:
        """Delivered of required, 0 to 100; None when nothing is required."""
        return percent_of(self.delivered, self.required)

    @property
    def state(self) -> CellState:
        """Tell how far it is."""
        if not self.required:
            return CellState.NOT_REQUIRED
        if not self.delivered:
            return CellState.NOT_STARTED
        return CellState.COMPLETE if self.delivered >= self.required else CellState.IN_PROGRESS

    @property
    def behind(self) -> bool:
        """Tell whether less was delivered than was planned by now, counted no further than required."""
        return self.delivered < min(self.planned, self.required)

    @property
    def name(self) -> str:
        """Name the module in the language of the moment."""
        return str(ModuleCode(self.module).label)


@dataclass(frozen=True)
class Seats:
    """Seats of held and closed sessions."""

    came: int = 0
    kept: int = 0
    seats: int = 0

    def __add__(self, other: "Seats") -> "Seats":
        return Seats(self.came + other.came, self.kept + other.kept, self.seats + other.seats)

    @property
    def attendance(self) -> int | None:
        """Percent who came, present or late; None before the first seat."""
        return percent_of(self.came, self.seats)

    @property
    def commitment(self) -> int | None:
        """Percent who came or were excused; None before the first seat."""
        return percent_of(self.kept, self.seats)


@dataclass(frozen=True)
class CohortProgress:
    """One cohort's eleven cells."""

    cohort: Cohort
    modules: tuple[Cell, ...]
    seats: Seats

    @property
    def percent(self) -> int | None:
        """Floor of the mean of the required modules' percents."""
        return mean_percent(cell.percent for cell in self.modules)


@dataclass(frozen=True)
class VillageProgress:
    """One village in one program: the sums over its cohorts."""

    village: Village
    cohorts: tuple[CohortProgress, ...]

    @property
    def modules(self) -> tuple[Cell, ...]:
        """Sum the cohorts' cells, module by module."""
        return add_up([cohort.modules for cohort in self.cohorts])

    @property
    def seats(self) -> Seats:
        """Sum the cohorts' seats."""
        return sum((cohort.seats for cohort in self.cohorts), Seats())

    @property
    def percent(self) -> int | None:
        """Floor of the mean of the required modules' percents."""
        return mean_percent(cell.percent for cell in self.modules)

    @property
    def behind(self) -> bool:
        """Tell whether any module is behind."""
        return any(cell.behind for cell in self.modules)


@dataclass(frozen=True)
class ProgramProgress:
    """One program: its villages, in order of their names."""

    program: Program
    villages: tuple[VillageProgress, ...]

    @property
    def seats(self) -> Seats:
        """Sum the villages' seats."""
        return sum((village.seats for village in self.villages), Seats())

    @property
    def percent(self) -> int | None:
        """Floor of the mean of the villages' percents."""
        return mean_percent(village.percent for village in self.villages)


@dataclass(frozen=True)
class PersonCell:
    """One training module of one person: minutes, and the share of them that is asked for."""

    module: str
    attended: int
    required: int
    minimum: int

    @property
    def needed(self) -> int:
        """Minutes that are enough: required x minimum attendance, rounded up."""
        return -(-self.required * self.minimum // 100)

    @property
    def percent(self) -> int | None:
        """Attended of needed, 0 to 100; None when nothing is required."""
        if not self.required:
            return None
        return percent_of(100 * self.attended, self.required * self.minimum) if self.minimum else 100

    @property
    def reached(self) -> bool:
        """Tell whether enough was attended; a module that is not required is not reached."""
        return bool(self.required) and 100 * self.attended >= self.required * self.minimum

    @property
    def name(self) -> str:
        """Name the module in the language of the moment."""
        return str(ModuleCode(self.module).label)


@dataclass(frozen=True)
class PersonProgress:
    """One person in one cohort."""

    enrollment: Enrollment
    modules: tuple[PersonCell, ...]
    seats: Seats

    @property
    def required(self) -> tuple[PersonCell, ...]:
        """Keep the modules that the cohort is owed."""
        return tuple(cell for cell in self.modules if cell.required)

    @property
    def attended(self) -> int:
        """Minutes attended of the modules that the cohort is owed."""
        return sum(cell.attended for cell in self.required)

    @property
    def percent(self) -> int | None:
        """Floor of the mean over the required training modules."""
        return mean_percent(cell.percent for cell in self.modules)

    @property
    def completed(self) -> bool:
        """Every training module of the cohort is reached; a cohort without any completes nobody."""
        return bool(self.required) and all(cell.reached for cell in self.required)


def add_up(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """Sum rows of cells of the same modules, column by column."""
    return tuple(
        Cell(
            column[0].module,
            column[0].mode,
            sum(cell.required for cell in column),
            sum(cell.delivered for cell in column),
            sum(cell.planned for cell in column),
            sum(cell.pending for cell in column),
        )
        for column in zip(*rows, strict=True)
    )


def cohorts_progress(
    cohorts: QuerySet[Cohort], *, at: datetime, period: Period = ALWAYS, modules: Sequence[str] = tuple(ModuleCode)
) -> list[CohortProgress]:
    """Read any number of cohorts with three queries, in order of village and start."""
    rows = cohorts.select_related("program", "village__region__parent__parent")
    chosen = list(rows.order_by("village__name", "village", "starts_on", "pk"))
    keys = [cohort.pk for cohort in chosen]
    cells: dict[int, list[Cell]] = defaultdict(list)
    for count in count_cells(keys, at=at, period=period, modules=modules):
        cells[count.cohort].append(cell_of(count))
    seats = {count.cohort: Seats(count.came, count.kept, count.seats) for count in count_seats(keys, period=period)}
    return [CohortProgress(cohort, tuple(cells[cohort.pk]), seats.get(cohort.pk, Seats())) for cohort in chosen]


def seats_of(cohorts: Iterable[int], *, period: Period = ALWAYS) -> Seats:
    """Sum the seats of any number of cohorts."""
    return sum((Seats(each.came, each.kept, each.seats) for each in count_seats(cohorts, period=period)), Seats())


def cohort_progress(cohort: Cohort, *, at: datetime) -> CohortProgress:
    """Read one cohort."""
    return cohorts_progress(Cohort.objects.filter(pk=cohort.pk), at=at)[0]


def villages_progress(
    program: Program, villages: QuerySet[Village], *, at: datetime, period: Period = ALWAYS
) -> list[VillageProgress]:
    """Read those of the villages that take part in the program."""
    cohorts = Cohort.objects.filter(program=program, village__in=villages.order_by().values("pk"))
    return _by_village(cohorts_progress(cohorts, at=at, period=period))


def village_progress(
    village: Village, cohorts: QuerySet[Cohort], *, at: datetime
) -> list[tuple[Program, VillageProgress]]:
    """Read one village in each program of these cohorts, the latest program first."""
    found = grouped(cohorts_progress(cohorts.filter(village=village), at=at))
    return [(program, villages[0]) for program, villages in found]


def grouped(cohorts: Iterable[CohortProgress]) -> list[tuple[Program, list[VillageProgress]]]:
    """Group cohorts by program and village, the latest program first."""
    of: dict[Program, list[CohortProgress]] = defaultdict(list)
    for each in cohorts:
        of[each.cohort.program].append(each)
    programs = sorted(of, key=attrgetter("starts_on", "pk"), reverse=True)
    return [(program, _by_village(of[program])) for program in programs]


def programs_progress(
    programs: QuerySet[Program], *, at: datetime, period: Period = ALWAYS, modules: Sequence[str] = tuple(ModuleCode)
) -> list[ProgramProgress]:
    """Read any number of programs with four queries, the latest first."""
    chosen = list(programs.order_by("-starts_on", "-pk"))
    cohorts = Cohort.objects.filter(program__in=[program.pk for program in chosen])
    found = cohorts_progress(cohorts, at=at, period=period, modules=modules)
    of = dict(grouped(found))
    return [ProgramProgress(program, tuple(of.get(program, ()))) for program in chosen]


def program_progress(program: Program, *, at: datetime) -> ProgramProgress:
    """Read one program with all its villages."""
    found = cohorts_progress(Cohort.objects.filter(program=program), at=at)
    return ProgramProgress(program, tuple(_by_village(found)))


def people_progress(cohort: Cohort, *, at: datetime) -> list[PersonProgress]:
    """Read everyone who is or was in a cohort and did not withdraw, by name."""
    return enrollments_progress(Enrollment.objects.filter(cohort=cohort), at=at)


def person_progress(person: Person, *, at: datetime) -> list[PersonProgress]:
    """Read one person's cohorts, by their start."""
    return enrollments_progress(Enrollment.objects.filter(person=person), at=at)


def enrollments_progress(
    enrollments: QuerySet[Enrollment],
    *,
    at: datetime,  # noqa: ARG001  every read takes the moment
    period: Period = ALWAYS,
    modules: Sequence[str] = tuple(ModuleCode),
) -> list[PersonProgress]:
    """Read any number of enrollments with two queries; withdrawn ones are left out."""
    chosen = list(
        enrollments.exclude(state=EnrollmentState.WITHDRAWN)
        .select_related("person", "cohort__program", "cohort__village")
        .order_by("person__name", "person", "cohort__starts_on", "pk")
    )
    counts: dict[int, list[PersonCount]] = defaultdict(list)
    for count in count_people((enrollment.pk for enrollment in chosen), period=period, modules=modules):
        counts[count.enrollment].append(count)
    return [person_of(enrollment, counts[enrollment.pk]) for enrollment in chosen]


def cell_of(count: CellCount) -> Cell:
    """Put one count into words."""
    return Cell(count.module, count.mode, count.required, count.delivered, count.planned, count.pending)


def person_of(enrollment: Enrollment, counts: Sequence[PersonCount]) -> PersonProgress:
    """Put one person's counts, read beforehand, into words."""
    training = [count for count in counts if count.mode == Mode.TRAINING]
    cells = tuple(PersonCell(count.module, count.attended, count.required, count.minimum) for count in training)
    seats = sum((Seats(count.came, count.kept, count.seats) for count in counts), Seats())
    return PersonProgress(enrollment, cells, seats)


def _by_village(cohorts: Iterable[CohortProgress]) -> list[VillageProgress]:
    """Group cohorts by village; they come in order of the village's name."""
    of: dict[int, list[CohortProgress]] = defaultdict(list)
    for each in cohorts:
        of[each.cohort.village_id].append(each)
    return [VillageProgress(group[0].cohort.village, tuple(group)) for group in of.values()]
