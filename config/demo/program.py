"""The two programs, their cohorts, and what each cohort is owed of the eleven modules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from config.demo.cast import Cast
from config.demo.people import PANGEAN
from config.demo.places import Places
from mentoring.actions import assign_mentor
from programs.actions import create_cohort, create_program, create_trainer, enroll_person, set_requirements
from programs.models import Cohort, Enrollment, Program, Trainer
from programs.states import ModuleCode
from villages.models import Person, Village

MINIMUM: Final = 80
OWED: Final = {
    ModuleCode.MANAGEMENT: 360,
    ModuleCode.MARKET_ACCESS: 360,
    ModuleCode.MARKETING: 360,
    ModuleCode.HANDHOLDING: 4,
    ModuleCode.SAMPLE_SHIPPING: 2,
    ModuleCode.PRODUCTION_CAPACITY: 540,
    ModuleCode.DESIGN: 360,
    ModuleCode.BRANDING: 150,
    ModuleCode.QUALITY_ASSURANCE: 300,
    ModuleCode.FINANCE: 2,
    ModuleCode.INTERNATIONAL_TRADE: 2,
}


@dataclass(frozen=True)
class Support:
    """What runs where: programs, cohorts by village, trainers by key."""

    lamongan: Program
    lombok: Program
    cohorts: dict[str, Cohort]
    trainers: dict[str, Trainer]


def open_programs(cast: Cast, places: Places, *, at: datetime) -> Support:
    """Open the programs with their cohorts and mentors."""
    lamongan = _program("Desa Devisa Tenun Lamongan", "Disperindag Lamongan dan LPEI", by=cast.sari, at=at)
    lamongan.finance_officers.add(cast.joko)
    lombok = _program("Desa Devisa Songket Lombok", "LPEI", by=cast.wayan, at=at)
    cohorts = {
        "parengan": _cohort(lamongan, places.parengan, by=cast.sari, at=at),
        "pangean": _cohort(lamongan, places.pangean, capacity=len(PANGEAN) - 2, by=cast.sari, at=at),
        "sukarara": _cohort(lombok, places.sukarara, by=cast.wayan, at=at),
    }
    today = local_date(at, Zone.WIB)
    assign_mentor(mentor=cast.made, village=places.parengan, starts_on=today, by=cast.sari, at=at)
    assign_mentor(mentor=cast.agus, village=places.pangean, starts_on=today, by=cast.sari, at=at)
    assign_mentor(mentor=cast.ina, village=places.sukarara, starts_on=today, by=cast.wayan, at=at)
    trainers = {
        "ratna": _trainer("Ratna Kusumadewi", "Disperindag Jawa Timur", "081200000081", by=cast.sari, at=at),
        "bagus": _trainer("Bagus Santoso", "LPEI", "081200000082", by=cast.sari, at=at),
        "endah": _trainer("Endah Lestari", "Perancang tekstil", "081200000083", by=cast.sari, at=at),
        "putu": _trainer("Putu Ariani", "Koperasi Lombok", "081200000084", by=cast.wayan, at=at),
    }
    return Support(lamongan, lombok, cohorts, trainers)


def enroll(cohort: Cohort, people: list[Person], *, by: User, at: datetime) -> list[Enrollment]:
    """Accept everyone into the cohort."""
    return [enroll_person(cohort, person=person, by=by, at=at) for person in people]


def _program(name: str, organiser: str, *, by: User, at: datetime) -> Program:
    today = local_date(at, Zone.WIB)
    return create_program(
        name=name,
        organiser=organiser,
        funding_source="APBD dan LPEI",
        fiscal_year=today.year,
        starts_on=today,
        ends_on=today + timedelta(days=300),
        subsidy_ceiling=50_000_000,
        by=by,
        at=at,
    )


def _cohort(program: Program, village: Village, *, by: User, at: datetime, capacity: int | None = None) -> Cohort:
    today = local_date(at, village.zone)
    cohort = create_cohort(
        program=program,
        village=village,
        name="Angkatan 1",
        starts_on=today,
        ends_on=today + timedelta(days=240),
        capacity=capacity,
        by=by,
        at=at,
    )
    set_requirements(cohort, requirements={code: (owed, MINIMUM) for code, owed in OWED.items()}, by=by, at=at)
    return cohort


def _trainer(name: str, organisation: str, phone: str, *, by: User, at: datetime) -> Trainer:
    return create_trainer(name=name, organisation=organisation, phone=phone, by=by, at=at)
