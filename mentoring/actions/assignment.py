"""Giving villages to mentors."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from common.errors import RowMoved
from common.events import record
from mentoring.actions.plan import release_plans
from mentoring.models import Assignment
from villages.models import Village


@transaction.atomic
def assign_mentor(*, mentor: User, village: Village, starts_on: date, by: User, at: datetime) -> Assignment:
    """Give the mentor this village from that day on; twice at a time is refused by the database."""
    if mentor.role != Role.MENTOR or not mentor.is_active:
        raise ValidationError({"mentor": _("This account is not a mentor's.")}, code="mentor")
    assignment = Assignment.objects.create(mentor=mentor, village=village, starts_on=starts_on)
    record(
        assignment, verb="assigned", by=by, at=at, village=village.pk, mentor=mentor.pk, starts_on=starts_on.isoformat()
    )
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, ends_on: date, by: User, at: datetime) -> None:
    """End the assignment with that day; what was planned for later is called off."""
    if ends_on < assignment.starts_on:
        raise ValidationError({"ends_on": _("An assignment ends after it starts.")}, code="ends_on")
    if not Assignment.objects.filter(pk=assignment.pk, ends_on__isnull=True).update(ends_on=ends_on):
        raise RowMoved(assignment)
    assignment.refresh_from_db(fields=["ends_on"])
    record(assignment, verb="ended", by=by, at=at, ends_on=ends_on.isoformat())
    release_plans(assignment.mentor_id, assignment.village, by=by, at=at)
