"""The SQL equals a slow recount from the raw rows, for cohorts, villages, programs and people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Attendance, Cohort, Enrollment, Program, Requirement, Session, Trainer
from programs.states import SessionState
from progress.measures import count_cells, read_spans
from progress.summary import (
    Cell,
    CohortProgress,
    VillageProgress,
    cohort_progress,
    people_progress,
    person_progress,
    program_progress,
    programs_progress,
    training_hours,
    village_progress,
    villages_progress,
)
from tests import factories
from tests.progress import recount
from tests.progress.worlds import lay_world
from villages.models import Village

SEEDS = (1, 2, 3, 4, 5)


def shown(cells: tuple[Cell, ...]) -> list[recount.SlowCell]:
    return [
        recount.SlowCell(
            cell.module,
            cell.mode,
            cell.required,
            cell.delivered,
            cell.planned,
            cell.pending,
            cell.percent,
            str(cell.state),
            cell.behind,
        )
        for cell in cells
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_progress_equals_the_slow_recount(seed: int, at: datetime) -> None:
    for program in lay_world(seed, at):
        whole = program_progress(program, at=at)
        assert whole.percent == recount.program_percent(program, at)
        assert {each.village.pk for each in whole.villages} == set(program.cohorts.values_list("village", flat=True))
        for village in whole.villages:
            assert shown(village.modules) == recount.village_cells(program, village.village, at)
            assert village.percent == recount.village_percent(program, village.village, at)
            for each in village.cohorts:
                same_cohort(each, at)


def same_cohort(each: CohortProgress, at: datetime) -> None:
    assert shown(each.modules) == recount.cohort_cells(each.cohort, at)
    seats = list(Attendance.objects.filter(enrollment__cohort=each.cohort).select_related("session"))
    assert (each.seats.attendance, each.seats.commitment) == recount.rates(seats)
    assert cohort_progress(each.cohort, at=at) == each


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_people_equal_the_slow_recount(seed: int, at: datetime) -> None:
    lay_world(seed, at)
    for cohort in Cohort.objects.all():
        found = people_progress(cohort, at=at)
        assert len(found) == Enrollment.objects.filter(cohort=cohort).exclude(state="withdrawn").count()
        for person in found:
            attended, completed = recount.person_modules(person.enrollment)
            assert {cell.module: cell.attended for cell in person.modules if cell.attended} == {
                code: minutes
                for code, minutes in attended.items()
                if minutes and code in {c.module for c in person.modules}
            }
            assert person.completed == completed
            assert person in person_progress(person.enrollment.person, at=at)


@pytest.mark.django_db
def test_all_ways_of_reading_give_the_same(at: datetime) -> None:
    programs = lay_world(7, at)
    together = {each.program.pk: each for each in programs_progress(Program.objects.all(), at=at)}
    for program in programs:
        assert together[program.pk] == program_progress(program, at=at)
        rows = villages_progress(program, Village.objects.all(), at=at)
        assert tuple(rows) == together[program.pk].villages
        for row in rows:
            assert (program, row) in village_progress(row.village, Cohort.objects.all(), at=at)


def test_joint_session_counts_whole_in_each_cohort(cohort: Cohort, at: datetime) -> None:
    other = factories.CohortFactory.create(program=cohort.program)
    trainers = factories.TrainerFactory.create_batch(3)
    held(cohort, other, trainers=trainers, at=at)
    for each in (cohort, other):
        assert cell(cohort_progress(each, at=at), "design").delivered == 120
    assert cell(cohort_progress(cohort, at=at), "branding").delivered == 0


def test_visits_sessions_and_requirements_do_not_multiply(cohort: Cohort, at: datetime) -> None:
    factories.lay_requirements(cohort)
    for days in (1, 3, 5):
        held(cohort, at=at, days=days)
    for _ in range(4):
        visit = factories.VisitFactory.create(cohort=cohort, state="approved")
        visit.modules.set([factories.module("design"), factories.module("handholding"), factories.module("finance")])
    shown = cohort_progress(cohort, at=at)
    assert cell(shown, "design").delivered == 360
    assert (cell(shown, "handholding").delivered, cell(shown, "finance").delivered) == (4, 4)
    assert cell(shown, "sample-shipping").delivered == 0


def test_percents_are_floored_and_stop_at_100(cohort: Cohort, at: datetime) -> None:
    factories.RequirementFactory.create(cohort=cohort, required=361)
    held(cohort, at=at)
    assert cell(cohort_progress(cohort, at=at), "design").percent == 33
    Requirement.objects.update(required=7)
    assert cell(cohort_progress(cohort, at=at), "design").percent == 100
    assert cell(cohort_progress(cohort, at=at), "design").state == "complete"


def test_module_without_requirement_has_no_percent(cohort: Cohort, at: datetime) -> None:
    held(cohort, at=at)
    found = cell(cohort_progress(cohort, at=at), "design")
    assert (found.percent, found.state, found.delivered, found.behind) == (None, "not_required", 120, False)
    assert cohort_progress(cohort, at=at).percent is None
    assert program_progress(cohort.program, at=at).percent is None


def test_module_is_behind_once_a_scheduled_session_is_over(cohort: Cohort, at: datetime) -> None:
    factories.RequirementFactory.create(cohort=cohort, required=360)
    session = factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], starts_at=at - timedelta(hours=2)
    )
    moment_before = session.ends_at - timedelta(seconds=1)
    assert not cell(cohort_progress(cohort, at=moment_before), "design").behind
    found = cell(cohort_progress(cohort, at=session.ends_at), "design")
    assert (found.planned, found.behind, found.state) == (120, True, "not_started")


def test_visit_that_waits_is_pending_and_not_counted(cohort: Cohort, at: datetime) -> None:
    factories.RequirementFactory.create(cohort=cohort, module=factories.module("handholding"), required=2)
    for state in ("draft", "submitted", "returned", "approved"):
        factories.VisitFactory.create(cohort=cohort, state=state).modules.set([factories.module("handholding")])
    found = cell(cohort_progress(cohort, at=at), "handholding")
    assert (found.delivered, found.planned, found.pending, found.percent) == (1, 1, 1, 50)


def test_counts_can_be_asked_for_some_cells_only(cohort: Cohort, at: datetime) -> None:
    found = count_cells([cohort.pk], at=at, modules=["design", "finance"])
    assert [(count.cohort, count.module) for count in found] == [(cohort.pk, "design"), (cohort.pk, "finance")]
    assert count_cells([], at=at) == []


def test_person_needs_the_share_of_the_required_minutes(cohort: Cohort, at: datetime) -> None:
    factories.RequirementFactory.create(cohort=cohort, required=121, minimum_attendance=80)
    enrollment = factories.EnrollmentFactory.create(cohort=cohort)
    seat = sit(enrollment, held(cohort, at=at), minutes=96, at=at)
    (person,) = people_progress(cohort, at=at)
    assert (person.modules[4].needed, person.percent, person.completed) == (97, 99, False)
    seat.minutes = 97
    seat.save()
    (person,) = people_progress(cohort, at=at)
    assert (person.percent, person.completed, person.seats.attendance) == (100, True, 100)


@pytest.mark.django_db
def test_queries_do_not_grow_with_villages(at: datetime) -> None:
    counts = []
    for villages in (1, 7, 50):
        program = factories.ProgramFactory.create()
        for _ in range(villages):
            factories.EnrollmentFactory.create(cohort=factories.CohortFactory.create(program=program))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(program_progress(program, at=at).villages) == villages
        counts.append(len(queries))
    assert counts == [3, 3, 3]


def cell(progress: CohortProgress | VillageProgress, module: str) -> Cell:
    return next(each for each in progress.modules if each.module == module)


def held(*cohorts: Cohort, at: datetime, days: int = 1, trainers: Sequence[Trainer] = ()) -> Session:
    return factories.SessionFactory.create(
        program=cohorts[0].program,
        cohorts=cohorts,
        trainers=trainers,
        state=SessionState.HELD,
        starts_at=at - timedelta(days=days),
    )


def sit(enrollment: Enrollment, session: Session, *, minutes: int, at: datetime) -> Attendance:
    return factories.AttendanceFactory.create(
        session=session,
        enrollment=enrollment,
        state="present",
        minutes=minutes,
        marked_at=at,
        marked_by=factories.UserFactory.create(),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_run_from_the_first_session_to_the_last(db: None, seed: int, at: datetime) -> None:
    lay_world(seed, at)
    slow: dict[int, tuple[datetime, datetime]] = {}
    for seat in Attendance.objects.select_related("session"):
        session = seat.session
        if session.state in ("held", "closed") and seat.state in ("present", "late"):
            first, last = slow.get(seat.enrollment_id, (session.starts_at, session.ends_at))
            slow[seat.enrollment_id] = min(first, session.starts_at), max(last, session.ends_at)
    spans = read_spans(Enrollment.objects.values_list("pk", flat=True))
    assert {span.enrollment: (span.first_at, span.last_at) for span in spans} == slow
    assert read_spans([]) == []


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (44, 0), (45, 1), (89, 1), (360, 8)])
def test_training_hours_are_whole(minutes: int, hours: int) -> None:
    assert training_hours(minutes) == hours


@pytest.mark.parametrize("seed", SEEDS)
def test_attended_minutes_of_a_person_are_those_of_what_is_owed(db: None, seed: int, at: datetime) -> None:
    for program in lay_world(seed, at):
        for cohort in program.cohorts.all():
            owed = set(cohort.requirements.values_list("module", flat=True))
            for person in people_progress(cohort, at=at):
                assert person.attended == sum(cell.attended for cell in person.modules if cell.module in owed)
