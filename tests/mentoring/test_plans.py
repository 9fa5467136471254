"""Planned visits: moved, called off, and fulfilled by the visit that is submitted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import translation

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from mentoring.actions import cancel_visit_plan, end_assignment, move_visit, plan_visit, put_visit, return_visit
from mentoring.actions.plan import fulfil_plan
from mentoring.content import VisitContent
from mentoring.models import Visit, VisitPlan
from mentoring.states import VisitMode
from programs.models import Cohort
from tests import factories
from villages.models import Village

DAY = timedelta(days=1)


@pytest.fixture
def plan(cohort: Cohort, made: User) -> VisitPlan:
    """Made means to come on Sunday, 4 October, 10.00 WIB."""
    return factories.VisitPlanFactory.create(mentor=made, village=cohort.village)


def visit(plan: VisitPlan, cohort: Cohort, *, at: datetime, visited_at: datetime, key: UUID | None = None) -> Visit:
    """Submit a visit of that mentor to that village, as a phone does."""
    content = VisitContent(
        village=plan.village_id,
        program=cohort.program_id,
        visited_at=visited_at,
        mode=VisitMode.ON_SITE,
        modules=("handholding",),
        summary="Two kodi.",
        state="submitted",
    )
    known = Visit.objects.filter(pk=key).values_list("version", flat=True).first() if key else None
    verdict = put_visit(id=key or uuid4(), content=content, by=plan.mentor, at=at, base_version=known)
    assert verdict.visit
    return verdict.visit


def verbs(plan: VisitPlan) -> list[str]:
    return [event.verb for event in Event.objects.about(plan).order_by("pk")]


def test_visit_is_planned_with_its_purpose_and_kept_out_of_the_past(
    made: User, parengan: Village, at: datetime
) -> None:
    made_at = at + DAY
    plan = plan_visit(mentor=made, village=parengan, planned_at=made_at, purpose=" Two kodi ", by=made, at=at)
    assert (plan.state, plan.purpose, plan.planned_at) == ("planned", "Two kodi", made_at)
    assert Event.objects.about(plan).get().facts == {"village": parengan.pk, "planned_at": made_at.isoformat()}
    for wrong in (at, at - DAY, at + 367 * DAY):
        with pytest.raises(ValidationError) as refused:
            plan_visit(mentor=made, village=parengan, planned_at=wrong, by=made, at=at)
        assert "planned_at" in refused.value.message_dict


def test_only_a_mentor_who_holds_the_village_on_that_day_goes(
    made: User, ina: User, parengan: Village, at: datetime
) -> None:
    made.assignments.update(ends_on=date(2026, 10, 5))
    plan_visit(mentor=made, village=parengan, planned_at=at + 4 * DAY, by=made, at=at)
    for mentor, ahead in ((made, 5), (ina, 1)):
        with pytest.raises(ValidationError) as refused:
            plan_visit(mentor=mentor, village=parengan, planned_at=at + ahead * DAY, by=mentor, at=at)
        assert "village" in refused.value.message_dict


def test_same_visit_is_planned_once(plan: VisitPlan, made: User, at: datetime) -> None:
    with translation.override("en"), pytest.raises(IntegrityError, match="visit_is_planned_once"):
        plan_visit(mentor=made, village=plan.village, planned_at=plan.planned_at, by=made, at=at)


def test_moving_keeps_the_row_and_its_history(plan: VisitPlan, made: User, sari: User, at: datetime) -> None:
    other, was = VisitPlan.objects.get(pk=plan.pk), plan.planned_at
    move_visit(plan, planned_at=was + DAY, by=sari, at=at)
    assert (plan.state, plan.version, plan.planned_at) == ("planned", 2, was + DAY)
    move_visit(plan, planned_at=was + DAY, by=sari, at=at)  # pressed twice
    with pytest.raises(RowMoved):
        move_visit(other, planned_at=was + 2 * DAY, by=made, at=at)
    move_visit(plan, planned_at=plan.planned_at, purpose="Three kodi", by=made, at=at)
    assert verbs(plan) == ["moved", "changed"]
    assert Event.objects.about(plan).get(verb="moved").facts["was"] == was.isoformat()


def test_slower_hand_is_told_by_the_version_it_read(plan: VisitPlan, sari: User, at: datetime) -> None:
    move_visit(plan, planned_at=plan.planned_at + DAY, by=sari, at=at)
    with pytest.raises(RowMoved):
        cancel_visit_plan(plan, reason="Rain", by=sari, at=at, version=1)
    cancel_visit_plan(plan, reason="Rain", by=sari, at=at, version=2)
    assert (plan.state, plan.reason) == ("cancelled", "Rain")


def test_called_off_is_called_off(plan: VisitPlan, made: User, at: datetime) -> None:
    with pytest.raises(ValidationError):
        cancel_visit_plan(plan, reason=" ", by=made, at=at)
    cancel_visit_plan(plan, reason="Ill", by=made, at=at)
    with pytest.raises(MoveRefused):
        cancel_visit_plan(plan, reason="Ill", by=made, at=at)
    with pytest.raises(Refused):
        move_visit(plan, planned_at=plan.planned_at + DAY, by=made, at=at)


@pytest.mark.parametrize(
    ("days", "fulfils"),
    [(-1, False), (0, True), (3, True), (4, False)],
    ids=["before", "on the day", "3 after", "4 after"],
)
def test_visit_on_the_day_or_three_later_fulfils_the_plan(
    plan: VisitPlan, cohort: Cohort, *, days: int, fulfils: bool
) -> None:
    when = plan.planned_at + days * DAY
    done = visit(plan, cohort, at=when + timedelta(hours=1), visited_at=when)
    plan.refresh_from_db()
    assert (plan.state, plan.visit) == (("visited", done) if fulfils else ("planned", None))


def test_day_is_the_villages_own(ina: User, elsewhere: Village, at: datetime) -> None:
    """22.30 UTC on the 3rd is the 4th, 06.30, in Sukarara (WITA): the plan of the 4th, 10.00, is kept."""
    cohort = factories.CohortFactory.create(village=elsewhere)
    plan = factories.VisitPlanFactory.create(
        mentor=ina, village=elsewhere, planned_at=datetime(2026, 10, 4, 2, 0, tzinfo=UTC)
    )
    early = datetime(2026, 10, 3, 15, 59, tzinfo=UTC)  # 23.59 WITA on the 3rd
    visit(plan, cohort, at=early + DAY, visited_at=early)
    plan.refresh_from_db()
    assert plan.state == "planned"
    visit(plan, cohort, at=early + DAY, visited_at=datetime(2026, 10, 3, 22, 30, tzinfo=UTC))
    plan.refresh_from_db()
    assert plan.state == "visited"


def test_oldest_open_plan_is_fulfilled_and_one_visit_keeps_one_word(plan: VisitPlan, cohort: Cohort) -> None:
    later = factories.VisitPlanFactory.create(
        mentor=plan.mentor, village=plan.village, planned_at=plan.planned_at + DAY
    )
    when = later.planned_at + timedelta(hours=1)
    first = visit(plan, cohort, at=when + timedelta(hours=1), visited_at=when)
    for row in (plan, later):
        row.refresh_from_db()
    assert (plan.visit, later.state) == (first, "planned")
    second = visit(plan, cohort, at=when + timedelta(hours=2), visited_at=when + timedelta(minutes=5))
    later.refresh_from_db()
    assert later.visit == second


def test_drafts_corrections_and_other_mentors_keep_no_word(plan: VisitPlan, cohort: Cohort, sari: User) -> None:
    when = plan.planned_at
    other = factories.AssignmentFactory.create(village=plan.village).mentor
    factories.VisitFactory.create(cohort=cohort, mentor=plan.mentor, visited_at=when, state="draft")
    approved = factories.VisitFactory.create(cohort=cohort, mentor=plan.mentor, visited_at=when, state="approved")
    correction = factories.VisitFactory.create(cohort=cohort, mentor=plan.mentor, visited_at=when, corrects=approved)
    stranger = factories.VisitFactory.create(cohort=cohort, mentor=other, visited_at=when)
    for row in (correction, stranger):
        fulfil_plan(row, by=sari, at=when)
    plan.refresh_from_db()
    assert plan.state == "planned"


def test_visit_that_turns_out_another_day_opens_the_plan_again(plan: VisitPlan, cohort: Cohort, sari: User) -> None:
    when, later = plan.planned_at, plan.planned_at + 6 * DAY
    done = visit(plan, cohort, at=when + timedelta(hours=1), visited_at=when)
    return_visit(done, comment="Which day?", by=sari, at=later)
    visit(plan, cohort, at=later, visited_at=when, key=done.pk)
    plan.refresh_from_db()
    assert (plan.state, verbs(plan)) == ("visited", ["visited"])
    done.refresh_from_db()
    return_visit(done, comment="Really?", by=sari, at=later)
    visit(plan, cohort, at=later, visited_at=when - DAY, key=done.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.visit, verbs(plan)) == ("planned", None, ["visited", "reopened"])


def test_repeated_sending_fulfils_once(plan: VisitPlan, cohort: Cohort) -> None:
    later = factories.VisitPlanFactory.create(
        mentor=plan.mentor, village=plan.village, planned_at=plan.planned_at + DAY
    )
    key = uuid4()
    for _ in range(3):
        visit(plan, cohort, at=later.planned_at, visited_at=later.planned_at, key=key)
    later.refresh_from_db()
    assert later.state == "planned"


def test_end_of_an_assignment_calls_off_what_was_planned_for_later(
    plan: VisitPlan, made: User, sari: User, at: datetime
) -> None:
    factories.AssignmentFactory.create(village=plan.village)  # somebody stays
    sooner = factories.VisitPlanFactory.create(mentor=made, village=plan.village, planned_at=at + DAY)
    end_assignment(made.assignments.get(), ends_on=date(2026, 10, 3), by=sari, at=at)
    for row in (plan, sooner):
        row.refresh_from_db()
    assert (plan.state, sooner.state) == ("cancelled", "planned")
    assert plan.reason


def test_late_begins_on_the_fourth_day_of_the_village(plan: VisitPlan, ina: User, elsewhere: Village) -> None:
    """Planned for the 4th; the 8th begins at 17.00 UTC in Parengan (WIB) and at 16.00 UTC in Sukarara (WITA)."""
    there = factories.VisitPlanFactory.create(mentor=ina, village=elsewhere, planned_at=plan.planned_at)

    def late(hour: int) -> set[UUID]:
        return set(VisitPlan.objects.late(datetime(2026, 10, 7, hour, 0, tzinfo=UTC)).values_list("pk", flat=True))

    assert (late(15), late(16), late(17)) == (set(), {there.pk}, {there.pk, plan.pk})
    plan.state, plan.reason = "cancelled", "Ill"
    plan.save()
    assert late(17) == {there.pk}


@pytest.mark.django_db(transaction=True)
def test_two_visits_at_one_moment_keep_two_words(modules: None, cohort: Cohort, made: User) -> None:
    plans = [
        factories.VisitPlanFactory.create(
            mentor=made, village=cohort.village, planned_at=factories.NOW + hours * DAY / 24
        )
        for hours in (1, 2)
    ]
    when = factories.NOW + timedelta(hours=5)

    def submit(_index: int) -> None:
        try:
            visit(plans[0], cohort, at=when, visited_at=when)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(submit, range(2)))
    held = VisitPlan.objects.values_list("state", "visit")
    assert {state for state, _visit in held} == {"visited"}
    assert len({key for _state, key in held}) == 2
