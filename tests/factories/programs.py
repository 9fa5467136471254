"""Programs, cohorts, sessions and seats."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from programs.models import (
    Attendance,
    Booking,
    Cohort,
    Enrollment,
    Module,
    Program,
    Requirement,
    Session,
    SessionRevision,
    Trainer,
    Venue,
)
from programs.states import (
    AttendanceSource,
    AttendanceState,
    EnrollmentState,
    Mode,
    ModuleCode,
    SessionState,
)
from tests.factories.base import NOW, RowFactory, counted, from_row, lay_modules, lay_region, lazily, module, one
from tests.factories.people import PersonFactory, UserFactory, VillageFactory


class ProgramFactory(RowFactory[Program]):
    """This year's program."""

    class Meta:
        model = Program

    name = counted(lambda n: f"Program {n}")
    organiser = "Disperindag"
    fiscal_year = 2026
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    subsidy_ceiling = 50_000_000

    coordinators: Iterable[User] = ()

    @classmethod
    def _create(cls, model_class: type[Program], *_: Any, coordinators: Iterable[User] = (), **columns: Any) -> Program:
        program = model_class.objects.create(**columns)
        program.coordinators.set(coordinators)
        return program


class CohortFactory(RowFactory[Cohort]):
    """A cohort of one village."""

    class Meta:
        model = Cohort

    program = one(ProgramFactory)
    village = one(VillageFactory)
    name = counted(lambda n: f"Cohort {n}")
    starts_on = date(2026, 1, 15)
    ends_on = date(2026, 12, 15)


class RequirementFactory(RowFactory[Requirement]):
    """Six hours of a training module."""

    class Meta:
        model = Requirement

    cohort = one(CohortFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    required = 360
    minimum_attendance = 80


class EnrollmentFactory(RowFactory[Enrollment]):
    """An accepted participant from the cohort's village."""

    class Meta:
        model = Enrollment

    cohort = one(CohortFactory)
    person = from_row(lambda row: PersonFactory.create(village=row.cohort.village))
    state = EnrollmentState.ACCEPTED
    enrolled_at = NOW - timedelta(days=50)


class TrainerFactory(RowFactory[Trainer]):
    """Someone who teaches."""

    class Meta:
        model = Trainer

    name = counted(lambda n: f"Trainer {n}")


class VenueFactory(RowFactory[Venue]):
    """A hall in Parengan."""

    class Meta:
        model = Venue

    name = counted(lambda n: f"Hall {n}")
    region = lazily(lay_region)
    landmark = "Depan masjid"


class SessionFactory(RowFactory[Session]):
    """A scheduled session of two hours, three days ahead, with its first revision and its bookings."""

    class Meta:
        model = Session

    program = one(ProgramFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    venue = one(VenueFactory)
    zone = from_row(lambda row: row.venue.zone if row.venue else "Asia/Jakarta")
    starts_at = NOW + timedelta(days=3)
    ends_at = from_row(lambda row: row.starts_at + timedelta(hours=2))
    state = SessionState.SCHEDULED
    reason = from_row(lambda row: "Hall flooded" if row.state == SessionState.CANCELLED else "")

    cohorts: Iterable[Cohort] = ()
    trainers: Iterable[Trainer] = ()

    @classmethod
    def _create(
        cls,
        model_class: type[Session],
        *_: Any,
        cohorts: Iterable[Cohort] = (),
        trainers: Iterable[Trainer] = (),
        **columns: Any,
    ) -> Session:
        session = model_class.objects.create(**columns)
        taken: list[dict[str, Any]] = [{"venue": session.venue}] if session.venue else []
        taken += [{"cohort": cohort} for cohort in cohorts] + [{"trainer": trainer} for trainer in trainers]
        for thing in taken:
            BookingFactory.create(session=session, **thing)
        SessionRevisionFactory.create(session=session)
        return session


class BookingFactory(RowFactory[Booking]):
    """One trainer, venue or cohort, taken for the time of a session."""

    class Meta:
        model = Booking

    session = one(SessionFactory)
    starts_at = from_row(lambda row: row.session.starts_at)
    ends_at = from_row(lambda row: row.session.ends_at)
    live = from_row(lambda row: row.session.state != SessionState.CANCELLED)


class SessionRevisionFactory(RowFactory[SessionRevision]):
    """What was promised first."""

    class Meta:
        model = SessionRevision

    session = one(SessionFactory)
    number = from_row(lambda row: row.session.revisions.count() + 1)
    reason = from_row(lambda row: "" if row.number == 1 else "Market day")
    starts_at = from_row(lambda row: row.session.starts_at)
    ends_at = from_row(lambda row: row.session.ends_at)
    venue = from_row(lambda row: row.session.venue)
    by = one(UserFactory)
    at = NOW - timedelta(days=20)


class AttendanceFactory(RowFactory[Attendance]):
    """A seat, not marked yet."""

    class Meta:
        model = Attendance

    session = one(SessionFactory)
    enrollment = one(EnrollmentFactory)


class MarkedSeatFactory(AttendanceFactory):
    """A seat whose person was absent, as the sheet says."""

    state = AttendanceState.ABSENT
    source = AttendanceSource.TRAINER
    marked_at = from_row(lambda row: row.session.ends_at)
    marked_by = one(UserFactory)
    version = 1


def lay_requirements(cohort: Cohort) -> list[Requirement]:
    """Ask something of all eleven modules: 360 minutes of training, two visits, one claim."""
    lay_modules()
    amounts = {Mode.TRAINING: 360, Mode.VISIT: 2, Mode.MENTORING: 2, Mode.BENEFIT: 1}
    return [
        RequirementFactory.create(cohort=cohort, module=row, required=amounts[Mode(row.mode)])
        for row in Module.objects.order_by("position")
    ]


# -- mentoring --------------------------------------------------------------------------------------------------------
