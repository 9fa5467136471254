"""Pages of exports: reported, shown by papers, verified by another hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage, ListPage, Page, is_narrowed
from exports.actions import (
    change_transaction,
    evidence_transaction,
    report_transaction,
    verify_transaction,
    withdraw_transaction,
)
from exports.filters.export import TransactionFilter
from exports.forms.trade import LOTS, ExportForm, PaperForm, VersionForm, WithdrawForm
from exports.models import Buyer, ExportTransaction, TransactionDocument
from exports.money import totals_of
from exports.origin import cautions_of, origin_named, via_named
from exports.rules import Can
from exports.states import STANDING, TransactionState

OPEN = (TransactionState.REPORTED, TransactionState.EVIDENCED)


class ExportList(ListPage[ExportTransaction]):
    """Exports, the latest first; what is verified is added up, what is only reported stands beside."""

    ability = Can.READ_TRANSACTION
    model = ExportTransaction
    template = "exports/transaction_list.html"
    filterset_class = TransactionFilter
    order = ("-exported_on", "-pk")

    def rows(self) -> models.QuerySet[ExportTransaction]:
        """Read along what a line shows."""
        return super().rows().select_related("business_unit__village", "via")

    def show(self, **context: Any) -> HttpResponse:
        """Name each unit as this reader may read it, and add up what the filters keep."""
        chosen, found = context["filter"], context["page"]
        rows = [(row, *self._named(row)) for row in found.rows] if found else []
        totals = totals_of(chosen.qs) if found else None
        return super().show(**context, rows=rows, totals=totals)

    def _named(self, export: ExportTransaction) -> tuple[str, str]:
        """Name the unit of origin, and the exporter it went through."""
        return origin_named(export.business_unit, self.reader), via_named(export, self.reader)

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered, and whether this reader sees what is only reported."""
        active = is_narrowed(self.request)
        return {"active": active, "works": self.reader.has_perm(Can.REPORT_TRANSACTION)}


class ExportNew(FormPage[ExportTransaction]):
    """Report an export."""

    ability = Can.REPORT_TRANSACTION
    model = ExportTransaction
    template = "exports/transaction_form.html"
    form_class = ExportForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer what this reader sees; begin with the unit of the address."""
        return {"reader": self.reader, "initial": {"business_unit": self.request.GET.get("business_unit", "")[:20]}}

    def context(self) -> dict[str, object]:
        """Offer lots while typing."""
        return {"lots": LOTS}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it and show it."""
        export = report_transaction(**_columns(form), by=self.reader, at=now())
        messages.success(self.request, _("The export is reported. Add the documents that show it."))
        return redirect("transaction-detail", export.pk)


class ExportPage(Page[ExportTransaction]):
    """What pages of one export share."""

    model = ExportTransaction

    def rows(self) -> models.QuerySet[ExportTransaction]:
        """Read along from whom, through whom and by whom."""
        units = ("business_unit__village", "business_unit__region__parent__parent", "via__village")
        return super().rows().select_related(*units, "buyer", "reported_by", "verified_by")

    def back(self, export: ExportTransaction, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the export."""
        messages.success(self.request, sentence)
        return redirect("transaction-detail", export.pk)


class ExportDetail(ExportPage):
    """One export: what was sold, what shows it, and what may be done next."""

    ability = Can.READ_TRANSACTION
    template = "exports/transaction_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it."""
        export = self.row()
        papers = TransactionDocument.objects.visible_to(self.reader).filter(transaction=export)
        works, standing = self.reader.has_perm(Can.REPORT_TRANSACTION, export), export.state in STANDING
        return self.show(
            export=export,
            origin=origin_named(export.business_unit, self.reader),
            via=via_named(export, self.reader),
            buyer=self._buyer(export) if works else None,
            papers=list(papers.select_related("by").order_by("at", "pk")),
            cautions=cautions_of(export) if works else [],
            works=works,
            writes=works and export.state in OPEN,
            verifies=self.reader.has_perm(Can.VERIFY_TRANSACTION, export),
            withdraws=standing and self.reader.has_perm(Can.WITHDRAW_TRANSACTION, export),
            paper_form=PaperForm(),
        )

    def _buyer(self, export: ExportTransaction) -> Buyer | None:
        """Find the buyer where this reader may see them."""
        return Buyer.objects.visible_to(self.reader).filter(pk=export.buyer_id or 0).first()


class ExportEdit(FormPage[ExportTransaction], ExportPage):
    """Correct an export that nobody has verified yet."""

    ability = Can.REPORT_TRANSACTION
    template = "exports/transaction_form.html"
    form_class = ExportForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from where it stands."""
        return {"reader": self.reader, "export": self.row()}

    def context(self) -> dict[str, object]:
        """Name the export, and offer lots while typing."""
        return {"export": self.row(), "lots": LOTS}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction of the version that was read."""
        export = self.row()
        change_transaction(export, version=form.cleaned_data["version"], **_columns(form), by=self.reader, at=now())
        return self.back(export, _("Saved."))


class ExportButton(ExportPage):
    """A button on the page of an export; whoever opens its address is shown the export."""

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Return to the export."""
        return redirect("transaction-detail", self.row().pk)


class ExportEvidence(ExportButton):
    """Say that the papers show the export as it is written now."""

    ability = Can.REPORT_TRANSACTION

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Say so and return; pressing twice says it once."""
        export = self.row()
        if export.state != TransactionState.EVIDENCED:
            evidence_transaction(export, by=self.reader, at=now())
        return self.back(export, _("The documents show this export. Somebody else verifies it now."))


class ExportVerify(ExportButton):
    """Take an export into the totals, as it was read."""

    ability = Can.VERIFY_TRANSACTION

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Verify the version that was read; pressing twice verifies once."""
        export, form = self.row(), VersionForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Open the export and read it before you verify it."))
        if export.state != TransactionState.VERIFIED or export.verified_by_id != self.reader.pk:
            verify_transaction(export, version=form.cleaned_data["version"], by=self.reader, at=now())
        return self.back(export, _("Verified. The export counts from now on."))


class ExportWithdraw(FormPage[ExportTransaction], ExportPage):
    """Take an export out of every total, with a reason."""

    ability = Can.WITHDRAW_TRANSACTION
    template = "exports/transaction_withdraw.html"
    form_class = WithdrawForm

    def context(self) -> dict[str, object]:
        """Name the export."""
        return {"export": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Withdraw it; pressing twice does it once."""
        export = self.row()
        if export.state != TransactionState.WITHDRAWN:
            withdraw_transaction(export, **form.cleaned_data, by=self.reader, at=now())
        return self.back(export, _("The export is withdrawn and counts no longer."))


def _columns(form: Any) -> dict[str, Any]:
    columns: dict[str, Any] = form.columns()
    return columns
