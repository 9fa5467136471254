"""Free times for everything at once, and the nearest one instead of a time that is taken."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from almanac.states import BlockKind, Effect
from common.dates import local_moment
from common.zones import Zone, tz
from programs.actions import cancel_session
from programs.models import Cohort, Trainer, Venue
from programs.series import Span
from programs.slots import Diary, Slot, ahead_of, diary_of, free_slots, working_hours
from programs.taken import Taken
from tests.factories import CalendarBlockFactory, CohortFactory, VenueFactory, lay_region
from tests.programs.plans import START, TWO_HOURS, draft, scheduled

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 10, 8)
FRIDAY = THURSDAY + timedelta(days=1)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return local_moment(day, time(hour, minute), Zone.WIB)


def span(day: date, hour: int, minute: int = 0, minutes: int = 120) -> Span:
    return Span(local(day, hour, minute), local(day, hour, minute) + timedelta(minutes=minutes))


def told(slots: list[Slot]) -> list[str]:
    return [f"{slot.span.starts_at.astimezone(tz(Zone.WIB)):%a %H.%M}" for slot in slots]


@pytest.fixture
def taken(cohort: Cohort, venue: Venue, trainer: Trainer) -> Taken:
    return Taken([cohort], [trainer], venue)


def read(taken: Taken, by: User, first: date = THURSDAY, last: date = THURSDAY, **given: Any) -> Diary:
    program = taken.cohorts[0].program
    return diary_of(program, taken, local(first, 0), local(last + timedelta(days=1), 0), by=by, **given)


def free(diary: Diary, minutes: int = 120) -> list[Slot]:
    return free_slots(diary, start=diary.window.starts_at, end=diary.window.ends_at, minutes=minutes)


def test_a_free_day_is_open_from_eight_to_five(taken: Taken, sari: User) -> None:
    hours = told(free(read(taken, sari)))
    assert (hours[0], hours[-1], len(hours)) == ("Thu 08.00", "Thu 15.00", 15)


def test_friday_leaves_room_for_the_prayer(taken: Taken, sari: User) -> None:
    hours = told(free(read(taken, sari, FRIDAY, FRIDAY)))
    assert hours == [
        *("Fri 08.00", "Fri 08.30", "Fri 09.00", "Fri 09.30"),
        *("Fri 13.00", "Fri 13.30", "Fri 14.00", "Fri 14.30", "Fri 15.00"),
    ]


def test_hours_are_those_of_the_place(cohort: Cohort, sari: User) -> None:
    far = VenueFactory.create(region=lay_region("81.01.01.2001"))
    first = free(read(Taken([cohort], [], far), sari))[0].span.starts_at
    assert first == local_moment(THURSDAY, time(8), Zone.WIT)


@pytest.mark.parametrize("what", ["cohort", "trainer", "venue"])
def test_what_takes_one_of_them_leaves_none_free(
    taken: Taken, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, what: str
) -> None:
    other = CohortFactory.create(program=cohort.program)
    rows = {"cohort": (cohort, VenueFactory.create(), []), "trainer": (other, VenueFactory.create(), [trainer])}
    group, place, trainers = rows.get(what, (other, venue, []))
    draft(group, place, trainers=trainers, by=sari)  # Thursday, 10.00-12.00
    assert [hour for hour in told(free(read(taken, sari), minutes=60)) if "08.30" < hour[4:] < "12.30"] == [
        "Thu 09.00",
        "Thu 12.00",
    ]


def test_cancelled_sessions_and_those_left_out_take_nothing(
    taken: Taken, cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(cohort, venue, by=sari)
    assert len(free(read(taken, sari))) < 15
    assert len(free(read(taken, sari, besides=[session]))) == 15
    cancel_session(session, reason="Rain", by=sari, at=at)
    assert len(free(read(taken, sari))) == 15


def test_blocks_close_a_day_and_warnings_are_told(taken: Taken, sari: User) -> None:
    CalendarBlockFactory.create(name="Sedekah bumi", starts_on=THURSDAY, effect=Effect.BLOCK)
    CalendarBlockFactory.create(name="Hari pasar", starts_on=FRIDAY, from_time=time(5), until_time=time(10))
    found = free(read(taken, sari, THURSDAY, FRIDAY))
    assert {hour[:3] for hour in told(found)} == {"Fri"}
    assert [slot.warnings for slot in found if slot.span.starts_at < local(FRIDAY, 10)] == [
        ("Hari pasar 05.00–10.00",)
    ] * 4
    assert {slot.warnings for slot in found if slot.span.starts_at >= local(FRIDAY, 13)} == {()}


def test_the_search_keeps_to_its_window(taken: Taken, sari: User) -> None:
    diary = read(taken, sari)
    found = free_slots(diary, start=local(THURSDAY, 9, 15), end=local(THURSDAY, 12), minutes=90)
    assert told(found) == ["Thu 09.30", "Thu 10.00", "Thu 10.30"]


@pytest.mark.parametrize(
    ("days", "minutes", "field"),
    [(0, 60, "to"), (-1, 60, "to"), (93, 60, "to"), (1, 14, "minutes"), (1, 541, "minutes")],
)
def test_a_search_that_nobody_means_is_refused(taken: Taken, sari: User, days: int, minutes: int, field: str) -> None:
    start = local(THURSDAY, 0)
    with pytest.raises(ValidationError) as refusal:
        free_slots(read(taken, sari), start=start, end=start + timedelta(days=days), minutes=minutes)
    assert list(refusal.value.message_dict) == [field]


def test_a_search_costs_the_same_whatever_it_finds(taken: Taken, cohort: Cohort, venue: Venue, sari: User) -> None:
    costs = []
    for size in (1, 7):
        for place in range(size):
            draft(cohort, venue, starts_at=START + timedelta(days=size * 7 + place), by=sari)
            CalendarBlockFactory.create(starts_on=THURSDAY + timedelta(days=place))
        with CaptureQueriesContext(connection) as queries:
            assert free(read(taken, sari, THURSDAY, THURSDAY + timedelta(days=91)))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 5


def test_look_names_every_session_in_the_way_once(
    taken: Taken, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    draft(cohort, venue, trainers=[trainer], topic="Natural dyes", by=sari)
    other = CohortFactory.create(program=cohort.program)
    draft(other, venue, topic="Loom care", starts_at=START + TWO_HOURS, by=sari)
    look = read(taken, sari).look(Span(START + timedelta(hours=1), START + timedelta(hours=3)))
    assert len(look.clashes) == 2
    assert "“Natural dyes” on Thursday, 8 October 2026, 10.00–12.00 WIB" in look.clashes[0]
    assert f"{venue.name} already has “Loom care”" in look.clashes[1]
    assert look.impossible
    assert look.avoidable
    assert not look.warned


def test_look_tells_nothing_of_another_programs_session(taken: Taken, venue: Venue, sari: User, rina: User) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    draft(foreign, venue, topic="Secret plans", by=rina)
    (clash,) = read(taken, sari).look(Span(START, START + TWO_HOURS)).clashes
    assert clash == f"{venue} is already taken at that time by another program."


def proposed(taken: Taken, by: User, wanted: Span, **given: Any) -> list[str]:
    window = ahead_of([wanted], Zone.WIB)
    diary = diary_of(taken.cohorts[0].program, taken, *window, by=by)
    return told(diary.nearest(wanted, after=local(date(2026, 10, 1), 10), **given))


def test_nearest_is_the_same_day_then_the_same_hour(taken: Taken, cohort: Cohort, venue: Venue, sari: User) -> None:
    draft(cohort, venue, by=sari)  # Thursday, 10.00-12.00
    assert proposed(taken, sari, span(THURSDAY, 10), most=3) == ["Thu 08.00", "Thu 12.00", "Thu 12.30"]
    CalendarBlockFactory.create(name="Libur", starts_on=THURSDAY, effect=Effect.BLOCK)
    assert proposed(taken, sari, span(THURSDAY, 9)) == ["Fri 09.00"]


def test_nearest_prefers_what_nobody_warns_of(taken: Taken, cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=THURSDAY, ends_on=FRIDAY)
    assert proposed(taken, sari, span(THURSDAY, 9)) == ["Sat 09.00"]


def test_nothing_is_proposed_that_is_no_better(taken: Taken, cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create(name="Puncak", kind=BlockKind.PRODUCTION_PEAK, ends_on=THURSDAY + timedelta(days=60))
    assert not proposed(taken, sari, span(THURSDAY, 9))
    draft(cohort, venue, by=sari)
    assert proposed(taken, sari, span(THURSDAY, 10)) == ["Thu 08.00"]


def test_nearest_keeps_clear_of_the_past_and_of_the_others(taken: Taken, sari: User) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=THURSDAY)
    wanted, window = span(THURSDAY, 9), ahead_of([span(THURSDAY, 9)], Zone.WIB)
    diary = diary_of(taken.cohorts[0].program, taken, *window, by=sari)
    (slot,) = diary.nearest(wanted, after=local(FRIDAY, 9, 10), besides=[span(FRIDAY, 9, 30)])
    assert told([slot]) == ["Fri 13.00"]


def test_ramadan_proposes_its_best_hours(taken: Taken, sari: User) -> None:
    CalendarBlockFactory.create(
        name="Ramadan", kind=BlockKind.RAMADAN, starts_on=THURSDAY, ends_on=THURSDAY + timedelta(days=40)
    )
    assert proposed(taken, sari, span(THURSDAY, 13)) == ["Thu 09.30"]
    diary = read(taken, sari)
    assert diary.look(span(THURSDAY, 13)).avoidable
    best = diary.look(span(THURSDAY, 9, 30))
    assert not best.warned
    assert not best.avoidable


def test_lines_of_a_series_propose_times_apart(taken: Taken, cohort: Cohort, venue: Venue, sari: User) -> None:
    for place in range(2):
        draft(cohort, venue, starts_at=START + timedelta(days=place), by=sari)
    wanted = [span(THURSDAY, 10), span(FRIDAY, 9, 30), span(FRIDAY + timedelta(days=3), 10)]
    diary = diary_of(cohort.program, taken, *ahead_of(wanted, Zone.WIB), by=sari)
    lines = diary.lines(wanted, after=local(THURSDAY, 9))
    assert [told([line.slot]) if line.slot else [] for line in lines] == [["Thu 12.00"], ["Fri 13.00"], []]


def test_nothing_longer_than_a_day_fits() -> None:
    assert not list(working_hours(THURSDAY, FRIDAY, timedelta(hours=10), Zone.WIB))


def test_fewer_warnings_are_better_than_more(taken: Taken, sari: User) -> None:
    CalendarBlockFactory.create(name="Puncak", kind=BlockKind.PRODUCTION_PEAK, ends_on=THURSDAY + timedelta(days=60))
    CalendarBlockFactory.create(name="Libur", starts_on=THURSDAY)
    assert proposed(taken, sari, span(THURSDAY, 9)) == ["Fri 09.00"]
