"""When a number may be written to, and when the plan of a session wants it to be."""

from datetime import datetime, time, timedelta

from common.dates import local_date, local_moment
from common.zones import tz
from reminders.states import Kind

QUIET_FROM, QUIET_UNTIL = time(20), time(6)
BETWEEN_REMINDERS = timedelta(hours=1)
BEFORE_START = timedelta(hours=2)


def is_quiet(moment: datetime, zone: str) -> bool:
    """Say whether it is between 20.00 and 06.00 there."""
    clock = moment.astimezone(tz(zone)).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def out_of_quiet(moment: datetime, zone: str) -> datetime:
    """Return the moment itself, or the end of the night it falls in."""
    if not is_quiet(moment, zone):
        return moment
    local = moment.astimezone(tz(zone))
    morning = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return local_moment(morning, QUIET_UNTIL, zone)


def reminder_moment(kind: Kind, starts_at: datetime, zone: str) -> datetime:
    """Return when a reminder is due by the clock of the venue."""
    day = local_date(starts_at, zone)
    if kind == Kind.H3:
        return local_moment(day - timedelta(days=3), time(9), zone)
    if kind == Kind.H1:
        return local_moment(day - timedelta(days=1), time(17), zone)
    return max(starts_at - BEFORE_START, local_moment(day, QUIET_UNTIL, zone))


def same_day(one: datetime, other: datetime, zone: str) -> bool:
    """Say whether both moments fall on one calendar day there."""
    return local_date(one, zone) == local_date(other, zone)
