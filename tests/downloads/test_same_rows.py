"""What a page offers to take along are the rows of that page, as its address, filters and habits narrow them."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.events import record
from downloads.actions import rows_of
from downloads.columns import Asked
from downloads.lists import TABLES
from programs.models import Cohort
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FORM = re.compile(r'name="table" value="([a-z-]+)">\s*<input type="hidden" name="query" value="([^"]*)"')


def units(cohort: Cohort) -> None:
    """Have a verified unit, a lead and one left out, here and elsewhere."""
    there = factories.CohortFactory.create(program=cohort.program).village
    for village in (cohort.village, there):
        for state in ("lead", "verified", "dismissed"):
            reason = {"reason": "It moved away."} if state == "dismissed" else {}
            factories.BusinessUnitFactory.create(village=village, inventory_state=state, **reason)


def leads(cohort: Cohort) -> None:
    """Have one lead that goes on and one that was given up."""
    factories.LeadFactory.create(business_unit__village=cohort.village)
    factories.LeadFactory.create(business_unit__village=cohort.village, state="lost", reason="Too dear.")


def claims(cohort: Cohort) -> None:
    """Have claims that wait and one that does not."""
    scheme = factories.SchemeFactory.create(program=cohort.program)
    for state in ("draft", "submitted", "verified", "rejected"):
        parcel = factories.ShipmentFactory.create(business_unit__village=cohort.village)
        factories.SampleFactory.create(business_unit=parcel.business_unit, shipment=parcel)
        factories.ClaimFactory.create(scheme=scheme, shipment=parcel, cohort=cohort, state=state)


def money(cohort: Cohort) -> None:
    """Approve one claim here and one in another program."""
    for own in (cohort, factories.CohortFactory.create(program__coordinators=[cohort.program.coordinators.get()])):
        parcel = factories.ShipmentFactory.create(business_unit__village=own.village)
        scheme = factories.SchemeFactory.create(program=own.program)
        claim = factories.ClaimFactory.create(scheme=scheme, shipment=parcel, cohort=own, state="approved")
        assert claim.approved_at is not None
        claim.entries.get_or_create(
            program=own.program,
            kind="committed",
            amount=claim.approved_amount,
            at=claim.started_at,
            by=claim.approved_by,
        )


def sales(cohort: Cohort) -> None:
    """Have exports in two states."""
    for state in ("reported", "verified"):
        factories.TransactionFactory.create(business_unit__village=cohort.village, state=state)


def figures(_cohort: Cohort) -> None:
    """Have a figure that stands and one that was taken back."""
    factories.RegionFigureFactory.create()
    by = factories.UserFactory.create()
    when = factories.RegionFigureFactory.create().entered_at
    factories.RegionFigureFactory.create(starts_on=date(2020, 1, 1), withdrawn_at=when, withdrawn_by=by)


def places(_cohort: Cohort) -> None:
    """Have changes of two editions."""
    for _ in range(2):
        factories.RegionChangeFactory.create()


def readings(cohort: Cohort) -> None:
    """Have a list of many people taken out, and a small one."""
    by = cohort.program.coordinators.get()
    for many in (True, False):
        record(by, verb="exported", by=by, at=datetime.fromisoformat("2026-09-01T00:00Z"), rows=1, many_people=many)


PAGES: dict[str, tuple[Callable[[Cohort], Any], int]] = {
    "/units/": (units, 4),
    "/units/?inventory_state=dismissed": (units, 2),
    "/units/uninventoried/": (units, 2),
    "/villages/{village}/units/": (units, 2),
    "/villages/{village}/units/?inventory_state=lead": (units, 1),
    "/leads/": (leads, 1),
    "/leads/?open=": (leads, 2),
    "/leads/?open=false": (leads, 1),
    "/leads/?state=lost": (leads, 1),
    "/buyers/": (leads, 2),
    "/claims/": (claims, 4),
    "/claims/?state=rejected": (claims, 1),
    "/claims/waiting/": (claims, 2),
    "/claims/waiting/?state=verified": (claims, 1),
    "/samples/": (claims, 4),
    "/shipments/": (claims, 4),
    "/schemes/": (claims, 1),
    "/programs/{program}/budget/": (money, 1),
    "/exports/": (sales, 2),
    "/exports/?state=reported": (sales, 1),
    "/figures/": (figures, 2),
    "/figures/?withdrawn=true": (figures, 1),
    "/regions/editions/": (places, 2),
    "/regions/editions/{edition}/": (places, 1),
    "/reports/regions/frozen/": (lambda cohort: factories.frozen(cohort.program), 1),
    "/audit/": (readings, 2),
    "/audit/?many_people=true": (readings, 1),
}


@pytest.mark.parametrize("address", PAGES)
def test_table_has_the_rows_of_its_page(
    address: str, client: Client, admin: User, cohort: Cohort, at: datetime
) -> None:
    make, count = PAGES[address]
    make(cohort)
    edition = factories.RegionChangeFactory.create().edition_id if "{edition}" in address else 0
    client.force_login(admin)
    page = client.get(address.format(village=cohort.village_id, program=cohort.program_id, edition=edition))
    assert page.status_code == 200
    found = FORM.search(page.content.decode())
    assert found, "the page offers no table"
    shown = [row.pk for row in page.context["page"].rows]
    rows = rows_of(TABLES[found[1]], unescape(found[2]), by=admin, at=at)
    assert sorted(map(str, rows.values_list("pk", flat=True))) == sorted(map(str, shown))
    assert len(shown) == count


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("behind=true", 1), ("module=design&behind=true", 1), ("module=finance&behind=true", 0)],
)
def test_dashboard_gives_the_figures_that_it_shows(
    query: str, count: int, client: Client, admin: User, cohort: Cohort, at: datetime
) -> None:
    late = factories.CohortFactory.create(program=cohort.program, starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 1))
    design, past = factories.module("design"), at - timedelta(days=5)
    factories.RequirementFactory.create(cohort=late, module=design)
    factories.SessionFactory.create(
        program=cohort.program, cohorts=[late], module=design, starts_at=past, state="scheduled"
    )
    other = factories.CohortFactory.create()
    client.force_login(admin)
    page = client.get(f"/progress/?program={cohort.program_id}&{query}")
    found = FORM.search(page.content.decode())
    assert found
    asked, given = unescape(found[2]), {"program": str(cohort.program_id)}
    given |= dict(part.split("=", 1) for part in asked.split("&") if part)
    table = TABLES[found[1]]
    read = table.read(rows_of(table, asked, by=admin, at=at), asked=Asked(admin), at=at, given=given)
    names = [row[1] for chunk in read for row in chunk]
    assert len(names) == count
    assert other.village.name not in names
