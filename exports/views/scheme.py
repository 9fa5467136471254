"""Pages of subsidy schemes."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import FormPage, ListPage, Page
from exports.actions import change_scheme, create_scheme, move_scheme
from exports.filters import SchemeFilter
from exports.forms.claim import SchemeForm
from exports.models import SubsidyScheme
from exports.rules import Can
from exports.states import DocumentKind, SchemeState
from exports.views.narrowed import beside
from programs.models import Program

COLUMNS = ("name", "share", "ceiling_per_claim", "ceiling_per_unit", "window_days", "documents")
TOLD = {
    SchemeState.OPEN: gettext_lazy("The scheme takes claims from now on."),
    SchemeState.CLOSED: gettext_lazy("The scheme takes no new claims. Those that were begun go on."),
}


class SchemeList(ListPage[SubsidyScheme]):
    """Schemes by name."""

    ability = Can.READ_SCHEME
    model = SubsidyScheme
    template = "exports/scheme_list.html"
    filterset_class = SchemeFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[SubsidyScheme]:
        """Read along whose they are."""
        return super().rows().select_related("program")

    def context(self) -> dict[str, Any]:
        """Offer the programs that may have another."""
        seen = Program.objects.visible_to(self.reader).order_by("name", "pk")
        return {**beside(self.request, "schemes"), "programs": seen if self.reader.has_perm(Can.CHANGE_SCHEME) else ()}


class SchemeNew(FormPage[Program]):
    """Draft a scheme of one program."""

    ability = Can.CHANGE_SCHEME
    model = Program
    template = "exports/scheme_form.html"
    form_class = SchemeForm

    def form_arguments(self) -> dict[str, Any]:
        """Ask for what every claim needs."""
        return {"initial": {"documents": [DocumentKind.WAYBILL, DocumentKind.RECEIPT]}}

    def context(self) -> dict[str, Any]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: Any) -> HttpResponse:
        """Keep the draft."""
        scheme = create_scheme(program=self.row(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The scheme is drafted. Open it when it should take claims."))
        return redirect("scheme-detail", pk=scheme.pk)


class SchemePage(Page[SubsidyScheme]):
    """What pages of one scheme share."""

    model = SubsidyScheme

    def rows(self) -> models.QuerySet[SubsidyScheme]:
        """Read along whose it is."""
        return super().rows().select_related("program")


class SchemeDetail(SchemePage):
    """One scheme: what it pays, up to what, until when, shown by what."""

    ability = Can.READ_SCHEME
    template = "exports/scheme_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it with its history."""
        scheme = self.row()
        return self.show(
            scheme=scheme,
            documents=[DocumentKind(kind).label for kind in scheme.documents],
            changes=self.reader.has_perm(Can.CHANGE_SCHEME, scheme),
        )


class SchemeEdit(FormPage[SubsidyScheme], SchemePage):
    """Change a scheme; what was claimed under it before stays as it was."""

    ability = Can.CHANGE_SCHEME
    template = "exports/scheme_form.html"
    form_class = SchemeForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what stands."""
        scheme = self.row()
        return {"initial": {name: getattr(scheme, name) for name in COLUMNS}}

    def context(self) -> dict[str, Any]:
        """Name the scheme and its program."""
        scheme = self.row()
        return {"scheme": scheme, "program": scheme.program}

    def act(self, form: Any) -> HttpResponse:
        """Keep the change."""
        scheme = self.row()
        change_scheme(scheme, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The scheme is changed."))
        return redirect("scheme-detail", pk=scheme.pk)


class SchemeMove(SchemePage):
    """Open or close a scheme."""

    ability = Can.CHANGE_SCHEME
    goal: SchemeState = SchemeState.OPEN

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Move it; pressing twice moves once."""
        scheme = self.row()
        if scheme.state != self.goal:
            move_scheme(scheme, to=self.goal, by=self.reader, at=now())
        messages.success(self.request, str(TOLD[self.goal]))
        return redirect("scheme-detail", pk=scheme.pk)
