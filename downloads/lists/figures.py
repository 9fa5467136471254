"""Tables of progress: one row per program, village, cohort or person, and columns for each module."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from downloads.columns import Asked, Column, Kind, Table, told
from programs.models import Cohort, Enrollment, Program
from programs.states import MODE_OF, EnrollmentState, Mode, ModuleCode
from progress.filters import CohortFigures, PersonFigures, ProgramFigures, VillageFigures, narrowing
from progress.rules import Can
from progress.summary import (
    CohortProgress,
    VillageProgress,
    cohorts_progress,
    enrollments_progress,
    programs_progress,
)
from villages.models import Village

CHUNK = 500  # rows whose figures are counted at a time
PARTS = (
    ("delivered", _("delivered")),
    ("planned", _("planned")),
    ("required", _("required")),
    ("percent", _("percent")),
)
TRAINING = tuple(code for code in ModuleCode if MODE_OF[code] == Mode.TRAINING)


def _cell(code: str, part: str) -> Callable[[Any], Any]:
    def read(row: Any) -> Any:
        return next((getattr(cell, part) for cell in row.modules if cell.module == code), None)

    return read


def _cells(codes: Iterable[ModuleCode], parts: Iterable[tuple[str, Any]]) -> Iterable[Column]:
    """Make columns of each module: what was delivered, planned, required, and the percent."""
    for code in codes:
        for part, word in parts:
            name = f"{code.value.replace('-', '_')}_{part}"
            yield told(name, Headed(code, word), Kind.NUMBER, _cell(code.value, part))


class Headed:
    """The heading of a module's column, in the language of the moment."""

    def __init__(self, code: ModuleCode, word: Any) -> None:
        """Take the module and what of it the column tells."""
        self.code, self.word = code, word

    def __str__(self) -> str:
        """Read as `Branding: delivered`."""
        return f"{self.code.label}: {self.word}"


def _rates() -> tuple[Column, ...]:
    return (
        told("percent", _("percent"), Kind.NUMBER, lambda row: row.percent),
        told("attendance", _("attendance, percent"), Kind.NUMBER, lambda row: row.seats.attendance),
        told("commitment", _("commitment, percent"), Kind.NUMBER, lambda row: row.seats.commitment),
    )


def _village(of: Callable[[Any], Village]) -> tuple[Column, ...]:
    return (
        told("village", _("village"), Kind.KEY, lambda row: of(row).pk),
        told("village_name", _("village"), Kind.TEXT, lambda row: of(row).name),
        told("place", _("Place"), Kind.TEXT, lambda row: of(row).place),
    )


def _program(of: Callable[[Any], Program]) -> tuple[Column, ...]:
    return (
        told("program", _("program"), Kind.KEY, lambda row: of(row).pk),
        told("program_name", _("program"), Kind.TEXT, lambda row: of(row).name),
    )


def _in_order(rows: Iterable[Any], keys: list[Any], of: Callable[[Any], Any]) -> list[Any]:
    place = {key: index for index, key in enumerate(keys)}
    return sorted(rows, key=lambda row: place[of(row)])


def _how(at: datetime, given: Mapping[str, Any]) -> dict[str, Any]:
    """Say of which module and days figures are asked for; the filters have let them pass."""
    narrowed = narrowing(given)
    narrowed.is_valid()
    return {"at": at, "period": narrowed.period, "modules": narrowed.modules}


def _programs(rows: list[Any], asked: Asked, at: datetime, given: Mapping[str, Any]) -> list[Any]:
    keys = [row.pk for row in rows]
    found = programs_progress(Program.objects.visible_to(asked.user).filter(pk__in=keys), **_how(at, given))
    return _in_order(found, keys, lambda each: each.program.pk)


def _cohorts(rows: list[Any], asked: Asked, at: datetime, given: Mapping[str, Any]) -> list[Any]:
    keys = [row.pk for row in rows]
    found = cohorts_progress(Cohort.objects.visible_to(asked.user).filter(pk__in=keys), **_how(at, given))
    return _in_order(found, keys, lambda each: each.cohort.pk)


def _villages(rows: list[Any], asked: Asked, at: datetime, given: Mapping[str, Any]) -> list[Any]:
    """Count program by program; a village in two programs has two rows unless one program is asked for."""
    keys = [row.pk for row in rows]
    cohorts = Cohort.objects.visible_to(asked.user).filter(village__in=keys)
    if given.get("program"):
        cohorts = cohorts.filter(program=int(Decimal(given["program"])))  # the filter has let it pass: `5.0` is 5
    groups: dict[tuple[int, int], list[CohortProgress]] = defaultdict(list)
    for each in cohorts_progress(cohorts, **_how(at, given)):
        groups[each.cohort.village_id, each.cohort.program_id].append(each)
    found = [VillageProgress(group[0].cohort.village, tuple(group)) for group in groups.values()]
    if given.get("behind") == "true":
        found = [each for each in found if each.behind]
    return _in_order(found, keys, lambda each: each.village.pk)


def _people(rows: list[Any], asked: Asked, at: datetime, given: Mapping[str, Any]) -> list[Any]:
    keys = [row.pk for row in rows]
    found = enrollments_progress(Enrollment.objects.visible_to(asked.user).filter(pk__in=keys), **_how(at, given))
    return _in_order(found, keys, lambda each: each.enrollment.pk)


def _villages_in_programs(user: User, _at: datetime) -> "models.QuerySet[Any]":
    """Leave out villages that take part in nothing this user sees."""
    taking_part = Cohort.objects.visible_to(user).order_by().values("village")
    return Village.objects.visible_to(user).filter(pk__in=taking_part)


def _taking_part(user: User, _at: datetime) -> "models.QuerySet[Any]":
    """Leave out who withdrew."""
    return Enrollment.objects.visible_to(user).exclude(state=EnrollmentState.WITHDRAWN).select_related("person")


PROGRAMS = Table(
    "progress-program",
    Program,
    Can.READ_PROGRESS,
    ("-starts_on", "-pk"),
    (
        *_program(lambda row: row.program),
        told("villages", _("villages"), Kind.NUMBER, lambda row: len(row.villages)),
        *_rates(),
    ),
    ProgramFigures,
    counted=_programs,
    chunk=50,
    title=_("progress of programs"),
)
VILLAGES = Table(
    "progress-village",
    Village,
    Can.READ_PROGRESS,
    ("name", "pk"),
    (
        *_village(lambda row: row.village),
        *_program(lambda row: row.cohorts[0].cohort.program),
        *_rates(),
        told("behind", _("behind plan"), Kind.YES_NO, lambda row: row.behind),
        *_cells(ModuleCode, PARTS),
    ),
    VillageFigures,
    seen=_villages_in_programs,
    counted=_villages,
    chunk=CHUNK,
    title=_("progress of villages"),
)
COHORTS = Table(
    "progress-cohort",
    Cohort,
    Can.READ_PROGRESS,
    ("-starts_on", "-pk"),
    (
        told("cohort", _("cohort"), Kind.KEY, lambda row: row.cohort.pk),
        told("cohort_name", _("cohort"), Kind.TEXT, lambda row: row.cohort.name),
        *_program(lambda row: row.cohort.program),
        *_village(lambda row: row.cohort.village),
        *_rates(),
        *_cells(ModuleCode, PARTS),
    ),
    CohortFigures,
    counted=_cohorts,
    chunk=CHUNK,
    title=_("progress of cohorts"),
)
PEOPLE = Table(
    "progress-person",
    Enrollment,
    Can.READ_PEOPLE,
    ("person__name", "pk"),
    (
        told("enrollment", _("participant"), Kind.KEY, lambda row: row.enrollment.pk),
        told("person", _("person"), Kind.KEY, lambda row: row.enrollment.person_id),
        told("person_name", _("person"), Kind.TEXT, lambda row: row.enrollment.person.name),
        told("cohort", _("cohort"), Kind.KEY, lambda row: row.enrollment.cohort_id),
        *_rates(),
        told("completed", _("completed"), Kind.YES_NO, lambda row: row.completed),
        *_cells(TRAINING, (("attended", _("attended")), ("needed", _("needed")), ("percent", _("percent")))),
    ),
    PersonFigures,
    personal=True,
    seen=_taking_part,
    counted=_people,
    chunk=CHUNK,
    title=_("progress of people"),
)
TABLES = (PROGRAMS, VILLAGES, COHORTS, PEOPLE)
