"""The other records of the file: photos, attendance, what became of earlier items, as if the phone had sent them."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from attendance.models import Act
from common.models import Event
from mentoring.models import ActionItem, HeldVersion, Photo, Visit
from programs.models import Cohort, Session
from tests import factories
from tests.mentoring.pictures import drawn
from tests.programs.conftest import enrolled, running, session

__all__ = ["enrolled", "running", "session"]

Row = dict[str, Any]
Filed = Callable[..., Row]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def filed(made: User, cohort: Cohort, at: datetime) -> Filed:
    """Give the file of Made's phone: one visit with these photos, and whatever else."""

    def filed(*photos: Row, change: Row | None = None, **head: Any) -> Row:
        facts = {"village": cohort.village_id, "program": cohort.program_id, "summary": "Looms", "modules": []}
        visited = {"visited_at": (at - timedelta(hours=3)).isoformat(), "state": "submitted"}
        named = [{name: photo[name] for name in ("id", "sha256", "taken_at")} for photo in photos]
        visit = {"id": str(uuid4()), **facts, **visited, "photos": named, **(change or {})}
        mine = [{**photo, "visit": visit["id"]} for photo in photos]
        plain = {"kind": "desa-devisa-unsent", "schema": 1, "mentor": made.pk, "saved_at": at.isoformat()}
        return {**plain, "visits": [visit], "photos": mine, "acts": [], **head}

    return filed


def pictured(number: int, at: datetime) -> Row:
    """Write one photo as the phone does."""
    sent = drawn(number)
    jpeg, digest = b64encode(sent).decode(), sha256(sent).hexdigest()
    return {"id": str(uuid4()), "taken_at": at.isoformat(), "sha256": digest, "jpeg": jpeg}


def bring(client: Client, user: User, file: Row) -> str:
    """Upload a file and read the answer."""
    client.force_login(user)
    page = client.post("/visits/import/", {"file": SimpleUploadedFile("d.txt", json.dumps(file).encode())})
    assert page.status_code == 200
    return page.content.decode()


def test_photos_come_with_their_visit_once(reader: Client, sari: User, made: User, filed: Filed, at: datetime) -> None:
    file = filed(pictured(1, at), pictured(2, at))
    page = bring(reader, sari, file)
    assert "Photo × 2" in page
    visit = Visit.objects.get()
    kept = list(visit.photos.order_by("position"))
    assert [(photo.state, photo.named, photo.by) for photo in kept] == [("arrived", True, made)] * 2
    assert {photo.sha256 for photo in kept} == {photo["sha256"] for photo in file["photos"]}
    assert kept[0].taken_at == at
    assert {event.by for event in Event.objects.filter(verb="brought_in")} == {sari}
    events = Event.objects.count()
    assert "Was here already" in bring(reader, sari, file)
    assert (Photo.objects.count(), Event.objects.count()) == (2, events)


def test_file_and_phone_say_the_same(reader: Client, sari: User, made: User, filed: Filed, at: datetime) -> None:
    item = factories.ActionItemFactory.create(visit__cohort=factories.CohortFactory.create())
    followed = [{"id": str(item.pk), "outcome": "done", "words": "Bought", "due_on": None}]
    file = filed(pictured(1, at), change={"followed": followed, "location": {"lat": -7.1, "lon": 112, "accuracy": 9}})
    reader.force_login(made)
    sent = reader.post("/api/v1/visits/sync/", {"items": file["visits"]}, content_type="application/json")
    assert [each["verdict"] for each in sent.json()["items"]] == ["stored"]
    page = bring(reader, sari, file)
    assert "Was here already" in page
    assert (Visit.objects.filter(mentor=made).count(), HeldVersion.objects.count()) == (1, 0)
    assert Photo.objects.get().arrived


def test_earlier_item_is_done_by_the_file(reader: Client, sari: User, made: User, cohort: Cohort, filed: Filed) -> None:
    item: ActionItem = factories.ActionItemFactory.create(
        visit=factories.VisitFactory.create(cohort=cohort, mentor=made)
    )
    bring(reader, sari, filed(change={"followed": [{"id": str(item.pk), "outcome": "done", "words": "Seen"}]}))
    item.refresh_from_db()
    assert (item.state, item.evidence) == ("done", "Seen")


def test_photos_of_a_held_visit_are_kept_by_its_key(
    reader: Client, sari: User, cohort: Cohort, filed: Filed, at: datetime
) -> None:
    cohort.program.closed_through = at.date()
    cohort.program.save()
    page = bring(reader, sari, filed(pictured(1, at)))
    assert "Kept for review" in page
    photo = Photo.objects.get()
    assert (photo.state, photo.visit, photo.visit_key) == ("arrived", None, HeldVersion.objects.get().key)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jpeg": "$$"}, "incomplete or damaged"),
        ({"jpeg": 7}, "incomplete or damaged"),
        ({"jpeg": "QUJD" * 3_000_000}, "incomplete or damaged"),
        ({"sha256": "0" * 64}, "incomplete or damaged"),
        ({"sha256": None}, "incomplete or damaged"),
        ({"taken_at": "yesterday"}, "incomplete or damaged"),
        ({"visit": str(uuid4())}, "The visit of this photo has not arrived."),
        ({"jpeg": "QUJD", "sha256": sha256(b"ABC").hexdigest(), "id": str(uuid4())}, "Send a photo as JPEG"),
    ],
)
def test_bad_photo_is_said_and_harms_nothing(
    reader: Client, sari: User, filed: Filed, at: datetime, change: Row, said: str
) -> None:
    good, bad = pictured(1, at), pictured(2, at)
    file = filed(good, bad)
    file["photos"][1] |= change
    assert said in bring(reader, sari, file)
    assert [str(photo.pk) for photo in Photo.objects.arrived()] == [good["id"]]


def test_photo_of_a_program_that_one_does_not_run_is_nowhere(
    reader: Client, sari: User, rina: User, filed: Filed, at: datetime
) -> None:
    file = filed(pictured(1, at))
    bring(reader, sari, {**file, "photos": []})
    assert "has not arrived" in bring(reader, rina, {**file, "visits": []})
    assert not Photo.objects.arrived().exists()


def marked(session: Session, at: datetime, **said: Any) -> Row:
    """Write one mark as the phone does."""
    seat = session.seats.get()
    facts = {"id": str(uuid4()), "kind": "mark", "session": session.pk, "enrollment": seat.enrollment_id}
    return {**facts, "state": "late", "minutes": 60, "made_at": (at - timedelta(minutes=9)).isoformat(), **said}


def test_acts_are_made_by_the_mentor_and_brought_by_the_coordinator(
    reader: Client, sari: User, made: User, filed: Filed, running: Session, cohort: Cohort, at: datetime
) -> None:
    unasked = {"id": str(uuid4()), "kind": "walk_in", "session": running.pk, "cohort": cohort.pk, "name": "Rukmini"}
    acts = [marked(running, at), {**unasked, "sex": "female", "made_at": at.isoformat()}]
    acts.append(marked(running, at, state="present", minutes=None, made_at=(at - timedelta(minutes=20)).isoformat()))
    page = bring(reader, sari, filed(acts=acts))
    assert "Attendance: " in page
    assert "Kept in the history" in page
    assert {(act.by, act.brought_by) for act in Act.objects.all()} == {(made, sari)}
    seat = running.seats.get(enrollment=acts[0]["enrollment"])
    assert (seat.state, seat.minutes, seat.marked_by) == ("late", 60, made)
    assert running.seats.count() == 2
    again = bring(reader, sari, filed(acts=acts))
    assert "Was here already" in again
    assert Act.objects.count() == 3


def test_acts_are_read_in_bundles_and_said_together(
    reader: Client, sari: User, filed: Filed, running: Session, at: datetime
) -> None:
    acts = [marked(running, at, made_at=(at - timedelta(seconds=number)).isoformat()) for number in range(230)]
    page = bring(reader, sari, filed(acts=acts))
    assert "× 229" in page
    assert Act.objects.count() == 230


def test_bad_act_is_said_and_harms_nothing(
    reader: Client, sari: User, rina: User, filed: Filed, running: Session, cohort: Cohort, at: datetime
) -> None:
    good = marked(running, at)
    walk_in = {"id": str(uuid4()), "kind": "walk_in", "session": running.pk, "made_at": at.isoformat()}
    bad: list[Any] = [7, None, [], {**good, "id": "x"}, {**good, "made_at": "2026-10-01T10:00"}]
    bad += [{**good, "id": str(uuid4()), name: value} for name, value in {
        "kind": ["mark"], "session": True, "enrollment": 2**70, "state": "asleep", "minutes": -1, "excuse": ["sick"],
    }.items()]  # fmt: skip
    bad += [{**walk_in, "cohort": cohort.pk, **who} for who in ({}, {"name": "x" * 121}, {"person": "1"})]
    bad += [{**walk_in, "cohort": cohort.pk, "name": "\0"}, {**walk_in, "name": "Nobody's"}]
    page = bring(reader, sari, filed(acts=[*bad, good]))
    assert f"× {len(bad)}" in page
    assert [str(act.pk) for act in Act.objects.all()] == [good["id"]]
    stranger = bring(reader, rina, {**filed(), "visits": [], "acts": [marked(running, at)]})
    assert "There is no such session for you." in stranger
    assert running.title not in stranger
