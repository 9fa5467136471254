"""Buyers, leads and exports."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import refuse_control_characters
from common.inputs import DayField
from exports.countries import country_choices
from exports.currencies import RUPIAH, currency_choices
from exports.forms.amounts import QuantityField
from exports.models import Buyer, ExportTransaction, Lead
from exports.states import LEAD_MOVES, BuyerKind, DocumentKind, LeadState, Nomenclature, Route
from exports.tariff import dotted
from villages.models import BusinessUnit
from villages.states import ExportStatus, InventoryState, UnitKind

LOTS: Final = ("pcs", "lembar", "kodi", "kg", "m")  # offered while typing; any other word may stand there
PAPERS: Final = "application/pdf,image/jpeg,image/png,image/webp"
LARGEST_VERSION: Final = 2**31 - 1
GROUPED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")
NUMBER: Final = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,6})?|\d+\.\d{1,2}")


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]


def read_number(text: str) -> Decimal:
    """Read `1.234.567,89` or `12500.50`: dots part the thousands, a comma the decimals; else a ValidationError."""
    bare = text.replace(" ", "").replace("\u00a0", "")
    if not NUMBER.fullmatch(bare):
        raise ValidationError(_("Write a number such as 12.500 or 12.500,50."), code="number")
    whole, comma, rest = bare.partition(",")
    whole = whole.replace(".", "") if GROUPED.fullmatch(whole) else whole
    return Decimal(f"{whole}.{rest}" if comma else whole)


class AmountField(QuantityField):
    """An amount in any currency."""

    def __init__(self, **options: Any) -> None:
        """Bound it as the table does."""
        super().__init__(**{"max_digits": 18, "decimal_places": 2, **options})

    def to_python(self, value: object) -> Any:
        """Read it."""
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else read_number(str(value))


class RateField(AmountField):
    """Rupiah for one unit of a currency, with up to six decimals."""

    def __init__(self, **options: Any) -> None:
        """Bound it as the table does."""
        super().__init__(**{"max_digits": 16, "decimal_places": 6, **options})


def origins(reader: User) -> QuerySet[BusinessUnit]:
    """Offer the units of visible villages at which an export may count."""
    units = BusinessUnit.objects.visible_to(reader).exclude(inventory_state=InventoryState.DISMISSED)
    return units.filter(village__isnull=False).select_related("village").order_by("name", "pk")


def exporters(reader: User, *, kept: int | None = None) -> QuerySet[BusinessUnit]:
    """Offer those through whom goods may leave: exporters, units that export themselves, and the one `kept` before."""
    able = Q(kind=UnitKind.EXPORTER) | Q(export_status=ExportStatus.DIRECT)
    standing = able & ~Q(inventory_state=InventoryState.DISMISSED)
    units = BusinessUnit.objects.filter(standing & Q(pk__in=BusinessUnit.objects.visible_to(reader)) | Q(pk=kept))
    return units.select_related("village").order_by("name", "pk")


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable as it runs
    """A business unit, read with its village: names repeat."""

    def label_from_instance(self, unit: Any) -> str:
        """Name both."""
        return f"{unit.name} ({unit.village.name})" if unit.village else str(unit.name)


class BuyerForm(forms.Form):
    """What is known of a buyer."""

    name = Words(label=_("Name of the company"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=BuyerKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=lambda: _with_empty(country_choices()))
    city = Words(label=_("City"), max_length=80, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    wants = Words(
        label=_("What it looks for"),
        max_length=300,
        required=False,
        help_text=_("Products, quantities, quality; no name or number of a person."),
    )


class NewBuyerForm(BuyerForm):
    """A buyer, and the unit that deals with them."""

    business_unit = UnitField(
        queryset=BusinessUnit.objects.none(),
        label=_("Business unit that deals with them"),
        required=False,
        empty_label=_("None yet"),
        help_text=_("A lead begins with it. If others already know the buyer, this is how you come to see them."),
    )

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the units this reader sees."""
        super().__init__(data, **given)
        self.fields["business_unit"].queryset = origins(reader)  # type: ignore[attr-defined]


class LeadForm(forms.Form):
    """Which unit, where the contact came from, and what comes next."""

    business_unit = UnitField(
        queryset=BusinessUnit.objects.none(), label=_("Business unit"), empty_label=_("Choose a business unit")
    )
    source = Words(
        label=_("Where the contact came from"),
        max_length=160,
        required=False,
        help_text=_("Fair, website, acquaintance."),
    )
    next_step = Words(label=_("Next step"), max_length=300, required=False)
    next_on = DayField(label=_("On which day"), required=False)

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the units this reader sees."""
        super().__init__(data, **given)
        self.fields["business_unit"].queryset = origins(reader)  # type: ignore[attr-defined]


class LeadWorkForm(forms.Form):
    """How far it has come, and what comes next."""

    to = forms.ChoiceField(label=_("How far"))
    reason = Words(
        label=_("Why nothing came of it"), max_length=300, required=False, help_text=_("Only when it is given up.")
    )
    next_step = Words(label=_("Next step"), max_length=300, required=False)
    next_on = DayField(label=_("On which day"), required=False)
    source = Words(label=_("Where the contact came from"), max_length=160, required=False)

    def __init__(self, data: Any = None, *, lead: Lead, **given: Any) -> None:
        """Offer where it stands and where it may go."""
        told = {name: getattr(lead, name) for name in ("next_step", "next_on", "source", "reason")}
        super().__init__(data, initial={**told, "to": lead.state}, **given)
        goals = [state for state in LeadState if state == lead.state or LEAD_MOVES.allows(lead.state, state)]
        self.fields["to"].choices = [(state.value, state.label) for state in goals]  # type: ignore[attr-defined]


class ExportForm(forms.Form):
    """What was sold abroad: from whom and to whom, which goods, for how much, and what says so."""

    business_unit = UnitField(
        queryset=BusinessUnit.objects.none(),
        label=_("Business unit of origin"),
        empty_label=_("Choose a business unit"),
    )
    route = forms.ChoiceField(
        label=_("How it left"), choices=Route.choices, widget=forms.RadioSelect, initial=Route.INDIRECT
    )
    via = UnitField(
        queryset=BusinessUnit.objects.none(),
        label=_("Through which exporter"),
        required=False,
        empty_label=_("Choose an exporter"),
        help_text=_("It counts at the unit of origin, not at the exporter."),
    )
    buyer = forms.ModelChoiceField(
        queryset=Buyer.objects.none(), label=_("Buyer"), required=False, empty_label=_("Not known")
    )
    country = forms.ChoiceField(label=_("Destination"), choices=lambda: _with_empty(country_choices(abroad=True)))
    exported_on = DayField(label=_("Exported on"), help_text=_("The day of the export declaration, or of the invoice."))
    product = Words(label=_("Product"), max_length=160)
    nomenclature = forms.ChoiceField(
        label=_("Edition of the code"), choices=Nomenclature.choices, initial=Nomenclature.BTKI_2022
    )
    hs_code = Words(
        label=_("HS code"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("HS has six digits, BTKI eight, such as 5208.59.90."),
    )
    quantity = QuantityField(label=_("Quantity"), max_digits=14)
    unit = Words(
        label=_("Counted in"),
        max_length=40,
        widget=forms.TextInput({"list": "lots", "autocomplete": "off"}),
        help_text=_("pcs, lembar, kodi, kg … A lot is converted when the unit says how many pieces it is."),
    )
    value = AmountField(label=_("Value"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, initial="USD")
    rate = RateField(
        label=_("Rate"), required=False, help_text=_("Rupiah for one unit of the currency. Not for rupiah themselves.")
    )
    rate_source = Words(
        label=_("Source of the rate"),
        max_length=120,
        required=False,
        help_text=_("For example: rate of the Minister of Finance (KMK), week of 19 August 2026."),
    )
    reference = Words(
        label=_("Document number"),
        max_length=60,
        required=False,
        help_text=_("Of the export declaration (PEB) or the invoice. One document counts once."),
    )
    source = Words(
        label=_("Who or what says so"), max_length=160, help_text=_("PEB, invoice, the exporter's statement.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_VERSION)

    def __init__(
        self, data: Any = None, *, reader: User, export: ExportTransaction | None = None, **given: Any
    ) -> None:
        """Offer what this reader sees; an export that is changed stays with its unit."""
        given["initial"] = {**(as_typed(export) if export else {}), **(given.get("initial") or {})}
        super().__init__(data, **given)
        self._offer("business_unit", origins(reader))
        self._offer("via", exporters(reader, kept=export.via_id if export else None))
        self._offer("buyer", Buyer.objects.visible_to(reader).order_by("name", "pk"))
        if export:
            del self.fields["business_unit"]

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the other answers make necessary."""
        clean: dict[str, Any] = super().clean() or {}
        if clean.get("route") == Route.INDIRECT and not clean.get("via") and "via" not in self.errors:
            self.add_error("via", ValidationError(_("Name the exporter it went through."), code="required"))
        if clean.get("route") == Route.DIRECT:
            clean["via"] = None
        if clean.get("currency") == RUPIAH:
            clean["rate"] = Decimal(1)
        else:
            self._ask_rate(clean)
        return clean

    def _ask_rate(self, clean: dict[str, Any]) -> None:
        """A foreign value has a rate, and the rate a source."""
        for name in ("rate", "rate_source"):
            if not clean.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("This field is required."), code="required"))

    def columns(self) -> dict[str, Any]:
        """Give what the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _with_empty(choices: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *choices]


def as_typed(export: ExportTransaction) -> dict[str, Any]:
    """Begin the form from where an export stands."""
    names = ("route", "country", "exported_on", "product", "nomenclature", "quantity", "unit", "value", "currency")
    told = {name: getattr(export, name) for name in (*names, "rate", "rate_source", "reference", "source", "version")}
    return {**told, "hs_code": dotted(export.hs_code), "via": export.via_id, "buyer": export.buyer_id}


class PaperForm(forms.Form):
    """A document that shows an export."""

    kind = forms.ChoiceField(
        label=_("Kind of document"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                *(DocumentKind.DECLARATION, DocumentKind.INVOICE, DocumentKind.PACKING_LIST, DocumentKind.ORIGIN),
                *(DocumentKind.STATEMENT, DocumentKind.WAYBILL, DocumentKind.OTHER),
            )
        ],
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG or WebP, up to 8 MB."),
        widget=forms.ClearableFileInput({"accept": PAPERS}),
    )


class VersionForm(forms.Form):
    """The version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST_VERSION)


class WithdrawForm(forms.Form):
    """Why an export counts no longer."""

    comment = Words(label=_("Why it is withdrawn"), max_length=300, widget=forms.Textarea({"rows": 3}))
