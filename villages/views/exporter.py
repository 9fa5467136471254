"""Write down an exporter outside the villages: first the city, then the business."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage
from villages.actions import register_unit
from villages.filters import RegionFilter
from villages.forms import CitySearchForm, ExporterForm
from villages.models import BusinessUnit, Region
from villages.rules import Can
from villages.states import ExportStatus, RegionLevel, UnitKind

MOST_PLACES = 20


class ExporterNew(FormPage[BusinessUnit]):
    """Find the regency or city, then say who exports from there."""

    ability = Can.REGISTER_EXPORTER
    model = BusinessUnit
    template = "villages/exporter_new.html"
    form_class = ExporterForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer public places; an exporter mostly exports directly."""
        initial = {"region": self._place(), "export_status": ExportStatus.DIRECT}
        return {"regions": Region.objects.visible_to(self.reader).filter(gone=False), "initial": initial}

    def context(self) -> dict[str, object]:
        """Show what the search found until a place is chosen."""
        asked = CitySearchForm(self.request.GET if "search" in self.request.GET else None)
        return {"search": asked, "places": self._found(asked), "place": self._place()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down and show it."""
        given = {"village": None, "kind": UnitKind.EXPORTER, **form.cleaned_data}
        unit = register_unit(**given, by=self.reader, at=now())
        messages.success(self.request, _("%(name)s was written down as a lead.") % {"name": unit.name})
        return redirect("unit-detail", pk=unit.pk)

    def _place(self) -> Region | None:
        code = self.request.POST.get("region") or self.request.GET.get("region", "")
        places = Region.objects.visible_to(self.reader).select_related("parent").filter(gone=False)
        chosen = RegionFilter({"region": code[:13], "level": RegionLevel.REGENCY}, queryset=places)
        return chosen.qs.filter(code=code).first() if code and chosen.is_valid() else None

    def _found(self, asked: CitySearchForm) -> list[Region] | None:
        if not asked.is_valid():
            return None
        places = Region.objects.visible_to(self.reader).select_related("parent").filter(gone=False)
        chosen = {"search": asked.cleaned_data["search"], "level": RegionLevel.REGENCY}
        return list(RegionFilter(chosen, queryset=places).qs.order_by("name", "pk")[:MOST_PLACES])
