"""The file of a phone that cannot send: taken in as the mentor's, once, for one's own programs, and never blindly."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from common.models import Event
from mentoring.models import Visit
from phone import forms, unsent
from programs.models import Cohort
from villages.models import Person

ADDRESS = "/visits/import/"
Filed = Callable[..., dict[str, Any]]


@pytest.fixture
def filed(made: User, cohort: Cohort, lidia: Person, at: datetime) -> Filed:
    """Give the file of Made's phone, with one visit."""

    def filed(*, change: dict[str, Any] | None = None, **head: Any) -> dict[str, Any]:
        visit = {
            "id": str(uuid4()),
            "village": cohort.village_id,
            "program": cohort.program_id,
            "state": "submitted",
            "visited_at": (at - timedelta(hours=3)).isoformat(),
            "summary": "Looms",
            "modules": [],
            "attendees": [{"person": lidia.pk}, {"name": "A guest"}],
            "findings": [{"criterion": "quality", "text": "Fine"}],
            "action_items": [{"id": str(uuid4()), "what": "Yarn", "owner": "Lidia", "due_on": "2026-10-09"}],
            "location": {"lat": -7.1, "lon": 112.3, "accuracy": 12},
        }
        plain = {"kind": "desa-devisa-unsent", "schema": 1, "mentor": made.pk, "saved_at": at.isoformat()}
        return {**plain, "visits": [{**visit, **(change or {})}], "photos": [], "acts": [], **head}

    return filed


def bring(client: Client, data: object) -> Any:
    """Upload a file."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(ADDRESS, {"file": SimpleUploadedFile("desa-devisa.txt", text)})


@pytest.mark.usefixtures("clock")
def test_file_is_taken_in_as_the_mentors_once(reader: Client, sari: User, made: User, filed: Filed) -> None:
    reader.force_login(sari)
    file = filed()
    first = bring(reader, file)
    assert first.status_code == 200
    assert "Taken in" in first.content.decode()
    visit = Visit.objects.get()
    assert (visit.mentor, visit.state, visit.summary) == (made, "submitted", "Looms")
    assert (visit.attendees.count(), visit.findings.count(), visit.action_items.count()) == (2, 1, 1)
    assert "Was here already" in bring(reader, file).content.decode()
    assert Visit.objects.count() == 1
    [event] = Event.objects.about(visit).filter(verb="brought_in")
    assert event.by == sari
    page = reader.get(f"/visits/{visit.pk}/").content.decode()
    assert "Brought in from a file of the phone" in page


@pytest.mark.usefixtures("clock")
def test_other_content_under_a_known_key_is_kept_for_review(reader: Client, sari: User, filed: Filed) -> None:
    reader.force_login(sari)
    file = filed()
    bring(reader, file)
    file["visits"][0]["summary"] = "Other looms"
    assert "Kept for review" in bring(reader, file).content.decode()
    assert Visit.objects.get().summary == "Looms"


@pytest.mark.usefixtures("clock")
def test_only_for_programs_that_one_runs(reader: Client, rina: User, filed: Filed) -> None:
    reader.force_login(rina)
    page = bring(reader, filed()).content.decode()
    assert "a program that you do not run" in page
    assert "Parengan" not in page
    assert not Visit.objects.exists()


def test_only_for_who_runs_programs(reader: Client, made: User, joko: User, sari: User) -> None:
    assert reader.get(ADDRESS).status_code == 302
    for user, status in ((sari, 200), (made, 403), (joko, 403)):
        reader.force_login(user)
        assert reader.get(ADDRESS).status_code == status
        assert bring(reader, {}).status_code == (400 if status == 200 else 403)


@pytest.mark.usefixtures("clock")
def test_one_bad_record_harms_no_other(reader: Client, sari: User, filed: Filed) -> None:
    reader.force_login(sari)
    file = filed(photos=[{"id": "x"}], acts=[{"id": "y"}])
    good = file["visits"][0]
    damaged = [
        7,
        None,
        {},
        {**good, "id": 5},
        {**good, "visited_at": "yesterday"},
        {**good, "visited_at": "2026-09-30T10:00"},
    ]
    damaged += [{**good, "id": str(uuid4()), name: value} for name, value in {
        "village": True, "program": 2**70, "summary": "\ud800", "purpose": "\0", "attendees": [{"person": "1"}],
        "findings": [[]], "action_items": {"id": 1}, "location": {"lat": 1e400, "lon": 0, "accuracy": 1},
        "mode": "by boat", "modules": [3], "base_version": -1, "corrects": "nothing",
        "followed": [{"id": str(uuid4()), "outcome": "open"}], "photos": [{"id": str(uuid4()), "sha256": "A" * 64}],
    }.items()]  # fmt: skip
    text = json.dumps({**file, "visits": [*damaged, good]}).replace("Infinity", "1e400").encode()
    page = bring(reader, text).content.decode()
    assert page.count("This record is incomplete or damaged.") == len(damaged) + 2
    assert page.count("Taken in") == 1
    assert "Photo</p>" in page
    assert "Attendance</p>" in page
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b"[" * 200_000,
        b'{"kind": "desa-devisa-unsent", "schema": 1}',
        b'{"kind": "desa-devisa-unsent", "schema": 1, "mentor": NaN}',
        b'{"kind": "desa-devisa-unsent", "schema": 1, "mentor": ' + b"9" * 9000 + b"}",
        b'{"kind": "desa-devisa-unsent", "schema": [], "mentor": 1}',
        b'{"kind": "desa-devisa-unsent", "schema": 2, "mentor": 1}',
        b'{"kind": "desa-devisa-unsent", "schema": 1, "mentor": 1, "visits": {}}',
        b'{"kind": "photo"}',
        b"<html></html>",
    ],
)
def test_what_is_no_such_file_is_said(reader: Client, sari: User, data: bytes) -> None:
    reader.force_login(sari)
    page = bring(reader, data)
    assert page.status_code == 400
    assert "file" in page.content.decode()


def test_file_of_nobody_we_know_and_one_too_large(
    reader: Client, sari: User, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.force_login(sari)
    unknown = bring(reader, filed(mentor=sari.pk))
    assert unknown.status_code == 400
    assert "is not known here" in unknown.content.decode()
    assert unsent.BIGGEST == 64 * 1024 * 1024
    monkeypatch.setattr(forms, "BIGGEST", 10)
    assert "larger than 64 MB" in bring(reader, filed()).content.decode()
    assert reader.post(ADDRESS, {}).status_code == 400
