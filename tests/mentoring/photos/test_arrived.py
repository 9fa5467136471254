"""Photos that arrive whole: each once, and with nothing in it but pixels."""

import uuid
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from PIL import Image

from accounts.models import User
from common.errors import Refused
from common.models import Event
from mentoring.actions import (
    Whole,
    approve_visit,
    complete_photo,
    keep_part,
    keep_photo,
    parts_of,
)
from mentoring.models import Photo, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.mentoring.pictures import PHOTO, PLACE, digest_of, drawn, files, located, to


def test_photo_is_kept_in_two_sizes_without_its_place(visit: Visit, made: User, at: datetime) -> None:
    sent = located()
    assert PLACE.encode() in sent
    assert keep_photo(to(visit, PHOTO, made), sent=sent, at=at, taken_at=at - timedelta(hours=1))
    photo = Photo.objects.get()
    assert (photo.sha256, photo.size, photo.arrived_at) == (digest_of(sent), len(sent), at)
    assert photo.taken_at == at - timedelta(hours=1)
    for small, longest in ((False, 640), (True, 400)):
        kept = photo.opened(small=small).read()
        picture = Image.open(BytesIO(kept))
        assert max(picture.size) == longest
        assert not picture.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(picture.info)
        assert PLACE.encode() not in kept
        assert b"Telepon" not in kept
    assert max(Image.open(photo.opened()).size) <= 1600
    [event] = Event.objects.about(visit)
    assert (event.verb, event.facts) == ("photo_arrived", {"photo": str(PHOTO), "sha256": photo.sha256})


def test_large_photo_is_kept_at_1600_pixels(visit: Visit, made: User, at: datetime) -> None:
    keep_photo(to(visit, PHOTO, made), sent=drawn(size=(4000, 3000)), at=at)
    assert Image.open(Photo.objects.get().opened()).size == (1600, 1200)


def test_photo_sent_again_is_had_and_other_bytes_are_refused(visit: Visit, made: User, at: datetime) -> None:
    assert keep_photo(to(visit, PHOTO, made), sent=drawn(1), at=at)
    name = Photo.objects.get().file.name
    assert not keep_photo(to(visit, PHOTO, made), sent=drawn(1), at=at)
    with translation.override("en"), pytest.raises(Refused, match="another photo"):
        keep_photo(to(visit, PHOTO, made), sent=drawn(2), at=at)
    assert Photo.objects.get().file.name == name
    assert Event.objects.about(visit).count() == 1


def test_bytes_other_than_named_are_refused_and_leave_no_file(
    visit: Visit, made: User, at: datetime, media: Path
) -> None:
    named = factories.PhotoFactory.create(visit=visit)
    with pytest.raises(Refused):
        keep_photo(to(visit, named.pk, made), sent=drawn(2), at=at)
    assert files(media) == []


def test_named_photo_comes_after_approval_and_an_unnamed_one_does_not(
    approved: Visit, made: User, at: datetime
) -> None:
    named = factories.PhotoFactory.create(visit=approved, sha256=digest_of(drawn(1)))
    assert keep_photo(to(approved, named.pk, made), sent=drawn(1), at=at)
    with translation.override("en"), pytest.raises(Refused, match="names no such photo"):
        keep_photo(to(approved, PHOTO, made), sent=drawn(2), at=at)


def test_unnamed_photo_sent_again_after_approval_is_had(visit: Visit, made: User, sari: User, at: datetime) -> None:
    keep_photo(to(visit, PHOTO, made), sent=drawn(1), at=at)
    approve_visit(visit, by=sari, at=at)
    assert not keep_photo(to(visit, PHOTO, made), sent=drawn(1), at=at)
    assert parts_of(to(visit, PHOTO, made)) == (True, [])


@pytest.mark.parametrize("state", [VisitState.DRAFT, VisitState.SUBMITTED, VisitState.RETURNED])
def test_unnamed_photo_comes_while_the_visit_is_open(cohort: Cohort, made: User, at: datetime, state: str) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state=state)
    assert keep_photo(to(visit, PHOTO, made), sent=drawn(), at=at)
    assert not Photo.objects.get().named


def test_seventh_unnamed_photo_is_refused(visit: Visit, made: User, at: datetime) -> None:
    for number in range(6):
        keep_photo(to(visit, uuid.uuid4(), made), sent=drawn(number), at=at)
    with translation.override("en"), pytest.raises(Refused, match="at most six photos"):
        keep_photo(to(visit, PHOTO, made), sent=drawn(7), at=at)


def test_database_holds_six_places(visit: Visit) -> None:
    for wrong in ({"position": 7}, {"position": 0}, {"position": 1, "state": "lost"}, {"position": 1, "file": "x.jpg"}):
        with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
            factories.PhotoFactory.create(visit=visit, **wrong)
    factories.PhotoFactory.create(visit=visit, position=1)
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        factories.PhotoFactory.create(visit=visit, position=1)


def test_strangers_visit_is_like_no_visit(visit: Visit, ina: User, made: User, at: datetime) -> None:
    mine = factories.VisitFactory.create(mentor=ina)
    theirs = factories.PhotoFactory.create(visit=visit)
    for where in (to(visit, PHOTO, ina), to(uuid.uuid4(), PHOTO, ina), to(mine, theirs.pk, ina)):
        with pytest.raises(Photo.DoesNotExist):
            keep_photo(where, sent=drawn(), at=at)
        with pytest.raises(Photo.DoesNotExist):
            keep_part(where, number=0, sent=b"x", digest=digest_of(b"x"), at=at)
        with pytest.raises(Photo.DoesNotExist):
            complete_photo(where, Whole(digest_of(b"x"), 1, 1), at=at)
        with pytest.raises(Photo.DoesNotExist):
            parts_of(where)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (drawn()[:1000], "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 60, "kind"),
        (drawn(kind="GIF"), "kind"),
        (drawn() + b"\0" * 8 * 1024 * 1024, "size"),
    ],
    ids=["truncated", "svg", "heic", "gif", "too many bytes"],
)
def test_no_picture_is_refused_and_leaves_nothing(
    visit: Visit, made: User, at: datetime, media: Path, sent: bytes, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        keep_photo(to(visit, PHOTO, made), sent=sent, at=at)
    assert refused.value.code == code
    assert (Photo.objects.count(), files(media)) == (0, [])


def test_file_is_taken_back_when_the_row_cannot_be_written(
    visit: Visit, made: User, at: datetime, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_facts: object) -> None:
        raise OSError

    monkeypatch.setattr("mentoring.actions.photo.record", broken)
    with pytest.raises(OSError):  # noqa: PT011  raised above
        keep_photo(to(visit, PHOTO, made), sent=drawn(), at=at)
    assert (files(media), Photo.objects.count()) == ([], 0)
