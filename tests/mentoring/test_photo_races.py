"""Photos that come at the same moment, each on a connection of its own; without the guard the race shows."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection

from common.errors import Refused
from mentoring.actions import Whole, album, complete_photo, keep_part, keep_photo, photo, put_visit, visit
from mentoring.actions.photo import open_photo
from mentoring.content import Pictured, VisitContent
from mentoring.models import Photo, PhotoPart, Visit
from tests import factories
from tests.mentoring.pictures import cut, digest_of, drawn, pictured, to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("modules", "slow_hand")]

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")
PHOTO = uuid.UUID("018f3a52-0000-7000-8000-0000000000f1")
AT = factories.NOW
Act = Callable[[], object]


def at_once(*acts: Act) -> list[object]:
    """Do all of it at the same moment; give what each gave or raised."""
    gate, came = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            gate.wait(timeout=10)
            came[place] = act()  # type: ignore[call-overload]
        except Exception as error:  # noqa: BLE001  it is what we look at
            came[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return list(came)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    return tmp_path


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking and writing."""

    def slowly(look: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*given: Any, **named: Any) -> Any:
            found = look(*given, **named)
            sleep(0.4)
            return found

        return slow

    monkeypatch.setattr(photo, "open_photo", slowly(open_photo))


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the guard away: nobody holds a key, nobody holds a visit."""
    for room in (album, photo, visit):
        monkeypatch.setattr(room, "hold_key", lambda _key: None)
    monkeypatch.setattr(type(Visit.objects.all()), "select_for_update", lambda rows, **_how: rows)


def logged() -> Visit:
    return factories.VisitFactory.create()


def test_same_photo_from_four_sides_is_kept_once(media: Path) -> None:
    row = logged()
    sends = [lambda: keep_photo(to(row, PHOTO, row.mentor), sent=drawn(1), at=AT)] * 4
    assert sorted(map(str, at_once(*sends))) == ["False", "False", "False", "True"]
    assert (Photo.objects.arrived().count(), len(list(media.rglob("*.jpg")))) == (1, 2)


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_the_same_photo_breaks_someone(media: Path) -> None:
    row = logged()
    sends = [lambda: keep_photo(to(row, PHOTO, row.mentor), sent=drawn(1), at=AT)] * 4
    came = at_once(*sends)
    assert any(isinstance(each, Exception) for each in came)
    assert (Photo.objects.count(), len(list(media.rglob("*.jpg")))) == (1, 2)  # the constraint stands behind the guard


def sevenfold(row: Visit) -> list[object]:
    sends: list[Act] = [
        lambda number=number: keep_photo(to(row, uuid.uuid4(), row.mentor), sent=drawn(number), at=AT)  # type: ignore[misc]
        for number in range(7)
    ]
    return at_once(*sends)


def test_seven_photos_at_once_are_six_and_a_sentence() -> None:
    came = sevenfold(logged())
    assert sum(each is True for each in came) == 6
    assert [type(each) for each in came if each is not True] == [Refused]
    assert sorted(Photo.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_photos_fight_for_their_places() -> None:
    came = sevenfold(logged())
    assert any(isinstance(each, IntegrityError) for each in came)
    assert Photo.objects.count() < 6


def test_same_part_from_four_sides_is_kept_once() -> None:
    row = logged()
    given: dict[str, Any] = {"number": 0, "sent": b"one", "digest": digest_of(b"one"), "at": AT}
    came = at_once(*[lambda: keep_part(to(row, PHOTO, row.mentor), **given)] * 4)
    assert sorted(map(str, came)) == ["False", "False", "False", "True"]
    assert PhotoPart.objects.count() == 1


def test_photo_completed_twice_at_once_is_kept_once(media: Path) -> None:
    row, sent = logged(), drawn(3)
    where, parts = to(row, PHOTO, row.mentor), cut(drawn(3), 4000)
    for number, part in enumerate(parts):
        keep_part(where, number=number, sent=part, digest=digest_of(part), at=AT)
    whole = Whole(digest_of(sent), len(sent), len(parts))
    came = at_once(*[lambda: complete_photo(where, whole, at=AT)] * 3, lambda: keep_photo(where, sent=sent, at=AT))
    assert sorted(map(str, came)) == ["False", "False", "False", "True"]
    assert (PhotoPart.objects.count(), len(list(media.rglob("*.jpg")))) == (0, 2)


def later(act: Act) -> object:
    """Do it while the other one is under way."""
    sleep(0.2)
    return act()


def storing() -> tuple[list[object], Visit | None]:
    """Store a visit that was held, at the moment in which its unnamed photo arrives."""
    cohort = factories.CohortFactory.create()
    letter = factories.AssignmentFactory.create(village=cohort.village)
    album.await_photos(key=KEY, photos=[pictured(drawn(1))], by=letter.mentor)
    content = VisitContent(cohort.village_id, cohort.program_id, AT - timedelta(hours=1), summary="Looked.")
    came = at_once(
        lambda: keep_photo(to(KEY, PHOTO, letter.mentor), sent=drawn(2), at=AT),
        lambda: later(lambda: put_visit(id=KEY, content=content, by=letter.mentor, at=AT).outcome),
    )
    return came, Photo.objects.get(pk=PHOTO).visit


def test_photo_that_arrives_while_its_visit_is_stored_belongs_to_it() -> None:
    came, found = storing()
    assert list(map(str, came)) == ["True", "stored"]
    assert found is not None


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_such_a_photo_is_lost_to_its_visit() -> None:
    _came, found = storing()
    assert found is None


def test_visit_stored_and_photo_sent_again_and_again_never_wait_for_each_other() -> None:
    cohort = factories.CohortFactory.create()
    letter = factories.AssignmentFactory.create(village=cohort.village)
    named = (Pictured(PHOTO, digest_of(drawn(1))),)
    content = VisitContent(
        cohort.village_id, cohort.program_id, AT - timedelta(hours=1), summary="Looked.", photos=named
    )
    put_visit(id=KEY, content=content, by=letter.mentor, at=AT)
    where = to(KEY, PHOTO, letter.mentor)
    came = at_once(
        *[lambda: put_visit(id=KEY, content=content, by=letter.mentor, at=AT).outcome] * 3,
        *[lambda: keep_photo(where, sent=drawn(1), at=AT)] * 3,
    )
    assert sorted(map(str, came)) == ["False", "False", "True", "had_it", "had_it", "had_it"]
