"""Who of a cohort may get a certificate, by the one rule of `progress`, and what the others still lack."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from papers.models import Certificate
from programs.models import Cohort, Enrollment, Requirement
from programs.states import Mode
from progress.summary import PersonCell, PersonProgress, enrollments_progress


@dataclass(frozen=True)
class Candidate:
    """One participant, how far they are, and the certificate they have."""

    progress: PersonProgress
    certificate: Certificate | None

    @property
    def enrollment(self) -> Enrollment:
        """Name the participant."""
        return self.progress.enrollment

    @property
    def eligible(self) -> bool:
        """Tell whether everything that is asked for is reached."""
        return self.progress.completed

    @property
    def lacks(self) -> tuple[str, ...]:
        """Say of each module that is not reached how far it is."""
        return tuple(_said(cell) for cell in self.progress.required if not cell.reached)


@dataclass(frozen=True)
class Eligibility:
    """A cohort's participants, parted by whether they may get a certificate; who asked to be forgotten is left out."""

    cohort: Cohort
    asked: tuple[PersonCell, ...]
    candidates: tuple[Candidate, ...]

    @property
    def ready(self) -> tuple[Candidate, ...]:
        """Keep who may get one and has none."""
        return tuple(each for each in self.candidates if each.eligible and not each.certificate)

    @property
    def holders(self) -> tuple[Candidate, ...]:
        """Keep who has one."""
        return tuple(each for each in self.candidates if each.certificate)

    @property
    def short(self) -> tuple[Candidate, ...]:
        """Keep who has none and may not get one yet."""
        return tuple(each for each in self.candidates if not each.eligible and not each.certificate)

    @property
    def strayed(self) -> set[int]:
        """Name the enrollments whose certificate no longer fits what is recorded."""
        return {each.enrollment.pk for each in self.holders if not each.eligible}

    @property
    def rule(self) -> tuple[str, ...]:
        """Say what is asked for, module by module; nothing when the cohort is owed no training."""
        return tuple(_rule(cell) for cell in self.asked)

    def of(self, enrollment: int) -> Candidate | None:
        """Find one participant."""
        return next((each for each in self.candidates if each.enrollment.pk == enrollment), None)


def eligibility_of(cohort: Cohort, *, at: datetime) -> Eligibility:
    """Read everyone who has a seat in the cohort, by name; four queries whatever their number."""
    rows = Enrollment.objects.filter(cohort=cohort, person__erased_at__isnull=True).seated()
    valid = Certificate.objects.valid().filter(enrollment__cohort=cohort).order_by("pk")
    held = {certificate.enrollment_id: certificate for certificate in valid}
    people = enrollments_progress(rows, at=at)
    candidates = tuple(Candidate(person, held.get(person.enrollment.pk)) for person in people)
    return Eligibility(cohort, _asked(cohort), candidates)


def _asked(cohort: Cohort) -> tuple[PersonCell, ...]:
    owed = Requirement.objects.filter(cohort=cohort, module__mode=Mode.TRAINING).order_by("module__position")
    return tuple(PersonCell(row.module_id, 0, row.required, row.minimum_attendance) for row in owed)


def _said(cell: PersonCell) -> str:
    return _("%(module)s: %(attended)d of %(needed)d minutes") % {
        "module": cell.name,
        "attended": cell.attended,
        "needed": cell.needed,
    }


def _rule(cell: PersonCell) -> str:
    return _("%(module)s: at least %(needed)d of %(required)d minutes (%(minimum)d%%)") % {
        "module": cell.name,
        "needed": cell.needed,
        "required": cell.required,
        "minimum": cell.minimum,
    }
