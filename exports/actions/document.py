"""Keeping the papers that show something, each file with its row or not at all."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from exports.actions.claim import refuse_handed_in
from exports.actions.holding import hold_unit
from exports.actions.twins import claimed_once, claims_of_document, refuse_twice
from exports.documents import PDF, Kept, read_document
from exports.models import ClaimDocument, SubsidyClaim
from exports.models.document import Document
from exports.states import WRITABLE

MOST_DOCUMENTS = 20


@transaction.atomic
def add_document(
    claim: SubsidyClaim, *, kind: str, content: bytes, media_type: str, by: User, at: datetime
) -> ClaimDocument:
    """Keep one document of a claim that is still written; the same file shows only one live claim."""
    refuse_handed_in(claim)
    kept = read_document(content, media_type)
    _hold(claim)
    paper = ClaimDocument(claim=claim, kind=kind, at=at, by=by)
    paper.clean_fields(exclude={"claim", "by", "file", "sha256", "media_type", "size"})
    refuse_twice(claim, kept.sha256)
    if claim.papers.count() >= MOST_DOCUMENTS:
        raise Refused(_("A claim has at most 20 documents."))
    with claimed_once("document", claims_of_document(kept.sha256), by=by):
        keep_paper(paper, kept)
    record(claim, verb="document_added", by=by, at=at, document=str(paper.pk), kind=kind, sha256=kept.sha256)
    return paper


@transaction.atomic
def remove_document(document: ClaimDocument, *, by: User, at: datetime) -> None:
    """Take a document out of a claim that is still written; its file goes with it."""
    claim = document.claim
    refuse_handed_in(claim)
    _hold(claim)
    facts = {"document": str(document.pk), "kind": document.kind, "sha256": document.sha256}
    drop_paper(document)
    record(claim, verb="document_removed", by=by, at=at, **facts)


def keep_paper(paper: Document, kept: Kept) -> None:
    """Write a file and its row; no file stays behind when the row cannot be written."""
    paper.sha256, paper.media_type, paper.size = kept.sha256, kept.media_type, len(kept.content)
    paper.file.save("paper.pdf" if kept.media_type == PDF else "paper.jpg", ContentFile(kept.content), save=False)
    try:
        paper.save(force_insert=True)
    except BaseException:
        paper.file.storage.delete(str(paper.file.name))
        raise


def drop_paper(paper: Document) -> None:
    """Delete a row, and its file once that is certain."""
    delete: Callable[[], None] = partial(paper.file.storage.delete, str(paper.file.name))
    paper.delete()
    transaction.on_commit(delete)


def _hold(claim: SubsidyClaim) -> None:
    """Hold the unit, and look again whether the claim is still written."""
    hold_unit(claim.business_unit_id)
    if not SubsidyClaim.objects.filter(pk=claim.pk, state__in=WRITABLE).exists():
        claim.refresh_from_db(fields=["state"])
        refuse_handed_in(claim)
