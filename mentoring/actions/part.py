"""Photos that come in parts: each part once, in any order, through any server; together they are the photo."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common.errors import Refused
from common.events import record
from mentoring.actions.album import hold_key, knows_key
from mentoring.actions.photo import Address, has_come, keep_photo, known_photo, open_photo
from mentoring.models import Photo, PhotoPart
from mentoring.models.photo import MOST_PARTS

LARGEST_PART = 64 * 1024  # bytes; every part but the last is that long
KEPT_FOR = timedelta(days=30)
AT_A_TIME = 200


@dataclass(frozen=True)
class Whole:
    """What a photo is when all its parts are there."""

    sha256: str
    size: int
    parts: int
    taken_at: datetime | None = None


class PartsMissing(Refused):
    """Some parts are not here yet; `numbers` says which."""

    def __init__(self, numbers: list[int]) -> None:
        """Keep the numbers."""
        super().__init__(_("Some parts of this photo are not here yet."))
        self.numbers = numbers


def parts_of(to: Address) -> tuple[bool, list[int]]:
    """Tell whether the photo is here, and else which of its parts are."""
    if not knows_key(to.visit, by=to.by):
        raise Photo.DoesNotExist
    photo = known_photo(to)
    if photo is None or photo.arrived:
        return photo is not None, []
    return False, [*PhotoPart.objects.filter(photo=photo).order_by("number").values_list("number", flat=True)]


def keep_part(to: Address, *, number: int, sent: bytes, digest: str, at: datetime) -> bool:
    """Keep one part; True when it is new, False when it was here. Parts on their way are no history: no event."""
    _check(number, sent, digest)
    with transaction.atomic():
        photo = open_photo(to)
        if photo.arrived:
            return False
        known = PhotoPart.objects.filter(photo=photo, number=number).only("sha256").first()
        if known is None:
            PhotoPart.objects.create(photo=photo, number=number, sha256=digest, content=sent, at=at)
        elif known.sha256 != digest:
            raise Refused(_("This part is already here with other bytes."))
    return known is None


def _check(number: int, sent: bytes, digest: str) -> None:
    if number >= MOST_PARTS:
        raise ValidationError(_("A photo has at most 128 parts, numbered from 0."), code="size")
    if len(sent) > LARGEST_PART:
        raise ValidationError(_("A part has at most 65,536 bytes."), code="size")
    if not sent or sha256(sent).hexdigest() != digest:
        raise ValidationError({"X-Sha256": _("These bytes were damaged on their way. Send them again.")}, code="digest")


def complete_photo(to: Address, whole: Whole, *, at: datetime) -> bool:
    """Put the parts together and keep the photo; True when it is new, False when it was here.

    Parts that make another whole, or no picture, are let go, and the ValidationError says so.
    """
    sent = _gathered(to, whole)
    if sent is None:
        return False
    try:
        _check_whole(sent, whole)
        return keep_photo(to, sent=sent, at=at, taken_at=whole.taken_at)
    except ValidationError:
        _let_go(to)
        raise


def _check_whole(sent: bytes, whole: Whole) -> None:
    if (len(sent), sha256(sent).hexdigest()) != (whole.size, whole.sha256):
        sentence = _("The parts do not make this photo. Send them all again.")
        raise ValidationError({"sha256": sentence}, code="digest")


@transaction.atomic
def _gathered(to: Address, whole: Whole) -> bytes | None:
    """Read the parts of a photo as one; None when the photo is here already."""
    hold_key(to.visit)
    if not knows_key(to.visit, by=to.by):
        raise Photo.DoesNotExist
    photo = known_photo(to)
    if photo is not None and has_come(photo, whole.sha256):
        return None
    here = dict(PhotoPart.objects.filter(photo=photo).values_list("number", "content")) if photo else {}
    missing = [number for number in range(whole.parts) if number not in here]
    if missing:
        raise PartsMissing(missing)
    return b"".join(bytes(here[number]) for number in range(whole.parts))


@transaction.atomic
def _let_go(to: Address) -> None:
    hold_key(to.visit)
    photo = Photo.objects.awaited().filter(pk=to.photo, visit_key=to.visit, by=to.by).first()
    if photo is not None:
        _forget(photo)


def _forget(photo: Photo) -> None:
    """Let the parts go; nobody promised an unnamed photo, so its row goes with them."""
    PhotoPart.objects.filter(photo=photo).delete()
    if not photo.named:
        photo.delete()


def let_parts_go(at: datetime) -> int:
    """Let go the parts of photos of which nothing came for thirty days; tell how many photos. The row says so."""
    waiting = Photo.objects.awaited().annotate(last=Max("parts__at")).filter(last__lt=at - KEPT_FOR)
    stale = list(waiting.order_by("pk")[:AT_A_TIME])
    for photo in stale:
        _lapse(photo, at=at)
    return len(stale)


@transaction.atomic
def _lapse(photo: Photo, *, at: datetime) -> None:
    """Forget what came of one photo, unless it moved on between the look and the lock."""
    hold_key(photo.visit_key)
    parts = PhotoPart.objects.filter(photo=photo)
    if not parts.exists() or parts.filter(at__gte=at - KEPT_FOR).exists():
        return
    record(photo.visit or photo, verb="photo_lapsed", by=None, at=at, photo=str(photo.pk))
    Photo.objects.filter(pk=photo.pk).update(lapsed_at=at)
    _forget(photo)
