"""Photos of visits that wait for a decision are kept, and go where their visit goes."""

import uuid
from dataclasses import replace
from datetime import datetime

import pytest

from accounts.models import User
from mentoring.actions import (
    await_photos,
    keep_photo,
    put_visit,
)
from mentoring.content import VisitContent
from mentoring.models import Photo, Visit
from tests.mentoring.pictures import (
    KEY,
    PHOTO,
    drawn,
    pictured,
    to,
)


def test_photos_of_a_held_visit_are_kept_and_go_with_it_when_it_is_stored(
    content: VisitContent, made: User, ina: User, at: datetime
) -> None:
    named = (pictured(drawn(1), PHOTO), pictured(drawn(2)))
    await_photos(key=KEY, photos=named, by=made)
    await_photos(key=KEY, photos=named, by=made)  # held twice is awaited once
    assert keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)
    unnamed = uuid.uuid4()
    assert keep_photo(to(KEY, unnamed, made), sent=drawn(3), at=at)
    with pytest.raises(Photo.DoesNotExist):
        keep_photo(to(KEY, uuid.uuid4(), ina), sent=drawn(4), at=at)
    assert set(Photo.objects.visible_to(made)) == set(Photo.objects.all())
    assert not Photo.objects.visible_to(ina).exists()
    visit = put_visit(id=KEY, content=replace(content, photos=named), by=made, at=at).visit
    rows = Photo.objects.order_by("position").values_list("pk", "visit", "state")
    assert visit is not None
    assert list(rows) == [
        (PHOTO, visit.pk, "arrived"),
        (named[1].id, visit.pk, "awaited"),
        (unnamed, visit.pk, "arrived"),
    ]
    assert not keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)


def test_photos_of_a_version_held_beside_an_approved_visit_are_kept(approved: Visit, made: User, at: datetime) -> None:
    await_photos(key=approved.pk, photos=[pictured(drawn(1), PHOTO)], by=made)
    assert keep_photo(to(approved, PHOTO, made), sent=drawn(1), at=at)
    assert Photo.objects.get().visit is None
    assert not approved.photos.exists()


def test_held_version_awaits_six_photos_at_most(made: User) -> None:
    await_photos(key=KEY, photos=[pictured(drawn(n)) for n in range(9)], by=made)
    assert Photo.objects.count() == 6


def test_photos_held_under_another_key_follow_into_the_visit_that_names_them(
    content: VisitContent, made: User, at: datetime
) -> None:
    await_photos(key=KEY, photos=[pictured(drawn(1), PHOTO)], by=made)
    put_visit(id=uuid.uuid4(), content=replace(content, photos=(pictured(drawn(1), PHOTO),)), by=made, at=at)
    assert keep_photo(to(KEY, PHOTO, made), sent=drawn(1), at=at)
    photo = Photo.objects.get()
    assert photo.visit is not None
    assert photo.visit_key == KEY != photo.visit.pk
