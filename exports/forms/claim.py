"""Schemes, claims, their documents and what is decided about them."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.inputs import DayField
from exports.forms.amounts import RupiahField
from exports.forms.sample import Words
from exports.states import DocumentKind

PICTURES: Final = "image/jpeg,image/png,image/webp"


class SchemeForm(forms.Form):
    """What a program pays towards sending samples."""

    name = Words(label=_("Name"), max_length=120)
    share = forms.IntegerField(label=_("Share of the cost (percent)"), min_value=1, max_value=100, initial=80)
    ceiling_per_claim = RupiahField(label=_("At most per claim (rupiah)"))
    ceiling_per_unit = RupiahField(
        label=_("At most per business unit and year (rupiah)"), help_text=_("A calendar year, by the day of shipment.")
    )
    window_days = forms.IntegerField(
        label=_("Days to hand it in"),
        min_value=1,
        max_value=730,
        initial=60,
        help_text=_("Counted from the day of shipment."),
    )
    documents = forms.MultipleChoiceField(
        label=_("Documents asked for"), choices=DocumentKind.choices, widget=forms.CheckboxSelectMultiple
    )


class ClaimForm(forms.Form):
    """How much is asked for."""

    requested = RupiahField(
        label=_("Asked for (rupiah)"), help_text=_("The most that is possible, unless less is needed.")
    )


class DocumentForm(forms.Form):
    """One paper: what it shows, and the file or a photo of it."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=DocumentKind.choices)
    photo = forms.FileField(
        label=_("Take a photo"),
        required=False,
        help_text=_("The whole paper, flat, in good light."),
        widget=forms.FileInput({"accept": "image/*", "capture": "environment"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("A PDF or a picture, at most 8 MB."),
        widget=forms.FileInput({"accept": f"{PICTURES},application/pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        given = self.cleaned_data
        if not self.errors and bool(given.get("photo")) == bool(given.get("file")):
            raise ValidationError(_("Take a photo of the paper, or choose one file."), code="required")
        return given

    @property
    def sent(self) -> Any:
        """The one that was given."""
        return self.cleaned_data.get("photo") or self.cleaned_data.get("file")


class ApproveForm(forms.Form):
    """How much is approved: what was asked for, or less."""

    amount = RupiahField(label=_("Approved amount (rupiah)"))


class PayForm(forms.Form):
    """When it was paid, and where that can be found."""

    paid_on = DayField(label=_("Paid on"))
    payment_reference = Words(
        label=_("Payment reference"), max_length=80, help_text=_("SP2D, transfer number or receipt number.")
    )


class CommentForm(forms.Form):
    """Why a claim goes back, is rejected or is called off."""

    comment = Words(
        label=_("Why"),
        help_text=_("Who handed it in reads this."),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
    )
