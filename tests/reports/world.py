"""A September in which something of everything happened in Parengan, and a little elsewhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from programs.models import Cohort
from tests import factories
from villages.models import BusinessUnit

FIRST = datetime(2026, 9, 1, 2, tzinfo=UTC)


def lay_september(cohort: Cohort) -> BusinessUnit:
    """Hold a session with two women and a man, visit twice, pay one claim, verify two exports and report one."""
    lay_session(cohort, FIRST + timedelta(days=3), ("female", "female", "male"))
    for state in ("approved", "submitted"):
        visit = factories.VisitFactory.create(cohort=cohort, state=state, visited_at=FIRST + timedelta(days=5))
        factories.ActionItemFactory.create(visit=visit)
    unit = factories.BusinessUnitFactory.create(village=cohort.village, name="Weavers of Parengan")
    home = factories.BusinessUnitFactory.create(village=cohort.village, name="Bu Lidia", kind="household")
    given: dict[str, Any] = {"exported_on": date(2026, 9, 20)}
    factories.TransactionFactory.create(business_unit=unit, state="verified", **given)
    factories.TransactionFactory.create(
        business_unit=home,
        state="verified",
        product="Scarf",
        country="MY",
        currency="IDR",
        rate=1,
        value="1500000.50",
        **given,
    )
    factories.TransactionFactory.create(business_unit=unit, state="reported", country="NL", value=900, **given)
    pay(cohort, unit)
    factories.RegionFigureFactory.create(source="Disperindag", units=16, countries=16)
    factories.RegionFigureFactory.create(
        source="BPS", value=107_530_000_000, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)
    )
    return unit


def pay(cohort: Cohort, unit: BusinessUnit) -> None:
    """Claim a shipment in September and pay it four days later."""
    scheme = factories.SchemeFactory.create(program=cohort.program)
    started = FIRST + timedelta(days=10)
    factories.ClaimFactory.create(
        scheme=scheme,
        shipment=factories.ShipmentFactory.create(business_unit=unit),
        cohort=cohort,
        state="paid",
        started_at=started,
        paid_on=(started + timedelta(days=4)).date(),
    )


def lay_session(cohort: Cohort, starts_at: datetime, sexes: tuple[str, ...]) -> None:
    """Hold three hours of design with a person of each of these sexes."""
    session = factories.SessionFactory.create(
        program=cohort.program,
        cohorts=[cohort],
        module=factories.module("design"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=135),
        state="closed",
    )
    for sex in sexes:
        person = factories.PersonFactory.create(village=cohort.village, sex=sex)
        seat = factories.EnrollmentFactory.create(cohort=cohort, person=person)
        factories.MarkedSeatFactory.create(session=session, enrollment=seat, state="present", minutes=135)
