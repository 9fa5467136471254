"""Figures that others published."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.inputs import DayField
from exports.currencies import RUPIAH, currency_choices
from exports.forms.trade import AmountField, Words
from exports.models import RegionFigure
from villages.models import Region

MOST: Final = 2**31 - 1
MOST_PRODUCTS: Final = 20
LONGEST_PRODUCT: Final = 160


class FigureForm(forms.Form):
    """What a source says of a region and a period."""

    region = Words(label=_("Region code"), max_length=13, help_text=_("Kemendagri code, such as 35.24 for Lamongan."))
    starts_on = DayField(label=_("Period from"))
    ends_on = DayField(label=_("Period to"), help_text=_("The last day that it speaks of."))
    population = Words(
        label=_("Whose exports"),
        max_length=240,
        help_text=_("Which exporters the figure speaks of, as the source says. Two figures differ when these differ."),
    )
    value = AmountField(label=_("Value"), required=False, max_digits=20)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, initial=RUPIAH)
    units = forms.IntegerField(label=_("Business units"), required=False, min_value=0, max_value=MOST)
    centres = forms.IntegerField(label=_("Industry centres"), required=False, min_value=0, max_value=MOST)
    countries = forms.IntegerField(label=_("Countries"), required=False, min_value=0, max_value=249)
    continents = forms.IntegerField(label=_("Continents"), required=False, min_value=0, max_value=7)
    products = Words(
        label=_("Top products"),
        required=False,
        max_length=MOST_PRODUCTS * (LONGEST_PRODUCT + 2),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One on each line."),
    )
    source = Words(label=_("Source"), max_length=240, help_text=_("Who published it, where and when."))
    source_url = forms.URLField(label=_("Address of the source"), max_length=300, required=False, assume_scheme="https")
    remark = Words(label=_("Remark"), max_length=600, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, figure: RegionFigure | None = None, **given: Any) -> None:
        """Begin from where a figure stands."""
        super().__init__(data, initial=_as_typed(figure) if figure else None, **given)

    def clean_region(self) -> Region:
        """Find the place of that code."""
        found = Region.objects.filter(code=self.cleaned_data["region"].strip(), gone=False).first()
        if found is None:
            raise ValidationError(_("No place has this code."), code="region")
        return found

    def clean_products(self) -> list[str]:
        """Give the lines; more or longer ones than are kept are refused."""
        lines = [line.strip() for line in self.cleaned_data["products"].splitlines() if line.strip()]
        if len(lines) > MOST_PRODUCTS or any(len(line) > LONGEST_PRODUCT for line in lines):
            raise ValidationError(_("At most 20 products, each of at most 160 signs."), code="products")
        return lines


def _as_typed(figure: RegionFigure) -> dict[str, Any]:
    names = [name for name in FigureForm.base_fields if name not in ("region", "products", "currency")]
    told = {name: getattr(figure, name) for name in names}
    whole = {"region": figure.region_id, "products": "\n".join(figure.products)}
    return {**told, **whole, "currency": figure.currency or RUPIAH}
