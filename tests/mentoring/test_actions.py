"""Review, follow-up and assignment: each once, the slower hand is told."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from accounts.models import User
from common.errors import MoveRefused, RowMoved
from common.models import Event
from mentoring.actions import (
    approve_visit,
    assign_mentor,
    carry_over_action,
    drop_action,
    end_assignment,
    finish_action,
    return_visit,
    submit_visit,
)
from mentoring.models import ActionItem, Assignment, Visit
from mentoring.places import places_of
from programs.models import Cohort
from tests import factories
from villages.models import Village


@pytest.fixture
def submitted(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


def test_slower_of_two_reviewers_is_told(submitted: Visit, sari: User, at: datetime) -> None:
    other = Visit.objects.get(pk=submitted.pk)
    approve_visit(submitted, by=sari, at=at)
    with pytest.raises(RowMoved):
        return_visit(other, comment="Who came?", by=sari, at=at)
    assert Visit.objects.get(pk=submitted.pk).state == "approved"
    assert [event.verb for event in Event.objects.about(submitted)] == ["approved"]


def test_approved_visit_goes_nowhere(submitted: Visit, sari: User, made: User, at: datetime) -> None:
    approve_visit(submitted, by=sari, at=at)
    with pytest.raises(MoveRefused):
        return_visit(submitted, comment="No", by=sari, at=at)
    with pytest.raises(MoveRefused):
        submit_visit(submitted, by=made, at=at)


def test_visit_that_says_nothing_is_not_handed_in(cohort: Cohort, made: User, at: datetime) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state="draft", summary=" ")
    with translation.override("en"), pytest.raises(ValidationError, match="Say what was done"):
        submit_visit(visit, by=made, at=at)
    visit.modules.add(factories.module("design"))
    submit_visit(visit, by=made, at=at)
    assert visit.state == "submitted"


def test_return_without_a_comment_is_refused(submitted: Visit, sari: User, at: datetime) -> None:
    with pytest.raises(ValidationError):
        return_visit(submitted, comment="  ", by=sari, at=at)


def test_action_item_is_settled_once(submitted: Visit, made: User, sari: User, at: datetime) -> None:
    item = factories.ActionItemFactory.create(visit=submitted)
    other = ActionItem.objects.get(pk=item.pk)
    finish_action(item, by=made, at=at)
    with pytest.raises(RowMoved):
        drop_action(other, reason="No dye", by=sari, at=at)
    item.refresh_from_db()
    assert (item.state, item.settled_by, item.reason) == ("done", made, "")


def test_action_item_carried_over_is_open_again_on_its_new_day(submitted: Visit, made: User, at: datetime) -> None:
    item = factories.ActionItemFactory.create(visit=submitted)
    later = factories.VisitFactory.create(cohort=submitted.cohort, mentor=made)
    again = carry_over_action(item, due_on=date(2026, 11, 1), by=made, at=at, visit=later)
    assert (item.state, again.state, again.what, again.visit) == ("carried_over", "open", item.what, later)


def test_mentor_is_assigned_once_at_a_time(parengan: Village, made: User, sari: User, at: datetime) -> None:
    with pytest.raises(IntegrityError):
        assign_mentor(mentor=made, village=parengan, starts_on=date(2026, 10, 1), by=sari, at=at)


def test_only_mentors_are_assigned(parengan: Village, sari: User, at: datetime) -> None:
    with pytest.raises(ValidationError):
        assign_mentor(mentor=sari, village=parengan, starts_on=date(2026, 10, 1), by=sari, at=at)


def test_assignment_ends_once(made: User, sari: User, at: datetime) -> None:
    letter = Assignment.objects.get(mentor=made)
    other = Assignment.objects.get(mentor=made)
    end_assignment(letter, ends_on=date(2026, 10, 1), by=sari, at=at)
    with pytest.raises(RowMoved):
        end_assignment(other, ends_on=date(2026, 12, 1), by=sari, at=at)
    with pytest.raises(ValidationError):
        end_assignment(other, ends_on=date(2025, 12, 1), by=sari, at=at)


def test_places_of_a_mentor_end_with_their_letter(made: User, cohort: Cohort, at: datetime) -> None:
    assert [place.village for place in places_of(made, at=at)] == [cohort.village]
    made.assignments.update(ends_on=date(2026, 9, 30))
    assert places_of(made, at=at) == []


def test_places_come_with_the_last_visited_first(made: User, cohort: Cohort, at: datetime) -> None:
    other = factories.CohortFactory.create(village=factories.AssignmentFactory.create(mentor=made).village)
    factories.VisitFactory.create(cohort=other, mentor=made)
    assert [place.village for place in places_of(made, at=at)] == [other.village, cohort.village]
