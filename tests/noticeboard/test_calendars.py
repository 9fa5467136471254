"""Calendars that keep themselves up to date, read back by a reader that is not the writer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar as Theirs

from accounts.actions import renew_calendar
from accounts.links import calendar_token as token_of_user
from accounts.models import User
from accounts.states import Role
from common.calendar import Entry, calendar_of
from common.zones import Zone
from programs.actions import cancel_session, renew_trainer_calendar, reschedule_session
from programs.links import calendar_token as token_of_trainer
from programs.models import Cohort, Session, Trainer, Venue
from tests import factories
from tests.noticeboard import rfc5545
from tests.programs.plans import scheduled
from tests.reminders.worlds import household, meeting
from villages.actions import renew_link, revoke_link
from villages.links import calendar_token as token_of_link
from villages.links import live_link, token_of
from villages.models import ContactPoint, Village

WEEK = timedelta(days=7)
foreign: Any = import_module("dateutil.tz")  # another program's reader of zones
pytestmark = pytest.mark.django_db


def of_household(number: ContactPoint) -> str:
    link = live_link(number.pk)
    assert link is not None
    return f"/calendar/{token_of_link(link)}.ics"


def of_trainer(trainer: Trainer) -> str:
    return f"/calendar/{token_of_trainer(trainer)}.ics"


def of_user(user: User) -> str:
    return f"/calendar/{token_of_user(user)}.ics"


def read(client: Client, address: str) -> rfc5545.Calendar:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8"), address
    assert Theirs.from_ical(answer.content)
    return rfc5545.parse(answer.content)


@pytest.fixture
def every(number: ContactPoint, trainer: Trainer, made: User, sari: User) -> list[str]:
    """The five calendars in which a session of Parengan stands."""
    return ["/d/parengan.ics", of_household(number), of_trainer(trainer), of_user(made), of_user(sari)]


def test_session_stands_in_every_calendar_under_one_key(client: Client, session: Session, every: list[str]) -> None:
    keys = set()
    for address in every:
        calendar = read(client, address)
        (event,) = calendar.events
        assert event.text("SUMMARY") == "Pewarnaan alam"
        assert event.text("LOCATION") == "Balai Desa Parengan (Depan masjid)"
        assert (event.text("STATUS"), event.line("SEQUENCE").value) == ("CONFIRMED", "0")
        assert event.line("DTSTART").params == {"TZID": "Asia/Jakarta"}
        assert event.line("DTSTART").value == "20261008T100000"
        assert calendar.moment(event, "DTSTART") == session.starts_at
        assert calendar.moment(event, "DTEND") == session.ends_at
        keys.add(event.text("UID"))
    single = read(client, f"/d/parengan/{session.pk}.ics").events[0].text("UID")
    assert keys == {single}


def test_calendar_says_how_often_to_ask_again(client: Client, session: Session, every: list[str]) -> None:
    for address in every:
        calendar = read(client, address)
        assert calendar.line("REFRESH-INTERVAL").params == {"VALUE": "DURATION"}
        assert (calendar.line("REFRESH-INTERVAL").value, calendar.line("X-PUBLISHED-TTL").value) == ("PT1H", "PT1H")
        assert (calendar.line("METHOD").value, calendar.text("X-WR-CALNAME")) == ("PUBLISH", calendar.text("NAME"))


def test_what_each_one_reads(client: Client, session: Session, every: list[str]) -> None:
    village, family, teaching, mentor, desk = (read(client, address).events[0] for address in every)
    for event in (village, family):
        assert "Pak Wayan" in event.text("DESCRIPTION")
    for event in (teaching, mentor, desk):
        assert "Desa Devisa 2026" in event.text("DESCRIPTION")
        assert "Parengan (Angkatan 1)" in event.text("DESCRIPTION")
        assert ": 2" in event.text("DESCRIPTION")  # participants
    assert village.line("URL").value.endswith("/d/parengan")
    assert mentor.line("URL").value.endswith(f"/sessions/{session.pk}/")
    assert not family.has("URL")


def test_nobody_who_takes_part_is_named_anywhere(client: Client, session: Session, every: list[str]) -> None:
    for address in every:
        assert not any(name in client.get(address).content.decode() for name in ("Lidia", "Siti", "+62", "0812"))


def test_moving_and_cancelling_keep_the_key_and_raise_the_number(
    client: Client, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime, clock: Any
) -> None:
    session = scheduled(cohort, venue, by=sari, trainers=[trainer])
    seen = []
    moves: list[Callable[[], object]] = [
        lambda: None,
        lambda: reschedule_session(
            session,
            starts_at=session.starts_at + WEEK,
            ends_at=session.ends_at + WEEK,
            venue=venue,
            reason="Market day",
            by=sari,
            at=at + timedelta(minutes=5),
        ),
        lambda: cancel_session(session, reason="Hall; flooded, again\\", by=sari, at=at + timedelta(minutes=10)),
    ]
    for move in moves:
        move()
        calendar = read(client, of_trainer(trainer))
        (event,) = calendar.events
        seen.append((event.text("UID"), int(event.line("SEQUENCE").value), calendar.moment(event, "LAST-MODIFIED")))
        assert calendar.moment(event, "DTSTAMP") == seen[-1][2]
        assert calendar.moment(event, "DTSTART") == session.starts_at
    assert len({key for key, _number, _changed in seen}) == 1
    assert [number for _key, number, _changed in seen] == [0, 1, 2]
    assert [changed for _key, _number, changed in seen] == [at + timedelta(minutes=5 * step) for step in range(3)]
    assert event.text("STATUS") == "CANCELLED"
    assert "Hall; flooded, again\\" in event.text("DESCRIPTION")
    assert event.text("SUMMARY").endswith(session.title)


def test_drafts_and_what_is_far_away_never_appear(
    client: Client, cohort: Cohort, trainer: Trainer, venue: Venue, number: ContactPoint, made: User, at: datetime
) -> None:
    days = {-70: "long ago", -59: "behind", 30: "ahead", 390: "next year", 410: "too far"}
    for day, topic in days.items():
        meeting(cohort, at + timedelta(days=day), topic=topic, trainers=[trainer], venue=venue)
    meeting(cohort, at + WEEK, topic="draft", state="draft", trainers=[trainer], venue=venue)
    for address in ("/d/parengan.ics", of_household(number), of_trainer(trainer), of_user(made)):
        assert [event.text("SUMMARY") for event in read(client, address).events] == ["behind", "ahead", "next year"]


def test_large_calendar_keeps_the_nearest(
    client: Client, cohort: Cohort, trainer: Trainer, at: datetime, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noticeboard.feeds.MOST", 3)
    for day in (-9, -5, 1, 5, 9):
        meeting(cohort, at + timedelta(days=day), topic=f"day {day}", trainers=[trainer])
    titles = [event.text("SUMMARY") for event in read(client, of_trainer(trainer)).events]
    assert titles == ["day 1", "day 5", "day 9"]


def test_mentor_reads_the_villages_of_today(
    client: Client, session: Session, made: User, ina: User, at: datetime
) -> None:
    assert len(read(client, of_user(made)).events) == 1
    assert read(client, of_user(ina)).events == []
    made.assignments.update(starts_on="2020-01-01", ends_on="2020-12-31")
    assert read(client, of_user(made)).events == []


def test_household_reads_its_own_sessions_only(
    client: Client, stranger: ContactPoint, session: Session, elsewhere: Village, program: Any, at: datetime
) -> None:
    other = factories.CohortFactory.create(program=program, village=elsewhere)
    away = household(other, "Baiq Nurhayati")
    meeting(other, at + WEEK, topic="Elsewhere", venue=None, mode="online", zone="Asia/Makassar")
    (event,) = read(client, of_household(away)).events
    assert (event.text("SUMMARY"), event.line("DTSTART").params["TZID"]) == ("Elsewhere", "Asia/Makassar")
    assert event.text("LOCATION")
    assert len(read(client, of_household(stranger)).events) == 1


@pytest.mark.parametrize("zone", list(Zone))
def test_described_zones_are_those_of_the_time_zone_database(zone: str, at: datetime) -> None:
    starts_at = datetime(2026, 12, 31, 20, 15, tzinfo=UTC)
    entry = Entry(1, "Tenun", starts_at, starts_at + timedelta(hours=5), zone, "Balai", 1, False, at)  # noqa: FBT003
    content = calendar_of([entry], name="Tenun")
    calendar = rfc5545.parse(content)
    assert calendar.moment(calendar.events[0], "DTSTART") == starts_at
    theirs = foreign.tzical(StringIO(content.decode())).get(zone)
    for year in range(1990, 2101):
        for month in (1, 4, 7, 10):
            wall = datetime(year, month, 3, 9, 30)  # noqa: DTZ001
            offset = ZoneInfo(zone).utcoffset(wall)
            assert calendar.offset(zone, wall) == offset
            assert theirs is not None
            assert theirs.utcoffset(wall) == offset


def test_long_words_accents_and_signs_come_back_as_they_were(at: datetime) -> None:
    title = "Pewarnaan alam “soga, jolawé; tegeran” \\ série n° 12 – " + "é€😀" * 60
    lines = ("Baris satu, dua; tiga", "Dengan \\ garis miring", "ñ" * 200)
    entry = Entry(
        id=7,
        title=title,
        starts_at=at,
        ends_at=at + WEEK / 100,
        zone=Zone.WITA,
        place="Balai, Desa; Sukarara",
        revision=4,
        cancelled=True,
        changed_at=at,
        lines=lines,
    )
    content = calendar_of([entry], name="Nama, panjang; " + "à" * 90)
    calendar = rfc5545.parse(content)
    (event,) = calendar.events
    assert event.text("SUMMARY").endswith(title)
    assert event.text("DESCRIPTION") == "\n".join(lines)
    assert (event.text("LOCATION"), event.line("SEQUENCE").value) == ("Balai, Desa; Sukarara", "4")
    assert calendar.text("NAME") == calendar.text("X-WR-CALNAME") == "Nama, panjang; " + "à" * 90


def test_empty_calendar_is_still_a_calendar(client: Client, elsewhere: Village, trainer: Trainer) -> None:
    for address in ("/d/sukarara.ics", of_trainer(trainer)):
        calendar = read(client, address)
        assert (calendar.events, len(calendar.all("VTIMEZONE"))) == ([], 1)


def test_calendar_that_is_known_already_is_not_sent_again(
    client: Client, session: Session, every: list[str], sari: User, at: datetime
) -> None:
    for address in every:
        first = client.get(address)
        public = "public" if address.startswith("/d/") else "private"
        assert first["Cache-Control"] == f"{public}, max-age=900"
        with time_machine.travel(at + timedelta(hours=2), tick=False):  # asking later is no change
            again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    known = {address: client.get(address)["ETag"] for address in every}
    cancel_session(session, reason="Flood", by=sari, at=at)
    for address, etag in known.items():
        assert client.get(address, headers={"if-none-match": etag}).status_code == 200


def test_calendar_takes_the_same_queries_for_one_and_seven(
    client: Client, cohort: Cohort, trainer: Trainer, session: Session, every: list[str], at: datetime
) -> None:
    counts: list[list[int]] = []
    for more in (0, 6):
        for week in range(more):
            meeting(cohort, at + WEEK * (week + 5), trainers=[trainer])
        counts.append([])
        for address in every:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 4  # the fourth reads what a mentor planned


def test_renewing_ends_the_old_address(
    client: Client, session: Session, number: ContactPoint, trainer: Trainer, made: User, sari: User, at: datetime
) -> None:
    old = [of_household(number), of_trainer(trainer), of_user(made)]
    renew_link(number, by=sari, at=at)
    renew_trainer_calendar(trainer, by=sari, at=at)
    renew_calendar(made, by=made, at=at)
    fresh = [of_household(number), of_trainer(trainer), of_user(made)]
    assert [client.get(address).status_code for address in old] == [404, 404, 404]
    assert [client.get(address).status_code for address in fresh] == [200, 200, 200]


def test_closed_link_and_closed_account_have_no_calendar(
    client: Client, session: Session, number: ContactPoint, made: User, sari: User, at: datetime
) -> None:
    family, mentor = of_household(number), of_user(made)
    revoke_link(number, by=sari, at=at)
    made.is_active = False
    made.save()
    assert [client.get(address).status_code for address in (family, mentor)] == [404, 404]


def test_tokens_open_nothing_else(client: Client, session: Session, number: ContactPoint, trainer: Trainer) -> None:
    page, calendar = token_of(number), of_household(number)
    assert client.get(f"/s/{calendar[len('/calendar/') : -len('.ics')]}").status_code == 404
    mark = page.split("-")[1]
    guesses = [
        page,
        f"h{page}",
        f"t{page}",
        f"u{page}",
        f"t{trainer.pk}-{mark}",
        f"h{10**17}-{mark}",
        "t1",
        "x",
        "t0-a",
    ]
    right = of_trainer(trainer)[10:-4]
    guesses += [right[:-1] + ("b" if right[-1] == "a" else "a"), f"t{9 * 10**17}9-{mark}"]
    for guess in guesses:
        assert client.get(f"/calendar/{guess}.ics").status_code == 404, guess


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_calendar_is_only_read(client: Client, session: Session, every: list[str], method: str) -> None:
    for address in every:
        assert getattr(client, method)(address).status_code == 405


def test_reader_is_spoken_to_in_their_language(
    client: Client, session: Session, number: ContactPoint, trainer: Trainer, made: User
) -> None:
    assert made.language == "en"
    trainer.user = factories.UserFactory.create(role=Role.MENTOR)
    trainer.save()
    for address in (of_user(made), of_trainer(trainer), f"{of_household(number)}?lang=en", "/d/parengan.ics?lang=en"):
        assert "Design" in read(client, address).events[0].text("DESCRIPTION")
    for address in (of_household(number), "/d/parengan.ics"):
        assert "Desain" in read(client, address).events[0].text("DESCRIPTION")


def test_pages_offer_the_calendar(client: Client, session: Session, number: ContactPoint, home: str) -> None:
    path = of_household(number)
    for page, goal in ((home, path), ("/d/parengan", "/d/parengan.ics")):
        shown = client.get(page).content.decode()
        assert f'href="{goal}"' in shown
        assert f'href="webcal://{settings.BASE_URL.partition("://")[2]}{goal}"' in shown


def test_unknown_village_has_no_calendar(client: Client, db: None) -> None:
    assert client.get("/d/nowhere.ics").status_code == 404


def test_reader_refuses_what_the_standard_does_not_allow(at: datetime) -> None:
    """The reader can say no: without this the tests above prove little."""
    good = calendar_of([Entry(1, "A", at, at + WEEK / 99, Zone.WIB, "B", 1, False, at)], name="N")  # noqa: FBT003
    rfc5545.parse(good)
    for old, new in (
        (b"\r\n", b"\n"),
        (b"SUMMARY:A", b"SUMMARY:" + b"A" * 99),
        (b"UID:", b"X-UID:"),
        (b"END:VTIMEZONE\r\n", b""),
        (b"TZID=Asia/Jakarta", b"TZID=Asia/Makassar"),
        (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED\r\nSTATUS:CONFIRMED"),
    ):
        with pytest.raises((AssertionError, ValueError)):
            rfc5545.parse(good.replace(old, new))
    with pytest.raises(AssertionError):
        rfc5545.Line("SUMMARY", {}, "a, b").text  # noqa: B018
