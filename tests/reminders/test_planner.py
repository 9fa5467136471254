"""What ought to be told, over the four zones and the ends of months and years; nothing here touches a database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from common.dates import local_date, local_moment
from common.zones import Zone, tz
from reminders.hours import is_quiet
from reminders.planner import Meeting, Number, Promise, Wanted, wanted
from reminders.states import Kind

ALL = frozenset({Kind.INVITATION, Kind.H3, Kind.H1, Kind.H0})
DAYS = [
    date(2026, 10, 1),
    date(2026, 10, 31),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 1, 2),
    date(2027, 3, 1),
    date(2028, 2, 29),
    date(2028, 3, 1),
]
HOURS = [time(6), time(6, 30), time(7), time(8), time(9), time(13, 30), time(19), time(22)]


def meeting(starts_at: datetime, zone: str = Zone.WIB, *, cancelled: bool = False) -> Meeting:
    promise = Promise(starts_at, starts_at + timedelta(hours=2), 1)
    return Meeting(session_id=1, revision_id=1, promise=promise, zone=zone, cancelled=cancelled, kinds=ALL)


def number(zone: str = Zone.WIB, **facts: Any) -> Number:
    return Number(contact_point_id=1, zone=zone, people=frozenset({1, 2}), **facts)


def by_kind(goals: list[Wanted]) -> dict[str, datetime]:
    return {str(goal.kind): goal.due_at for goal in goals}


@pytest.mark.parametrize("zone", list(Zone))
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_reminders_fall_on_the_local_minute(zone: Zone, day: date) -> None:
    starts_at = local_moment(day, time(9), zone)
    at = starts_at - timedelta(days=10)
    due = by_kind(wanted(meeting(starts_at, zone), number(zone), at=at))
    local = {kind: moment.astimezone(tz(zone)).replace(tzinfo=None) for kind, moment in due.items()}
    assert local["h3"] == datetime.combine(day - timedelta(days=3), time(9))
    assert local["h1"] == datetime.combine(day - timedelta(days=1), time(17))
    assert local["h0"] == datetime.combine(day, time(7))
    assert due["invitation"] == at


@pytest.mark.parametrize("venue", list(Zone))
@pytest.mark.parametrize("home", list(Zone))
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_is_wanted_at_night_nor_after_the_start(venue: Zone, home: Zone, day: date) -> None:
    for hour in HOURS:
        starts_at = local_moment(day, hour, venue)
        for before in range(0, 24 * 5, 7):
            at = starts_at - timedelta(hours=before, minutes=1)
            for goal in wanted(meeting(starts_at, venue), number(home), at=at):
                assert goal.too_late or not is_quiet(goal.due_at, home)
                assert goal.too_late or at <= goal.due_at < starts_at
                assert goal.kind == Kind.INVITATION or not goal.too_late
                assert goal.expires_at == starts_at


@pytest.mark.parametrize(
    ("clock", "wanted_at"),
    [
        (time(9), time(7)),
        (time(8), time(6)),
        (time(7), time(6)),
        (time(6, 1), time(6)),
        (time(6), None),
        (time(5), None),
    ],
)
def test_last_reminder_is_two_hours_before_but_not_before_six(clock: time, wanted_at: time | None) -> None:
    starts_at = local_moment(date(2026, 10, 8), clock, Zone.WITA)
    due = by_kind(wanted(meeting(starts_at, Zone.WITA), number(Zone.WITA), at=starts_at - timedelta(days=5))).get("h0")
    assert (due.astimezone(tz(Zone.WITA)).time() if due else None) == wanted_at


def test_reminder_whose_moment_has_gone_by_is_not_planned_but_the_invitation_is() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    goals = wanted(meeting(starts_at), number(), at=starts_at - timedelta(hours=3))
    assert [goal.kind for goal in goals] == [Kind.INVITATION, Kind.H0]
    assert [goal.kind for goal in wanted(meeting(starts_at), number(), at=starts_at - timedelta(hours=1))] == [
        Kind.INVITATION
    ]
    assert wanted(meeting(starts_at), number(), at=starts_at) == []


def test_invitation_of_the_evening_waits_for_the_morning_at_the_recipient() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIT)
    evening = datetime(2026, 10, 1, 13, 30, tzinfo=UTC)  # 20.30 in the west, 22.30 in the east
    due = by_kind(wanted(meeting(starts_at, Zone.WIT), number(Zone.WIB), at=evening))["invitation"]
    assert due == local_moment(date(2026, 10, 2), time(6), Zone.WIB)


def test_invitation_that_cannot_leave_in_time_is_listed_as_too_late() -> None:
    starts_at = local_moment(date(2026, 10, 2), time(6), Zone.WIB)
    (goal,) = wanted(meeting(starts_at), number(), at=local_moment(date(2026, 10, 1), time(21), Zone.WIB))
    assert goal.kind == Kind.INVITATION
    assert goal.too_late


@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize(("hour", "at_once"), [(time(5), True), (time(21), False)])
def test_only_what_concerns_today_breaks_the_night(hour: time, *, cancelled: bool, at_once: bool) -> None:
    day = date(2026, 10, 8)
    at = local_moment(day, hour, Zone.WIB)
    starts_at = local_moment(day if at_once else day + timedelta(days=1), time(9), Zone.WIB)
    told = Promise(starts_at + timedelta(days=7), starts_at + timedelta(days=7, hours=2), 1)
    goals = wanted(meeting(starts_at, cancelled=cancelled), number(told=told), at=at)
    assert goals[0].kind == (Kind.CANCELLATION if cancelled else Kind.CHANGE)
    assert (goals[0].due_at == at) is at_once
    assert at_once or goals[0].due_at == local_moment(day + timedelta(days=1), time(6), Zone.WIB)


def test_change_is_for_who_heard_otherwise_and_invitation_for_the_others() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    at, here = starts_at - timedelta(hours=20), meeting(starts_at)
    other = Promise(starts_at - timedelta(days=1), starts_at - timedelta(hours=22), 1)
    kinds = {
        None: Kind.INVITATION,
        other: Kind.CHANGE,
        Promise(here.promise.starts_at, here.promise.ends_at, 2): Kind.CHANGE,
    }
    for told, kind in kinds.items():
        assert wanted(here, number(told=told), at=at)[0].kind == kind
    assert [goal.kind for goal in wanted(here, number(told=here.promise), at=at)] == [Kind.H1, Kind.H0]


def test_cancelled_session_is_told_to_nobody_who_never_heard_of_it() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    assert wanted(meeting(starts_at, cancelled=True), number(), at=starts_at - timedelta(days=1)) == []


def test_declined_members_are_left_out_of_reminders() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    goals = wanted(meeting(starts_at), number(declined=frozenset({2})), at=starts_at - timedelta(days=5))
    assert {goal.kind: goal.people for goal in goals} == {
        Kind.INVITATION: {1, 2},
        Kind.H3: {1},
        Kind.H1: {1},
        Kind.H0: {1},
    }


@pytest.mark.parametrize("zone", list(Zone))
def test_every_day_of_three_years_keeps_day_and_night(zone: Zone) -> None:
    day = date(2026, 1, 1)
    while day < date(2029, 1, 1):
        for clock in (time(7), time(9), time(18, 30)):
            starts_at = local_moment(day, clock, zone)
            due = by_kind(wanted(meeting(starts_at, zone), number(zone), at=starts_at - timedelta(days=6)))
            assert local_date(due["h3"], zone) == day - timedelta(days=3)
            assert local_date(due["h1"], zone) == day - timedelta(days=1)
            assert local_date(due["h0"], zone) == day
            assert not any(is_quiet(due[kind], zone) for kind in ("h3", "h1", "h0"))
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("missed", "hours_before", "kinds"),
    [
        (Kind.H1, 15, ["h0", "h1"]),  # 18.00 the day before: it was due at 17.00, and failed
        (Kind.H3, 15, ["h0"]),  # a later reminder was due since then
        (Kind.H1, 30, ["h0", "h1"]),  # still to come
        (Kind.H0, 1, ["h0"]),
        (None, 15, ["h0"]),
    ],
)
def test_reminder_that_failed_on_another_number_is_wanted_now_if_it_was_the_last(
    missed: Kind | None, hours_before: int, kinds: list[str]
) -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    at = starts_at - timedelta(hours=hours_before)
    told = Promise(starts_at, starts_at + timedelta(hours=2), 1)
    assert sorted(by_kind(wanted(meeting(starts_at), number(told=told, missed=missed), at=at))) == kinds


def test_reminder_that_failed_waits_for_the_morning_and_is_dropped_by_who_declined() -> None:
    starts_at = local_moment(date(2026, 10, 8), time(9), Zone.WIB)
    night = starts_at - timedelta(hours=11)
    goals = by_kind(wanted(meeting(starts_at), number(missed=Kind.H1), at=night))
    assert goals["h1"] == local_moment(date(2026, 10, 8), time(6), Zone.WIB)
    declined = number(missed=Kind.H1, declined=frozenset({1, 2}))
    assert "h1" not in by_kind(wanted(meeting(starts_at), declined, at=night))
