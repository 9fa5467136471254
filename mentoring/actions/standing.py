"""Whether a mentor may write this visit, and which cohort it serves."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from mentoring.content import VisitContent
from mentoring.models import Assignment, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from programs.states import ModuleCode
from villages.models import Person, Village
from villages.states import Criterion

SKEW = timedelta(minutes=10)
EARLIEST_YEAR = 2000
LONGEST_SUMMARY = 4000


def standing_of(content: VisitContent, *, by: User, at: datetime) -> Cohort | None:
    """Choose the cohort that the content serves; what does not fit the world is a ValidationError by field."""
    village = _village(content, by=by, at=at)
    _check_time(content, at=at)
    _check_words(content)
    _check_people(content)
    if content.corrects is not None:
        _check_correction(content.corrects, village, by=by)
    return _cohort(content, local_date(content.visited_at, village.zone))


def _village(content: VisitContent, *, by: User, at: datetime) -> Village:
    """Read the village if the mentor holds it, on the day of the visit or now."""
    village = Village.objects.select_related("region").filter(pk=content.village).first()
    if village is not None:
        held = Assignment.objects.filter(mentor=by, village=village)
        days = (local_date(moment, village.zone) for moment in (content.visited_at, at))
        if any(held.current(day).exists() for day in days):
            return village
    raise ValidationError({"village": _("You are not assigned to this village.")}, code="village")


def _check_time(content: VisitContent, *, at: datetime) -> None:
    if content.visited_at > at + SKEW:
        raise ValidationError(
            {"visited_at": _("A visit is logged after it happened; this time is still to come.")}, code="future"
        )
    if content.visited_at.year < EARLIEST_YEAR:
        raise ValidationError({"visited_at": _("This date is too long ago.")}, code="past")


def _check_words(content: VisitContent) -> None:
    if set(content.modules) - set(ModuleCode.values):
        raise ValidationError({"modules": _("The programme has eleven modules; this is none of them.")}, code="module")
    if len(content.summary) > LONGEST_SUMMARY:
        raise ValidationError({"summary": _("At most 4,000 characters.")}, code="length")
    if content.state not in (VisitState.DRAFT, VisitState.SUBMITTED):
        raise ValidationError({"state": _("A visit is sent as a draft or as submitted.")}, code="state")
    for found in content.findings:
        known = (found.module in ModuleCode.values, found.criterion in Criterion.values)
        blank = (found.module == "", found.criterion == "")
        if (known, blank) not in (((True, False), (False, True)), ((False, True), (True, False))):
            raise ValidationError({"findings": _("A finding is about one module or one criterion.")}, code="finding")


def _check_people(content: VisitContent) -> None:
    known = Person.objects.filter(village=content.village).once(content.people) if content.people else {}
    if len(known) != len(content.people):
        raise ValidationError(
            {"attendees": _("Someone on the list is not from this village. Write them down by name.")}, code="person"
        )


def _check_correction(corrects: UUID, village: Village, *, by: User) -> None:
    corrected = Visit.objects.filter(pk=corrects, mentor=by, village=village, state=VisitState.APPROVED)
    if not corrected.exists():
        raise ValidationError(
            {"corrects": _("A correction belongs to an approved visit of yours in the same village.")}, code="corrects"
        )


def _cohort(content: VisitContent, day: date) -> Cohort | None:
    """Take the cohort that was given, else the one running on that day, the latest started when several."""
    cohorts = list(Cohort.objects.filter(village=content.village, program=content.program))
    if not cohorts:
        raise ValidationError({"program": _("This program has no cohort in this village.")}, code="program")
    if content.cohort is not None:
        given = next((cohort for cohort in cohorts if cohort.pk == content.cohort), None)
        if given is None:
            raise ValidationError({"cohort": _("This cohort is not one of this village and program.")}, code="cohort")
        return given
    running = [cohort for cohort in cohorts if cohort.starts_on <= day <= cohort.ends_on]
    return max(running, key=lambda cohort: (cohort.starts_on, cohort.pk), default=None)
