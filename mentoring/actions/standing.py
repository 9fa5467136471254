"""Whether a mentor may write this visit, which cohort it serves, and what a person has to look at first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from mentoring.clock import SKEW, is_off
from mentoring.content import VisitContent
from mentoring.models import Assignment, Visit
from mentoring.states import HeldReason, VisitState
from programs.models import Cohort, Program
from programs.states import ModuleCode
from villages.models import Person, Village
from villages.states import Criterion

EARLIEST_YEAR = 2000
LONGEST_SUMMARY = 4000


@dataclass(frozen=True)
class Standing:
    """Where a visit stands: the cohort it serves, when it was by the right clock, and why it waits for a person."""

    cohort: Cohort | None
    visited_at: datetime
    hindrance: HeldReason | None


def standing_of(content: VisitContent, *, by: User, at: datetime, skew: int | None = None) -> Standing:
    """Place the content in the world as it is at `at`; what can never fit is a ValidationError by field.

    `skew` says how many seconds the phone's clock was ahead when it sent.
    """
    village = _village(content, by=by)
    moment = _moment(content.visited_at, at=at, skew=skew)
    _check_words(content)
    _check_people(content)
    if content.corrects is not None:
        _check_correction(content.corrects, village, by=by)
    day = local_date(moment, village.zone)
    cohort = _cohort(content, day)
    return Standing(cohort, moment, _hindrance(content, village, moment, by=by, at=at))


def _village(content: VisitContent, *, by: User) -> Village:
    """Read the village if it is or was the mentor's."""
    village = Village.objects.select_related("region").filter(pk=content.village).first()
    if village is None or not Assignment.objects.filter(mentor=by, village=village).exists():
        raise ValidationError({"village": _("You are not assigned to this village.")}, code="village")
    return village


def _moment(said: datetime, *, at: datetime, skew: int | None) -> datetime:
    """Take the phone's time; one that cannot be, only because its clock is wrong, is read by the server's."""
    by_ours = said - timedelta(seconds=skew) if skew is not None and is_off(skew) else said
    for moment in (said, by_ours):
        if moment.year >= EARLIEST_YEAR and moment <= at + SKEW:
            return moment
    if said > at:
        raise ValidationError(
            {"visited_at": _("A visit is logged after it happened; this time is still to come.")}, code="future"
        )
    raise ValidationError({"visited_at": _("This date is too long ago.")}, code="past")


def _hindrance(
    content: VisitContent, village: Village, moment: datetime, *, by: User, at: datetime
) -> HeldReason | None:
    """Find why a person has to look first: not the mentor's on that day nor now, a closed period, a wrong clock."""
    letters = Assignment.objects.filter(mentor=by, village=village)
    day, today = (local_date(each, village.zone) for each in (moment, at))
    if not any(letters.current(each).exists() for each in (day, today)):
        return HeldReason.NOT_ASSIGNED
    if Program.objects.filter(pk=content.program, closed_through__gte=day).exists():
        return HeldReason.CLOSED_PERIOD
    return None if moment == content.visited_at else HeldReason.CLOCK


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
    cohorts = Cohort.objects.filter(village=content.village, program=content.program)
    if content.cohort is not None:
        given = cohorts.filter(pk=content.cohort).first()
        if given is None:
            raise ValidationError({"cohort": _("This cohort is not one of this village and program.")}, code="cohort")
        return given
    running = cohorts.serving(day)
    if running is None and not cohorts.exists():
        raise ValidationError({"program": _("This program has no cohort in this village.")}, code="program")
    return running
