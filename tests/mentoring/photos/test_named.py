"""Photos that a visit names: awaited in their places, taken out, and those of visits that are held."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from common.errors import Refused
from mentoring.actions import (
    keep_part,
    keep_photo,
    put_visit,
)
from mentoring.content import VisitContent, content_of
from mentoring.models import Photo, PhotoPart, Visit
from tests import factories
from tests.mentoring.pictures import KEY, PHOTO, digest_of, drawn, files, pictured, to


def test_older_digests_stay(content: VisitContent) -> None:
    assert "photos" not in content.facts()
    sent = [pictured(drawn(n)) for n in range(2)]
    one, other = (replace(content, photos=tuple(order)) for order in (sent, reversed(sent)))
    assert one.digest == other.digest != content.digest


def test_named_photos_are_awaited_in_their_order(content: VisitContent, made: User, at: datetime) -> None:
    named = tuple(replace(pictured(drawn(n)), taken_at=at - timedelta(hours=n)) for n in range(3))
    visit = put_visit(id=KEY, content=replace(content, photos=named), by=made, at=at).visit
    rows = Photo.objects.filter(visit=visit).order_by("position")
    assert [(row.pk, row.state, row.position, row.named, row.taken_at) for row in rows] == [
        (photo.id, "awaited", place, True, photo.taken_at) for place, photo in enumerate(named, 1)
    ]
    assert visit is not None
    assert content_of(visit).digest == visit.digest


def test_seventh_photo_is_refused_by_a_sentence(content: VisitContent, made: User, at: datetime) -> None:
    seven = tuple(pictured(drawn(n)) for n in range(7))
    with translation.override("en"), pytest.raises(ValidationError, match="at most six photos"):
        put_visit(id=KEY, content=replace(content, photos=seven), by=made, at=at)
    assert not Visit.objects.exists()


def test_key_names_one_photo(content: VisitContent, made: User, visit: Visit, at: datetime) -> None:
    twice = (pictured(drawn(1), PHOTO), pictured(drawn(2), PHOTO))
    elsewhere = (pictured(drawn(1), factories.PhotoFactory.create(visit=visit).pk),)
    for photos in (twice, elsewhere):
        with translation.override("en"), pytest.raises(ValidationError, match="the same key"):
            put_visit(id=KEY, content=replace(content, photos=photos), by=made, at=at)


def test_digest_is_a_digest(content: VisitContent, made: User, at: datetime) -> None:
    with pytest.raises(ValidationError):
        put_visit(id=KEY, content=replace(content, photos=(replace(pictured(b""), sha256="no"),)), by=made, at=at)


def test_photo_no_longer_named_is_taken_out_and_may_come_back(
    content: VisitContent,
    made: User,
    at: datetime,
    media: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    one, two = (replace(content, photos=(pictured(drawn(n), PHOTO),) if n else ()) for n in (1, 0))
    put_visit(id=KEY, content=one, by=made, at=at)
    keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)
    assert len(files(media)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        put_visit(id=KEY, content=two, by=made, at=at, base_version=1)
    photo = Photo.objects.get()
    assert (photo.state, photo.file.name, files(media)) == ("withdrawn", "", [])
    with translation.override("en"), pytest.raises(Refused, match="taken out"):  # a late repeat brings it not back
        keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)
    put_visit(id=KEY, content=replace(one, summary="Again."), by=made, at=at, base_version=2)
    assert keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)
    assert Photo.objects.get().arrived


def test_arrived_photo_keeps_its_place_when_others_are_named(content: VisitContent, made: User, at: datetime) -> None:
    named = tuple(pictured(drawn(n)) for n in range(6))
    put_visit(id=KEY, content=replace(content, photos=named), by=made, at=at)
    keep_photo(to(KEY, named[5].id, made), sent=drawn(5), at=at)
    other = pictured(drawn(9))
    put_visit(id=KEY, content=replace(content, photos=(other, named[5])), by=made, at=at, base_version=1)
    rows = Photo.objects.standing().order_by("position").values_list("pk", "position", "state")
    assert list(rows) == [(other.id, 1, "awaited"), (named[5].id, 6, "arrived")]


def test_photo_here_is_never_renamed_and_an_awaited_one_may_be(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=replace(content, photos=(pictured(drawn(1), PHOTO),)), by=made, at=at)
    visit = Visit.objects.get()
    keep_part(to(visit, PHOTO, made), number=0, sent=b"x", digest=digest_of(b"x"), at=at)
    renamed = replace(content, photos=(pictured(drawn(2), PHOTO),))
    put_visit(id=KEY, content=renamed, by=made, at=at, base_version=1)
    assert not PhotoPart.objects.exists()
    keep_photo(to(visit, PHOTO, made), sent=drawn(2), at=at)
    with translation.override("en"), pytest.raises(ValidationError, match="another photo"):
        put_visit(id=KEY, content=replace(content, photos=(pictured(drawn(3), PHOTO),)), by=made, at=at, base_version=2)
