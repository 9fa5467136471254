"""Giving villages to mentors, and taking them back."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from common.dates import local_date, local_moment
from common.errors import Refused, RowMoved
from common.events import record
from common.zones import Zone
from mentoring.actions.plan import release_plans
from mentoring.models import ActionItem, Assignment, VisitPlan
from mentoring.states import VisitState
from villages.models import Village

ONE_DAY = timedelta(days=1)


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
    """End the assignment with that day; what was planned for later is called off.

    The last of a village does not end while something there is open: that is handed over.
    """
    if ends_on < assignment.starts_on:
        raise ValidationError({"ends_on": _("An assignment ends after it starts.")}, code="ends_on")
    _one_at_a_time(assignment.village_id)
    _check_taken(assignment, ends_on)
    if not Assignment.objects.filter(pk=assignment.pk, ends_on__isnull=True).update(ends_on=ends_on):
        raise RowMoved(assignment)
    assignment.refresh_from_db(fields=["ends_on"])
    record(assignment, verb="ended", by=by, at=at, ends_on=ends_on.isoformat())
    release_plans(assignment.mentor_id, assignment.village, by=by, at=at)


@transaction.atomic
def reopen_assignment(assignment: Assignment, *, ends_on: date, by: User, at: datetime) -> None:
    """Let an assignment that was to end with that day go on."""
    if not Assignment.objects.filter(pk=assignment.pk, ends_on=ends_on).update(ends_on=None):
        raise RowMoved(assignment)
    assignment.refresh_from_db(fields=["ends_on"])
    record(assignment, verb="reopened", by=by, at=at)


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, by: User, at: datetime) -> None:
    """Take back an assignment: one that has not begun goes, one that has ends today."""
    today = local_date(at, Zone.WIB)
    if assignment.starts_on <= today:
        if assignment.ends_on is None:
            end_assignment(assignment, ends_on=today, by=by, at=at)
        return
    _one_at_a_time(assignment.village_id)
    _check_taken(assignment, assignment.starts_on - ONE_DAY)
    record(assignment, verb="withdrawn", by=by, at=at, village=assignment.village_id, mentor=assignment.mentor_id)
    Assignment.objects.filter(pk=assignment.pk).delete()
    release_plans(assignment.mentor_id, assignment.village, by=by, at=at)


def _one_at_a_time(village: int) -> None:
    """Let no two assignments of a village end at once: each would count on the other."""
    Village.objects.select_for_update(no_key=True).get(pk=village)


def _check_taken(assignment: Assignment, ends_on: date) -> None:
    """Refuse to leave open items, and plans beyond that day, to nobody."""
    village = assignment.village
    if Assignment.objects.filter(village=village).exclude(pk=assignment.pk).beyond(ends_on).exists():
        return
    items = ActionItem.objects.open().filter(village=village).exclude(visit__state=VisitState.DRAFT)
    after = local_moment(ends_on + ONE_DAY, time.min, village.zone)
    plans = VisitPlan.objects.open().filter(village=village, planned_at__gte=after)
    if items.exists() or plans.exists():
        raise Refused(
            _("Action items or planned visits are open in this village and nobody takes them over. Hand it over.")
        )
