"""The documents that show an export."""

from typing import Any
from uuid import UUID

from django import forms
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
from exports.actions import add_paper, remove_paper
from exports.forms.trade import PaperForm
from exports.models import ExportTransaction, TransactionDocument
from exports.rules import Can


class PaperNew(FormPage[ExportTransaction]):
    """Add a document to an export."""

    ability = Can.REPORT_TRANSACTION
    model = ExportTransaction
    template = "exports/document_form.html"
    form_class = PaperForm

    def rows(self) -> models.QuerySet[ExportTransaction]:
        """Read along whose export it is."""
        return super().rows().select_related("business_unit")

    def form(self, data: Any = None) -> forms.Form:
        """Take the file along."""
        return PaperForm(data, self.request.FILES if data is not None else None)

    def context(self) -> dict[str, object]:
        """Name the export, and lead back to it."""
        export = self.row()
        label = _("Export %(export)s") % {"export": export}
        return {"back": reverse("transaction-detail", args=[export.pk]), "label": label, "unit": export.business_unit}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep it, and show the export again."""
        export, file = self.row(), form.cleaned_data["file"]
        kind, sent = form.cleaned_data["kind"], {"content": file.read(), "media_type": file.content_type or ""}
        add_paper(export, kind=kind, **sent, by=self.reader, at=now())
        messages.success(self.request, _("The document is kept."))
        return redirect("transaction-detail", export.pk)


class PaperPage(Page[TransactionDocument]):
    """What pages of one document share."""

    model = TransactionDocument

    def rows(self) -> models.QuerySet[TransactionDocument]:
        """Look among the documents of this export."""
        export: int = self.kwargs["export"]
        return super().rows().filter(transaction=export).select_related("transaction")


class PaperFile(PaperPage):
    """The file itself, kept by no cache, run by no browser."""

    ability = Can.REPORT_TRANSACTION
    http_method_names = ["get", "head"]

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        """Hand it out."""
        paper = self.row()
        note_reading(paper, verb="document_read", by=self.reader, at=now())
        return hand_out(paper.opened(), media_type=paper.media_type, name=f"{paper.kind}-{str(paper.pk)[:8]}")


class PaperRemove(PaperPage):
    """Take a document out before anybody verified the export."""

    ability = Can.REPORT_TRANSACTION

    def get(self, _request: HttpRequest, export: int, pk: UUID) -> HttpResponse:  # noqa: ARG002
        """Return to the export."""
        return redirect("transaction-detail", export)

    def post(self, request: HttpRequest, export: int, pk: UUID) -> HttpResponse:  # noqa: ARG002  pk is read by row()
        """Take it out and return."""
        remove_paper(self.row(), by=self.reader, at=now())
        messages.success(request, _("The document is taken out."))
        return redirect("transaction-detail", export)
