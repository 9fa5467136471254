"""Programs, and what all programs share: trainers and venues."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.states import Role
from common.events import record
from common.phones import parse_phone
from programs.models import Program, Trainer, Venue
from villages.models import Region
from villages.successors import refuse_gone

COLUMNS = frozenset(
    {
        "name",
        "organiser",
        "funding_source",
        "fiscal_year",
        "starts_on",
        "ends_on",
        "subsidy_ceiling",
        "travel_buffer",
        "sends_invitation",
        "sends_h3",
        "sends_h1",
        "sends_h0",
    }
)


@transaction.atomic
def create_program(
    *,
    name: str,
    organiser: str,
    fiscal_year: int,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    funding_source: str = "",
    subsidy_ceiling: Decimal | int = 0,
    coordinators: Iterable[User] = (),
    **switches: bool,
) -> Program:
    """Open a program; the coordinator who opens it runs it."""
    _refuse_unknown(switches)
    program = Program(name=name, organiser=organiser, fiscal_year=fiscal_year, starts_on=starts_on, ends_on=ends_on)
    program.funding_source, program.subsidy_ceiling = funding_source, Decimal(subsidy_ceiling)
    for column, value in switches.items():
        setattr(program, column, value)
    program.full_clean()
    program.save(force_insert=True)
    program.coordinators.set({*coordinators, *([by] if by.role == Role.COORDINATOR else [])})
    record(program, verb="created", by=by, at=at)
    return program


@transaction.atomic
def change_program(
    program: Program, *, by: User, at: datetime, coordinators: Iterable[User] | None = None, **columns: object
) -> None:
    """Change what a program is and what it sends; saying what is so already changes nothing."""
    _refuse_unknown(columns)
    changed = {column: value for column, value in columns.items() if getattr(program, column) != value}
    for column, value in changed.items():
        setattr(program, column, value)
    program.full_clean()
    program.save(update_fields=[*changed])
    names = sorted(changed)
    if coordinators is not None and {user.pk for user in coordinators} != {
        *program.coordinators.values_list("pk", flat=True)
    }:
        program.coordinators.set(coordinators)
        names.append("coordinators")
    if names:
        record(program, verb="changed", by=by, at=at, columns=names)


@transaction.atomic
def create_trainer(
    *, name: str, by: User, at: datetime, organisation: str = "", phone: str = "", user: User | None = None
) -> Trainer:
    """Add someone who teaches; all programs share them, so that nobody is booked twice."""
    number = parse_phone(phone) if phone else ""
    trainer = Trainer(name=name, organisation=organisation, phone=number, user=user)
    trainer.full_clean()
    trainer.save(force_insert=True)
    record(trainer, verb="created", by=by, at=at)
    return trainer


@transaction.atomic
def create_venue(
    *, name: str, region: Region, by: User, at: datetime, landmark: str = "", capacity: int | None = None
) -> Venue:
    """Add a place where people meet; its region tells its time zone."""
    refuse_gone(region)
    venue = Venue(name=name, region=region, landmark=landmark, capacity=capacity)
    venue.full_clean()
    venue.save(force_insert=True)
    record(venue, verb="created", by=by, at=at, region=region.pk)
    return venue


def _refuse_unknown(columns: Iterable[str]) -> None:
    unknown = set(columns) - COLUMNS
    if unknown:
        raise TypeError(f"a program has no {', '.join(sorted(unknown))}")
