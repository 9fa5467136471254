"""What people type about programs, cohorts and what a cohort is owed, turned into plain values."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.inputs import DayField
from programs.forms.resource import MOST_PEOPLE
from programs.models import Cohort, Module, Program
from programs.states import Mode
from villages.models import Person, Village

LEAST = 80  # percent of the minutes, unless a cohort asks for another


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """A program's name, dates, people and which reminders it sends."""

    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))
    subsidy_ceiling = forms.DecimalField(
        label=_("Subsidy ceiling (rupiah)"), min_value=0, max_digits=16, decimal_places=2, initial=0
    )

    travel_buffer = forms.IntegerField(
        label=_("Time to travel (minutes)"),
        min_value=0,
        max_value=24 * 60,
        required=False,
        help_text=_("Between two sessions of one trainer at different venues; less is warned of."),
    )

    class Meta:
        """The columns a coordinator fills."""

        model = Program
        fields = (
            "name",
            "organiser",
            "funding_source",
            "fiscal_year",
            "starts_on",
            "ends_on",
            "subsidy_ceiling",
            "travel_buffer",
            "sends_invitation",
            "sends_h3",
            "sends_h1",
            "sends_h0",
        )

    def clean_travel_buffer(self) -> int:
        """Keep what stands when nothing was said."""
        minutes: int | None = self.cleaned_data["travel_buffer"]
        return self.instance.travel_buffer if minutes is None else minutes


class PeriodForm(forms.Form):
    """The last day that is accounted for."""

    through = DayField(label=_("Close through"), help_text=_("The last day that is accounted for."))


class CohortChangeForm(forms.Form):
    """A group's name, dates and places."""

    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("How many people can take part. Who comes after the last place waits in turn."),
    )


class CohortForm(CohortChangeForm):
    """A new group in one village."""

    village = forms.ModelChoiceField(queryset=Village.objects.none(), label=_("Village"))

    field_order = ("village", "name", "starts_on", "ends_on", "capacity")

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        """Offer the villages of this user."""
        super().__init__(data, **options)
        villages = Village.objects.visible_to(user).order_by("name", "pk")
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]


class RequirementsForm(forms.Form):
    """What a cohort is owed: one amount and one least attendance for each module; empty means not required."""

    def __init__(self, data: Any = None, *, cohort: Cohort, needs: Mapping[str, object], **options: Any) -> None:
        """Lay a pair of fields for each module, and keep beside it what is proposed (`needs`, by module)."""
        super().__init__(data, **options)
        self.needs = needs
        self.modules = list(Module.objects.order_by("position"))
        known = {row.module_id: row for row in cohort.requirements.all()}
        for module in self.modules:
            row = known.get(module.code)
            self.fields[module.code] = forms.IntegerField(
                label=module.name,
                required=False,
                min_value=1,
                max_value=1_000_000,
                initial=row.required if row else None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            if module.mode == Mode.TRAINING:
                self.fields[f"{module.code}-attendance"] = forms.IntegerField(
                    label=_("Least attendance (percent)"),
                    required=False,
                    min_value=0,
                    max_value=100,
                    initial=row.minimum_attendance if row else LEAST,
                )

    def lines(self) -> list[tuple[Module, forms.BoundField, forms.BoundField | None, object]]:
        """Pair the fields for the template, with what is proposed for each module."""
        return [
            (
                module,
                self[module.code],
                self[f"{module.code}-attendance"] if module.mode == Mode.TRAINING else None,
                self.needs.get(module.code),
            )
            for module in self.modules
        ]

    def requirements(self) -> dict[str, tuple[int, int]]:
        """Give what was asked for, by module code: amount and least attendance in percent."""
        clean = self.cleaned_data
        return {
            module.code: (
                clean[module.code],
                LEAST if (least := clean.get(f"{module.code}-attendance")) is None else least,
            )
            for module in self.modules
            if clean.get(module.code)
        }


def filled(typed: Mapping[str, Any], amounts: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """Put amount and least attendance into the fields that are still empty; what was typed stays."""
    data = {name: "" if value is None else str(value) for name, value in typed.items()}
    for code, (amount, least) in amounts.items():
        if not data.get(code, "").strip():
            data |= {code: str(amount), f"{code}-attendance": str(least)}
    return data


class EnrollForm(forms.Form):
    """People of the cohort's village who are not in it yet."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("People")
    )

    def __init__(self, data: Any = None, *, user: User, cohort: Cohort, **options: Any) -> None:
        """Offer who is not enrolled."""
        super().__init__(data, **options)
        people = Person.objects.visible_to(user).present().filter(village=cohort.village_id)
        self.fields["people"].queryset = people.exclude(enrollments__cohort=cohort).order_by("name", "pk")  # type: ignore[attr-defined]
