"""Pages of business units: the inventory, the queue of what nobody has inventoried, and one unit."""

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import local_date
from common.pages import FormPage, ListPage, Page, is_narrowed, way_back
from villages.actions import change_unit, dismiss_unit, register_unit, verify_unit
from villages.filters import BusinessUnitFilter, InventoryFilter, InventoryOfVillageFilter
from villages.forms import DismissForm, NameForm, OutsideForm, UnitForm
from villages.legality import Line, legality_of
from villages.models import BusinessUnit, Village
from villages.querysets import BusinessUnitQuerySet
from villages.rules import Can
from villages.states import ExportStatus, UnitKind
from villages.views.person import OfVillage

PLACES = ("village__region__parent__parent", "region__parent__parent")
COLUMNS = ("name", "product_group", "products", "workers", "nib", "export_status", "first_export_on", "source")


@dataclass(frozen=True)
class Listed:
    """One unit of a list, with what its papers lack and what runs out soon."""

    unit: BusinessUnit
    lacking: list[Line]
    ending: list[Line]


def listed(unit: BusinessUnit) -> Listed:
    """Judge the papers of one unit as of today."""
    lines = legality_of(unit, on=local_date(now(), unit.zone))
    return Listed(unit, [line for line in lines if line.lacks], [line for line in lines if line.hurries])


class UnitPages(ListPage[BusinessUnit]):
    """What lists of units share: the places and papers read along, and counts of all that the reader sees."""

    ability = Can.READ_UNIT
    model = BusinessUnit
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[BusinessUnit]:
        """Read along where each is and its papers."""
        return self.units().select_related(*PLACES).prefetch_related("licences")

    def units(self) -> BusinessUnitQuerySet[BusinessUnit]:
        """Read every unit that this list may speak of."""
        return BusinessUnit.objects.visible_to(self.reader)

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Judge the papers of the units of this page."""
        shown = getattr(context.get("page"), "rows", [])
        return super().show(status=status, rows=[listed(unit) for unit in shown], **context)

    def context(self) -> dict[str, object]:
        """Count, and say whether anything is filtered."""
        active = is_narrowed(self.request)
        return {"tally": self.units().tally(), "active": active}


class UnitList(UnitPages):
    """The inventory of every village that the reader sees, and of exporters outside them."""

    template = "villages/unit_list.html"
    filterset_class = InventoryFilter


class UnitsOfVillage(OfVillage[BusinessUnit], UnitPages):
    """The inventory of one village."""

    template = "villages/unit_list.html"
    filterset_class = InventoryOfVillageFilter

    def units(self) -> BusinessUnitQuerySet[BusinessUnit]:
        """Stay in the village."""
        return super().units().filter(village=self.village)

    def context(self) -> dict[str, object]:
        """Name the village."""
        return {**super().context(), "village": self.village}


class UnitQueue(UnitPages):
    """What nobody has inventoried yet, the longest known first."""

    template = "villages/unit_queue.html"
    filterset_class = BusinessUnitFilter
    order = ("registered_at", "pk")

    def rows(self) -> models.QuerySet[BusinessUnit]:
        """Keep the leads, with who told of them."""
        leads = self.units().uninventoried().select_related(*PLACES, "registered_by")
        return leads.prefetch_related("licences")

    def context(self) -> dict[str, object]:
        """Say whether the reader settles leads."""
        return {**super().context(), "settles": self.reader.has_perm(Can.SETTLE_UNIT)}


class UnitNew(OfVillage[BusinessUnit], FormPage[BusinessUnit]):
    """Write down a business of a village."""

    ability = Can.REGISTER_UNIT
    model = BusinessUnit
    template = "villages/unit_form.html"
    form_class = UnitForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the desa of the village; most businesses are households that do not export."""
        initial = {"kind": UnitKind.HOUSEHOLD, "export_status": ExportStatus.NONE, "region": self.village.region_id}
        return {"regions": desa_of(self.village), "initial": initial}

    def context(self) -> dict[str, object]:
        """Name the village."""
        return {"village": self.village}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down and show it."""
        unit = register_unit(village=self.village, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("%(name)s was written down as a lead.") % {"name": unit.name})
        return redirect("unit-detail", pk=unit.pk)


class UnitPage(Page[BusinessUnit]):
    """A page about one unit."""

    model = BusinessUnit

    def rows(self) -> models.QuerySet[BusinessUnit]:
        """Read along where it is."""
        return super().rows().select_related(*PLACES)

    @cached_property
    def unit(self) -> BusinessUnit:
        """Read the unit of this address."""
        return self.row()

    def context(self) -> dict[str, Any]:
        """Name the unit and its village."""
        return {"unit": self.unit, "village": self.unit.village}

    def back(self, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the unit."""
        messages.success(self.request, sentence)
        return redirect("unit-detail", pk=self.unit.pk)


class UnitDetail(UnitPage):
    """One business: what it is, which papers it has, how it counts, and what happened to it."""

    ability = Can.READ_UNIT
    template = "villages/unit_detail.html"

    def rows(self) -> models.QuerySet[BusinessUnit]:
        """Read along the papers, the lots, who wrote and decided, and the first verified export."""
        rows = BusinessUnit.objects.visible_to(self.reader).select_related(*PLACES, "registered_by", "settled_by")
        return rows.prefetch_related("licences", "product_units").with_first_export()

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show everything about it."""
        unit, today = self.unit, local_date(now(), self.unit.zone)
        changes = self.reader.has_perm(Can.CHANGE_UNIT, unit)
        return self.show(
            **self.context(),
            lines=legality_of(unit, on=today),
            licences=sorted(unit.licences.all(), key=lambda each: (each.kind, each.pk)),
            lots=sorted(unit.product_units.all(), key=lambda each: each.name),
            corrects=changes,
            changes=changes and not unit.is_dismissed,
            settles=self.reader.has_perm(Can.SETTLE_UNIT) and not unit.is_dismissed,
        )


class UnitEdit(UnitPage, FormPage[BusinessUnit]):
    """Correct what is known; of a unit that was left out, only its name."""

    ability = Can.CHANGE_UNIT
    template = "villages/unit_form.html"
    form_class = UnitForm

    def form(self, data: Any = None) -> forms.Form:
        """Choose the form by where the unit stands."""
        unit = self.unit
        initial = {name: getattr(unit, name) for name in (*COLUMNS, "kind", "region")}
        if unit.is_dismissed:
            return NameForm(data, initial=initial)
        if unit.village is None:
            return OutsideForm(data, initial=initial)
        return UnitForm(data, regions=desa_of(unit.village) | {unit.region_id}, initial=initial)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_unit(self.unit, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Saved."))


class UnitVerify(UnitPage):
    """Take a lead into the inventory, from its page or from the queue."""

    ability = Can.SETTLE_UNIT
    template = "villages/unit_detail.html"

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Verify and return to where the reader was."""
        verify_unit(self.unit, by=self.reader, at=now())
        messages.success(request, _("%(name)s is verified.") % {"name": self.unit.name})
        return redirect(way_back(request.POST.get("next", ""), f"/units/{self.unit.pk}/"))


class UnitDismiss(UnitPage, FormPage[BusinessUnit]):
    """Leave a unit out of the inventory, with a reason."""

    ability = Can.SETTLE_UNIT
    template = "villages/unit_dismiss.html"
    form_class = DismissForm

    def act(self, form: forms.Form) -> HttpResponse:
        """Leave it out."""
        dismiss_unit(self.unit, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Left out of the inventory."))


def desa_of(village: Village) -> set[str]:
    """List the codes of the desa that a village covers, its seat too."""
    covered = village.coverage.filter(left_on__isnull=True).values_list("region_id", flat=True)
    return {village.region_id, *covered}
