"""Editions of the list of places through the API: compared, loaded, decided on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from tests.api.conftest import Caller
from tests.villages.regions.conftest import in_force, settled  # noqa: F401  fixtures
from tests.villages.regions.lists import LAMONGAN, moved
from villages.models import Village

EDITIONS, CHANGES = "/api/v1/region-editions/", "/api/v1/region-changes/"
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})


def file_of(names: dict[str, str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", "".join(f"{code},{name}\n" for code, name in names.items()).encode())


def test_way_of_an_edition(ask: Caller, admin: User, settled: Village) -> None:  # noqa: F811
    client = ask(admin)
    kept = client.post(EDITIONS, {"file": file_of(RECODED), "name": "Kepmendagri 2027"}, format="multipart")
    assert kept.status_code == 201, kept.data
    assert (kept.data["state"], kept.data["recoded"], kept.data["gone"], kept.data["waiting"]) == ("checked", 5, 5, 0)
    address = f"{EDITIONS}{kept.data['id']}/"
    assert client.post(f"{address}load/").data["waiting"] == 2
    assert client.post(f"{address}load/").status_code == 409
    found = client.get(CHANGES, {"edition": kept.data["id"], "state": "waiting"}).data["results"]
    assert [(each["code"], each["kind"], each["counterparts"]) for each in found] == [
        ("35.24.10", "recoded", ["35.24.28"]),
        ("35.24.10.2009", "recoded", ["35.24.28.2009"]),
    ]
    change = f"{CHANGES}{found[1]['id']}/"
    (village,) = [each for each in found[1]["records"] if each["kind"] == "villages.village"]
    part = client.post(f"{change}decide/", {"to": "35.24.28.2009", "records": [village["id"]]}, format="json")
    assert part.data["state"] == "waiting"
    settled.refresh_from_db()
    assert settled.region_id == "35.24.28.2009"
    assert client.post(f"{change}decide/", {"to": None}, format="json").data["state"] == "moved"
    assert client.post(f"{change}decide/", {"to": None}, format="json").status_code == 409
    assert client.post(f"{address}follow/").data["waiting"] == 0


def test_broken_file_is_refused_by_line(ask: Caller, admin: User, settled: Village) -> None:  # noqa: F811
    file = SimpleUploadedFile("list.csv", b"35,Jawa Timur\n35.1,Kabupaten\n")
    answer = ask(admin).post(EDITIONS, {"file": file}, format="multipart")
    assert answer.status_code == 400
    assert answer.data["errors"]["file"][0].startswith("Line 2: the code 35.1 is a number")


@pytest.mark.parametrize("body", [{}, {"to": "99"}, {"to": "35.24.28"}, {"to": "35.24.28.2009", "records": ["x"]}])
def test_wrong_decision_is_refused(ask: Caller, admin: User, settled: Village, body: dict[str, object]) -> None:  # noqa: F811
    client = ask(admin)
    kept = client.post(EDITIONS, {"file": file_of(RECODED)}, format="multipart").data["id"]
    client.post(f"{EDITIONS}{kept}/load/")
    (change,) = client.get(CHANGES, {"state": "waiting", "search": "Parengan"}).data["results"]
    assert client.post(f"{CHANGES}{change['id']}/decide/", body, format="json").status_code == 400


def test_edition_that_is_put_aside_is_not_loaded(ask: Caller, admin: User, settled: Village) -> None:  # noqa: F811
    client = ask(admin)
    kept = client.post(EDITIONS, {"file": file_of(RECODED)}, format="multipart").data["id"]
    assert client.post(f"{EDITIONS}{kept}/dismiss/").data["state"] == "dismissed"
    assert client.post(f"{EDITIONS}{kept}/load/").status_code == 409
