"""Papers that show an export: kept, taken out, and what they prove."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from exports.documents import Kept, read_document
from exports.models import ExportTransaction, TransactionDocument
from exports.states import TransactionState

MOST_PAPERS: Final = 12
WRITABLE: Final = (TransactionState.REPORTED, TransactionState.EVIDENCED)


def add_paper(
    export: ExportTransaction, *, kind: str, content: bytes, media_type: str, by: User, at: datetime
) -> TransactionDocument:
    """Keep a paper that shows an export, which is evidenced from then on when it has a document number."""
    kept = read_document(content, media_type)
    with _files_of_this_try() as written, transaction.atomic():
        paper = _place(_held(export), kind=kind, kept=kept, by=by, at=at)
        paper.file.save(
            "paper.pdf" if kept.media_type == "application/pdf" else "paper.jpg", ContentFile(kept.content), save=False
        )
        written.append(str(paper.file.name))
        paper.save(force_insert=True)
        record(export, verb="paper_added", by=by, at=at, paper=str(paper.pk), kind=kind, sha256=kept.sha256)
        export.refresh_from_db()
        if export.state == TransactionState.REPORTED and export.reference_key:
            evidence_transaction(export, by=by, at=at)
    return paper


def _place(export: ExportTransaction, *, kind: str, kept: Kept, by: User, at: datetime) -> TransactionDocument:
    """Make the row of a paper that may stand here."""
    papers = export.papers.all()
    if papers.filter(sha256=kept.sha256).exists():
        raise Refused(_("This document is already here."))
    if papers.count() >= MOST_PAPERS:
        raise Refused(_("An export has at most 12 documents."))
    facts = {"sha256": kept.sha256, "media_type": kept.media_type, "size": len(kept.content)}
    paper = TransactionDocument(transaction=export, kind=kind, **facts, at=at, by=by)
    paper.clean_fields(exclude={"file", "transaction", "by"})
    return paper


@transaction.atomic
def remove_paper(paper: TransactionDocument, *, by: User, at: datetime) -> None:
    """Take a paper out before anybody verified it; an export without papers is only reported again."""
    export = _held(paper.transaction)
    name, storage = paper.file.name, paper.file.storage
    if not TransactionDocument.objects.filter(pk=paper.pk).delete()[0]:
        return  # another hand took it out
    state = TransactionState.REPORTED if not export.papers.exists() else export.state
    ExportTransaction.objects.filter(pk=export.pk).update(state=state, version=F("version") + 1)
    origin = export.state
    export.refresh_from_db()
    record(
        export, verb="paper_removed", by=by, at=at, origin=origin, goal=export.state,
        paper=str(paper.pk), kind=paper.kind, sha256=paper.sha256,
    )  # fmt: skip
    transaction.on_commit(lambda: storage.delete(str(name)))


@transaction.atomic
def evidence_transaction(export: ExportTransaction, *, by: User, at: datetime) -> None:
    """Say that the papers show the export as it is written; it needs a document number and one paper at least."""
    if not export.reference_key:
        raise Refused(_("Write the document number first."))
    if not export.papers.exists():
        raise Refused(_("Add a document that shows this export first."))
    origin = export.state
    ExportTransaction.objects.filter(version=export.version).move(export, TransactionState.EVIDENCED)
    record(export, verb="evidenced", by=by, at=at, origin=origin, goal=export.state)


def _held(export: ExportTransaction) -> ExportTransaction:
    """Hold the row, and refuse papers where the record is closed."""
    held = ExportTransaction.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if held.state not in WRITABLE:
        raise Refused(_("The documents of a verified or withdrawn export are never changed."))
    return held


@contextmanager
def _files_of_this_try() -> Iterator[list[str]]:
    """Leave no file behind when its row could not be written."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            TransactionDocument._meta.get_field("file").storage.delete(name)
        raise
