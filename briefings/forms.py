"""The form by which staff choose what they are told."""

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.states import NOTICES_OF, Kind

SENTENCES: Final[dict[str, Promise]] = {
    Kind.VISIT_TOMORROW: _("At 17.00, that a visit is planned for tomorrow"),
    Kind.VISIT_MISSING: _("That a planned visit was not logged for three days"),
    Kind.ACTION_DUE: _("The day before, that action items are due"),
    Kind.ACTION_OVERDUE: _("The morning after, that action items are overdue"),
    Kind.DIGEST: _("At 06.30, how much waits for my hand; nothing when nothing waits"),
    Kind.CLAIM_SUBMITTED: _("At once, that a claim waits to be verified"),
    Kind.CLAIM_APPROVED: _("At once, that a claim waits to be paid"),
    Kind.SHEET_MISSING: _("A day after a session, that its attendance is missing"),
}


class NoticesForm(forms.Form):
    """What one wants to be told."""

    wanted = forms.MultipleChoiceField(
        label=_("Send me"), required=False, choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, user: User, **given: Any) -> None:
        """Offer what is sent to this role; what is not switched off is wanted."""
        super().__init__(data, **given)
        kinds = NOTICES_OF.get(user.role, ())
        off = set(user.switched_off.values_list("kind", flat=True))
        field: Any = self.fields["wanted"]
        field.choices = [(kind.value, SENTENCES[kind]) for kind in kinds]
        self.initial.setdefault("wanted", [kind.value for kind in kinds if kind not in off])
