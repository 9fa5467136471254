"""A story told in the order of time: each act at its own moment, and the messages that fall due in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from common.dates import local_date, local_moment
from common.zones import Zone, tz
from reminders.models import Message
from reminders.sender import send_due

Act = Callable[[datetime], object]
SUNDAY = 6


@dataclass
class Story:
    """Acts around one moment, `at`: the past is played as if it happened then."""

    at: datetime
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def moment(self, day: int, clock: str, zone: str = Zone.WIB) -> datetime:
        """Name a local time, days from today; people rest on Sundays."""
        date = local_date(self.at, zone) + timedelta(days=day)
        if date.weekday() == SUNDAY and abs(day) > 1:
            date += timedelta(days=1)
        return local_moment(date, time.fromisoformat(clock), zone)

    def going_on(self, zone: str = Zone.WIB) -> datetime:
        """Name an hour of today's work that has begun and is not long over; early in the morning the first one."""
        hour = self.at.astimezone(tz(zone)).hour
        return self.moment(0, f"{min(max(hour - 1, 8), 18):02}:00", zone)

    def then(self, when: datetime, act: Act) -> None:
        """Put an act in its place; what would still be to come happens at the last moment."""
        self.acts.append((min(when, self.at), len(self.acts), act))

    def play(self) -> None:
        """Do every act at its moment, and send before each what was due by then."""
        for when, _order, act in sorted(self.acts, key=lambda entry: entry[:2]):
            tick(until=when)
            act(when)
        tick(until=self.at)


def tick(*, until: datetime) -> None:
    """Send what falls due until then, each at the minute it was due, as the worker would have."""
    passed = datetime.min.replace(tzinfo=until.tzinfo)
    while True:
        waiting = Message.objects.due(until).filter(due_at__gt=passed).order_by("due_at", "pk")
        due_at = waiting.values_list("due_at", flat=True).first()
        if due_at is None:
            return
        passed = due_at
        send_due(clock=lambda: passed)  # noqa: B023  called before the loop goes on
