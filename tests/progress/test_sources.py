"""The rows behind a figure add up to it, and a reader is told of what they do not open."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from accounts.models import User
from programs.models import Cohort
from progress.outcomes import Outcomes, outcomes
from progress.period import Period
from progress.sources import SOURCES, Scope
from tests import factories
from tests.progress.wide_worlds import WideWorld
from villages.models import Village

PERIODS = [(None, None), (date(2026, 8, 15), date(2026, 9, 12)), (None, date(2026, 9, 20))]
FIGURES: dict[str, Callable[[Outcomes], Decimal | int]] = {
    "people": lambda found: found.people.trained,
    "hours": lambda found: found.hours.delivered_minutes,
    "planned-hours": lambda found: found.hours.planned_minutes,
    "visits": lambda found: found.approved_visits,
    "pending-visits": lambda found: found.pending_visits,
    "action-items": lambda found: found.items.total,
    "new-exporters": lambda found: len(found.new_exporters),
    "exports": lambda found: found.exports.verified,
    "reported-exports": lambda found: found.exports.reported,
    "committed-claims": lambda found: found.claims.committed,
    "paid-claims": lambda found: found.claims.paid,
    "open-claims": lambda found: found.claims.open_count,
}


@pytest.fixture
def today(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def world(db: None, at: datetime, today: None) -> WideWorld:
    return WideWorld(21, at)


def test_rows_of_every_figure_add_up(world: WideWorld, admin: User) -> None:
    assert set(FIGURES) == set(SOURCES)
    villages = Village.objects.filter(pk__in=[village.pk for village in world.villages[:5]])
    cohorts = Cohort.objects.filter(program=world.programs[0], village__in=villages)
    for first, last in PERIODS:
        period = Period.between(first, last)
        found = outcomes(villages, cohorts=cohorts, period=period, at=world.at)
        scope = Scope(admin, villages, cohorts, period, world.at)
        for name, source in SOURCES.items():
            assert source.total(source.rows(scope)) == FIGURES[name](found), (name, period)
            assert source.total(source.seen(scope)) == FIGURES[name](found), name
            rows = [source.line(row, period.zone) for row in source.seen(scope)]
            if source.amount:
                assert sum(line.amount for line in rows) == FIGURES[name](found), name
            else:
                assert len(rows) == FIGURES[name](found), name


def read(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_figure_opens_its_rows_in_both_languages(client: Client, world: WideWorld, admin: User) -> None:
    for figure, source in SOURCES.items():
        address = f"/progress/figures/{figure}/?program=&from=2026-06-01&to=2026-10-31"
        for language, days in (("en", "1 June – 31 October 2026"), ("id", "1 Juni – 31 Oktober 2026")):
            client.cookies["django_language"] = language
            shown = read(client, admin, address)
            with translation.override(language):
                assert str(source.title) in shown
            assert f'<html lang="{language}"' in shown
            assert days in shown
            assert 'class="table-cards"' in shown
            assert "style=" not in shown


def test_figure_that_nobody_knows_is_not_there(reader: Client, cohort: Cohort, sari: User) -> None:
    read(reader, sari, "/progress/figures/happiness/", 404)
    read(reader, sari, "/progress/figures/people/?from=yesterday", 404)
    read(reader, sari, "/progress/figures/people/?cursor=xyz", 409)


def test_figures_of_another_scope_are_not_there(reader: Client, cohort: Cohort, sari: User, rina: User) -> None:
    read(reader, sari, f"/progress/figures/hours/?program={cohort.program_id}")
    read(reader, rina, f"/progress/figures/hours/?program={cohort.program_id}", 404)


def test_reader_of_figures_is_told_what_they_do_not_open(
    reader: Client, cohort: Cohort, observer: User, sari: User, today: None
) -> None:
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    shipment = factories.ShipmentFactory.create(business_unit=unit)
    scheme = factories.SchemeFactory.create(program=cohort.program)
    factories.ClaimFactory.create(scheme=scheme, shipment=shipment, state="paid", cohort=cohort)
    address = f"/progress/figures/paid-claims/?program={cohort.program_id}"
    shown = read(reader, observer, address)
    assert "Of it, Rp800.000 is counted in rows that only those who work with them open" in shown
    assert unit.name not in shown
    shown = read(reader, sari, address)
    assert "only those who work" not in shown
    assert unit.name in shown


def test_people_behind_a_figure_are_named_to_who_works_with_them_only(
    reader: Client, cohort: Cohort, observer: User, sari: User, at: datetime, today: None
) -> None:
    person = factories.PersonFactory.create(village=cohort.village, name="Lidia")
    seat = factories.EnrollmentFactory.create(cohort=cohort, person=person)
    held = factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], state="held", starts_at=at.replace(day=1, month=9)
    )
    factories.MarkedSeatFactory.create(session=held, enrollment=seat, state="present", minutes=60)
    assert "Lidia" in read(reader, sari, "/progress/figures/people/")
    shown = read(reader, observer, "/progress/figures/people/")
    assert "Lidia" not in shown
    assert "Of it, 1 is counted" in shown


def test_long_figures_come_in_pages(reader: Client, cohort: Cohort, sari: User, today: None) -> None:
    for _ in range(30):
        factories.VisitFactory.create(cohort=cohort, state="approved")
    shown = read(reader, sari, "/progress/figures/visits/")
    assert shown.count("<tr>") == 26
    onward = re.search(r'href="(\?[^"]*cursor=[^"]*)"', shown)
    assert onward is not None
    assert read(reader, sari, f"/progress/figures/visits/{onward[1].replace('&amp;', '&')}").count("<tr>") == 6
