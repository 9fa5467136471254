"""The schedule that shows which days are kept free, and the question when a session falls on one."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from almanac.actions import create_block, load_holidays
from almanac.states import BlockKind, Effect
from programs.actions import schedule_session
from programs.models import Cohort, Program, Session, Venue
from tests.factories import NOW, CalendarBlockFactory, VillageFactory, lay_region
from tests.programs.browsing import press, read
from tests.programs.plans import draft
from villages.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# -- The schedule -----------------------------------------------------------------------------------------------------


def test_schedule_names_the_days_of_the_villages_that_are_shown(
    desk: Client, cohort: Cohort, program: Program, region: Region
) -> None:
    other = VillageFactory.create(region=lay_region("35.24.11.2001"), registered_by=program.coordinators.get())
    lay_region("52.02.02.2004")
    CalendarBlockFactory.create(name="Country day", estimated=True)
    CalendarBlockFactory.create(name="Parengan day", region=region, starts_on=date(2026, 10, 9))
    CalendarBlockFactory.create(name="Neighbour day", region=other.region, starts_on=date(2026, 10, 10))
    CalendarBlockFactory.create(name="Lombok day", region_id="52.02.02.2004", starts_on=date(2026, 10, 11))
    page = read(desk, "schedule")
    assert "Country day (estimate)" in page
    assert "Parengan day" in page
    assert "Neighbour day" in page
    assert "Lombok day" not in page
    page = read(desk, "schedule", village=str(cohort.village_id))
    assert "Parengan day" in page
    assert "Neighbour day" not in page
    assert "Neighbour day" not in read(desk, "schedule", program=str(cohort.program_id))
    assert "Country day" not in read(desk, "schedule", month="2026-12")


def test_schedule_tints_days_of_rest_seasons_and_the_rest(desk: Client) -> None:
    CalendarBlockFactory.create(name="Holiday", starts_on=date(2026, 10, 8))
    CalendarBlockFactory.create(
        name="Season", kind=BlockKind.PRODUCTION_PEAK, starts_on=date(2026, 10, 14), ends_on=date(2026, 10, 31)
    )
    CalendarBlockFactory.create(name="Feast", kind=BlockKind.VILLAGE_EVENT, starts_on=date(2026, 10, 13))
    page = read(desk, "schedule")
    assert page.count('class="holiday"') == 1
    assert page.count('class="kept"') == 1
    assert page.count('class="season"') == 18
    grid = page[: page.index("Day by day")]
    assert grid.count("Season") == 3, "on its first day and on two Mondays"
    agenda = page[page.index("Day by day") :]
    assert "Thursday, 8 October 2026" in agenda
    assert "Season" not in agenda, "a season alone is no line"


def test_schedule_counts_the_names_that_do_not_fit(desk: Client) -> None:
    for number in range(5):
        CalendarBlockFactory.create(name=f"Day-{number}")
    page = read(desk, "schedule")
    assert "and 2 more" in page[: page.index("Day by day")]
    assert "Day-4" in page[page.index("Day by day") :]


def test_schedule_costs_the_same_for_one_and_many_blocks(desk: Client, cohort: Cohort, region: Region) -> None:
    counts = []
    for more in (1, 20):
        CalendarBlockFactory.create_batch(more, region=region)
        with CaptureQueriesContext(connection) as queries:
            read(desk, "schedule")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# -- The question -----------------------------------------------------------------------------------------------------


def typed(cohort: Cohort, venue: Venue, **other: Any) -> dict[str, Any]:
    given = {"module": "design", "cohorts": [cohort.pk], "venue": venue.pk, "mode": "in_person", "topic": "Kept words"}
    return {**given, "day": "8/10/2026", "starts": "09.00", "ends": "11:30", **other}


def test_new_session_on_a_holiday_comes_back_with_the_question(
    desk: Client, program: Program, cohort: Cohort, venue: Venue
) -> None:
    CalendarBlockFactory.create(name="Christmas")
    assert "Why anyway?" not in read(desk, "session-new", program.pk)
    page = press(desk, "session-new", program.pk, status=409, **typed(cohort, venue))
    assert "Christmas" in page
    assert "Why anyway?" in page
    assert 'value="Kept words"' in page
    assert not Session.objects.exists()
    press(desk, "session-new", program.pk, **typed(cohort, venue, override="The weavers asked"))
    session = Session.objects.get()
    assert session.override_reason == "The weavers asked"
    page = read(desk, "session-detail", session.pk)
    assert "despite public holiday: The weavers asked" in page
    assert "Held anyway because" in page


def test_reason_is_not_lost_when_something_else_is_wrong(
    desk: Client, program: Program, cohort: Cohort, venue: Venue
) -> None:
    page = press(desk, "session-new", program.pk, status=400, **typed(cohort, venue, day="", override="They asked"))
    assert 'name="override" value="They asked"' in page


def test_reason_too_long_is_said_beside_the_question(
    desk: Client, program: Program, cohort: Cohort, venue: Venue
) -> None:
    page = press(desk, "session-new", program.pk, status=400, **typed(cohort, venue, override="a" * 301))
    assert "at most 300" in page
    assert "Why anyway?" in page


def test_blocked_time_is_refused_by_name_whatever_is_typed(
    desk: Client, program: Program, cohort: Cohort, venue: Venue
) -> None:
    CalendarBlockFactory.create(name="Haul desa", effect=Effect.BLOCK)
    page = press(desk, "session-new", program.pk, status=409, **typed(cohort, venue, override="The weavers asked"))
    assert "Haul desa: nothing is planned then. Choose another time." in page
    assert 'name="override" value="The weavers asked"' in page


def test_schedule_page_warns_before_the_press_and_keeps_the_answer(desk: Client, planned: Session) -> None:
    assert "Why anyway?" not in read(desk, "session-schedule", planned.pk)
    CalendarBlockFactory.create(name="Christmas")
    page = read(desk, "session-schedule", planned.pk)
    assert "Christmas" in page
    assert "Why anyway?" in page
    page = press(desk, "session-schedule", planned.pk, status=409)
    assert "Christmas" in page
    planned.refresh_from_db()
    assert planned.state == "draft"
    press(desk, "session-schedule", planned.pk, status=400, override="a" * 301)
    press(desk, "session-schedule", planned.pk, override="The weavers asked")
    planned.refresh_from_db()
    assert (planned.state, planned.override_reason) == ("scheduled", "The weavers asked")


def test_answer_of_the_draft_stands_when_it_is_scheduled(
    desk: Client, cohort: Cohort, venue: Venue, sari: User
) -> None:
    CalendarBlockFactory.create(name="Christmas")
    session = draft(cohort, venue, override="The weavers asked", by=sari)
    assert ">\nThe weavers asked</textarea>" in read(desk, "session-schedule", session.pk)
    assert ">\nThe weavers asked</textarea>" in read(desk, "session-edit", session.pk)


def test_blocked_draft_says_so_on_the_schedule_page(desk: Client, planned: Session) -> None:
    CalendarBlockFactory.create(name="Haul desa", effect=Effect.BLOCK)
    page = read(desk, "session-schedule", planned.pk)
    assert "This time is kept free" in page
    assert "Why anyway?" not in page
    page = press(desk, "session-schedule", planned.pk, status=409, override="Whatever")
    assert "Haul desa: nothing is planned then" in page


def test_rescheduling_asks_about_the_time_that_was_typed(desk: Client, session: Session, venue: Venue) -> None:
    CalendarBlockFactory.create(name="Christmas", starts_on=date(2026, 10, 9))
    assert "Why anyway?" not in read(desk, "session-reschedule", session.pk)
    move = {"day": "9/10/2026", "starts": "09.00", "ends": "11.30", "venue": venue.pk, "revision": 1}
    move |= {"reason": "Hall flooded"}
    page = press(desk, "session-reschedule", session.pk, status=200, **move, look="yes")
    assert "Christmas" in page
    page = press(desk, "session-reschedule", session.pk, status=409, **move)
    assert "Christmas" in page
    assert "Hall flooded" in page
    session.refresh_from_db()
    assert session.revision == 1
    press(desk, "session-reschedule", session.pk, **move, override="No other hall")
    page = read(desk, "session-detail", session.pk)
    assert "Hall flooded · despite public holiday: No other hall" in page
    assert "Anyway because: No other hall" in page
    page = read(desk, "session-reschedule", session.pk)
    assert "Christmas" in page, "what speaks against the time that holds now"
    assert ">\nNo other hall</textarea>" not in page, "a new time needs a new answer"


def test_history_tells_what_a_program_passed_after_the_block_is_gone(
    desk: Client, cohort: Cohort, venue: Venue, sari: User
) -> None:
    block = create_block(
        name="Ramadan 1448 H",
        kind=BlockKind.RAMADAN,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 30),
        by=sari,
        at=NOW,
    )
    session = draft(cohort, venue, by=sari)
    schedule_session(session, by=sari, at=NOW)
    block.delete()
    page = read(desk, "session-detail", session.pk)
    assert page.count("despite Ramadan: entered by a program, nobody was asked") == 2


def test_program_says_how_long_its_trainers_travel(desk: Client, program: Program) -> None:
    page = read(desk, "program-edit", program.pk)
    assert 'name="travel_buffer" value="60"' in page
    load_holidays(2026, by=None, at=NOW)
    given: dict[str, Any] = {"name": "Desa Devisa 2026", "organiser": "Disperindag", "fiscal_year": 2026}
    given |= {"starts_on": "1/1/2026", "ends_on": "31/12/2026", "subsidy_ceiling": "0"}
    press(desk, "program-edit", program.pk, status=400, **given, travel_buffer=1441)
    press(desk, "program-edit", program.pk, **given, travel_buffer=90)
    program.refresh_from_db()
    assert program.travel_buffer == 90
