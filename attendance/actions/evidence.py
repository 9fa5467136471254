"""Photos of the signed sheet: kept as evidence, taken away only with a reason."""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.models import SheetPhoto
from common.errors import Refused
from common.events import record
from common.images import safe_jpeg
from programs.models import Session
from programs.states import SessionState

MOST_PAGES = 30
UNSIGNED = (SessionState.DRAFT, SessionState.CANCELLED)


def keep_photo(session: Session, *, sent: bytes, by: User, at: datetime, key: UUID | None = None) -> SheetPhoto:
    """Keep one page of the signed sheet; the same page sent twice is one page."""
    picture = safe_jpeg(sent)
    with transaction.atomic():
        held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if held.state in UNSIGNED or at < held.starts_at:
            raise Refused(_("This session has not begun yet."))
        known = _known(held, picture.sha256, key)
        if known is not None:
            return known
        if held.photos.count() >= MOST_PAGES:
            raise Refused(_("A session has at most 30 photos of its sheet."))
        photo = SheetPhoto(
            pk=key or uuid4(), session=held, sha256=picture.sha256, size=len(picture.content), at=at, by=by
        )
        photo.file.save("page.jpg", ContentFile(picture.content), save=False)
        photo.save(force_insert=True)
        record(session, verb="sheet_photo_kept", by=by, at=at, photo=str(photo.pk), sha256=photo.sha256)
    return photo


def _known(session: Session, digest: str, key: UUID | None) -> SheetPhoto | None:
    """Find the page that is here already; a key that names another photo is refused."""
    named = SheetPhoto.objects.filter(pk=key).first() if key else None
    if named is not None and (named.session_id, named.sha256) != (session.pk, digest):
        raise Refused(_("This key already names another photo."))
    return named or session.photos.filter(sha256=digest).first()


@transaction.atomic
def remove_photo(photo: SheetPhoto, *, reason: str, by: User, at: datetime) -> None:
    """Take a photo away for good and say why; that it was here stays in the history."""
    why = reason.strip()
    if not why:
        raise ValidationError(_("Say why the photo is removed."), code="reason")
    session, key, storage, name = photo.session, str(photo.pk), photo.file.storage, str(photo.file.name)
    photo.delete()
    record(session, verb="sheet_photo_removed", by=by, at=at, photo=key, sha256=photo.sha256, reason=why)
    transaction.on_commit(lambda: storage.delete(name))
