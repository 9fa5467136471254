"""Moving many sessions at once, as people type it."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.inputs import ClockField, DayField
from programs.actions.shift import FARTHEST
from programs.forms.reason import LONGEST_REASON, ReasonForm
from programs.models import Cohort, Program, Session
from programs.series import Span

DAYS_OF: Final = {"days": 1, "weeks": 7}


class ShiftForm(ReasonForm):
    """Which sessions, by how much, and why."""

    cohorts = forms.ModelMultipleChoiceField(
        queryset=Cohort.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Only these cohorts"),
        required=False,
    )
    first = DayField(label=gettext_lazy("Everything from this day on"))
    amount = forms.IntegerField(label=gettext_lazy("By how much"), min_value=0, max_value=FARTHEST, initial=1)
    unit = forms.ChoiceField(
        choices=[("weeks", gettext_lazy("Weeks")), ("days", gettext_lazy("Days"))], label=gettext_lazy("Weeks or days")
    )
    way = forms.ChoiceField(
        choices=[("later", gettext_lazy("Later")), ("earlier", gettext_lazy("Earlier"))],
        widget=forms.RadioSelect,
        initial="later",
        label=gettext_lazy("In which direction"),
    )
    clock = ClockField(label=gettext_lazy("At another hour"), required=False)
    override = forms.CharField(
        label=gettext_lazy("Why they move there anyway"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, user: User, program: Program, **options: Any) -> None:
        """Offer the cohorts of the program."""
        super().__init__(data, **options)
        offered = Cohort.objects.visible_to(user).filter(program=program).select_related("village")
        self.fields["cohorts"].queryset = offered.order_by("village__name", "name", "pk")  # type: ignore[attr-defined]
        self.fields["cohorts"].label_from_instance = lambda row: f"{row.name} · {row.village.name}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Count weeks and directions in days."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            clean["days"] = clean["amount"] * DAYS_OF[clean["unit"]] * (-1 if clean["way"] == "earlier" else 1)
            if abs(clean["days"]) > FARTHEST:
                self.add_error("amount", ValidationError(_("Shift by at most a year."), code="days"))
            if not clean["days"] and not clean["clock"]:
                sentence = _("Say by how many days, or at which hour.")
                self.add_error("amount", ValidationError(sentence, code="days"))
        return clean


def seen(session: Session) -> str:
    """Write down how a session stood on the screen, so that whoever was slower is told."""
    times = Span(session.starts_at, session.ends_at)
    return f"{session.pk}:{session.revision}:{times.starts_at:%Y%m%d%H%M}:{times.ends_at:%Y%m%d%H%M}"
