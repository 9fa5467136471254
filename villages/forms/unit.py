"""Forms of business units, their papers and their lots."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.inputs import DayField
from villages.forms.words import Words
from villages.models import Region
from villages.states import ExportStatus, LicenceKind, ProductGroup, RegionLevel, UnitKind

LARGEST = 2**31 - 1
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class OutsideForm(forms.Form):
    """What is known of an exporter outside the villages."""

    name = Words(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    product_group = forms.ChoiceField(
        label=_("Product group"),
        choices=[("", _("Choose one")), *ProductGroup.choices],
        help_text=_("It decides which licences are needed."),
    )
    products = Words(label=_("Products"), max_length=240, required=False)
    workers = forms.IntegerField(
        label=_("Workers"),
        min_value=1,
        max_value=LARGEST,
        required=False,
        help_text=_("People, the owner too."),
        widget=forms.TextInput(attrs=NUMERIC),
    )
    nib = Words(
        label=_("NIB"), max_length=30, required=False, help_text=_("13 digits."), widget=forms.TextInput(attrs=NUMERIC)
    )
    export_status = forms.ChoiceField(label=_("Exports"), choices=ExportStatus.choices, widget=forms.RadioSelect)
    first_export_on = DayField(label=_("First export"), required=False, help_text=_("As the unit says."))
    source = Words(label=_("Source"), max_length=160, required=False, help_text=_("Who or what list told of it."))


class UnitForm(OutsideForm):
    """What is known of a business in a village; the desa is asked where the village covers several."""

    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices, widget=forms.RadioSelect)
    region = forms.ModelChoiceField(queryset=Region.objects.none(), label=_("Desa"), empty_label=None)
    field_order = ("name", "kind", "region")

    def __init__(self, data: Any = None, *, regions: Iterable[str], **options: Any) -> None:
        """Offer the desa that the village covers."""
        super().__init__(data, **options)
        codes = sorted(regions)
        self.fields["region"].queryset = Region.objects.filter(code__in=codes).order_by("code")  # type: ignore[attr-defined]
        if len(codes) < 2:  # noqa: PLR2004  one desa is no choice
            del self.fields["region"]


class ExporterForm(OutsideForm):
    """A new exporter outside the villages, in a regency or city."""

    region = forms.ModelChoiceField(queryset=Region.objects.none(), widget=forms.HiddenInput, label=_("Place"))

    def __init__(self, data: Any = None, *, regions: Any, **options: Any) -> None:
        """Offer the regencies and cities that the reader may see."""
        super().__init__(data, **options)
        place = self.fields["region"]
        place.queryset = regions.filter(level=RegionLevel.REGENCY)  # type: ignore[attr-defined]
        place.error_messages["invalid_choice"] = _("Choose a regency or city from the list.")


class CitySearchForm(forms.Form):
    """Find the regency or city of an exporter by its name or code."""

    search = Words(label=_("Name or code of the regency or city"), min_length=3, max_length=60)


class NameForm(forms.Form):
    """The name of a unit that was left out."""

    name = Words(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class DismissForm(forms.Form):
    """Why a unit is left out of the inventory."""

    reason = Words(
        label=_("Reason"),
        max_length=300,
        help_text=_("Closed down, or the same as another one; name no person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LicenceForm(forms.Form):
    """One paper of a unit."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LicenceKind.choices, widget=forms.RadioSelect)
    number = Words(label=_("Number"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(label=_("Expires on"), required=False, help_text=_("Empty when it has no end."))


class PiecesForm(forms.Form):
    """How many pieces one lot is."""

    pieces = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=LARGEST,
        help_text=_("In one lot."),
        widget=forms.TextInput(attrs=NUMERIC),
    )


class LotForm(PiecesForm):
    """A lot and its size."""

    name = Words(label=_("Lot"), max_length=40, help_text=_("Such as kodi, gulung, ikat."))
    field_order = ("name", "pieces")
