"""Who gets a certificate, and what stands at its foot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.inputs import DayField
from papers.actions import Signature
from papers.models import Certificate
from programs.models import Cohort, Enrollment


class IssueForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """Participants of one cohort, and the signature under all their papers."""

    enrollments = forms.ModelMultipleChoiceField(
        queryset=Enrollment.objects.none(),
        label=_("Participants"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one participant.")},
    )
    given_on = DayField(label=_("Date on the paper"))

    class Meta:
        """The columns that are printed at the foot."""

        model = Certificate
        fields = ("signer", "position", "signer_number", "given_in", "given_on")
        labels = {
            "signer": _("Name of who signs"),
            "position": _("Position"),
            "signer_number": _("Staff number (NIP)"),
            "given_in": _("Given in"),
        }
        help_texts = {"signer_number": ""}

    def __init__(self, data: Any = None, *, user: User, cohort: Cohort, **options: Any) -> None:
        """Offer the participants of the cohort."""
        super().__init__(data, **options)
        field: Any = self.fields["enrollments"]
        field.queryset = Enrollment.objects.visible_to(user).filter(cohort=cohort).order_by("pk")

    def signature(self) -> Signature:
        """Read the foot of the paper."""
        return Signature(**{name: self.cleaned_data[name] for name in self.Meta.fields})
