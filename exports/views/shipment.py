"""Pages of shipments: a parcel, when it arrived, and what the buyer said."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from exports.actions import change_shipment, note_answer, note_delivery, ship_samples
from exports.filters import ShipmentFilter
from exports.forms.sample import AnswerForm, DeliveryForm, ParcelForm, ShipmentForm
from exports.models import Sample, Shipment, SubsidyClaim
from exports.rules import Can
from exports.states import LIVE, Answer
from exports.views.narrowed import beside
from exports.views.sample import waiting_units
from villages.models import BusinessUnit

PARCEL = ("country", "buyer", "courier", "waybill", "shipped_on", "cost")


class ShipmentList(ListPage[Shipment]):
    """Shipments, the latest first."""

    ability = Can.READ_SAMPLE
    model = Shipment
    template = "exports/shipment_list.html"
    filterset_class = ShipmentFilter
    order = ("-shipped_on", "-pk")

    def rows(self) -> models.QuerySet[Shipment]:
        """Read along from whom and to whom."""
        return super().rows().select_related("business_unit__village", "buyer")

    def context(self) -> dict[str, Any]:
        """Tell what stands beside the rows."""
        return beside(self.request, "shipments")


class ShipmentNew(FormPage[Shipment]):
    """Send samples: first whose, then one sheet."""

    ability = Can.SEND_SAMPLE
    model = Shipment
    template = "exports/shipment_form.html"
    form_class = ShipmentForm

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Ask for the unit when several have samples that wait."""
        if self.request.GET.get("unit") is None:
            found = list(self.units()[:100])
            if len(found) == 1:
                return redirect(f"{request.path}?unit={found[0].pk}")
            return render(request, "exports/shipment_units.html", {"units": found})
        return super().get(request, **kwargs)

    def units(self) -> Any:
        """Read the units in which samples wait."""
        return waiting_units(Sample.objects.visible_to(self.reader), BusinessUnit.objects.visible_to(self.reader))

    def unit(self) -> BusinessUnit:
        """Read the unit of the address."""
        asked = self.request.GET.get("unit", "")
        found = BusinessUnit.objects.visible_to(self.reader).filter(pk=asked).first() if _is_key(asked) else None
        if found is None:
            raise Http404
        return found

    def form_arguments(self) -> dict[str, Any]:
        """Offer the unit's samples, all of them at first."""
        unit = self.unit()
        waiting = Sample.objects.visible_to(self.reader).filter(business_unit=unit, shipment__isnull=True)
        first = {"samples": [sample.pk for sample in waiting.order_by("pk")], "shipped_on": localdate()}
        return {"reader": self.reader, "unit": unit, "initial": first}

    def context(self) -> dict[str, Any]:
        """Name the unit."""
        return {"unit": self.unit()}

    def act(self, form: Any) -> HttpResponse:
        """Send the parcel, and lead on to its claim."""
        shipment = ship_samples(business_unit=self.unit(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The shipment is written down. The next step is to claim the subsidy."))
        return redirect("shipment-detail", pk=shipment.pk)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004  so it fits a bigint


class ShipmentPage(Page[Shipment]):
    """What pages of one shipment share."""

    model = Shipment

    def rows(self) -> models.QuerySet[Shipment]:
        """Read along from whom and to whom."""
        read = ("business_unit__village", "business_unit__region", "buyer", "started_by")
        return super().rows().select_related(*read)

    def back(self, shipment: Shipment, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the shipment."""
        messages.success(self.request, sentence)
        return redirect("shipment-detail", pk=shipment.pk)


class ShipmentDetail(ShipmentPage):
    """One parcel: what lies in it, where it is, what the buyer said, and its claim."""

    ability = Can.READ_SAMPLE
    template = "exports/shipment_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it with its history."""
        shipment = self.row()
        claims = SubsidyClaim.objects.visible_to(self.reader).filter(shipment=shipment).order_by("-pk")
        claimed = shipment.claims.filter(state__in=LIVE).exists()
        return self.show(
            shipment=shipment,
            samples=shipment.samples.order_by("pk"),
            claims=claims,
            claimable=not claimed and self.reader.has_perm(Can.WRITE_CLAIM),
            writes=self.reader.has_perm(Can.SEND_SAMPLE, shipment),
            awaits=shipment.answer == Answer.AWAITED,
        )


class ShipmentForms(FormPage[Shipment], ShipmentPage):
    """What forms about one shipment share."""

    ability = Can.SEND_SAMPLE

    def context(self) -> dict[str, Any]:
        """Name the shipment."""
        return {"shipment": self.row()}


class ShipmentEdit(ShipmentForms):
    """Change what was written of a parcel."""

    template = "exports/shipment_form.html"
    form_class = ParcelForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what stands."""
        shipment = self.row()
        return {"reader": self.reader, "initial": {name: getattr(shipment, name) for name in PARCEL}}

    def context(self) -> dict[str, Any]:
        """Name the shipment and its unit."""
        shipment = self.row()
        return {"shipment": shipment, "unit": shipment.business_unit}

    def act(self, form: Any) -> HttpResponse:
        """Keep the change."""
        shipment = self.row()
        change_shipment(shipment, **form.cleaned_data, by=self.reader, at=now())
        return self.back(shipment, _("The shipment is changed."))


class ShipmentDelivery(ShipmentForms):
    """Note that a parcel arrived."""

    template = "exports/shipment_news.html"
    form_class = DeliveryForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the day that stands, or today."""
        return {"initial": {"delivered_on": self.row().delivered_on or localdate()}}

    def act(self, form: Any) -> HttpResponse:
        """Keep the day."""
        shipment = self.row()
        note_delivery(shipment, **form.cleaned_data, by=self.reader, at=now())
        return self.back(shipment, _("The arrival is noted."))


class ShipmentAnswer(ShipmentForms):
    """Note what the buyer said."""

    template = "exports/shipment_news.html"
    form_class = AnswerForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what stands, today."""
        shipment = self.row()
        stands = {"answer": shipment.answer, "answered_on": shipment.answered_on, "words": shipment.answer_words}
        return {"initial": {**stands, "answered_on": shipment.answered_on or localdate()}}

    def act(self, form: Any) -> HttpResponse:
        """Keep the answer."""
        shipment = self.row()
        note_answer(shipment, **form.cleaned_data, by=self.reader, at=now())
        return self.back(shipment, _("The buyer's answer is noted."))
