"""Keeping the photos of visits, each once, whatever the retries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from common.images import Picture, safe_jpeg
from mentoring.actions.album import hold_key, knows_key, withdraw
from mentoring.models import Photo, PhotoPart, Visit
from mentoring.models.photo import MOST_PHOTOS
from mentoring.states import PhotoState, VisitState

SMALL = 400  # pixels a side


@dataclass(frozen=True)
class Address:
    """Which photo of which visit, and whose hand sends it."""

    visit: UUID
    photo: UUID
    by: User


def keep_photo(to: Address, *, sent: bytes, at: datetime, taken_at: datetime | None = None) -> bool:
    """Keep one photo, safe and in two sizes; True when it is new, False when it was here.

    A visit that is not theirs is Photo.DoesNotExist; no picture is a ValidationError; other bytes are Refused.
    """
    digest = sha256(sent).hexdigest()
    if _had(to, digest):
        return False
    picture = safe_jpeg(sent)
    small = safe_jpeg(picture.content, longest=SMALL)
    with _files_of_this_try() as written, transaction.atomic():
        photo = open_photo(to)
        if has_come(photo, digest):
            return False
        _write(photo, picture, small, written)
        photo.taken_at = photo.taken_at or taken_at
        _arrive(photo, digest, len(sent), at=at)
    return True


def _had(to: Address, digest: str) -> bool:
    """Look before the picture is decoded, so that repeats cost nothing."""
    rows = Photo.objects.arrived().filter(pk=to.photo, visit_key=to.visit, by=to.by)
    return rows.filter(sha256=digest).exists() and knows_key(to.visit, by=to.by)


def open_photo(to: Address) -> Photo:
    """Find or make the row of a photo on its way, with its key held; only a named one comes to an approved visit."""
    hold_key(to.visit)
    if not knows_key(to.visit, by=to.by):
        raise Photo.DoesNotExist
    visit = Visit.objects.select_for_update(no_key=True).filter(pk=to.visit, mentor=to.by).first()
    photo = known_photo(to)
    if photo is not None and photo.state == PhotoState.WITHDRAWN:
        raise Refused(_("This photo was taken out of the visit."))
    if photo is not None and (photo.named or photo.arrived):
        return photo
    if visit is not None and visit.state == VisitState.APPROVED:
        raise Refused(_("The visit is approved and names no such photo."))
    return photo or _unnamed(to, visit)


@transaction.atomic
def leave_photo_out(to: Address, *, at: datetime) -> None:
    """Expect a photo no longer that cannot come; one that is here stays, and one that nobody named is nothing."""
    hold_key(to.visit)
    if not knows_key(to.visit, by=to.by):
        raise Photo.DoesNotExist
    photo = known_photo(to)
    if photo is None or photo.state == PhotoState.WITHDRAWN:
        return
    if photo.arrived:
        raise Refused(_("This photo has arrived; it stays with its visit."))
    withdraw(photo)
    record(photo.visit or photo, verb="photo_left_out", by=to.by, at=at, photo=str(photo.pk))


def known_photo(to: Address) -> Photo | None:
    """Find a photo by its key; one that lies elsewhere is nowhere."""
    photo = Photo.objects.filter(pk=to.photo).first()
    if photo is not None and (photo.visit_key, photo.by_id) != (to.visit, to.by.pk):
        raise Photo.DoesNotExist
    return photo


def _unnamed(to: Address, visit: Visit | None) -> Photo:
    held = Photo.objects.standing().filter(visit_key=to.visit, by=to.by, visit=None)
    rows = Photo.objects.standing().filter(visit=visit) if visit else held
    free = set(range(1, MOST_PHOTOS + 1)) - set(rows.values_list("position", flat=True))
    if not free:
        raise Refused(_("A visit has at most six photos."))
    return Photo.objects.create(pk=to.photo, visit_key=to.visit, visit=visit, position=min(free), by=to.by)


def has_come(photo: Photo, digest: str) -> bool:
    """Tell whether these bytes are here; other bytes than those that came, or were named, are refused."""
    if photo.sha256 not in ("", digest):
        raise Refused(_("This key already names another photo."))
    return photo.arrived


def _write(photo: Photo, picture: Picture, small: Picture, written: list[str]) -> None:
    for field, drawn in ((photo.file, picture), (photo.small, small)):
        field.save("photo.jpg", ContentFile(drawn.content), save=False)
        written.append(str(field.name))


def _arrive(photo: Photo, digest: str, size: int, *, at: datetime) -> None:
    columns = {"sha256": digest, "size": size, "arrived_at": at, "taken_at": photo.taken_at, "lapsed_at": None}
    files = {"file": photo.file.name, "small": photo.small.name}
    Photo.objects.move(photo, PhotoState.ARRIVED, **columns, **files)
    PhotoPart.objects.filter(photo=photo).delete()
    record(photo.visit or photo, verb="photo_arrived", by=photo.by, at=at, photo=str(photo.pk), sha256=digest)


@contextmanager
def _files_of_this_try() -> Iterator[list[str]]:
    """Leave no file behind when its row could not be written."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            Photo._meta.get_field("file").storage.delete(name)
        raise
