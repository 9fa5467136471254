"""A random program: villages, cohorts, joint sessions, seats and visits in every state."""

from datetime import datetime, timedelta
from random import Random

from mentoring.states import VisitState
from programs.models import Booking, Cohort, Enrollment, Module, Program, Session
from programs.states import AttendanceState, Excuse, SessionState
from tests import factories

STATES = (SessionState.DRAFT, SessionState.SCHEDULED, SessionState.HELD, SessionState.CLOSED, SessionState.CANCELLED)
HELD = (SessionState.HELD, SessionState.CLOSED)


def lay_world(seed: int, at: datetime, *, villages: int = 4) -> list[Program]:
    """Lay two programs over the same villages; the same seed lays the same world."""
    chance = Random(seed)  # noqa: S311  invented data
    factories.lay_modules()
    modules = list(Module.objects.order_by("position"))
    places = factories.VillageFactory.create_batch(villages)
    coordinator = factories.UserFactory.create()
    programs = factories.ProgramFactory.create_batch(2, coordinators=[coordinator])
    cohorts = [
        factories.CohortFactory.create(program=program, village=village)
        for program in programs
        for village in places
        for _ in range(chance.randint(0, 2))
    ]
    for cohort in cohorts:
        _require(chance, cohort, modules)
        for _ in range(chance.randint(0, 4)):
            factories.EnrollmentFactory.create(
                cohort=cohort, state=chance.choice(["accepted", "active", "withdrawn"]), reason="moved"
            )
    for program in programs:
        _meet(chance, program, [cohort for cohort in cohorts if cohort.program_id == program.pk], modules, at)
    for _ in range(6 * villages):
        _visit(chance, chance.choice(cohorts), modules, at) if cohorts else None
    return programs


def _require(chance: Random, cohort: Cohort, modules: list[Module]) -> None:
    for module in modules:
        if chance.random() < 0.7:
            size = chance.choice([45, 90, 100, 333]) if module.mode == "training" else chance.randint(1, 3)
            share = chance.choice([0, 75, 80, 100])
            factories.RequirementFactory.create(cohort=cohort, module=module, required=size, minimum_attendance=share)


def _meet(chance: Random, program: Program, cohorts: list[Cohort], modules: list[Module], at: datetime) -> None:
    start = at - timedelta(days=40)
    for _ in range(25 if cohorts else 0):
        start += timedelta(hours=chance.choice([9, 26, 50]))
        joined = chance.sample(cohorts, k=min(len(cohorts), chance.randint(1, 3)))
        state = chance.choice(STATES)
        session = Session.objects.create(
            program=program,
            module=chance.choice(modules),
            venue=factories.VenueFactory.create(),
            zone="Asia/Jakarta",
            starts_at=start,
            ends_at=start + timedelta(minutes=chance.choice([30, 45, 90, 121]), seconds=chance.choice([0, 59])),
            state=state,
            reason="rain" if state == SessionState.CANCELLED else "",
        )
        times = {"starts_at": session.starts_at, "ends_at": session.ends_at, "live": state != SessionState.CANCELLED}
        things = [{"cohort": cohort} for cohort in joined]
        things += [{"trainer": factories.TrainerFactory.create()} for _ in range(chance.randint(0, 2))]  # type: ignore[dict-item]
        Booking.objects.bulk_create(Booking(session=session, **times, **thing) for thing in things)
        _sit(chance, session, joined, at)


def _sit(chance: Random, session: Session, cohorts: list[Cohort], at: datetime) -> None:
    for enrollment in Enrollment.objects.filter(cohort__in=cohorts):
        if chance.random() < 0.8:
            begun = session.starts_at < at and session.state not in (SessionState.DRAFT, SessionState.CANCELLED)
            state = chance.choice(AttendanceState.values) if begun else AttendanceState.EXPECTED
            came = state in (AttendanceState.PRESENT, AttendanceState.LATE)
            factories.AttendanceFactory.create(
                session=session,
                enrollment=enrollment,
                state=state,
                minutes=chance.randint(0, session.minutes) if came else 0,
                excuse=Excuse.SICK if state == AttendanceState.EXCUSED else Excuse.NONE,
                marked_at=None if state == AttendanceState.EXPECTED else at,
                marked_by=None if state == AttendanceState.EXPECTED else factories.UserFactory.create(),
            )


def _visit(chance: Random, cohort: Cohort, modules: list[Module], at: datetime) -> None:
    visit = factories.VisitFactory.create(
        cohort=cohort,
        state=chance.choice(VisitState.values),
        visited_at=at - timedelta(days=chance.randint(0, 60)),
    )
    visit.modules.set(chance.sample(modules, k=chance.randint(0, 5)))
