"""Papers that show an export: kept, taken out, and what they prove."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from exports.actions.document import drop_paper, keep_paper
from exports.documents import read_document
from exports.models import ExportTransaction, TransactionDocument
from exports.states import TransactionState

MOST_PAPERS: Final = 12
CHANGEABLE: Final = (TransactionState.REPORTED, TransactionState.EVIDENCED)


@transaction.atomic
def add_paper(
    export: ExportTransaction, *, kind: str, content: bytes, media_type: str, by: User, at: datetime
) -> TransactionDocument:
    """Keep a paper that shows an export, which is evidenced from then on when it has a document number."""
    kept = read_document(content, media_type)
    papers = _held(export).papers.all()
    paper = TransactionDocument(transaction=export, kind=kind, at=at, by=by)
    paper.clean_fields(exclude={"transaction", "by", "file", "sha256", "media_type", "size"})
    if papers.filter(sha256=kept.sha256).exists():
        raise Refused(_("This document is already here."))
    if papers.count() >= MOST_PAPERS:
        raise Refused(_("An export has at most 12 documents."))
    keep_paper(paper, kept)
    record(export, verb="paper_added", by=by, at=at, paper=str(paper.pk), kind=kind, sha256=kept.sha256)
    export.refresh_from_db()
    if export.state == TransactionState.REPORTED and export.reference_key:
        evidence_transaction(export, by=by, at=at)
    return paper


@transaction.atomic
def remove_paper(paper: TransactionDocument, *, by: User, at: datetime) -> None:
    """Take a paper out before anybody verified it; an export without papers is only reported again."""
    export, key = _held(paper.transaction), paper.pk
    if not export.papers.filter(pk=key).exists():
        return  # another hand took it out
    drop_paper(paper)
    origin = export.state
    state = origin if export.papers.exists() else TransactionState.REPORTED
    ExportTransaction.objects.filter(pk=export.pk).update(state=state, version=F("version") + 1)
    facts = {"paper": str(key), "kind": paper.kind, "sha256": paper.sha256}
    record(export, verb="paper_removed", by=by, at=at, origin=origin, goal=state, **facts)


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
    if held.state not in CHANGEABLE:
        raise Refused(_("The documents of a verified or withdrawn export are never changed."))
    return held
