"""Home, programs, villages, the matrix and the rows behind it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import User
from programs.models import Cohort, Program
from tests import factories
from villages.models import Village

pytestmark = pytest.mark.usefixtures("clock")

ADDRESSES = {"home": "/", "progress": "/progress/", "program-list": "/programs/", "village-list": "/villages/"}


@pytest.fixture
def busy(cohort: Cohort, at: datetime) -> Cohort:
    """A cohort with something of everything."""
    factories.lay_requirements(cohort)
    start = now()
    factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], state="held", starts_at=start - timedelta(days=2)
    )
    factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=start - timedelta(days=1))
    factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=start + timedelta(minutes=1))
    for state in ("submitted", "approved"):
        visit = factories.VisitFactory.create(cohort=cohort, state=state)
        visit.modules.set([factories.module("handholding")])
        factories.ActionItemFactory.create(visit=visit, due_on=(start - timedelta(days=3)).date())
    return cohort


def page(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("address", ADDRESSES.values())
@pytest.mark.parametrize("role", ["sari", "joko", "observer", "admin"])
def test_pages_open_to_everyone_at_a_desk(
    reader: Client, busy: Cohort, request: pytest.FixtureRequest, role: str, address: str
) -> None:
    assert "<h1" in page(reader, request.getfixturevalue(role), address)


@pytest.mark.parametrize(
    "address", [*ADDRESSES.values(), "/villages/1/", "/programs/1/", "/cohorts/1/progress/", "/progress/rows/"]
)
def test_pages_ask_to_sign_in(reader: Client, db: None, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_home_sends_a_mentor_to_their_tasks(reader: Client, made: User) -> None:
    reader.force_login(made)
    assert reader.get("/")["Location"] == "/m/"


def test_home_shows_what_needs_a_hand(reader: Client, busy: Cohort, sari: User) -> None:
    coming = busy.program.sessions.order_by("-starts_at")[0]
    factories.MessageFactory.create(session=coming, state="failed", settled_at=now())
    shown = page(reader, sari, "/")
    for words in (
        "attendance is missing",
        "waits for approval",
        "Parengan: due ",
        "1 message about a coming session reached nobody",
        "Parengan has no mentor",
    ):
        assert words in shown


def test_home_of_who_only_reads_shows_no_work(reader: Client, busy: Cohort, observer: User) -> None:
    shown = page(reader, observer, "/")
    assert "Needs attention" not in shown
    assert "Parengan" in shown


def test_home_is_empty_with_words(reader: Client, rina: User) -> None:
    assert "No running program" in page(reader, rina, "/")


def test_matrix_shows_every_cell_twice_with_the_same_number(reader: Client, busy: Cohort, sari: User) -> None:
    shown = page(reader, sari, "/progress/")
    drawn, table = shown.split('<details class="fold"', 1)
    assert drawn.count('<rect class="cell-') >= 11
    assert 'text-anchor="middle">33</text>' in drawn
    assert "120 of 360 minutes" in table
    assert "120 of 360 minutes, behind plan (240 planned by now)" in drawn
    assert "1 of 2 visits, 1 waiting for approval" in drawn
    assert "style=" not in shown


def test_matrix_of_a_program_that_is_not_mine_is_not_there(
    reader: Client, busy: Cohort, rina: User, sari: User
) -> None:
    page(reader, sari, f"/progress/?program={busy.program_id}")
    page(reader, rina, f"/progress/?program={busy.program_id}", 404)
    page(reader, sari, "/progress/?program=abc", 404)


def test_rows_behind_a_cell_add_up(reader: Client, busy: Cohort, sari: User) -> None:
    address = f"/progress/rows/?program={busy.program_id}&village={busy.village_id}"
    sessions = page(reader, sari, f"{address}&module=design")
    assert re.search(r"Sum.*240.*120", sessions)
    assert "120 of 360 minutes" in sessions
    assert "Only approved visits count" in page(reader, sari, f"{address}&module=handholding")
    assert "Nothing is behind" in page(reader, sari, f"{address}&module=sample-shipping")


@pytest.mark.parametrize("change", ["module=nothing", "village=99999999", "program=x", "village=0&module=%00"])
def test_rows_of_nothing_are_not_there(reader: Client, busy: Cohort, sari: User, change: str) -> None:
    page(
        reader, sari, f"/progress/rows/?program={busy.program_id}&village={busy.village_id}&module=design&{change}", 404
    )


def test_rows_of_another_scope_are_not_there(reader: Client, busy: Cohort, rina: User) -> None:
    page(reader, rina, f"/progress/rows/?program={busy.program_id}&village={busy.village_id}&module=design", 404)


def test_village_page_shows_where_it_stands(reader: Client, busy: Cohort, sari: User, made: User) -> None:
    shown = page(reader, sari, f"/villages/{busy.village_id}/")
    for words in (
        "Parengan, Kec. Maduran, Kab. Lamongan",
        "Desa Devisa 2026",
        "120 of 360 minutes",
        "Dye a new sample",
        "Made",
    ):
        assert words in shown
    assert "Log a visit" in page(reader, made, f"/villages/{busy.village_id}/")


@pytest.mark.parametrize("role", ["ina", "rina"])
def test_pages_of_another_scope_are_not_there(
    reader: Client, busy: Cohort, request: pytest.FixtureRequest, role: str
) -> None:
    user = request.getfixturevalue(role)
    page(reader, user, f"/villages/{busy.village_id}/", 404)
    page(reader, user, f"/programs/{busy.program_id}/", 404)
    page(reader, user, f"/cohorts/{busy.pk}/progress/", 404)


def test_program_page_shows_cohorts_and_rates(reader: Client, busy: Cohort, sari: User) -> None:
    shown = page(reader, sari, f"/programs/{busy.program_id}/")
    for words in ("Angkatan 1", "Attendance rate", "Sari", "Plan a session"):
        assert words in shown


def test_program_page_leads_to_visits_whoever_may_read_them(
    reader: Client, busy: Cohort, sari: User, joko: User
) -> None:
    address, waiting = f"/programs/{busy.program_id}/", f"/visits/?state=submitted&amp;program={busy.program_id}"
    assert waiting in page(reader, sari, address)
    shown = page(reader, joko, address)
    assert "Visits waiting for approval" in shown
    assert waiting not in shown


def test_people_of_a_cohort_and_who_may_not_read_them(
    reader: Client, busy: Cohort, sari: User, observer: User, joko: User
) -> None:
    factories.EnrollmentFactory.create(
        cohort=busy, person=factories.PersonFactory.create(village=busy.village, name="Lidia")
    )
    shown = page(reader, sari, f"/cohorts/{busy.pk}/progress/")
    assert "Lidia" in shown
    assert "0 / 288" in shown
    page(reader, observer, f"/cohorts/{busy.pk}/progress/", 403)
    page(reader, joko, f"/cohorts/{busy.pk}/progress/", 403)


def test_observer_sees_figures_of_their_region_only(
    reader: Client, busy: Cohort, observer: User, elsewhere: Village
) -> None:
    factories.CohortFactory.create(program=busy.program, village=elsewhere)
    for address in ("/", "/progress/", "/villages/", f"/programs/{busy.program_id}/"):
        shown = page(reader, observer, address)
        assert "Parengan" in shown
        assert "Sukarara" not in shown


@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/programs/{program}/", "/villages/{village}/"])
def test_pages_speak_indonesian_first(client: Client, busy: Cohort, sari: User, address: str) -> None:
    shown = page(client, sari, address.format(program=busy.program_id, village=busy.village_id))
    assert '<html lang="id"' in shown


@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/programs/{program}/"])
def test_pages_ask_the_same_number_of_queries(reader: Client, busy: Cohort, sari: User, address: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(reader, sari, address.format(program=busy.program_id))
        return len(queries)

    count()
    with_one = count()
    for _ in range(6):
        more(busy.program)
    assert count() == with_one
    print(address, with_one)  # noqa: T201  shown with -s


def more(program: Program) -> None:
    """Add one more village with everything."""
    cohort = factories.CohortFactory.create(program=program)
    factories.lay_requirements(cohort)
    for days in (-1, 0):
        start = now() + timedelta(days=days, minutes=1)
        factories.SessionFactory.create(program=program, cohorts=[cohort], starts_at=start)
    visit: Any = factories.VisitFactory.create(cohort=cohort)
    visit.modules.set([factories.module("handholding")])
    factories.ActionItemFactory.create(visit=visit)


@pytest.mark.parametrize("address", ["/villages/{village}/", "/cohorts/{cohort}/progress/", "/progress/rows/?{rows}"])
def test_pages_of_one_village_ask_the_same_number_of_queries(
    reader: Client, busy: Cohort, sari: User, address: str
) -> None:
    rows = f"program={busy.program_id}&village={busy.village_id}&module=design"

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(reader, sari, address.format(village=busy.village_id, cohort=busy.pk, rows=rows))
        return len(queries)

    factories.EnrollmentFactory.create(cohort=busy)
    count()
    with_one = count()
    for number in range(6):
        factories.EnrollmentFactory.create(cohort=busy)
        factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=busy))
        start = now() + timedelta(days=number + 1)
        factories.SessionFactory.create(program=busy.program, cohorts=[busy], starts_at=start)
        factories.SessionFactory.create(
            program=busy.program, cohorts=[busy], state="held", starts_at=start + timedelta(hours=4)
        )
    assert count() == with_one
    print(address, with_one)  # noqa: T201  shown with -s
