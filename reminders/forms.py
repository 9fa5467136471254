"""Forms of prices."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from common.inputs import DayField
from reminders.states import PRICED, Category, Channel

AMOUNT: Final = re.compile(r"(?:Rp\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,7})(?:,([0-9]{1,2}))?")


class AmountField(forms.Field):
    """Rupiah as people write them, `1.250,5` or `350`; clean, it is a decimal."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"amount": _("Write rupiah such as 350 or 412,50, without more than two decimals.")}

    def to_python(self, value: object) -> Decimal | None:
        """Read the amount."""
        if value in self.empty_values or isinstance(value, Decimal):
            return value or None  # type: ignore[return-value]
        found = AMOUNT.fullmatch(str(value).strip())
        if not found or len(found[1].replace(".", "")) > 7:  # noqa: PLR2004  the column holds no more
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return Decimal(f"{found[1].replace('.', '')}.{found[2] or 0}")

    def prepare_value(self, value: Any) -> Any:
        """Write a stored amount as people do."""
        return f"{value:.2f}".replace(".", ",").removesuffix(",00") if isinstance(value, Decimal) else value


class PriceForm(forms.Form):
    """What one unit costs, from which day on, and where that is written."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[(each.value, each.label) for each in PRICED])
    category = forms.ChoiceField(
        label=_("Category"),
        choices=[("", _("All categories")), *Category.choices],
        required=False,
        help_text=_("Only WhatsApp bills by category; an SMS has none."),
    )
    valid_from = DayField(label=_("Valid from"))
    amount = AmountField(label=_("Rupiah per unit"), help_text=_("Per delivered template, or per part of an SMS."))
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        validators=[refuse_control_characters],
        help_text=_("Where the price is written, such as a contract or the gateway's own page, with its date."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a category where nothing is billed by one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("channel") == Channel.SMS and cleaned.get("category"):
            self.add_error("category", _("An SMS has no category: choose all categories."))
        return cleaned
