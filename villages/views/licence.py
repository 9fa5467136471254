"""Pages of what belongs to one business unit: its papers and its lots."""

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage
from villages.actions import (
    add_licence,
    add_product_unit,
    change_licence,
    change_product_unit,
    remove_licence,
    remove_product_unit,
)
from villages.forms import LicenceForm, LotForm, PiecesForm
from villages.models import BusinessUnit, Licence, ProductUnit
from villages.quantities import KODI
from villages.rules import Can
from villages.views.unit import UnitPage


class LicenceNew(UnitPage, FormPage[BusinessUnit]):
    """Write down one paper of a unit."""

    ability = Can.CHANGE_UNIT
    template = "villages/licence_form.html"
    form_class = LicenceForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the kind that the checklist names as missing."""
        return {"initial": {"kind": self.request.GET.get("kind", "")}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down."""
        add_licence(self.unit, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Saved."))


class OfUnit(UnitPage):
    """A page about one paper or one lot of the unit of this address."""

    ability = Can.CHANGE_UNIT

    @cached_property
    def licence(self) -> Licence:
        """Read the paper of this address."""
        found: Licence = self._of_unit(Licence)
        return found

    @cached_property
    def lot(self) -> ProductUnit:
        """Read the lot of this address."""
        found: ProductUnit = self._of_unit(ProductUnit)
        return found

    def _of_unit(self, model: Any) -> Any:
        seen = model.objects.visible_to(self.reader).filter(business_unit=self.unit)
        found = seen.filter(pk=self.kwargs["number"]).select_related("business_unit__region").first()
        if found is None:
            raise Http404
        return found


class LicenceEdit(OfUnit, FormPage[BusinessUnit]):
    """Correct one paper."""

    template = "villages/licence_form.html"
    form_class = LicenceForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is known."""
        return {"initial": {name: getattr(self.licence, name) for name in LicenceForm.base_fields}}

    def context(self) -> dict[str, Any]:
        """Name the paper."""
        return {**super().context(), "licence": self.licence}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_licence(self.licence, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Saved."))


class LicenceRemove(OfUnit):
    """Take a paper off the list."""

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Remove and return to the unit."""
        remove_licence(self.licence, by=self.reader, at=now())
        return self.back(_("Removed."))


class LotNew(UnitPage, FormPage[BusinessUnit]):
    """Say how many pieces one lot of this unit is."""

    ability = Can.CHANGE_UNIT
    template = "villages/lot_form.html"
    form_class = LotForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer a kodi of 20 until the unit has one."""
        name, pieces = KODI
        has = self.unit.product_units.filter(name=name).exists()
        return {"initial": {} if has else {"name": name, "pieces": pieces}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down."""
        add_product_unit(self.unit, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Saved."))


class LotEdit(OfUnit, FormPage[BusinessUnit]):
    """Correct how many pieces a lot is."""

    template = "villages/lot_form.html"
    form_class = PiecesForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is known."""
        return {"initial": {"pieces": self.lot.pieces}}

    def context(self) -> dict[str, Any]:
        """Name the lot."""
        return {**super().context(), "lot": self.lot}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_product_unit(self.lot, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(_("Saved."))


class LotRemove(OfUnit):
    """Forget a lot."""

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Remove and return to the unit."""
        remove_product_unit(self.lot, by=self.reader, at=now())
        return self.back(_("Removed."))
