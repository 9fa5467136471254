"""Cohorts: what they are owed and who takes part."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from programs.actions.seats import seat_ahead, unseat_ahead
from programs.models import Cohort, Enrollment, Program, Requirement
from programs.states import SEATED, EnrollmentState, ModuleCode
from villages.models import Person, Village


@transaction.atomic
def create_cohort(
    *, program: Program, village: Village, name: str, starts_on: date, ends_on: date, by: User, at: datetime
) -> Cohort:
    """Open a group of one village in one program."""
    cohort = Cohort(program=program, village=village, name=name, starts_on=starts_on, ends_on=ends_on)
    cohort.full_clean()
    cohort.save(force_insert=True)
    record(cohort, verb="created", by=by, at=at, program=program.pk, village=village.pk)
    return cohort


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


@transaction.atomic
def enroll_person(cohort: Cohort, *, person: Person, by: User, at: datetime) -> Enrollment:
    """Accept a person into a cohort and give them a seat in what it has ahead."""
    refuse_stranger(cohort, person)
    return enroll(cohort, person=person, by=by, at=at)


def enroll(cohort: Cohort, *, person: Person, by: User, at: datetime) -> Enrollment:
    """Write an enrollment with its seats; scheduling and enrolling wait for each other, so that nobody is forgotten."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    known = Enrollment.objects.filter(cohort=cohort, person=person).first()
    if known is not None:
        _refuse_known(known)
    columns = {"cohort": cohort, "person": person, "state": EnrollmentState.ACCEPTED, "enrolled_at": at}
    enrollment = Enrollment.objects.create(**columns)
    seats = seat_ahead(enrollment, at=at)
    record(enrollment, verb="enrolled", by=by, at=at, goal=EnrollmentState.ACCEPTED, cohort=cohort.pk, seats=seats)
    return enrollment


@transaction.atomic
def enroll_people(cohort: Cohort, *, people: Iterable[Person], by: User, at: datetime) -> list[Enrollment]:
    """Accept several people at once, or none of them."""
    return [enroll_person(cohort, person=person, by=by, at=at) for person in people]


@transaction.atomic
def admit_enrollment(enrollment: Enrollment, *, to: str, by: User, at: datetime) -> None:
    """Decide about someone who applied or waits; who is accepted gets a seat in what the cohort has ahead."""
    Cohort.objects.select_for_update(no_key=True).get(pk=enrollment.cohort_id)
    if to == EnrollmentState.WITHDRAWN:
        raise ValidationError(_("Say why this person withdrew."), code="reason")
    origin = enrollment.state
    Enrollment.objects.move(enrollment, to)
    seats = seat_ahead(enrollment, at=at) if to in SEATED else 0
    record(enrollment, verb="admitted", by=by, at=at, origin=origin, goal=to, seats=seats)


@transaction.atomic
def withdraw_enrollment(enrollment: Enrollment, *, reason: str, by: User, at: datetime) -> None:
    """Let someone go, say why, and free their seats ahead; what they attended stays."""
    why = reason.strip()
    if not why:
        raise ValidationError(_("Say why this person withdrew."), code="reason")
    Cohort.objects.select_for_update(no_key=True).get(pk=enrollment.cohort_id)
    origin, enrollment.reason = enrollment.state, why
    enrollment.clean_fields(exclude={"cohort", "person"})
    Enrollment.objects.move(enrollment, EnrollmentState.WITHDRAWN, reason=why)
    freed = unseat_ahead(enrollment, at=at)
    record(enrollment, verb="withdrawn", by=by, at=at, origin=origin, goal=EnrollmentState.WITHDRAWN, seats=freed)


def refuse_stranger(cohort: Cohort, person: Person) -> None:
    """Refuse who does not live in the cohort's village, or asked to be forgotten."""
    if person.village_id != cohort.village_id:
        raise ValidationError(_("A cohort's participants come from its village."), code="person")
    if person.erased_at is not None:
        raise Refused(_("This person's data were erased."))


def _refuse_known(enrollment: Enrollment) -> None:
    if enrollment.state == EnrollmentState.WITHDRAWN:
        raise Refused(_("This person withdrew from this cohort; a withdrawal is final."))
    raise Refused(_("This person is already in this cohort."))
