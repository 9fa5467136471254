"""Shifting a row of sessions on its page: chosen, looked at, moved."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Enrollment, Program, Session, Trainer, Venue
from tests.factories import CalendarBlockFactory, CohortFactory, ProgramFactory, VenueFactory
from tests.programs.browsing import press, read
from tests.programs.plans import START, TWO_HOURS, draft, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WEEK = timedelta(days=7)


@pytest.fixture
def row(enrolled: Enrollment, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> list[Session]:
    """Two promised Thursdays and a draft."""
    first = [
        scheduled(cohort, venue, trainers=[trainer], starts_at=START + n * WEEK, topic=f"Part {n}", by=sari)
        for n in range(2)
    ]
    return [*first, draft(cohort, venue, starts_at=START + 2 * WEEK, topic="Part 2", by=sari)]


def typed(program: Program, **other: Any) -> dict[str, Any]:
    return {
        "program": program.pk,
        "first": "8/10/2026",
        "amount": "1",
        "unit": "weeks",
        "way": "later",
        "reason": "Harvest",
        **other,
    }


def seen(page: str) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', page)


def starts() -> list[datetime]:
    return list(Session.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_looking_moves_nothing_and_tells_who_hears_what(desk: Client, program: Program, row: list[Session]) -> None:
    page = press(desk, "session-shift", status=200, **typed(program))
    for title in ("Part 0", "Part 1", "Part 2"):
        assert title in page
    assert "Thu, 15 Oct 2026" in page
    assert "2 sessions are told" in page
    assert "1 person on 1 numbers" in page
    assert "Pak Wayan" in page
    assert "Balai Desa Parengan" in page
    assert "Semula: Kamis, 8 Oktober 2026" in page
    assert "Menjadi: Kamis, 15 Oktober 2026" in page
    assert len(seen(page)) == 3
    assert starts() == [START + n * WEEK for n in range(3)]


def test_row_is_shifted_as_it_was_seen(desk: Client, program: Program, row: list[Session]) -> None:
    page = press(desk, "session-shift", status=200, **typed(program))
    press(desk, "session-shift", do="shift", seen=seen(page), **typed(program))
    assert starts() == [START + (n + 1) * WEEK for n in range(3)]
    assert "3 sessions shifted" in read(desk, "schedule")
    press(desk, "session-shift", status=409, do="shift", seen=seen(page), **typed(program))
    assert starts() == [START + (n + 1) * WEEK for n in range(3)], "the second press moves nothing"


@pytest.mark.parametrize("change", ["moved", "added", "gone", "forged"])
def test_what_changed_since_it_was_seen_is_said(
    desk: Client, program: Program, row: list[Session], cohort: Cohort, sari: User, at: datetime, change: str
) -> None:
    marks = seen(press(desk, "session-shift", status=200, **typed(program)))
    if change == "moved":
        later = START + timedelta(days=1)
        reschedule_session(row[0], starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=at)
    elif change == "added":
        draft(cohort, VenueFactory.create(), starts_at=START + timedelta(days=2), by=sari)
    elif change == "gone":
        cancel_session(row[1], reason="Rain", by=sari, at=at)
    else:
        marks[0] = f"{row[0].pk}:9:{marks[0].split(':', 2)[2]}"
    before = starts()
    page = press(desk, "session-shift", status=409, do="shift", seen=marks, **typed(program))
    assert "Someone else changed this a moment ago" in page
    assert starts() == before


def test_only_the_chosen_cohorts_move_and_what_stays_is_said(
    desk: Client, program: Program, row: list[Session], cohort: Cohort, sari: User, at: datetime
) -> None:
    other = CohortFactory.create(program=program)
    draft(other, VenueFactory.create(), topic="Elsewhere", by=sari)
    cancel_session(row[1], reason="Rain", by=sari, at=at)
    page = press(desk, "session-shift", status=200, **typed(program, cohorts=[cohort.pk]))
    assert "Elsewhere" not in page
    stays = page.index("What stays as it is")
    assert stays < page.index("Part 1") < page.index("Who hears of it")
    press(desk, "session-shift", do="shift", seen=seen(page), **typed(program, cohorts=[cohort.pk]))
    assert Session.objects.get(topic="Elsewhere").starts_at == START
    assert Session.objects.get(topic="Part 1").starts_at == START + WEEK


def test_clash_is_named_and_nothing_can_be_pressed(
    desk: Client, program: Program, row: list[Session], venue: Venue, rina: User
) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    draft(foreign, venue, topic="Secret plans", starts_at=START + 3 * WEEK, by=rina)
    page = press(desk, "session-shift", status=200, **typed(program))
    assert f"{venue} is already taken at that time by another program." in page
    assert "Secret plans" not in page
    assert 'value="shift"' not in page
    press(desk, "session-shift", status=409, do="shift", seen=seen(page), **typed(program))
    assert starts()[0] == START


def test_warning_asks_for_a_reason(desk: Client, program: Program, row: list[Session]) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=date(2026, 10, 15))
    page = press(desk, "session-shift", status=200, **typed(program))
    assert "Libur" in page
    assert "Why they move there anyway" in page
    marks = seen(page)
    assert "Say why you plan it anyway" in press(
        desk, "session-shift", status=409, do="shift", seen=marks, **typed(program)
    )
    press(desk, "session-shift", do="shift", seen=marks, override="They agreed", **typed(program))
    assert Session.objects.get(topic="Part 0").override_reason == "They agreed"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"first": ""}, "required"),
        ({"first": "1/12/2026"}, "Nothing that can move"),
        ({"amount": "0"}, "By how much"),
        ({"amount": "53"}, "at most a year"),
        ({"amount": "-1"}, "greater than or equal"),
        ({"amount": "2", "way": "earlier"}, "would lie in the past"),
        ({"unit": "years"}, "valid choice"),
        ({"reason": " "}, "required"),
        ({"clock": "25.00"}, "hour and minute"),
        ({"cohorts": ["99999"]}, "valid choice"),
    ],
)
def test_shift_that_is_typed_wrong_is_shown_again(
    desk: Client, program: Program, row: list[Session], wrong: dict[str, Any], word: str
) -> None:
    assert word in press(desk, "session-shift", status=400, **{**typed(program), **wrong})


def test_another_hour_alone_is_enough(desk: Client, program: Program, row: list[Session]) -> None:
    given = typed(program, amount="0", clock="13.00")
    page = press(desk, "session-shift", status=200, **given)
    assert "13.00–15.00 WIB" in page
    press(desk, "session-shift", do="shift", seen=seen(page), **given)
    assert starts() == [START + n * WEEK + timedelta(hours=3) for n in range(3)]


def test_going_back_keeps_what_was_typed(desk: Client, program: Program, row: list[Session]) -> None:
    assert "Harvest" in press(desk, "session-shift", status=200, do="edit", **typed(program))


def test_program_is_chosen_where_there_are_several(desk: Client, program: Program, sari: User) -> None:
    assert program.name in read(desk, "session-shift")
    second = ProgramFactory.create(name="Second program", coordinators=[sari])
    page = read(desk, "session-shift")
    assert "Choose the program" in page
    assert f"?program={second.pk}" in page
    assert "Second program" in read(desk, "session-shift", program=second.pk)
    sari.coordinated_programs.clear()
    assert "No program is running" in read(desk, "session-shift")


@pytest.mark.parametrize("key", ["x", "0", "-1", "9" * 30, "٣"])
def test_program_that_one_may_not_see_does_not_exist(desk: Client, program: Program, rina: User, key: str) -> None:
    read(desk, "session-shift", status=404, program=key)
    read(desk, "session-shift", status=404, program=rina.coordinated_programs.get().pk)
    press(desk, "session-shift", status=404)


def test_cohort_page_leads_here_with_itself_chosen(desk: Client, row: list[Session], cohort: Cohort) -> None:
    address = f"{reverse('session-shift')}?program={cohort.program_id}&amp;cohort={cohort.pk}"
    assert address in read(desk, "cohort-detail", cohort.pk)
    page = read(desk, "session-shift", program=cohort.program_id, cohort=cohort.pk)
    assert re.search(rf'name="cohorts" value="{cohort.pk}"[^>]*checked', page)


def test_looking_costs_the_same_for_one_and_seven_rows(
    desk: Client, program: Program, cohort: Cohort, venue: Venue, enrolled: Enrollment, sari: User
) -> None:
    costs = []
    for n in range(7):
        scheduled(cohort, venue, starts_at=START + n * WEEK, by=sari)
        with CaptureQueriesContext(connection) as queries:
            answer = desk.post(reverse("session-shift"), typed(program))
        assert answer.status_code == 200
        costs.append(len(queries))
    assert costs[1] == costs[-1] <= 40


@pytest.mark.parametrize("role", ["made", "observer", "joko"])
def test_shift_is_for_the_desk(
    client: Client, program: Program, row: list[Session], role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    press(client, "session-shift", status=403, do="shift", **typed(program))


def test_another_coordinator_shifts_nothing(client: Client, program: Program, row: list[Session], rina: User) -> None:
    client.force_login(rina)
    press(client, "session-shift", status=404, do="shift", **typed(program))
