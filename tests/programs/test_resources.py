"""Trainers and venues: listed, shown, corrected; a trainer's calendar is passed on and renewed."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from programs.actions import change_trainer, change_venue
from programs.links import calendar_token
from programs.models import Cohort, Session, Trainer, Venue
from tests import factories
from tests.programs.browsing import press, read
from tests.reminders.worlds import meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(cohort: Cohort, trainer: Trainer, venue: Venue, at: datetime, clock: object) -> Session:
    """A session of Pak Wayan in the village hall, in a week."""
    return meeting(cohort, at + timedelta(days=7), topic="Pewarnaan alam", trainers=[trainer], venue=venue)


def test_lists_name_everyone_and_search(reader: Client, sari: User, trainer: Trainer, venue: Venue) -> None:
    factories.TrainerFactory.create(name="Bu Ratna", organisation="Balai Besar Tekstil")
    reader.force_login(sari)
    assert {"Pak Wayan", "Bu Ratna"} <= set(re.findall(r'card-title">([^<]+)', read(reader, "trainer-list")))
    assert "Pak Wayan" not in read(reader, "trainer-list", search="tekstil")
    assert "Nobody matches this" in read(reader, "trainer-list", search="zzz")
    assert "Kec. Maduran" in read(reader, "venue-list")
    assert "No venue matches this" in read(reader, "venue-list", search="zzz")
    assert "?next=/trainers/" in read(reader, "trainer-list")
    read(reader, "trainer-list", cursor="broken", status=409)


def test_empty_lists_say_what_to_do(reader: Client, sari: User) -> None:
    reader.force_login(sari)
    assert "No trainers yet" in read(reader, "trainer-list")
    assert "No venues yet" in read(reader, "venue-list")


def test_pages_show_what_comes_next(reader: Client, sari: User, ahead: Session, trainer: Trainer, venue: Venue) -> None:
    reader.force_login(sari)
    for name, row in (("trainer-detail", trainer), ("venue-detail", venue)):
        shown = read(reader, name, row.pk)
        assert "Pewarnaan alam" in shown
        assert "Thu, 8 Oct 2026" in shown
        assert "10.00–12.00 WIB" in shown
    assert "Depan masjid" in read(reader, "venue-detail", venue.pk)


def test_sessions_of_others_are_not_shown(
    reader: Client, rina: User, ahead: Session, trainer: Trainer, venue: Venue
) -> None:
    reader.force_login(rina)
    for name, row in (("trainer-detail", trainer), ("venue-detail", venue)):
        assert "Nothing of your programs is planned here" in read(reader, name, row.pk)


def test_number_and_calendar_are_for_the_desk(
    reader: Client, sari: User, made: User, observer: User, trainer: Trainer
) -> None:
    Trainer.objects.update(phone="+6281230000077")
    reader.force_login(sari)
    shown = read(reader, "trainer-detail", trainer.pk)
    token = calendar_token(trainer)
    assert f"/calendar/{token}.ics" in shown
    assert "0812 3000 0077" in shown
    link = re.search(r'href="https://wa.me/6281230000077\?text=([^"]+)"', shown)
    assert link is not None
    assert token in unquote(link[1])
    for user in (made, observer):
        reader.force_login(user)
        shown = read(reader, "trainer-detail", trainer.pk)
        assert not any(words in shown for words in (token, "0812", "wa.me", "/edit/"))


def test_only_the_desk_corrects_and_renews(
    client: Client, made: User, joko: User, trainer: Trainer, venue: Venue
) -> None:
    for user in (made, joko):
        client.force_login(user)
        read(client, "trainer-edit", trainer.pk, status=403)
        read(client, "venue-edit", venue.pk, status=403)
        press(client, "trainer-calendar-renew", trainer.pk, status=403)
    assert not Event.objects.exists()


def test_unknown_ones_are_404(client: Client, sari: User) -> None:
    client.force_login(sari)
    for name in ("trainer-detail", "trainer-edit", "venue-detail", "venue-edit"):
        read(client, name, 99_999, status=404)


def test_trainer_is_corrected(reader: Client, sari: User, trainer: Trainer) -> None:
    reader.force_login(sari)
    assert 'value="Pak Wayan"' in read(reader, "trainer-edit", trainer.pk)
    values = {"name": "Wayan Sudarma", "organisation": "Disperindag", "phone": "0812 3000 0077"}
    press(reader, "trainer-edit", trainer.pk, **values)
    trainer.refresh_from_db()
    assert (trainer.name, trainer.organisation, trainer.phone) == ("Wayan Sudarma", "Disperindag", "+6281230000077")
    press(reader, "trainer-edit", trainer.pk, **values)
    assert [event.facts for event in Event.objects.about(trainer)] == [{"columns": ["name", "organisation", "phone"]}]
    shown = press(reader, "trainer-edit", trainer.pk, status=400, **{**values, "phone": "12", "name": ""})
    assert "too short" in shown
    assert 'value="12"' in shown


def test_new_trainer_with_a_wrong_number_is_told_beside_the_field(reader: Client, sari: User) -> None:
    reader.force_login(sari)
    shown = press(reader, "trainer-new", status=400, name="Bu Ratna", phone="021 555 0100")
    assert "landline" in shown
    assert 'value="Bu Ratna"' in shown


def test_venue_is_corrected_and_keeps_its_zone_while_sessions_lie_ahead(
    reader: Client, sari: User, ahead: Session, venue: Venue, at: datetime
) -> None:
    reader.force_login(sari)
    factories.lay_region("52.02.02.2004")
    assert 'value="35.24.10.2009"' in read(reader, "venue-edit", venue.pk)
    values: dict[str, Any] = {
        "name": "Balai Desa",
        "region": "35.24.10.2009",
        "landmark": "Timur pasar",
        "capacity": "40",
    }
    press(reader, "venue-edit", venue.pk, **values)
    venue.refresh_from_db()
    assert (venue.name, venue.landmark, venue.capacity) == ("Balai Desa", "Timur pasar", 40)
    away = {**values, "region": "52.02.02.2004", "name": "Moved"}
    assert "Sessions lie ahead" in press(reader, "venue-edit", venue.pk, status=409, **away)
    assert "No place has this code" in press(reader, "venue-edit", venue.pk, status=400, **{**values, "region": "x"})
    venue.refresh_from_db()
    assert venue.name == "Balai Desa"
    Session.objects.update(state="cancelled", reason="Flood")
    press(reader, "venue-edit", venue.pk, **away)
    assert Venue.objects.get().zone == "Asia/Makassar"


def test_unknown_columns_are_a_mistake_of_ours(trainer: Trainer, venue: Venue, sari: User, at: datetime) -> None:
    with pytest.raises(TypeError):
        change_trainer(trainer, user="x", by=sari, at=at)
    with pytest.raises(TypeError):
        change_venue(venue, zone="x", by=sari, at=at)


def test_calendar_is_renewed(reader: Client, sari: User, trainer: Trainer) -> None:
    reader.force_login(sari)
    old = calendar_token(trainer)
    press(reader, "trainer-calendar-renew", trainer.pk)
    trainer.refresh_from_db()
    shown = read(reader, "trainer-detail", trainer.pk)
    assert "The calendar has a new address" in shown
    assert calendar_token(trainer) in shown
    assert old not in shown
    assert [event.verb for event in Event.objects.about(trainer)] == ["calendar_renewed"]


def test_pages_cost_the_same_for_one_and_seven(
    client: Client, sari: User, cohort: Cohort, ahead: Session, trainer: Trainer, venue: Venue, at: datetime
) -> None:
    client.force_login(sari)
    counts = []
    for more in (0, 6):
        for week in range(more):
            meeting(cohort, at + timedelta(weeks=week + 3), trainers=[trainer], venue=venue)
            factories.TrainerFactory.create()
            factories.VenueFactory.create(region=factories.lay_region(f"35.24.11.20{week + 10}"))
        with CaptureQueriesContext(connection) as queries:
            for name, given in (
                ("trainer-list", []),
                ("venue-list", []),
                ("trainer-detail", [trainer.pk]),
                ("venue-detail", [venue.pk]),
            ):
                read(client, name, *given)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_list_goes_on_with_a_second_page(reader: Client, sari: User, trainer: Trainer) -> None:
    for _ in range(27):
        factories.TrainerFactory.create()
    reader.force_login(sari)
    onward = re.search(r'href="\?cursor=([^"]+)" rel="next"', read(reader, "trainer-list"))
    assert onward is not None
    assert 'rel="prev"' in read(reader, "trainer-list", cursor=unquote(onward[1]))


def test_both_languages_are_there(client: Client, sari: User, trainer: Trainer, venue: Venue) -> None:
    client.force_login(sari)
    for language in ("id", "en"):
        client.cookies["language"] = language
        for name, given in (("trainer-list", []), ("venue-list", []), ("trainer-detail", [trainer.pk])):
            assert "<h1>" in read(client, name, *given)
