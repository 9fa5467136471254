"""Cohorts: how long they run, how many places they have, what they are owed."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.events import record
from programs.actions.enrollment import fill_places
from programs.models import Cohort, Program, Requirement
from programs.states import ModuleCode
from villages.models import Village

COLUMNS = frozenset({"name", "starts_on", "ends_on", "capacity"})


@transaction.atomic
def create_cohort(
    *,
    program: Program,
    village: Village,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    capacity: int | None = None,
) -> Cohort:
    """Open a group of one village in one program; without a `capacity` (people) it has a place for everyone."""
    cohort = Cohort(program=program, village=village, name=name, starts_on=starts_on, ends_on=ends_on)
    cohort.capacity = capacity
    cohort.full_clean()
    cohort.save(force_insert=True)
    record(cohort, verb="created", by=by, at=at, program=program.pk, village=village.pk)
    return cohort


@transaction.atomic
def change_cohort(cohort: Cohort, *, by: User, at: datetime, **columns: object) -> None:
    """Change a cohort's name, dates or number of places; new places go to who waits, nobody loses one."""
    if not COLUMNS.issuperset(columns):
        raise TypeError(sorted(columns.keys() - COLUMNS))
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    changed = sorted(name for name, value in columns.items() if getattr(cohort, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(cohort, name, columns[name])
    cohort.full_clean()
    cohort.save(update_fields=changed)
    record(cohort, verb="changed", by=by, at=at, columns=changed, capacity=cohort.capacity)
    fill_places(cohort, by=by, at=at)


@transaction.atomic
def set_requirements(cohort: Cohort, *, requirements: Mapping[str, tuple[int, int]], by: User, at: datetime) -> None:
    """Say what a cohort is owed, by module: amount and minimum attendance; a module left out is not required."""
    rows = [
        Requirement(cohort=cohort, module_id=code, required=required, minimum_attendance=minimum)
        for code, (required, minimum) in requirements.items()
    ]
    for row in rows:
        _check_requirement(row)
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    cohort.requirements.exclude(module__in=requirements).delete()
    Requirement.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["cohort", "module"],
        update_fields=["required", "minimum_attendance"],
    )
    record(
        cohort,
        verb="requirements_set",
        by=by,
        at=at,
        requirements={str(code): [*pair] for code, pair in requirements.items()},
    )


def _check_requirement(row: Requirement) -> None:
    if row.module_id not in ModuleCode.values:
        raise ValidationError(_("The programme has eleven modules; this is none of them."), code="module")
    row.clean_fields(exclude={"cohort", "module"})
    if row.required <= 0:
        raise ValidationError(_("A requirement is more than nothing."), code="required")
    if not 0 <= row.minimum_attendance <= 100:  # noqa: PLR2004  percent
        raise ValidationError(_("Minimum attendance is a percent."), code="minimum_attendance")
