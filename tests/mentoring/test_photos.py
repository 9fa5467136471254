"""Photos of visits: named or not, whole or in parts, each kept once and with nothing in it but pixels."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from PIL import Image

from accounts.models import User
from common.chores import do_sweep_chores
from common.errors import Refused
from common.models import Event
from mentoring.actions import (
    PartsMissing,
    Whole,
    approve_visit,
    await_photos,
    complete_photo,
    keep_part,
    keep_photo,
    let_parts_go,
    parts_of,
    put_visit,
)
from mentoring.content import VisitContent, content_of
from mentoring.models import Photo, PhotoPart, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from tests.mentoring.pictures import PLACE, cut, digest_of, drawn, located, pictured, to

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")
PHOTO = uuid.UUID("018f3a52-0000-7000-8000-0000000000f1")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    return tmp_path


@pytest.fixture
def content(cohort: Cohort, made: User, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=3),
        modules=("handholding",),
        summary="Looked at motifs.",
    )


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


@pytest.fixture
def approved(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.APPROVED)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def keep_parts(visit: Visit, made: User, sent: bytes, at: datetime, key: uuid.UUID = PHOTO) -> list[bool]:
    return [
        keep_part(to(visit, key, made), number=number, sent=part, digest=digest_of(part), at=at)
        for number, part in enumerate(cut(sent, 4000))
    ]


def whole(sent: bytes, **changes: Any) -> Whole:
    return replace(Whole(digest_of(sent), len(sent), len(cut(sent, 4000))), **changes)


# -- named ------------------------------------------------------------------------------------------------------------


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


# -- arrived ----------------------------------------------------------------------------------------------------------


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


# -- held -------------------------------------------------------------------------------------------------------------


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


# -- in parts ---------------------------------------------------------------------------------------------------------


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


# -- swept ------------------------------------------------------------------------------------------------------------


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
