"""The pages of downloads: small lists at once, long ones with progress, each its owner's alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common.models import Event
from downloads import views
from downloads.actions import take_download
from downloads.desk import write_waiting
from downloads.models import Download
from programs.models import Cohort
from tests import factories
from tests.downloads.asking import ask, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NEW = "/downloads/new/"


@pytest.fixture
def _people(cohort: Cohort) -> None:
    for name in ("Ani", "Budi"):
        factories.reachable_person(cohort.village, name=name)


@pytest.fixture
def desk(reader: Client, sari: User, cohort: Cohort) -> Client:
    reader.force_login(sari)
    return reader


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


@pytest.mark.usefixtures("_people")
def test_small_list_comes_at_once(desk: Client, cohort: Cohort) -> None:
    answer = desk.post(
        NEW, {"table": "person", "query": f"search=ani&village={cohort.village_id}", "form": "csv"}, follow=True
    )
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="person-2026-10-01.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert "Ani" in (text := body(answer))
    assert "Budi" not in text
    assert sorted(Event.objects.filter(verb__in=("exported", "fetched")).values_list("verb", flat=True)) == [
        "exported",
        "fetched",
    ]


@pytest.mark.usefixtures("_people")
def test_long_list_shows_its_progress(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 1)
    answer = desk.post(NEW, {"table": "person", "query": "", "form": "xlsx"})
    download = Download.objects.get()
    address = reverse("download-detail", args=[download.pk])
    assert answer["Location"] == address
    page = desk.get(address).content.decode()
    assert "0 of 2 rows" in page
    assert "<noscript><a" in page
    assert f'hx-get="{address}"' in page
    assert take_download()
    Download.objects.update(done=1)
    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "1 of 2 rows" in part
    assert "<html" not in part
    Download.objects.update(lease_until="2000-01-01T00:00Z")
    write_waiting()
    page = desk.get(address).content.decode()
    assert "2 rows, " in page
    assert "hx-get" not in page
    assert desk.get(reverse("download-file", args=[download.pk])).status_code == 200


@pytest.mark.usefixtures("_people")
def test_download_is_its_owners_alone(desk: Client, sari: User, admin: User, at: datetime) -> None:
    download, client = taken(sari, at=at), Client()
    client.force_login(admin)
    for name in ("download-detail", "download-file"):
        assert client.get(reverse(name, args=[download.pk])).status_code == 404
    assert str(download.pk) not in client.get("/downloads/").content.decode()
    assert str(download.pk) in desk.get("/downloads/").content.decode()


def test_who_may_not_read_the_list_is_sent_away(client: Client, joko: User) -> None:
    client.force_login(joko)
    assert client.post(NEW, {"table": "person", "query": "", "form": "csv"}).status_code == 403
    assert not Download.objects.exists()


def test_nobody_asks_without_an_account(client: Client) -> None:
    assert client.post(NEW, {"table": "village", "query": "", "form": "csv"}).status_code == 302
    assert client.get("/downloads/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"table": "x", "query": "", "form": "csv"},
        {"table": "village", "query": "stage=a", "form": "csv"},
        {"table": "village", "query": "search=%00", "form": "csv"},
        {"table": "village", "query": "a=" + "b" * 3_000, "form": "csv"},
    ],
)
def test_bad_wish_is_answered_with_a_sentence(desk: Client, given: dict[str, str]) -> None:
    answer = desk.post(NEW, given)
    assert answer.status_code == 409
    assert not Download.objects.exists()


def test_file_that_is_not_there_is_said_in_words(desk: Client, sari: User, at: datetime) -> None:
    waiting = ask(sari, at=at)
    assert desk.get(reverse("download-file", args=[waiting.pk])).status_code == 409
    write_waiting()
    Download.objects.update(expires_at=at - timedelta(minutes=1))
    assert desk.get(reverse("download-file", args=[waiting.pk])).status_code == 409


def test_failure_and_expiry_are_told(desk: Client, sari: User, at: datetime) -> None:
    download = taken(sari, at=at)
    Download.objects.update(state="failed", failure="right")
    assert (
        "You may no longer read this list." in desk.get(reverse("download-detail", args=[download.pk])).content.decode()
    )
    Download.objects.update(state="expired")
    assert "deleted after its day" in desk.get(reverse("download-detail", args=[download.pk])).content.decode()


def test_list_of_downloads_asks_the_same_questions_for_1_and_7(desk: Client, sari: User, at: datetime) -> None:
    counts = []
    for more in (1, 6):
        for _ in range(more):
            ask(sari, at=at)
            write_waiting()
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/downloads/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_speak_indonesian(client: Client, sari: User, at: datetime) -> None:
    client.force_login(sari)
    download = ask(sari, at=at)
    assert "Unduhan saya" in client.get("/downloads/").content.decode()
    assert "Baris yang ditulis" in client.get(reverse("download-detail", args=[download.pk])).content.decode()


def test_list_page_offers_itself_with_its_filters(desk: Client, cohort: Cohort) -> None:
    page = desk.get("/villages/", {"search": "parengan", "cursor": ""}).content.decode()
    assert 'name="table" value="village"' in page
    assert 'name="query" value="search=parengan"' in page
    people = desk.get(f"/villages/{cohort.village_id}/people/")
    assert people.status_code == 200
