"""Short words for tests of notices: what is planned, for whom and when, and what a last look says."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from briefings.planning import plan_notices
from common.zones import tz
from reminders.families import look_at
from reminders.judging import judge
from reminders.models import Message
from reminders.states import Kind
from reminders.topics import Notice

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


def local(text: str, zone: str = WIB) -> datetime:
    """Read a wall-clock time of the place, `2026-10-03 17:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=tz(zone))


def notices(kind: Kind) -> list[tuple[str, str, str]]:
    """List number, state and reason of every message of a kind, oldest first."""
    rows = Message.objects.filter(kind=kind).select_related("contact_point").order_by("pk")
    return [(row.contact_point.number, row.state, row.note) for row in rows]


def only(kind: Kind) -> Message:
    """Read the one message of a kind."""
    return Message.objects.select_related("contact_point").get(kind=kind)


def rows() -> list[dict[str, Any]]:
    """Read every message whole."""
    return [dict(row) for row in Message.objects.order_by("pk").values()]


def says(message: Message, at: datetime) -> dict[str, str]:
    """Look at a message as a sender does, and give the values of its words, with the link's path."""
    (claimed,) = look_at([message.pk], at=at)
    assert isinstance(claimed.topic, Notice)
    return {**claimed.topic.values, "link": claimed.topic.link.partition("//")[2].partition("/")[2]}


def verdict(message: Message, at: datetime) -> tuple[str, str]:
    """Say what the last look decides at that moment."""
    (claimed,) = look_at([message.pk], at=at)
    found = judge(claimed.look, at=at)
    return str(found.state), str(found.note)


def queries(at: datetime) -> int:
    """Count what one repair of the plan asks."""
    with CaptureQueriesContext(connection) as asked:
        plan_notices(at=at)
    return len(asked)


def looked(ids: list[int], at: datetime) -> int:
    """Count what one last look asks."""
    with CaptureQueriesContext(connection) as asked:
        assert len(look_at(ids, at=at)) == len(ids)
    return len(asked)
