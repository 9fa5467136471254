"""A list is asked for, written once for who may still read it, noted, fetched by its owner and deleted."""

import csv
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError
from openpyxl import load_workbook

from accounts.models import User
from accounts.states import Role
from common.errors import Refused
from common.models import Event
from downloads import actions, writing
from downloads.actions import Lost, expire_downloads, note_fetched, take_download, write_download
from downloads.desk import write_one, write_waiting
from downloads.models import Download
from downloads.states import DownloadState, Failure
from programs.models import Cohort
from tests import factories
from tests.downloads.asking import ask, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cohort: Cohort) -> list[str]:
    names = ["Ani", "Budi", "Citra"]
    for name in names:
        factories.reachable_person(cohort.village, name=name)
    return names


def lines(download: Download) -> list[dict[str, str]]:
    with default_storage.open(download.file) as file:
        return list(csv.DictReader(StringIO(file.read().decode(), newline="")))


def written(by: User, at: datetime, **given: Any) -> Download:
    download = taken(by, at=at, **given)
    write_download(download, at=at)
    download.refresh_from_db()
    return download


def test_list_is_written_as_it_is_filtered(sari: User, people: list[str], at: datetime) -> None:
    download = written(sari, at, query="search=i&reachable=true")
    assert (download.state, download.done, download.total) == ("ready", 3, 3)
    assert download.size > 0
    assert [row["name"] for row in lines(download)] == people
    assert [row["name"] for row in lines(written(sari, at, query="search=Ani"))] == ["Ani"]


def test_workbook_speaks_the_owners_language_and_names_them(sari: User, people: list[str], at: datetime) -> None:
    for language, heading, about in (("id", "Nama", "Desa"), ("en", "Name", "Village")):
        download = written(sari, at, form="xlsx", language=language)
        with default_storage.open(download.file) as file:
            book = load_workbook(BytesIO(file.read()))
        head = [cell.value for cell in book.worksheets[0][1]]
        assert heading in head
        assert about in head
        assert book.worksheets[1]["B3"].value == sari.name


def test_export_is_noted_once_with_rows_and_columns(sari: User, people: list[str], at: datetime) -> None:
    download = written(sari, at)
    event = Event.objects.get(verb="exported")
    assert (event.by, event.at) == (sari, at)
    assert event.facts["rows"] == 3
    assert event.facts["download"] == str(download.pk)
    assert "name" in event.facts["columns"]
    assert event.facts["many_people"] is False
    assert "Ani" not in str(event.facts)


def test_many_people_are_marked(sari: User, people: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MANY_PEOPLE", 2)
    written(sari, at)
    written(sari, at, table="village")
    assert [event.facts["many_people"] for event in Event.objects.filter(verb="exported").order_by("pk")] == [
        True,
        False,
    ]


def test_list_shows_what_the_owner_sees(ina: User, made: User, people: list[str], at: datetime) -> None:
    assert {row["name"] for row in lines(written(made, at))} >= set(people)
    assert lines(written(ina, at)) == []


def test_who_may_not_read_the_list_may_not_take_it(joko: User, at: datetime) -> None:
    with pytest.raises(PermissionDenied):
        ask(joko, at=at)


@pytest.mark.parametrize(
    "given",
    [
        {"table": "nothing"},
        {"form": "exe"},
        {"query": "x" * 2_001},
        {"query": "search=\0"},
        {"table": "village", "query": "stage=nowhere"},
    ],
)
def test_what_cannot_be_written_is_refused_in_words(sari: User, at: datetime, given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(sari, at=at, **given)
    assert refused.value.messages[0].endswith(".")
    assert not Download.objects.exists()


def test_right_is_looked_at_again_when_it_is_written(sari: User, people: list[str], at: datetime) -> None:
    download = taken(sari, at=at)
    sari.role = Role.FINANCE
    sari.save()
    write_download(download, at=at)
    download.refresh_from_db()
    assert (download.state, download.failure, download.file) == ("failed", Failure.RIGHT, "")
    assert not Event.objects.filter(verb="exported").exists()


def test_closed_account_gets_nothing(sari: User, people: list[str], at: datetime) -> None:
    download = taken(sari, at=at)
    User.objects.filter(pk=sari.pk).update(is_active=False)
    write_download(Download.objects.select_related("owner").get(pk=download.pk), at=at)
    download.refresh_from_db()
    assert download.failure == Failure.RIGHT


def test_scope_is_that_of_the_writing(made: User, people: list[str], at: datetime) -> None:
    download = taken(made, at=at)
    made.assignments.update(ends_on=at.date() - timedelta(days=1), starts_on=at.date() - timedelta(days=9))
    write_download(download, at=at)
    download.refresh_from_db()
    assert (download.state, download.done) == ("ready", 0)


def test_too_long_a_list_is_refused(
    sari: User, people: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = taken(sari, at=at)
    monkeypatch.setattr(actions, "MOST_ROWS", 2)
    with pytest.raises(Refused):
        ask(sari, at=at)
    write_download(download, at=at)
    download.refresh_from_db()
    assert download.failure == Failure.SIZE


def test_five_at_a_time(sari: User, admin: User, people: list[str], at: datetime) -> None:
    for _ in range(5):
        ask(sari, at=at)
    with pytest.raises(Refused):
        ask(sari, at=at)
    ask(admin, at=at)
    assert write_waiting(clock=lambda: at) == 6
    ask(sari, at=at)


def test_slower_writer_changes_nothing(sari: User, people: list[str], at: datetime) -> None:
    slow = taken(sari, at=at)
    Download.objects.update(lease_until="2000-01-01T00:00Z")
    fast = take_download()
    assert fast
    assert (slow.attempt, fast.attempt) == (1, 2)
    write_download(fast, at=at)
    with pytest.raises(Lost):
        write_download(slow, at=at)
    fast.refresh_from_db()
    assert (fast.state, fast.done) == ("ready", 3)
    assert len(lines(fast)) == 3
    assert Event.objects.filter(verb="exported").count() == 1
    assert default_storage.listdir("downloads")[1].count(fast.file.split("/")[1]) == 1
    assert not default_storage.exists(actions.file_name(slow, 1))


def test_slower_writer_takes_the_place_without_the_fence(
    sari: User, people: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = taken(sari, at=at)
    Download.objects.update(lease_until="2000-01-01T00:00Z")
    fast = take_download()
    assert fast
    monkeypatch.setattr(actions, "_own", lambda download: Download.objects.filter(pk=download.pk))
    write_download(slow, at=at)
    fast.refresh_from_db()
    assert (fast.state, fast.file) == ("ready", actions.file_name(slow, 1))


def test_held_list_is_not_taken_by_another(sari: User, at: datetime) -> None:
    taken(sari, at=at)
    assert take_download() is None


def test_fault_is_told_and_stops_no_other(
    sari: User, people: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = ask(sari, at=at), ask(sari, at=at + timedelta(seconds=1), table="village")
    whole = writing.written

    def breaks(table: Any, *args: Any, **given: Any) -> Any:
        if table.key == "person":
            raise OSError
        return whole(table, *args, **given)

    monkeypatch.setattr(actions, "written", breaks)
    assert write_waiting(clock=lambda: at) == 2
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, broken.failure) == ("failed", Failure.BROKEN)
    assert sound.state == DownloadState.READY


def test_what_is_left_three_times_is_given_up(sari: User, at: datetime) -> None:
    ask(sari, at=at)
    for _ in range(3):
        assert take_download()
        Download.objects.update(lease_until="2000-01-01T00:00Z")
    assert take_download() is None
    expire_downloads(at=at)
    assert Download.objects.get().failure == Failure.BROKEN


def test_file_is_fetched_by_who_may_still_read(sari: User, people: list[str], at: datetime) -> None:
    download = written(sari, at)
    note_fetched(download, by=sari, at=at)
    assert Event.objects.filter(verb="fetched", by=sari).count() == 1
    sari.role = Role.FINANCE
    with pytest.raises(PermissionDenied):
        note_fetched(download, by=sari, at=at)
    with pytest.raises(Refused):
        note_fetched(download, by=sari, at=at + timedelta(hours=24))


def test_file_and_filters_are_deleted_after_a_day(
    sari: User, people: list[str], at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    download = written(sari, at, query="search=Ani")
    name = download.file
    assert expire_downloads(at=at + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_downloads(at=at + timedelta(hours=24)) == 1
    download.refresh_from_db()
    assert (download.state, download.file, download.query) == ("expired", "", "")
    assert not default_storage.exists(name)
    assert expire_downloads(at=at + timedelta(hours=25)) == 0


def test_row_that_is_overtaken_on_the_way_is_not_failed(sari: User, at: datetime) -> None:
    slow = taken(sari, at=at)
    Download.objects.update(attempt=2)
    write_one(slow, clock=lambda: at)
    assert Download.objects.get().state == DownloadState.WRITING


def test_ready_without_a_file_is_refused_by_the_database(sari: User, at: datetime) -> None:
    ask(sari, at=at)
    with pytest.raises(IntegrityError):
        Download.objects.update(state=DownloadState.READY, finished_at=at)
