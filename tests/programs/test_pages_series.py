"""Planning a series on its page: typed, looked at, decided, planned."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from almanac.states import Effect
from programs.models import Cohort, Session, Trainer, Venue
from tests.factories import CalendarBlockFactory, CohortFactory, EnrollmentFactory
from tests.programs.browsing import press, read
from tests.programs.plans import START, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def typed(venue: Venue, **other: Any) -> dict[str, Any]:
    """Ask for three Thursdays from 8 October 2026, 10.00 to 12.00."""
    return {
        "module": "design",
        "topic": "Natural dyes",
        "weekdays": ["4"],
        "first": "8/10/2026",
        "starts": "10.00",
        "ends": "12.00",
        "count": "3",
        "mode": "in_person",
        "venue": venue.pk,
        **other,
    }


def at(start: datetime) -> str:
    return f"at-{start.astimezone(UTC):%Y%m%d%H%M}"


def starts() -> list[datetime]:
    return list(Session.objects.order_by("starts_at").values_list("starts_at", flat=True))


WEEKS = [START + timedelta(days=7 * week) for week in range(3)]


def test_looking_saves_nothing_and_shows_every_time(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=200, **typed(venue))
    for day in ("Thursday, 8 October 2026", "Thursday, 15 October 2026", "Thursday, 22 October 2026"):
        assert day in page
    assert page.count("10.00–12.00 WIB") == 3
    assert 'name="topic" value="Natural dyes"' in page
    assert "Take the nearest free slots" not in page
    assert not Session.objects.exists()


def test_series_is_planned_as_drafts(desk: Client, cohort: Cohort, venue: Venue, trainer: Trainer) -> None:
    press(desk, "cohort-series", cohort.pk, do="plan", trainers=[trainer.pk], **typed(venue))
    assert starts() == WEEKS
    assert {(row.state, row.topic) for row in Session.objects.all()} == {("draft", "Natural dyes")}
    assert "3 drafts planned." in read(desk, "cohort-detail", cohort.pk)


def test_series_is_promised_at_once_with_a_tick(desk: Client, cohort: Cohort, venue: Venue) -> None:
    EnrollmentFactory.create(cohort=cohort)
    other = CohortFactory.create(program=cohort.program)
    assert "1 participant gets a seat" in press(desk, "cohort-series", cohort.pk, status=200, **typed(venue))
    press(desk, "cohort-series", cohort.pk, do="schedule", others=[other.pk], **typed(venue))
    assert {(row.state, row.cohorts.count()) for row in Session.objects.all()} == {("scheduled", 2)}
    assert "3 sessions scheduled." in read(desk, "cohort-detail", cohort.pk)


def test_until_a_day_is_as_good_as_a_count(desk: Client, cohort: Cohort, venue: Venue) -> None:
    press(desk, "cohort-series", cohort.pk, do="plan", **typed(venue, count="", until="22 Oktober 2026"))
    assert starts() == WEEKS


@pytest.fixture
def troubled(cohort: Cohort, venue: Venue, sari: User) -> None:
    """The first Thursday is taken, the second a holiday, the third kept free by the village."""
    draft(CohortFactory.create(program=cohort.program), venue, topic="Loom care", by=sari)
    CalendarBlockFactory.create(name="Libur", starts_on=date(2026, 10, 15))
    CalendarBlockFactory.create(name="Sedekah bumi", starts_on=date(2026, 10, 22), effect=Effect.BLOCK)


@pytest.mark.usefixtures("troubled")
def test_everything_in_the_way_is_shown_before_anything_is_saved(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=200, **typed(venue))
    assert "already has “Loom care” on Thursday, 8 October 2026, 10.00–12.00 WIB" in page
    assert "Libur" in page
    assert "Sedekah bumi: nothing is planned then" in page
    assert page.count('value="keep"') == 1, "what is impossible cannot be kept"
    assert "Take the nearest free slots instead" in page
    assert "Why it is planned anyway" in page


@pytest.mark.usefixtures("troubled")
def test_nothing_is_planned_while_a_time_is_open(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=400, do="plan", override="Kept words", **typed(venue))
    assert "Some of these times cannot be kept" in page
    assert "Kept words" in page
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("troubled")
def test_one_button_takes_the_nearest_free_slots(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=200, do="nearest", **typed(venue))
    taken = [
        START - timedelta(hours=2),
        WEEKS[1] + timedelta(days=1, minutes=-30),
        WEEKS[2] + timedelta(days=1, minutes=-30),
    ]
    for start in taken:
        assert f'value="{at(start)[3:]}" checked' in page
    chosen = {at(week): at(start)[3:] for week, start in zip(WEEKS, taken, strict=True)}
    press(desk, "cohort-series", cohort.pk, do="plan", **typed(venue), **chosen)
    assert starts() == sorted([START, *taken])


@pytest.mark.usefixtures("troubled")
def test_each_time_is_kept_left_out_or_moved(desk: Client, cohort: Cohort, venue: Venue) -> None:
    decided = {at(WEEKS[0]): "out", at(WEEKS[1]): "keep", at(WEEKS[2]): "out"}
    page = press(desk, "cohort-series", cohort.pk, status=409, do="plan", **typed(venue), **decided)
    assert "Say why you plan it anyway" in page
    assert f'name="{at(WEEKS[0])}" value="out" checked' in page
    press(desk, "cohort-series", cohort.pk, do="plan", override="They asked for it", **typed(venue), **decided)
    kept = Session.objects.get(starts_at=WEEKS[1])
    assert kept.override_reason == "They asked for it"
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    "lie", ["209912312359x", "999999999999", "000001010000", "keep ", "' OR 1=1", "20261008", "9" * 400]
)
@pytest.mark.usefixtures("troubled")
def test_what_a_page_carries_is_not_trusted(desk: Client, cohort: Cohort, venue: Venue, lie: str) -> None:
    decided = {at(WEEKS[0]): lie, at(WEEKS[1]): "out", at(WEEKS[2]): "out"}
    press(desk, "cohort-series", cohort.pk, status=400, do="plan", **typed(venue), **decided)
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("troubled")
def test_time_that_was_taken_meanwhile_is_refused_again(desk: Client, cohort: Cohort, venue: Venue) -> None:
    decided = {at(WEEKS[0]): at(START)[3:], at(WEEKS[1]): "out", at(WEEKS[2]): "out"}
    page = press(desk, "cohort-series", cohort.pk, status=409, do="plan", **typed(venue), **decided)
    assert "already has “Loom care”" in page
    assert Session.objects.count() == 1


def test_leaving_out_everything_is_said(desk: Client, cohort: Cohort, venue: Venue) -> None:
    decided = {at(week): "out" for week in WEEKS}
    assert "nothing to plan" in press(
        desk, "cohort-series", cohort.pk, status=400, do="plan", **typed(venue), **decided
    )


def test_going_back_keeps_what_was_typed(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=200, do="edit", **typed(venue))
    assert "Look at the times" in page
    assert 'value="Natural dyes"' in page


def test_time_that_has_passed_is_said(desk: Client, cohort: Cohort, venue: Venue) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=200, **typed(venue, first="1/9/2026"))
    assert page.count("This time has passed") == 3


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"weekdays": []}, "required"),
        ({"weekdays": ["8"]}, "valid choice"),
        ({"first": "10/13/2026"}, "day, month, year"),
        ({"ends": "10.00"}, "ends after it starts"),
        ({"count": "61"}, "less than or equal"),
        ({"count": ""}, "not both"),
        ({"until": "1/12/2026"}, "not both"),
        ({"count": "", "until": "1/10/2026"}, "after its first day"),
        ({"count": "", "until": "1/10/2029"}, "within two years"),
        ({"venue": ""}, "has a venue"),
        ({"module": "sewing"}, "valid choice"),
        ({"others": ["999999"]}, "valid choice"),
    ],
)
def test_series_that_is_typed_wrong_is_shown_again(
    desk: Client, cohort: Cohort, venue: Venue, wrong: dict[str, Any], word: str
) -> None:
    page = press(desk, "cohort-series", cohort.pk, status=400, **{**typed(venue), **wrong})
    assert word in page
    assert "Natural dyes" in page


def test_cohort_of_another_program_cannot_join(desk: Client, cohort: Cohort, venue: Venue, rina: User) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    assert foreign.name not in read(desk, "cohort-series", cohort.pk)
    press(desk, "cohort-series", cohort.pk, status=400, do="plan", **typed(venue, others=[foreign.pk]))


def test_looking_costs_the_same_for_one_and_seven_times(desk: Client, cohort: Cohort, venue: Venue, sari: User) -> None:
    for week in range(7):
        draft(cohort, venue, starts_at=START + timedelta(days=7 * week), by=sari)
    costs = []
    for count in ("1", "1", "7"):
        with CaptureQueriesContext(connection) as queries:
            answer = desk.post(reverse("cohort-series", args=[cohort.pk]), typed(venue, count=count))
        assert answer.status_code == 200
        costs.append(len(queries))
    assert costs[1] == costs[2] <= 30


@pytest.mark.parametrize("role", ["made", "observer", "joko"])
def test_series_is_for_the_desk(
    client: Client, cohort: Cohort, venue: Venue, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    press(client, "cohort-series", cohort.pk, status=403, do="plan", **typed(venue))
    assert not Session.objects.exists()
