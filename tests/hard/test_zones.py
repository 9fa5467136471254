"""R8: nobody is written to at night, after the start or on the wrong day, in any zone, at any end of a month or year.

The whole run (`HARD=1`) plans 21,900 sessions in each of four zones; without it a twentieth of them is taken.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from common.dates import local_date, local_moment
from common.zones import Zone, tz
from reminders.hours import QUIET_FROM, QUIET_UNTIL
from reminders.judging import GO, Look, judge
from reminders.planner import REMINDERS, Meeting, Number, Promise, Wanted, wanted
from reminders.states import Kind

SEED = int(os.environ.get("SEED", "8"))
WHOLE = 21_900
SESSIONS = WHOLE if os.environ.get("HARD") else WHOLE // 20
KINDS = frozenset({Kind.INVITATION, *REMINDERS})
DAYS_BEFORE = {Kind.H3: 3, Kind.H1: 1, Kind.H0: 0}
Planner = Callable[[Meeting, Number, datetime], list[Wanted]]


def days(chance: random.Random, count: int) -> Iterator[date]:
    """Choose days around the ends of months and years, and around leap days, of a whole century of schedules."""
    for _ in range(count):
        year = chance.randrange(2000, 2100)
        first = chance.choice([date(year, chance.randrange(1, 13), 1), date(year, 1, 1), date(year, 3, 1)])
        yield first + timedelta(days=chance.randint(-4, 4))


def cases(zone: Zone) -> Iterator[tuple[Meeting, Number]]:
    """Plan sessions by day and by night, for people at home in any zone; some have just been told, some not."""
    chance = random.Random(f"{SEED}{zone}")  # noqa: S311  a test is repeatable
    for pk, day in enumerate(days(chance, SESSIONS)):
        start = local_moment(day, time(chance.randrange(24), chance.choice([0, 1, 15, 30, 59])), zone)
        promise = Promise(start, start + timedelta(hours=2), None)
        home = zone if chance.random() < 0.7 else chance.choice(list(Zone))
        told = promise if chance.random() < 0.5 else None
        number = Number(contact_point_id=pk, zone=home, people=frozenset({pk}), told=told)
        yield Meeting(pk, pk, promise, zone, cancelled=False, kinds=KINDS), number


def moments(meeting: Meeting, chance: random.Random) -> list[datetime]:
    """Plan long before, shortly before, and at the very end of the evening before."""
    start = meeting.promise.starts_at
    ahead = [timedelta(days=9), timedelta(hours=chance.randrange(1, 100)), timedelta(minutes=chance.randrange(1, 600))]
    return [start - each for each in ahead]


def faults(zone: Zone, plan: Planner) -> Counter[str]:
    """Count what must never be: by the clocks of the people and of the place, written out here once more."""
    chance = random.Random(SEED)  # noqa: S311  a test is repeatable
    found: Counter[str] = Counter()
    for meeting, number in cases(zone):
        for at in moments(meeting, chance):
            for goal in plan(meeting, number, at):
                found["all"] += 1
                found += Counter(name for name, wrong in judged(meeting, number, goal).items() if wrong)
    return found


def judged(meeting: Meeting, number: Number, goal: Wanted) -> dict[str, bool]:
    """Look at one message with no help of the code under test."""
    if goal.too_late:
        return {}  # listed, and never sent
    there = goal.due_at.astimezone(tz(number.zone)).time()
    day = local_date(meeting.promise.starts_at, meeting.zone)
    promised = DAYS_BEFORE.get(Kind(goal.kind))
    on = local_date(goal.due_at, meeting.zone)
    return {
        "quiet": there >= QUIET_FROM or there < QUIET_UNTIL,
        "after the start": goal.due_at >= meeting.promise.starts_at or goal.expires_at > meeting.promise.starts_at,
        "wrong day": promised is not None and on != day - timedelta(days=promised),
    }


def as_planned(meeting: Meeting, number: Number, at: datetime) -> list[Wanted]:
    """Plan as the product does."""
    return wanted(meeting, number, at=at)


def by_the_server(meeting: Meeting, number: Number, at: datetime) -> list[Wanted]:
    """The guard off: the zone of the server for everybody."""
    return wanted(replace(meeting, zone=Zone.WIB), replace(number, zone=Zone.WIB), at=at)


@pytest.mark.parametrize("zone", list(Zone), ids=lambda zone: zone.name)
def test_nobody_is_written_to_at_night_too_late_or_on_the_wrong_day(zone: Zone) -> None:
    found = faults(zone, as_planned)
    assert found["all"] > SESSIONS * 2
    assert set(found) == {"all"}, found


def test_zone_of_the_server_would_do_all_of_it() -> None:
    found = faults(Zone.WIT, by_the_server)
    assert min(found["quiet"], found["wrong day"]) > 0, found
    assert found["quiet"] + found["wrong day"] > found["all"] / 20, found


# -- the last look, hours late ----------------------------------------------------------------------------------------


def look_of(number: Number, goal: Wanted) -> Look:
    """Look at one message as its sender does."""
    return Look(kind=Kind(goal.kind), due_at=goal.due_at, expires_at=goal.expires_at, zone=number.zone)


@pytest.mark.parametrize("zone", list(Zone), ids=lambda zone: zone.name)
def test_nobody_is_written_to_at_night_or_too_late_by_a_sender_that_is_hours_late(zone: Zone) -> None:
    chance = random.Random(SEED)  # noqa: S311  a test is repeatable
    found: Counter[str] = Counter()
    for meeting, number in cases(zone):
        planned_at = meeting.promise.starts_at - timedelta(days=9)
        for goal in wanted(meeting, number, at=planned_at):
            at = goal.due_at + timedelta(minutes=chance.randrange(30 * 60))
            verdict = judge(look_of(number, goal), at=at)
            left = at if verdict is GO else verdict.due_at
            found["all"] += 1
            if left is not None:
                found["left"] += 1
                found += Counter(
                    name
                    for name, wrong in judged(meeting, number, replace(goal, due_at=left)).items()
                    if wrong and name != "wrong day"  # being late, it may be the day after
                )
    assert set(found) == {"all", "left"}, found
    assert found["left"] > SESSIONS / 2
