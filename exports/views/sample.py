"""Pages of samples."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from exports.actions import change_sample, register_sample
from exports.filters import SampleFilter
from exports.forms.sample import SampleForm, SampleNewForm
from exports.models import Sample
from exports.rules import Can
from exports.views.narrowed import beside
from villages.models import BusinessUnit


class SampleList(ListPage[Sample]):
    """Samples, the latest first."""

    ability = Can.READ_SAMPLE
    model = Sample
    template = "exports/sample_list.html"
    filterset_class = SampleFilter
    order = ("-pk",)

    def rows(self) -> models.QuerySet[Sample]:
        """Read along whose they are and where they went."""
        return super().rows().select_related("business_unit__village", "shipment")

    def context(self) -> dict[str, Any]:
        """Tell what stands beside the rows."""
        return beside(self.request, "samples")


class SampleNew(FormPage[Sample]):
    """Write a sample down."""

    ability = Can.SEND_SAMPLE
    model = Sample
    template = "exports/sample_form.html"
    form_class = SampleNewForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the unit of the address."""
        return {"reader": self.reader, "initial": {"business_unit": self.request.GET.get("unit")}}

    def act(self, form: Any) -> HttpResponse:
        """Keep it, and offer to send it."""
        sample = register_sample(**form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The sample is written down. Send it as soon as a parcel is packed."))
        return redirect("sample-detail", pk=sample.pk)


class SamplePage(Page[Sample]):
    """What pages of one sample share."""

    model = Sample

    def rows(self) -> models.QuerySet[Sample]:
        """Read along whose it is and where it went."""
        read = ("business_unit__village", "business_unit__region", "shipment__buyer", "started_by")
        return super().rows().select_related(*read)


class SampleDetail(SamplePage):
    """One sample: what it is, and in which parcel it went."""

    ability = Can.READ_SAMPLE
    template = "exports/sample_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it with its history."""
        sample = self.row()
        return self.show(
            sample=sample,
            sends=sample.shipment_id is None and self.reader.has_perm(Can.SEND_SAMPLE, sample),
        )


class SampleEdit(FormPage[Sample], SamplePage):
    """Change a sample that waits."""

    ability = Can.SEND_SAMPLE
    template = "exports/sample_form.html"
    form_class = SampleForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what stands."""
        sample = self.row()
        return {"initial": {name: getattr(sample, name) for name in ("product", "quantity", "unit", "remark")}}

    def context(self) -> dict[str, Any]:
        """Name the sample."""
        return {"sample": self.row()}

    def act(self, form: Any) -> HttpResponse:
        """Keep the change."""
        sample = self.row()
        change_sample(sample, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The sample is changed."))
        return redirect("sample-detail", pk=sample.pk)


def waiting_units(samples: models.QuerySet[Sample], units: models.QuerySet[BusinessUnit]) -> Any:
    """Find the units in which samples wait, with how many; one query."""
    waiting = models.Count("samples", filter=models.Q(samples__in=samples.filter(shipment__isnull=True)))
    rows = units.annotate(waiting=waiting).filter(waiting__gt=0)
    return rows.select_related("village").order_by("name", "pk")
