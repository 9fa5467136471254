"""Photos on the pages: beside the visit, one at a time, and sent with the plain sheet."""

import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from PIL import Image

from accounts.models import User
from mentoring.actions import keep_photo
from mentoring.models import Photo, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.mentoring.pictures import PLACE, digest_of, drawn, located, to
from tests.mentoring.test_views import KEY, sheet

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


def arrived(visit: Visit, number: int = 0) -> Photo:
    key = uuid.uuid4()
    keep_photo(to(visit, key, visit.mentor), sent=located(number), at=now())
    return Photo.objects.get(pk=key)


def upload(number: int, sent: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"IMG_{number}.jpg", sent or located(number), "image/jpeg")


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_visit_shows_small_photos_and_says_what_is_not_here(reader: Client, visit: Visit, sari: User) -> None:
    one, two = arrived(visit, 1), arrived(visit, 2)
    factories.PhotoFactory.create(visit=visit)
    shown = page(reader, sari, f"/visits/{visit.pk}/")
    for photo in (one, two):
        assert f'href="/visits/{visit.pk}/photos/{photo.pk}/"' in shown
        assert f'src="/visits/{visit.pk}/photos/{photo.pk}/?small=1"' in shown
    assert "2 of 3 photos arrived, 1 is still on the phone." in shown
    assert "This visit waits for you" in shown
    Photo.objects.awaited().update(lapsed_at=now())
    assert "the phone sends them again" in page(reader, sari, f"/visits/{visit.pk}/")


def test_visit_speaks_indonesian_about_its_photos(client: Client, visit: Visit, made: User) -> None:
    arrived(visit)
    factories.PhotoFactory.create(visit=visit)
    shown = page(client, made, f"/visits/{visit.pk}/")
    assert "1 dari 2 foto sudah masuk, 1 masih di ponsel." in shown


def test_visit_without_photos_has_no_room_for_them(reader: Client, visit: Visit, sari: User) -> None:
    assert 'id="photos"' not in page(reader, sari, f"/visits/{visit.pk}/")


def test_page_takes_the_same_queries_for_1_and_6_photos(reader: Client, visit: Visit, sari: User) -> None:
    reader.force_login(sari)
    counts = []
    for more in (1, 5):
        for number in range(more):
            arrived(visit, number)
        with CaptureQueriesContext(connection) as queries:
            reader.get(f"/visits/{visit.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_picture_is_for_who_sees_the_visit(
    client: Client, visit: Visit, made: User, sari: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    photo = arrived(visit)
    address = f"/visits/{visit.pk}/photos/{photo.pk}/"
    assert client.get(address).status_code == 302
    codes = {}
    for user in (made, sari, ina, rina, joko, observer):
        client.force_login(user)
        codes[user.name] = client.get(address).status_code
    assert codes == {"Made": 200, "Sari": 200, "Ina": 404, "Rina": 404, "Joko": 403, "Observer": 404}
    Visit.objects.update(state=VisitState.APPROVED, approved_at=now(), approved_by=sari)
    client.force_login(observer)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(("query", "longest"), [("", 640), ("?small=1", 400)])
def test_picture_is_run_by_no_browser_and_says_no_place(
    client: Client, visit: Visit, made: User, query: str, longest: int
) -> None:
    photo = arrived(visit)
    client.force_login(made)
    answer: Any = client.get(f"/visits/{visit.pk}/photos/{photo.pk}/{query}")
    content = b"".join(answer.streaming_content)
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert PLACE.encode() not in content
    picture = Image.open(BytesIO(content))
    assert max(picture.size) == longest
    assert not picture.getexif()


def test_photo_is_found_under_its_own_visit_only(client: Client, visit: Visit, made: User, sari: User) -> None:
    other = factories.VisitFactory.create(cohort=visit.cohort, mentor=made)
    photo, awaited = arrived(visit), factories.PhotoFactory.create(visit=visit)
    client.force_login(sari)
    assert client.get(f"/visits/{other.pk}/photos/{photo.pk}/").status_code == 404
    assert client.get(f"/visits/{visit.pk}/photos/{awaited.pk}/").status_code == 404
    assert client.get(f"/visits/{visit.pk}/photos/{uuid.uuid4()}/").status_code == 404


def test_photo_lost_by_the_disk_is_said(reader: Client, visit: Visit, made: User) -> None:
    photo = arrived(visit)
    photo.file.storage.delete(str(photo.file.name))
    reader.force_login(made)
    answer = reader.get(f"/visits/{visit.pk}/photos/{photo.pk}/")
    assert answer.status_code == 409
    assert "missing" in answer.content.decode()


# -- the plain sheet --------------------------------------------------------------------------------------------------


def send(client: Client, made: User, cohort: Cohort, *files: SimpleUploadedFile, **changes: Any) -> Any:
    client.force_login(made)
    for file in files:
        file.seek(0)
    address = f"/visits/new/?village={cohort.village_id}&program={cohort.program_id}"
    return client.post(address, {**sheet(**changes), "photos": files})


def test_sheet_brings_photos_and_sent_twice_brings_them_once(reader: Client, made: User, cohort: Cohort) -> None:
    files = [upload(1), upload(2)]
    for _ in range(2):
        assert send(reader, made, cohort, *files).status_code == 302
    visit = Visit.objects.get()
    rows = visit.photos.order_by("position").values_list("sha256", "state", "named")
    assert list(rows) == [(digest_of(located(number)), "arrived", True) for number in (1, 2)]
    assert not visit.held_versions.exists()


def test_sheet_asks_for_consent_and_for_files(reader: Client, made: User, cohort: Cohort) -> None:
    shown = page(reader, made, f"/visits/new/?village={cohort.village_id}&program={cohort.program_id}")
    assert 'enctype="multipart/form-data"' in shown
    assert "Photos show people" in shown
    assert "Take photos out" not in shown


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([upload(1), upload(2, b"no picture")], "JPEG, PNG or WebP"),
        ([upload(1, drawn()[:700])], "damaged"),
        ([upload(number) for number in range(7)], "at most six photos"),
    ],
    ids=["no picture", "half a picture", "seven"],
)
def test_sheet_with_a_wrong_photo_says_so_and_stores_nothing(
    reader: Client, made: User, cohort: Cohort, files: list[SimpleUploadedFile], sentence: str
) -> None:
    answer = send(reader, made, cohort, *files)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert sentence in shown
    assert "Looked at motifs." in shown  # what was typed is not lost
    assert not Visit.objects.exists()


def test_edited_sheet_keeps_adds_and_takes_out(reader: Client, made: User, cohort: Cohort) -> None:
    send(reader, made, cohort, upload(1), upload(2), state="draft")
    first, second = Photo.objects.order_by("position")
    shown = page(reader, made, f"/visits/{KEY}/edit/")
    assert "Take photos out" in shown
    rows = {"agreed-INITIAL_FORMS": "2", "found-INITIAL_FORMS": "1"}  # as the page writes them
    body = {**sheet(state="draft", base_version="1", **rows), "photos": [upload(3)], "taken_out": [str(first.pk)]}
    for _ in range(2):
        body["photos"][0].seek(0)
        assert reader.post(f"/visits/{KEY}/edit/", body).status_code == 302
    standing = Photo.objects.standing().order_by("position")
    assert [photo.sha256 for photo in standing] == [digest_of(located(3)), second.sha256]
    assert all(photo.arrived for photo in standing)
    assert Visit.objects.get().version == 2


def test_correction_starts_without_the_photos_of_the_other(reader: Client, made: User, cohort: Cohort) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.APPROVED)
    factories.PhotoFactory.create(visit=visit)
    address = f"/visits/new/?village={cohort.village_id}&program={cohort.program_id}&corrects={visit.pk}"
    assert "Take photos out" not in page(reader, made, address)
