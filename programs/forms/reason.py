"""Why something is done: kept in the history, and told to people where it concerns them."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.cautions import Caution

LONGEST_REASON = 300


class ReasonForm(forms.Form):
    """Why; kept in the history and told to people where it concerns them."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class AnywayForm(forms.Form):
    """Why something is planned in spite of what speaks against it; asked only when something does."""

    cautions: Sequence[Caution] = ()  # what to warn of on the page
    override = forms.CharField(
        label=_("Why anyway?"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept with the session."),
    )

    @property
    def is_blocked(self) -> bool:
        """Tell whether something speaks against it that no reason overrides."""
        return any(caution.blocks for caution in self.cautions)
