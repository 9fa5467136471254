"""Samples, and the parcels in which they travel."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import refuse_control_characters
from common.inputs import DayField
from exports.countries import country_choices
from exports.forms.amounts import QuantityField, RupiahField
from exports.models import Buyer, Sample
from exports.states import Answer
from villages.models import BusinessUnit

COURIERS: Final = ("Pos Indonesia", "JNE", "J&T", "DHL Express", "FedEx", "UPS")


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]


class SampleForm(forms.Form):
    """What was made to be shown."""

    product = Words(label=_("What it is"), max_length=160, help_text=_("For example: ikat cloth, 2 metres, indigo."))
    quantity = QuantityField(label=_("How many"), initial=1)
    unit = Words(label=_("Counted in"), max_length=40, initial="pcs", help_text=_("pcs, kodi, metre."))
    remark = Words(label=_("Remark"), max_length=300, required=False)


class SampleNewForm(SampleForm):
    """The same, and whose it is."""

    business_unit = forms.ModelChoiceField(
        queryset=BusinessUnit.objects.none(), label=_("Business unit"), empty_label=_("Choose a business unit")
    )
    field_order = ("business_unit", "product", "quantity", "unit", "remark")

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the units that this reader sees."""
        super().__init__(data, **given)
        units = BusinessUnit.objects.visible_to(reader).order_by("name", "pk")
        self.fields["business_unit"].queryset = units  # type: ignore[attr-defined]


class ParcelForm(forms.Form):
    """By whom a parcel travels, where to, and at what cost."""

    country = forms.ChoiceField(label=_("Country"), choices=())
    buyer = forms.ModelChoiceField(
        queryset=Buyer.objects.none(), label=_("Buyer"), required=False, empty_label=_("Not written down yet")
    )
    courier = Words(label=_("Courier"), max_length=60, widget=forms.TextInput({"list": "couriers"}))
    waybill = Words(label=_("Waybill number"), max_length=40, help_text=_("As it stands on the courier's slip."))
    shipped_on = DayField(label=_("Handed to the courier on"))
    cost = RupiahField(label=_("What it cost (rupiah)"), help_text=_("As on the courier's receipt."))

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the countries by their names, and the buyers that this reader sees."""
        super().__init__(data, **given)
        self.couriers = COURIERS
        country: Any = self.fields["country"]
        country.choices = [("", _("Choose a country")), *country_choices(abroad=True)]
        self.fields["buyer"].queryset = Buyer.objects.visible_to(reader).order_by("name", "pk")  # type: ignore[attr-defined]


class ShipmentForm(ParcelForm):
    """A new parcel, and which of the unit's samples lie in it."""

    samples = forms.ModelMultipleChoiceField(
        queryset=Sample.objects.none(),
        label=_("Samples in the parcel"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one sample.")},
    )
    field_order = ("samples", "country", "buyer", "courier", "waybill", "shipped_on", "cost")

    def __init__(self, data: Any = None, *, reader: User, unit: BusinessUnit, **given: Any) -> None:
        """Offer what waits in this unit."""
        super().__init__(data, reader=reader, **given)
        waiting = Sample.objects.visible_to(reader).filter(business_unit=unit, shipment__isnull=True)
        self.fields["samples"].queryset = waiting.order_by("pk")  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """When it arrived."""

    delivered_on = DayField(label=_("Arrived on"))


class AnswerForm(forms.Form):
    """What the buyer said of the samples, and when."""

    answer = forms.ChoiceField(
        label=_("What the buyer said"),
        choices=[(each.value, each.label) for each in Answer if each != Answer.AWAITED],
        widget=forms.RadioSelect,
    )
    answered_on = DayField(label=_("On"))
    words = Words(label=_("In the buyer's words"), max_length=600, required=False, widget=forms.Textarea({"rows": 3}))
