"""Sessions and planned visits; moving one keeps its identity, so a calendar moves it too (RFC 5545, 7986)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from common.dates import zone_label
from common.zones import Zone, tz

EVERY: Final = timedelta(hours=1)  # how often a subscribed calendar should ask again
SINCE: Final = datetime(1988, 1, 1)  # noqa: DTZ001  a wall clock: no zone of Indonesia has changed from then on


@dataclass(frozen=True)
class Entry:
    """One session, or one planned visit, as a calendar tells it."""

    id: int | UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    revision: int
    cancelled: bool
    changed_at: datetime
    lines: tuple[str, ...] = ()
    url: str = ""
    kind: str = "session"

    @property
    def sequence(self) -> int:
        """Count the changes: it grows with every revision, and once more when it is called off."""
        return self.revision - 1 + self.cancelled


def calendar_of(entries: Sequence[Entry], *, name: str) -> bytes:
    """Write a calendar; an empty one still names its zone, because a calendar without any part is no calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Desa Devisa Tracker//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(name))  # the library takes a calendar's name for something else than text
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", EVERY)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", "PT1H")
    for zone in sorted({entry.zone for entry in entries} or {str(Zone.WIB)}):
        calendar.add_component(_zone(zone))
    for event in _events(entries):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(entries: Iterable[Entry]) -> Iterable[Event]:
    host = urlsplit(settings.BASE_URL).hostname
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.kind}-{entry.id}@{host}")
        event.add("sequence", entry.sequence)
        event.add("dtstamp", entry.changed_at)
        event.add("last-modified", entry.changed_at)
        event.add("dtstart", entry.starts_at.astimezone(tz(entry.zone)))
        event.add("dtend", entry.ends_at.astimezone(tz(entry.zone)))
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("summary", _("Cancelled: %(title)s") % {"title": entry.title} if entry.cancelled else entry.title)
        event.add("location", entry.place)
        if entry.lines:
            event.add("description", "\n".join(entry.lines))
        if entry.url:
            event.add("url", entry.url)
        yield event


def _zone(name: str) -> Timezone:
    """Describe a zone of Indonesia: one offset, no daylight saving."""
    offset = tz(name).utcoffset(SINCE)
    standard = TimezoneStandard()
    standard.add("dtstart", SINCE)
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", zone_label(name))
    zone = Timezone()
    zone.add("tzid", name)
    zone.add_component(standard)
    return zone
