"""Which photos belong to a visit: named by it, or there because someone sent them."""

from collections.abc import Iterable, Iterator
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.content import Pictured
from mentoring.models import HeldVersion, Photo, PhotoPart, Visit
from mentoring.models.photo import MOST_PHOTOS
from mentoring.states import PhotoState

LOCKS = 63  # bits of a key that PostgreSQL locks on


def hold_key(key: UUID) -> None:
    """Let nobody else write under this visit's key until the transaction ends, whether there is a visit or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int & (2**LOCKS - 1)])


def knows_key(key: UUID, *, by: User) -> bool:
    """Tell whether this key is a visit of theirs, or one of which something is kept for review."""
    mine = (
        Visit.objects.filter(pk=key, mentor=by),
        HeldVersion.objects.filter(key=key, sent_by=by),
        Photo.objects.filter(visit_key=key, by=by),
    )
    return any(rows.exists() for rows in mine)


@transaction.atomic
def await_photos(*, key: UUID, photos: Iterable[Pictured], by: User) -> None:
    """Expect the photos that a held version names; a key that is known already, or a seventh, is passed over."""
    hold_key(key)
    named = {photo.id: photo for photo in photos}
    known = set(Photo.objects.filter(pk__in=named).values_list("pk", flat=True))
    taken = Photo.objects.standing().filter(visit_key=key, by=by, visit=None).values_list("position", flat=True)
    free = _places(taken)
    for photo in (photo for key, photo in named.items() if key not in known):
        position = next(free, None)
        if position is None:
            return
        _await(photo, position, Photo(visit_key=key, by=by)).save(force_insert=True)


def name_photos(visit: Visit, photos: tuple[Pictured, ...], *, new: bool) -> None:
    """Make the named photos of the visit those of its content; what came while it was held is its own now.

    The caller holds the key. What is no longer named is taken out; what nobody named stays.
    """
    named = {photo.id: photo for photo in photos}
    if len(named) < len(photos):
        raise _twice()
    mine = Q(visit=visit) | Q(visit=None, by=visit.mentor_id, pk__in=named)
    if new:
        mine |= Q(visit=None, by=visit.mentor_id, visit_key=visit.pk, named=False)
    known = {photo.pk: photo for photo in Photo.objects.filter(mine).order_by("position", "pk")}
    if Photo.objects.filter(pk__in=named.keys() - known.keys()).exists():
        raise _twice()
    for photo in known.values():
        if photo.named and photo.visit_id and photo.pk not in named:
            withdraw(photo)
    _settle(visit, known, named)


def _settle(visit: Visit, known: dict[UUID, Photo], named: dict[UUID, Pictured]) -> None:
    """Give each photo of the visit its place: those that had one keep it."""
    seated = [photo for photo in known.values() if photo.visit_id and photo.state != PhotoState.WITHDRAWN]
    free = _places(photo.position for photo in seated)
    coming = [photo for photo in known.values() if photo.visit_id is None and photo.pk not in named]
    wanted = [known.get(key) or Photo(pk=key, visit_key=visit.pk, by_id=visit.mentor_id, position=0) for key in named]
    for photo in (*wanted, *coming):
        position = photo.position if photo in seated else next(free, None)
        if position is None:
            raise ValidationError({"photos": _("A visit has at most six photos.")}, code="photos")
        _seat(photo, visit, position, named.get(photo.pk))


def _seat(photo: Photo, visit: Visit, position: int, named: Pictured | None) -> None:
    """Write that this photo stands at that place of the visit."""
    new, photo.visit = not photo.position, visit
    if named is None:
        photo.position = position
    else:
        if photo.sha256 not in ("", named.sha256):
            _refuse_or_forget(photo)
        _await(named, position, photo)
    photo.save(force_insert=new)


def _await(named: Pictured, position: int, photo: Photo) -> Photo:
    photo.pk, photo.position, photo.named = named.id, position, True
    photo.sha256 = named.sha256
    photo.taken_at = named.taken_at or photo.taken_at
    if photo.state == PhotoState.WITHDRAWN:
        photo.state = PhotoState.AWAITED
    try:
        photo.clean_fields(exclude={"visit", "by"})
    except ValidationError as error:
        raise ValidationError({"photos": error.messages}) from error
    return photo


def _refuse_or_forget(photo: Photo) -> None:
    """Let an awaited photo be another one after all; one that is here stays what it is."""
    if photo.arrived:
        raise ValidationError({"photos": _("This key already names another photo.")}, code="photos")
    PhotoPart.objects.filter(photo=photo).delete()


def withdraw(photo: Photo) -> None:
    """Take a photo out of its visit: the row stays and says so, the picture goes."""
    storage, names = photo.file.storage, [str(name) for name in (photo.file, photo.small) if name]
    Photo.objects.move(photo, PhotoState.WITHDRAWN, file="", small="", arrived_at=None, named=False)
    PhotoPart.objects.filter(photo=photo).delete()
    for name in names:
        transaction.on_commit(partial(storage.delete, name))


def _places(taken: Iterable[int]) -> Iterator[int]:
    gone = set(taken)
    return (place for place in range(1, MOST_PHOTOS + 1) if place not in gone)


def _twice() -> ValidationError:
    return ValidationError({"photos": _("Two photos have the same key.")}, code="photos")
