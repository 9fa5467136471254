"""One session as a calendar entry; moving it keeps its identity, so a calendar moves it too."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vText

from noticeboard.rows import Row, place_of
from programs.states import ModuleCode, SessionState


def calendar_of(row: Row, *, at: datetime) -> bytes:
    """Write the .ics of one row of the village's statement."""
    event = Event()
    event.add("uid", f"session-{row['id']}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", row["revision"] - 1 + (row["state"] == SessionState.CANCELLED))
    event.add("dtstamp", at)
    event.add("dtstart", row["starts_at"])
    event.add("dtend", row["ends_at"])
    event.add("summary", row["topic"] or str(ModuleCode(row["module_id"]).label))
    event.add("location", vText(place_of(row["venue"], row["landmark"])))
    event.add("status", "CANCELLED" if row["state"] == SessionState.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Desa Devisa Tracker//ID")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
