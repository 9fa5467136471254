"""Forms of what is decided about visits, action items and assignments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.inputs import DayField
from mentoring.forms.words import Words


class VersionForm(forms.Form):
    """Which version the reader had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=1_000_000)


class ReturnForm(VersionForm):
    """Why a visit goes back."""

    comment = Words(label=_("What the mentor should change"), max_length=600, widget=forms.Textarea({"rows": 3}))


class DismissForm(forms.Form):
    """Why a version is not taken."""

    comment = Words(
        label=_("Why it is not taken"),
        help_text=_("The mentor reads it on the phone."),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
    )


class FinishForm(forms.Form):
    """What shows that an action item is done."""

    evidence = Words(
        label=_("What shows that it is done"),
        help_text=_("For example: the sample lies with the exporter."),
        max_length=300,
        required=False,
    )


class DropForm(forms.Form):
    """Why an action item is given up."""

    reason = Words(label=_("Why it is dropped"), max_length=300)


class CarryOverForm(forms.Form):
    """The new day of an action item."""

    due_on = DayField(label=_("New day"))


class AssignForm(forms.Form):
    """Who takes the village from when."""

    mentor = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Mentor"), empty_label=_("Choose a mentor"))
    starts_on = DayField(label=_("From"))

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the mentors this reader may choose."""
        super().__init__(data, **given)
        mentors = User.objects.visible_to(reader).mentors().order_by("name", "pk")
        self.fields["mentor"].queryset = mentors  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day of an assignment."""

    ends_on = DayField(label=_("Last day"))
