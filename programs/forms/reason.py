"""Why something is done: kept in the history, and told to people where it concerns them."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class ReasonForm(forms.Form):
    """Why; kept in the history and told to people where it concerns them."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
