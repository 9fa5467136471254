"""The documents of a claim: adding one, looking at one, taking one out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.events import note_reading
from common.handing import hand_out
from common.pages import FormPage, Page
from exports.actions import add_document, remove_document
from exports.checklist import checklist
from exports.forms.claim import DocumentForm
from exports.models import ClaimDocument, SubsidyClaim
from exports.rules import Can
from exports.states import DocumentKind
from exports.views.claim import ClaimPage


class DocumentNew(FormPage[SubsidyClaim], ClaimPage):
    """Add a document: a photo from the phone, or a file."""

    ability = Can.WRITE_CLAIM
    template = "exports/document_form.html"
    form_class = DocumentForm

    def form(self, data: Any = None) -> Any:
        """Read the file along."""
        return DocumentForm(data, self.request.FILES if data is not None else None, initial={"kind": self.kind()})

    def kind(self) -> str:
        """Propose the kind of the address, or the first that is missing."""
        asked = self.request.GET.get("kind", "")
        if asked in DocumentKind.values:
            return asked
        missing = [line.kind.value for line in checklist(self.row()) if line.missing]
        return missing[0] if missing else DocumentKind.OTHER.value

    def context(self) -> dict[str, Any]:
        """Name the claim, and lead back to it."""
        claim = self.row()
        label = _("Claim %(number)s") % {"number": claim}
        return {"back": reverse("claim-detail", args=[claim.pk]), "label": label, "unit": claim.business_unit}

    def act(self, form: Any) -> HttpResponse:
        """Keep the document, and go on to the next that is missing."""
        claim, sent = self.row(), form.sent
        kind = form.cleaned_data["kind"]
        content, media_type = sent.read(), sent.content_type or ""
        add_document(claim, kind=kind, content=content, media_type=media_type, by=self.reader, at=now())
        return self.back(claim, _("The document is added."))


class DocumentPage(Page[ClaimDocument]):
    """What pages of one document share."""

    model = ClaimDocument

    def rows(self) -> models.QuerySet[ClaimDocument]:
        """Look among the documents of this claim."""
        claim: int = self.kwargs["claim"]
        return super().rows().filter(claim=claim).select_related("claim")


class DocumentFile(DocumentPage):
    """The file itself, kept by no cache, run by no browser."""

    ability = Can.READ_CLAIM
    http_method_names = ["get", "head"]

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        """Hand it out."""
        paper = self.row()
        note_reading(paper, verb="document_read", by=self.reader, at=now())
        return hand_out(paper.opened(), media_type=paper.media_type, name=f"klaim-{paper.claim_id}-{paper.kind}")


class DocumentRemove(DocumentPage):
    """Take a document out while the claim may be changed."""

    ability = Can.WRITE_CLAIM

    def post(self, _request: HttpRequest, **_kwargs: UUID) -> HttpResponse:
        """Take it out."""
        paper = self.row()
        claim = paper.claim_id
        remove_document(paper, by=self.reader, at=now())
        messages.success(self.request, _("The document is taken out."))
        return redirect("claim-detail", pk=claim)
