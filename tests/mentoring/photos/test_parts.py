"""Photos that arrive in parts: any order, any repeat, each once."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from common.chores import do_sweep_chores
from common.errors import Refused
from common.models import Event
from mentoring.actions import (
    PartsMissing,
    Whole,
    complete_photo,
    keep_part,
    keep_photo,
    let_parts_go,
    parts_of,
    put_visit,
)
from mentoring.content import VisitContent
from mentoring.models import Photo, PhotoPart, Visit
from tests import factories
from tests.mentoring.pictures import (
    KEY,
    PHOTO,
    cut,
    digest_of,
    drawn,
    files,
    keep_parts,
    located,
    pictured,
    to,
    whole,
)


def test_parts_in_any_order_make_the_photo(visit: Visit, made: User, at: datetime) -> None:
    sent = located(4)
    order = list(enumerate(cut(sent, 4000)))
    random.Random(7).shuffle(order)  # noqa: S311  the same storm every time
    for number, part in order:
        assert keep_part(to(visit, PHOTO, made), number=number, sent=part, digest=digest_of(part), at=at)
    assert parts_of(to(visit, PHOTO, made)) == (False, sorted(number for number, _part in order))
    assert complete_photo(to(visit, PHOTO, made), whole(sent), at=at)
    photo = Photo.objects.get()
    assert (photo.sha256, photo.size, photo.arrived) == (digest_of(sent), len(sent), True)
    assert not PhotoPart.objects.exists()
    assert not complete_photo(to(visit, PHOTO, made), whole(sent), at=at)
    assert parts_of(to(visit, PHOTO, made)) == (True, [])
    assert keep_parts(visit, made, sent, at) == [False] * len(cut(sent, 4000))


def test_part_sent_again_is_had_and_other_bytes_are_refused(visit: Visit, made: User, at: datetime) -> None:
    where = to(visit, PHOTO, made)
    assert keep_part(where, number=3, sent=b"one", digest=digest_of(b"one"), at=at)
    assert not keep_part(where, number=3, sent=b"one", digest=digest_of(b"one"), at=at)
    with translation.override("en"), pytest.raises(Refused, match="other bytes"):
        keep_part(where, number=3, sent=b"two", digest=digest_of(b"two"), at=at)
    assert PhotoPart.objects.get().content == b"one"


@pytest.mark.parametrize(
    ("number", "sent", "digest", "code"),
    [
        (0, b"one", digest_of(b"two"), "digest"),
        (0, b"one", "", "digest"),
        (0, b"", digest_of(b""), "digest"),
        (128, b"one", digest_of(b"one"), "size"),
        (0, b"x" * 65_537, digest_of(b"x" * 65_537), "size"),
    ],
)
def test_damaged_part_is_asked_for_again(
    visit: Visit, made: User, at: datetime, number: int, sent: bytes, digest: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        keep_part(to(visit, PHOTO, made), number=number, sent=sent, digest=digest, at=at)
    found = refused.value
    errors = found.error_dict["X-Sha256"] if hasattr(found, "error_dict") else found.error_list
    assert [error.code for error in errors] in ([code], [None])
    assert not Photo.objects.exists()


def test_what_is_missing_is_named(visit: Visit, made: User, at: datetime) -> None:
    sent = drawn(5)
    keep_part(to(visit, PHOTO, made), number=1, sent=b"x", digest=digest_of(b"x"), at=at)
    with pytest.raises(PartsMissing) as missing:
        complete_photo(to(visit, PHOTO, made), whole(sent, parts=4), at=at)
    assert missing.value.numbers == [0, 2, 3]
    with pytest.raises(PartsMissing):
        complete_photo(to(visit, uuid.uuid4(), made), whole(sent), at=at)


def test_whole_that_is_another_is_let_go_and_sent_again(visit: Visit, made: User, at: datetime) -> None:
    named, sent = factories.PhotoFactory.create(visit=visit, sha256=digest_of(drawn(6))), drawn(6)
    keep_parts(visit, made, b"!" + sent[1:], at, named.pk)
    with translation.override("en"), pytest.raises(ValidationError, match="Send them all again"):
        complete_photo(to(visit, named.pk, made), whole(sent), at=at)
    assert parts_of(to(visit, named.pk, made)) == (False, [])
    keep_parts(visit, made, sent, at, named.pk)
    assert complete_photo(to(visit, named.pk, made), whole(sent), at=at)


def test_whole_that_is_no_picture_is_let_go(visit: Visit, made: User, at: datetime) -> None:
    keep_parts(visit, made, b"%PDF-1.7" * 900, at)
    with pytest.raises(ValidationError) as refused:
        complete_photo(to(visit, PHOTO, made), whole(b"%PDF-1.7" * 900), at=at)
    assert refused.value.code == "kind"
    assert (PhotoPart.objects.count(), Photo.objects.count()) == (0, 0)


def test_whole_other_than_named_is_refused(visit: Visit, made: User, at: datetime) -> None:
    named = factories.PhotoFactory.create(visit=visit)
    keep_parts(visit, made, drawn(6), at, named.pk)
    with pytest.raises(Refused):
        complete_photo(to(visit, named.pk, made), whole(drawn(6)), at=at)


def test_every_request_twice_and_shuffled_keeps_every_photo_once(
    content: VisitContent, made: User, at: datetime, media: Path
) -> None:
    sent = {uuid.uuid4(): located(number) for number in range(6)}
    named = tuple(pictured(picture, key) for key, picture in sent.items())
    put_visit(id=KEY, content=replace(content, photos=named), by=made, at=at)
    storm: list[Callable[[], object]] = []
    for place, (key, picture) in enumerate(sent.items()):
        where = to(KEY, key, made)
        if place % 2:
            storm += 2 * [lambda where=where, picture=picture: keep_photo(where, sent=picture, at=at)]
        for number, part in enumerate(cut(picture, 4000)):
            given = {"number": number, "sent": part, "digest": digest_of(part), "at": at}
            storm += 2 * [lambda where=where, given=given: keep_part(where, **given)]
        storm += 2 * [lambda where=where, picture=picture: _completed(where, whole(picture), at)]
    random.Random(11).shuffle(storm)  # noqa: S311  the same storm every time
    for request in storm:
        request()
    for key, picture in sent.items():
        _completed(to(KEY, key, made), whole(picture), at)
    rows = Photo.objects.arrived().values_list("pk", "sha256")
    assert dict(rows) == {key: digest_of(picture) for key, picture in sent.items()}
    assert (PhotoPart.objects.count(), len(files(media))) == (0, 12)
    assert Event.objects.filter(verb="photo_arrived").count() == 6


def _completed(where: Any, given: Whole, at: datetime) -> None:
    with suppress(PartsMissing):
        complete_photo(where, given, at=at)


def test_parts_nobody_completed_go_after_thirty_days(visit: Visit, made: User, at: datetime) -> None:
    named = factories.PhotoFactory.create(visit=visit)
    fresh = factories.PhotoFactory.create(visit=visit)
    keep_parts(visit, made, drawn(1), at, named.pk)
    keep_parts(visit, made, drawn(2), at, PHOTO)
    keep_parts(visit, made, drawn(3), at + timedelta(days=20), fresh.pk)
    assert let_parts_go(at + timedelta(days=29)) == 0
    do_sweep_chores(at + timedelta(days=31))
    assert set(PhotoPart.objects.values_list("photo", flat=True)) == {fresh.pk}
    named.refresh_from_db()
    assert (named.state, named.lapsed_at) == ("awaited", at + timedelta(days=31))
    assert not Photo.objects.filter(pk=PHOTO).exists()  # nobody promised it
    assert Event.objects.about(visit).filter(verb="photo_lapsed").count() == 2
    sent = drawn(1)
    Photo.objects.filter(pk=named.pk).update(sha256=digest_of(sent))
    keep_parts(visit, made, sent, at, named.pk)
    complete_photo(to(visit, named.pk, made), whole(sent), at=at + timedelta(days=40))
    named.refresh_from_db()
    assert named.lapsed_at is None
