"""Photos of visits over the wire: whole and in parts, to their own visits only."""

import json
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from common.models import Event
from mentoring.actions import await_photos
from mentoring.models import HeldVersion, Photo, PhotoPart, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller
from tests.mentoring.pictures import PLACE, cut, digest_of, drawn, located, pictured

PHOTO = "018f3a52-0000-7000-8000-0000000000f1"
PART = 64 * 1024


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


@pytest.fixture
def phone(ask: Caller, made: User) -> APIClient:
    return ask(made)


def address(visit: Visit | uuid.UUID | str, more: str = "", photo: str = PHOTO) -> str:
    return f"/api/v1/visits/{getattr(visit, 'pk', visit)}/photos/{photo}/{more}"


def put(client: APIClient, where: str, sent: bytes, kind: str = "image/jpeg", **headers: str) -> Any:
    return client.generic("PUT", where, sent, content_type=kind, headers=headers)  # type: ignore[arg-type]


def put_part(client: APIClient, where: str, number: int, sent: bytes, digest: str = "") -> Any:
    headers = {"X-Sha256": digest or digest_of(sent)}
    return put(client, f"{where}parts/{number}/", sent, "application/octet-stream", **headers)


def picture_of(client: APIClient, where: str) -> tuple[Any, bytes]:
    """Fetch a picture."""
    answer: Any = client.get(where)
    return answer, b"".join(answer.streaming_content)


def complete(client: APIClient, where: str, sent: bytes, **changes: Any) -> Any:
    body = {"sha256": digest_of(sent), "size": len(sent), "parts": len(cut(sent)), **changes}
    return client.post(f"{where}complete/", body, format="json")


def large() -> bytes:
    """Draw a photo of three parts."""
    sent = Image.effect_noise((420, 360), 80).convert("RGB")
    written = BytesIO()
    sent.save(written, "JPEG", quality=95)
    assert 2 * PART < len(written.getvalue()) < 3 * PART
    return written.getvalue()


def test_photo_is_new_then_had_then_another(visit: Visit, phone: APIClient) -> None:
    taken = "2026-10-01T08:00:00+07:00"
    new = put(phone, address(visit), located(), **{"Taken-At": taken})
    assert new.status_code == 201
    shown = new.json()
    assert (shown["id"], shown["visit"], shown["sha256"]) == (PHOTO, str(visit.pk), digest_of(located()))
    assert (shown["arrived"], shown["taken_at"], shown["size"]) == (True, "2026-10-01T01:00:00Z", len(located()))
    assert put(phone, address(visit), located()).status_code == 200
    other = put(phone, address(visit), drawn(2))
    assert (other.status_code, other["Content-Type"]) == (409, "application/problem+json")
    assert other.json()["detail"] == "This key already names another photo."
    assert Photo.objects.count() == 1


def test_picture_is_given_in_two_sizes_and_kept_by_no_cache(visit: Visit, phone: APIClient) -> None:
    put(phone, address(visit), located())
    for query, longest in (("", 640), ("?small=1", 400)):
        answer, content = picture_of(phone, address(visit, f"file/{query}"))
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")
        assert max(Image.open(BytesIO(content)).size) == longest
        assert PLACE.encode() not in content
        assert not Image.open(BytesIO(content)).getexif()


def test_visit_tells_its_photos(visit: Visit, phone: APIClient) -> None:
    named = factories.PhotoFactory.create(visit=visit)
    put(phone, address(visit), drawn())
    factories.PhotoFactory.create(visit=visit, state="withdrawn")
    shown = phone.get(f"/api/v1/visits/{visit.pk}/").json()["photos"]
    assert [(photo["id"], photo["arrived"]) for photo in shown] == [(str(named.pk), False), (PHOTO, True)]
    assert set(shown[0]) == {"id", "sha256", "taken_at", "arrived"}
    assert phone.get(address(visit, photo=str(named.pk))).json()["state"] == "awaited"
    assert phone.get(address(visit, "file/", photo=str(named.pk))).status_code == 404


def test_visit_names_its_photos(cohort: Cohort, phone: APIClient) -> None:
    key, sent = uuid.uuid4(), drawn(3)
    body = {
        "village": cohort.village_id,
        "program": cohort.program_id,
        "visited_at": (now() - timedelta(hours=2)).isoformat(),
        "modules": ["handholding"],
        "summary": "Looked.",
        "state": "submitted",
        "photos": [{"id": PHOTO, "sha256": digest_of(sent), "taken_at": "2026-10-01T08:00:00+07:00"}],
    }
    assert phone.put(f"/api/v1/visits/{key}/", body, format="json").status_code == 201
    again = phone.put(f"/api/v1/visits/{key}/", body, format="json")
    assert again.status_code == 200
    assert again.json()["photos"] == [
        {"id": PHOTO, "sha256": digest_of(sent), "taken_at": "2026-10-01T01:00:00Z", "arrived": False}
    ]
    Visit.objects.filter(pk=key).update(
        state=VisitState.APPROVED, approved_at=now(), approved_by=factories.UserFactory.create()
    )
    assert put(phone, address(key), sent).status_code == 201
    unnamed = put(phone, address(key, photo=str(uuid.uuid4())), drawn(4))
    assert (unnamed.status_code, unnamed.json()["detail"]) == (409, "The visit is approved and names no such photo.")
    wrongs: list[Any] = [[{"id": PHOTO, "sha256": "no"}], [{"id": "x", "sha256": digest_of(sent)}], [{}] * 7, "photos"]
    for wrong in wrongs:
        refused = phone.put(f"/api/v1/visits/{uuid.uuid4()}/", {**body, "photos": wrong}, format="json")
        assert refused.status_code == 400
        assert any(name.startswith("photos") for name in refused.json()["errors"])


def test_parts_make_the_photo(visit: Visit, phone: APIClient) -> None:
    sent, where = large(), address(visit)
    assert phone.get(f"{where}parts/").json() == {"done": False, "parts": []}
    for number in (2, 0):
        for status in (201, 200):
            word = put_part(phone, where, number, cut(sent)[number])
            assert (word.status_code, word.json()) == (status, {"part": number})  # a bare 200 may be anybody's
    assert phone.get(f"{where}parts/").json() == {"done": False, "parts": [0, 2]}
    early = complete(phone, where, sent)
    assert (early.status_code, early.json()["missing"], early["Content-Type"]) == (
        409,
        [1],
        "application/problem+json",
    )
    assert put_part(phone, where, 1, cut(sent)[1]).status_code == 201
    done = complete(phone, where, sent, taken_at="2026-10-01T08:00:00+07:00")
    assert (done.status_code, done.json()["sha256"], done.json()["taken_at"]) == (
        201,
        digest_of(sent),
        "2026-10-01T01:00:00Z",
    )
    assert complete(phone, where, sent).status_code == 200
    assert put_part(phone, where, 1, cut(sent)[1]).status_code == 200
    assert phone.get(f"{where}parts/").json() == {"done": True, "parts": []}
    assert put(phone, where, sent).status_code == 200
    assert complete(phone, where, drawn(1)).status_code == 409
    assert not PhotoPart.objects.exists()


def test_wrong_parts_are_said(visit: Visit, phone: APIClient) -> None:
    sent, where = large(), address(visit)
    damaged = put_part(phone, where, 0, cut(sent)[0], digest_of(b"else"))
    assert (damaged.status_code, list(damaged.json()["errors"])) == (400, ["X-Sha256"])
    bare = put(phone, f"{where}parts/0/", b"x", "application/octet-stream")
    assert bare.status_code == 400
    assert put_part(phone, where, 0, b"x" * (PART + 1)).status_code == 413
    assert put_part(phone, where, 128, b"x").status_code == 413
    assert put(phone, f"{where}parts/0/", b"x", "text/plain").status_code == 415
    put_part(phone, where, 0, cut(sent)[0])
    assert put_part(phone, where, 0, b"other").status_code == 409
    assert complete(phone, where, sent, parts=0).status_code == 400
    assert complete(phone, where, sent, sha256="no").status_code == 400
    assert phone.post(f"{where}complete/", "[]", content_type="application/json").status_code == 400


def test_whole_that_differs_drops_the_parts(visit: Visit, phone: APIClient) -> None:
    sent, where = large(), address(visit)
    for number, part in enumerate(cut(sent)):
        put_part(phone, where, number, part)
    wrong = complete(phone, where, sent, sha256=digest_of(b"else"))
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["sha256"])
    assert phone.get(f"{where}parts/").json() == {"done": False, "parts": []}


def png_bomb() -> bytes:
    written = BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (png_bomb(), "image/png", 413),
        (b"\xff" * (8 * 1024 * 1024 + 1), "image/jpeg", 413),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml", 415),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 60, "image/heic", 415),
        (b"<html><script>alert(1)</script></html>", "image/jpeg", 415),
        (b"", "image/jpeg", 415),
        (drawn()[:900], "image/jpeg", 400),
        (b"{}", "application/json", 415),
        (drawn(), "multipart/form-data; boundary=x", 415),
    ],
    ids=["bomb", "too many bytes", "svg", "heic", "page", "nothing", "truncated", "json", "form"],
)
def test_hostile_pictures_are_refused(visit: Visit, phone: APIClient, sent: bytes, kind: str, status: int) -> None:
    answer = put(phone, address(visit), sent, kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]
    assert not Photo.objects.exists()


def test_page_inside_a_picture_is_left_behind(visit: Visit, phone: APIClient) -> None:
    page = b"<html><script>alert(1)</script></html>"
    assert put(phone, address(visit), drawn(comment=page) + page).status_code == 201
    _answer, content = picture_of(phone, address(visit, "file/"))
    assert b"script" not in content


@pytest.mark.parametrize("headers", [{"Taken-At": "yesterday"}, {"Taken-At": "2026-10-01T08:00:00"}])
def test_moment_needs_its_offset(visit: Visit, phone: APIClient, headers: dict[str, str]) -> None:
    answer = put(phone, address(visit), drawn(), **headers)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Taken-At"])


def requests_of(client: APIClient, where: str) -> list[Any]:
    return [
        client.get(where),
        client.get(f"{where}file/"),
        client.get(f"{where}file/?small=1"),
        client.get(f"{where}parts/"),
        put(client, where, drawn(1)),
        put_part(client, where, 0, b"x"),
        complete(client, where, drawn(1)),
    ]


def told(answer: Any) -> Any:
    """Read an answer without what belongs to the request."""
    return {name: value for name, value in json.loads(answer.content).items() if name not in {"instance", "request_id"}}


def test_strangers_photo_is_like_an_unknown_one(ask: Caller, visit: Visit, phone: APIClient, ina: User) -> None:
    put(phone, address(visit), drawn(1))
    stranger = ask(ina)
    strange, unknown = requests_of(stranger, address(visit)), requests_of(stranger, address(uuid.uuid4()))
    assert {answer.status_code for answer in (*strange, *unknown)} == {404}
    assert list(map(told, strange)) == list(map(told, unknown))
    own = factories.VisitFactory.create(mentor=ina)
    assert {answer.status_code for answer in requests_of(stranger, address(own))} <= {404, 409}
    assert put(stranger, address("no-key"), drawn(1)).status_code == 404
    assert put(stranger, address(own, photo="abc"), drawn(1)).status_code == 404


def test_who_may_see_the_visit_sees_its_photos(
    ask: Caller, visit: Visit, phone: APIClient, sari: User, rina: User, observer: User, joko: User
) -> None:
    put(phone, address(visit), drawn(1))
    sees = {user.name: ask(user).get(address(visit, "file/")).status_code for user in (sari, rina, observer, joko)}
    assert sees == {"Sari": 200, "Rina": 404, "Observer": 404, "Joko": 403}
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.APPROVED, approved_at=now(), approved_by=sari)
    assert ask(observer).get(address(visit, "file/")).status_code == 200
    for client in (ask(sari), ask(observer)):
        assert put(client, address(visit), drawn(2)).status_code == 403


def test_photos_of_a_held_visit_are_kept(
    phone: APIClient, ask: Caller, visit: Visit, made: User, sari: User, rina: User
) -> None:
    held, key = factories.HeldVersionFactory.create(visit=visit), uuid.uuid4()
    HeldVersion.objects.filter(pk=held.pk).update(visit=None, key=key, reason="not_assigned")
    await_photos(key=key, photos=[pictured(drawn(1), uuid.UUID(PHOTO))], by=made)
    assert put(phone, address(key), drawn(1)).status_code == 201
    assert put(phone, address(key), drawn(1)).status_code == 200
    assert phone.get(address(key, "file/")).status_code == 200
    assert ask(sari).get(address(key, "file/")).status_code == 200  # who decides sees it
    assert ask(rina).get(address(key, "file/")).status_code == 404


def test_sending_takes_the_same_queries_for_1_and_5_photos(visit: Visit, phone: APIClient) -> None:
    counts = []
    for number in (1, 2, 3, 4, 5):
        with CaptureQueriesContext(connection) as queries:
            put(phone, address(visit, photo=str(uuid.uuid4())), drawn(number))
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    with CaptureQueriesContext(connection) as few:
        phone.get(f"/api/v1/visits/{visit.pk}/")
    for _ in range(40):
        factories.PhotoFactory.create(visit=visit, position=1, state="withdrawn")
    with CaptureQueriesContext(connection) as many:
        phone.get(f"/api/v1/visits/{visit.pk}/")
    assert len(few) == len(many)


def test_answer_speaks_indonesian(visit: Visit, made: User, ask: Caller) -> None:
    answer = put(ask(made), address(visit), b"nothing", **{"Accept-Language": "id"})
    assert "JPEG" in answer.json()["detail"]
    assert "Kirim" in answer.json()["detail"]


def test_photo_that_cannot_come_is_left_out_once(phone: APIClient, ask: Caller, visit: Visit, ina: User) -> None:
    waiting = factories.PhotoFactory.create(visit=visit)
    where = address(visit, photo=str(waiting.pk))
    assert ask(ina).delete(where).status_code == 404
    events = Event.objects.about(visit).filter(verb="photo_left_out")
    for _turn in range(2):
        assert phone.delete(where).status_code == 204
        assert events.count() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.named) == ("withdrawn", False)
    assert put(phone, where, drawn()).status_code == 409
    assert phone.delete(address(visit, photo=str(uuid.uuid4()))).status_code == 204
    assert phone.delete(address(uuid.uuid4())).status_code == 404


def test_photo_that_is_here_stays(phone: APIClient, ask: Caller, visit: Visit, sari: User) -> None:
    put(phone, address(visit), drawn())
    refused = phone.delete(address(visit))
    assert (refused.status_code, "has arrived" in refused.data["detail"]) == (409, True)
    assert Photo.objects.get().arrived
    assert ask(sari).delete(address(visit)).status_code == 403
