"""The dashboard: what it is narrowed by, that it stays the same for a thousand villages, who is behind, the trend."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from rest_framework.test import APIClient

from accounts.models import User
from programs.models import Cohort, Module, Program, Requirement
from progress.period import Period
from progress.standing import latest_first, standings, whole_percent
from progress.summary import program_progress
from progress.trend import months_of, trend_of
from tests import factories
from tests.progress.worlds import lay_world
from villages.models import Village

pytestmark = pytest.mark.usefixtures("clock")

NUMBERS = count(1)
TREND = re.compile(r'<rect class="trend-bar"')


def page(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return unescape(re.sub(r"\s+", " ", answer.content.decode()))


def lay_villages(program: Program, many: int) -> None:
    """Lay villages of one program with a cohort that is owed something, fast."""
    region, first = factories.lay_region(), next(NUMBERS) * 10_000
    villages = Village.objects.bulk_create(
        Village(
            name=f"Desa {first + n}", code=f"desa-{first + n}", region=region, commodity="Rattan", stage="designated"
        )
        for n in range(many)
    )
    cohorts = Cohort.objects.bulk_create(
        Cohort(program=program, village=village, name="A", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        for village in villages
    )
    modules = list(Module.objects.order_by("position"))
    Requirement.objects.bulk_create(
        Requirement(cohort=cohort, module=module, required=2) for cohort in cohorts for module in modules
    )
    for cohort in cohorts[:3]:
        start = now() - timedelta(days=next(NUMBERS))
        factories.SessionFactory.create(program=program, cohorts=[cohort], starts_at=start - timedelta(hours=3))


PAGES = ("/progress/?program={program}", "/progress/?program=", "/progress/rows/?{rows}", "/programs/{program}/")
CALLS = (
    "/api/v1/progress/programs/",
    "/api/v1/progress/villages/?program={program}",
    "/api/v1/progress/villages/?page_size=200&from=2026-01-01&module=design",
    "/api/v1/progress/outcomes/?program={program}",
    "/api/v1/progress/outcomes/?region=35&from=2026-01-01&to=2026-12-31",
)


def test_questions_stay_the_same_for_a_thousand_villages(reader: Client, cohort: Cohort, admin: User) -> None:
    factories.lay_requirements(cohort)
    program, api = cohort.program, APIClient()
    api.force_authenticate(admin)
    rows = f"program={program.pk}&village={cohort.village_id}&module=design"

    def counted() -> dict[str, int]:
        found = {}
        for address in (*PAGES, *CALLS):
            with CaptureQueriesContext(connection) as queries:
                where = address.format(program=program.pk, rows=rows)
                assert api.get(where).status_code == 200 if "/api/" in where else page(reader, admin, where)
            found[address] = len(queries)
        return found

    lay_villages(program, 7)
    counted()
    with_few = counted()
    lay_villages(program, 992)
    assert counted() == with_few
    shown = page(reader, admin, f"/progress/?program={program.pk}")
    assert "Mean of 1.000 villages" in shown
    assert shown.count('class="strip-name"') == 25
    assert len(shown) < 200_000
    print(with_few)  # noqa: T201  shown with -s


def test_matrix_is_read_page_by_page(reader: Client, cohort: Cohort, sari: User) -> None:
    lay_villages(cohort.program, 30)
    first = page(reader, sari, "/progress/")
    onward = re.search(r'href="(\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert onward is not None
    second = page(reader, sari, f"/progress/{onward[1]}")
    names = [re.findall(r'class="strip-name"[^>]*>([^<]+)<', shown) for shown in (first, second)]
    assert [len(each) for each in names] == [25, 6]
    assert names[0] + names[1] == sorted(names[0] + names[1])
    page(reader, sari, "/progress/?cursor=broken", 409)


@pytest.fixture
def two(cohort: Cohort) -> Cohort:
    """Parengan, and a candidate of rattan in Sidoarjo that is owed design and got nothing that was planned."""
    factories.lay_requirements(cohort)
    other = factories.CohortFactory.create(
        program=cohort.program,
        village__name="Sedati",
        village__region=factories.lay_region("35.15.16.2001"),
        village__commodity="Rattan",
        village__stage="proposed",
    )
    factories.RequirementFactory.create(cohort=other)
    start = now() - timedelta(days=3)
    factories.SessionFactory.create(program=cohort.program, cohorts=[other], starts_at=start)
    return other


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", {"Parengan", "Sedati"}),
        ("region=35.24", {"Parengan"}),
        ("region=35.1", None),
        ("commodity=rattan", {"Sedati"}),
        ("stage=desa_devisa", {"Parengan"}),
        ("stage=candidates", {"Sedati"}),
        ("stage=proposed", {"Sedati"}),
        ("stage=out", set()),
        ("behind=true", {"Sedati"}),
        ("from=2026-01-01&to=2026-02-01&behind=true", set()),
        ("from=2026-02-01&to=2026-01-01", None),
        ("from=02/30/2026", None),
        ("module=weaving", None),
    ],
)
def test_dashboard_is_narrowed(reader: Client, two: Cohort, sari: User, query: str, there: set[str] | None) -> None:
    shown = page(reader, sari, f"/progress/?{query}", 400 if there is None else 200)
    strips = set(re.findall(r'class="strip-name"[^>]*>([^<]+)<', shown))
    assert strips == (there or set())
    if there is None:
        assert 'class="field-error"' in shown


def test_one_module_is_shown_village_by_village(reader: Client, two: Cohort, sari: User) -> None:
    shown = page(reader, sari, "/progress/?module=design")
    assert shown.count('class="card stack-s"') == 2
    assert "0 of 360 minutes" in shown
    assert "Mean of 2 villages" in shown
    assert "strip-name" not in shown


def test_several_programs_are_told_apart(reader: Client, two: Cohort, admin: User) -> None:
    second = factories.CohortFactory.create(village=two.village)
    shown = page(reader, admin, "/progress/?program=")
    assert f"Sedati · {two.program.name}" in shown
    assert f"Sedati · {second.program.name}" in shown


def test_who_is_behind_stands_below_with_the_rows(reader: Client, two: Cohort, sari: User) -> None:
    shown = page(reader, sari, "/progress/?from=2026-01-01").split('id="behind-head"')[1]
    assert "Sedati" in shown
    assert "behind plan (120 planned by now)" in shown
    where = re.search(r'href="(/progress/rows/[^"]+)"', shown)
    assert where is not None
    assert "from=2026-01-01" in where[1]
    assert re.search(r"Sum.*120.*>0<", page(reader, sari, where[1]))


def test_candidates_and_designated_are_two_numbers(reader: Client, two: Cohort, sari: User) -> None:
    shown = page(reader, sari, "/progress/")
    for word in ("Desa Devisa", "Candidates"):
        assert re.search(rf'stat-number">1</span><span class="stat-label">{word}<', shown)


def test_rows_of_a_cell_are_those_of_the_period(reader: Client, cohort: Cohort, sari: User) -> None:
    factories.lay_requirements(cohort)
    for days in (3, 40):
        start = now() - timedelta(days=days)
        factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], state="held", starts_at=start)
    address = f"/progress/rows/?program={cohort.program_id}&village={cohort.village_id}&module=design"
    assert "240 of 360 minutes" in page(reader, sari, address)
    day = (now() - timedelta(days=10)).date().isoformat()
    shown = page(reader, sari, f"{address}&from={day}")
    assert "120 of 360 minutes" in shown
    assert re.search(r"Sum.*120.*120", shown)
    page(reader, sari, f"{address}&from=soon", 404)


def test_paid_claims_are_the_rows_of_the_benefit(reader: Client, cohort: Cohort, sari: User, observer: User) -> None:
    factories.lay_requirements(cohort)
    unit = factories.BusinessUnitFactory.create(village=cohort.village)
    scheme = factories.SchemeFactory.create(program=cohort.program)
    for state in ("paid", "closed", "approved", "rejected"):
        shipment = factories.ShipmentFactory.create(business_unit=unit)
        factories.ClaimFactory.create(scheme=scheme, shipment=shipment, cohort=cohort, state=state)
    address = f"/progress/rows/?program={cohort.program_id}&village={cohort.village_id}&module=sample-shipping"
    shown = page(reader, sari, address)
    assert "2 of 1 claims" in shown
    assert "2 claims" in shown
    assert shown.count(unit.name) == 2
    shown = page(reader, observer, address)
    assert "2 more rows, counted or waiting, are opened only by those who work with them" in shown
    assert unit.name not in shown


@pytest.mark.django_db
def test_standings_say_what_the_villages_say(at: datetime) -> None:
    for program in lay_world(31, at):
        whole = program_progress(program, at=at)
        found = standings(Cohort.objects.filter(program=program), at=at)
        assert [(each.village, each.modules, each.percent) for each in found] == [
            (each.village.pk, each.modules, each.percent) for each in whole.villages
        ]
        assert whole_percent(found) == whole.percent
        late = latest_first(found)
        assert {each.village for each in late} == {each.village.pk for each in whole.villages if each.behind}
        assert [each.missing for each in late] == sorted((each.missing for each in late), reverse=True)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (Period.between(None, None), [date(2025, 11 + n, 1) if n < 2 else date(2026, n - 1, 1) for n in range(12)]),
        (Period(date(2026, 7, 15), date(2026, 8, 2)), [date(2026, 7, 1), date(2026, 8, 1)]),
        (Period(date(2026, 9, 1), date(2027, 3, 1)), [date(2026, 9, 1), date(2026, 10, 1)]),
        (Period(date(2027, 1, 1), date(2027, 3, 1)), [date(2027, 1, 1)]),
    ],
)
def test_trend_shows_months_that_have_begun(period: Period, months: list[date], at: datetime) -> None:
    assert months_of(period, at) == months


def test_trend_of_many_years_is_its_last_24_months(at: datetime) -> None:
    found = months_of(Period(date(2020, 1, 1), date(2026, 12, 31)), at)
    assert (len(found), found[0], found[-1]) == (24, date(2024, 11, 1), date(2026, 10, 1))


def test_trend_is_drawn_within_its_box_and_adds_up(cohort: Cohort, at: datetime) -> None:
    for days in (1, 20, 45):
        start = at - timedelta(days=days)
        factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], state="held", starts_at=start)
    factories.VisitFactory.create(cohort=cohort, state="approved")
    drawn = trend_of([cohort.pk], period=Period.between(None, None), at=at)
    assert (drawn.total.minutes, drawn.total.visits, drawn.total.claims) == (360, 1, 0)
    assert sum(count.minutes for _name, count in drawn.months) == 360
    for series in drawn.series:
        assert len(series.bars) == 12
        for bar in series.bars:
            assert 0 <= float(bar.left[:-1]) < 100
            assert series.top < bar.top + 1
            assert bar.top + bar.height == series.base <= drawn.height
    assert not drawn.empty
    assert trend_of([], period=Period.between(None, None), at=at).empty


def test_trend_stands_on_the_page_twice(reader: Client, cohort: Cohort, sari: User, at: datetime) -> None:
    factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], state="held", starts_at=now() - timedelta(days=2)
    )
    shown = page(reader, sari, "/progress/")
    drawn, table = shown.split('id="trend-head"')[1].split("<details", 1)
    assert len(TREND.findall(drawn)) == 36
    assert "120" in table
    assert "Nothing was delivered" in page(reader, sari, "/progress/?to=2026-01-31")
