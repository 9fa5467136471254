"""The village's page behind the poster: the schedule, a mentor to call, and nobody's name."""

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import User
from config.environment import BASE_DIR
from programs.models import Cohort, Session
from tests.reminders.worlds import cancel, meeting, reschedule

WEEK = timedelta(days=7)
BUDGET = 14 * 1024


def read(client: Client, address: str = "/d/parengan") -> str:
    return client.get(address).content.decode()


def test_page_shows_the_next_sessions_and_no_participant(client: Client, session: Session, later: Session) -> None:
    page = read(client)
    for words in (
        "Parengan, Kec. Maduran, Kab. Lamongan",
        "Pewarnaan alam",
        "Kamis, 8 Oktober",
        "10.00–12.00 WIB",
        "Balai Desa Parengan",
        "Pak Wayan",
        "Kamis, 15 Oktober",
    ):
        assert words in page
    for name in ("Lidia", "Siti"):
        assert name not in page


def test_page_offers_the_mentor_and_no_other_number(client: Client, session: Session, made: User, at: datetime) -> None:
    made.phone = "+6281230000001"
    made.save()
    assert set(re.findall(r"tel:(\+\d+)", read(client))) == {"+6281230000001"}
    assert "0812" in read(client)
    made.assignments.update(ends_on=(at - WEEK).date())
    assert "tel:" not in read(client)


def test_page_takes_one_query_and_sets_nothing(client: Client, cohort: Cohort, session: Session, at: datetime) -> None:
    for count in (1, 7):
        for week in range(count):
            meeting(cohort, at + WEEK * (week + 2 + count))
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/d/parengan")
        assert len(queries) == 1
    assert not response.cookies
    assert "<script" not in response.content.decode()


def test_phone_that_has_the_page_is_told_so(client: Client, session: Session, at: datetime) -> None:
    first = client.get("/d/parengan")
    again = {"if-none-match": first["ETag"]}
    same = client.get("/d/parengan", headers=again)
    assert (same.status_code, same.content) == (304, b"")
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    assert client.get("/d/parengan", headers=again).status_code == 200


def test_first_load_fits_the_budget(client: Client, session: Session, later: Session, made: User) -> None:
    response = client.get("/d/parengan", headers={"accept-encoding": "gzip"})
    page = gzip.decompress(response.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    total = len(response.content) + sum(
        len(gzip.compress(Path(BASE_DIR / "static" / name).read_bytes())) for name in linked
    )
    assert total <= BUDGET, (total, linked)


def test_change_and_cancellation_are_shown(client: Client, session: Session, later: Session, at: datetime) -> None:
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    cancel(later, at=at)
    page = read(client)
    assert "<s>Kam, 8 Okt 2026, 10.00–12.00 WIB</s>" in page
    assert "Balai desa kebanjiran" in page


def test_calendar_keeps_its_identity(client: Client, session: Session, at: datetime) -> None:
    address = f"/d/parengan/{session.pk}.ics"
    event = Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
    assert (str(event["SUMMARY"]), event["SEQUENCE"]) == ("Pewarnaan alam", 0)
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    moved: Any = Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], 1)
    assert moved["DTSTART"].dt == session.starts_at


def test_unknown_village_and_session_are_404(client: Client, session: Session) -> None:
    assert client.get("/d/nowhere").status_code == 404
    assert client.get("/d/parengan/999999.ics").status_code == 404
    assert client.get(f"/d/nowhere/{session.pk}.ics").status_code == 404


def test_slash_leads_to_the_printed_address(client: Client, session: Session) -> None:
    assert client.get("/d/parengan/?lang=en")["Location"] == "/d/parengan?lang=en"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_is_only_read(client: Client, session: Session, method: str) -> None:
    assert getattr(client, method)("/d/parengan").status_code == 405


def test_nothing_ahead_is_said_in_words(client: Client, cohort: Cohort) -> None:
    assert client.get("/d/parengan").status_code == 200
    assert "<h2>" in read(client)


def test_both_languages_are_there(client: Client, session: Session) -> None:
    assert "Thursday, 8 October" in read(client, "/d/parengan?lang=en")
