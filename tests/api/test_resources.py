"""Trainers, venues and calendars through the API."""

import pytest

from accounts.links import calendar_token as token_of_user
from accounts.models import User
from common.models import Event
from programs.links import calendar_token
from programs.models import Trainer, Venue
from tests.api.conftest import Caller

TRAINERS, VENUES = "/api/v1/trainers/", "/api/v1/venues/"


def test_trainer_is_corrected(ask: Caller, sari: User, trainer: Trainer) -> None:
    address = f"{TRAINERS}{trainer.pk}/"
    changed = ask(sari).patch(address, {"organisation": "Disperindag", "phone": "0812 3000 0077"})
    assert changed.status_code == 200, changed.data
    assert changed.data == {"id": trainer.pk, "name": "Pak Wayan", "organisation": "Disperindag"}
    trainer.refresh_from_db()
    assert trainer.phone == "+6281230000077"
    assert ask(sari).patch(address, {"phone": "12"}).status_code == 400
    assert ask(sari).patch(address, {"name": ""}).status_code == 400
    assert ask(sari).patch(f"{TRAINERS}999999/", {"name": "X"}).status_code == 404


def test_calendar_of_a_trainer_is_given_and_renewed(ask: Caller, sari: User, trainer: Trainer) -> None:
    client, address = ask(sari), f"{TRAINERS}{trainer.pk}/"
    given = client.get(f"{address}calendar/").data["address"]
    assert given.endswith(f"/calendar/{calendar_token(trainer)}.ics")
    renewed = client.post(f"{address}renew-calendar/").data["address"]
    trainer.refresh_from_db()
    assert renewed.endswith(f"/calendar/{calendar_token(trainer)}.ics")
    assert renewed != given


def test_mentor_reads_trainers_and_no_calendar(ask: Caller, made: User, trainer: Trainer) -> None:
    client = ask(made)
    assert client.get(f"{TRAINERS}{trainer.pk}/").status_code == 200
    assert client.get(f"{TRAINERS}{trainer.pk}/calendar/").status_code == 403
    assert client.post(f"{TRAINERS}{trainer.pk}/renew-calendar/").status_code == 403
    assert client.patch(f"{TRAINERS}{trainer.pk}/", {"name": "Mine"}).status_code == 403
    assert not Event.objects.exists()


def test_venue_is_corrected(ask: Caller, sari: User, made: User, venue: Venue) -> None:
    address = f"{VENUES}{venue.pk}/"
    changed = ask(sari).patch(address, {"landmark": "Timur pasar", "capacity": 40})
    assert (changed.data["landmark"], changed.data["capacity"], changed.data["name"]) == (
        "Timur pasar",
        40,
        "Balai Desa Parengan",
    )
    assert ask(sari).patch(address, {"region": "99"}).status_code == 400
    assert ask(made).patch(address, {"name": "Mine"}).status_code == 403


@pytest.mark.usefixtures("cohort")
def test_own_calendar_is_given_and_renewed(ask: Caller, made: User) -> None:
    client = ask(made)
    given = client.get("/api/v1/me/calendar/").data["address"]
    assert given.endswith(f"/calendar/{token_of_user(made)}.ics")
    assert client.post("/api/v1/me/calendar/").data["address"] != given
    assert ask(None).get("/api/v1/me/calendar/").status_code == 401
