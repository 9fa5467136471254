"""Forms of decisions: what becomes of visits, versions, action items, assignments and plans."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Role
from common.dates import local_date, local_moment
from common.inputs import ClockField, DayField
from common.zones import Zone
from mentoring.forms.visit import Words
from mentoring.models import Assignment


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

    mentor = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Mentor"))
    starts_on = DayField(label=_("From"))

    def __init__(self, data: Any = None, *, reader: User, **given: Any) -> None:
        """Offer the mentors this reader may choose."""
        super().__init__(data, **given)
        mentors = User.objects.visible_to(reader).mentors().order_by("name", "pk")
        self.fields["mentor"].queryset = mentors  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day of an assignment."""

    ends_on = DayField(label=_("Last day"))


class LetterField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A village for a mentor; who has one mentor before them reads the village alone."""

    alone = False

    def label_from_instance(self, letter: Any) -> str:
        """Name the village, and the mentor among several."""
        village = letter.village
        return village.place if self.alone else f"{village.name} · {letter.mentor.name}"


class PlanTimeForm(forms.Form):
    """When, and why."""

    day = DayField(label=_("Day"))
    clock = ClockField(label=_("Time"))
    purpose = Words(
        label=_("What for"),
        help_text=_("For example: check two kodi of sarongs before they are shipped."),
        required=False,
        max_length=200,
    )

    def planned_at(self, zone: str) -> datetime:
        """Read the moment by the clock of the village."""
        return local_moment(self.cleaned_data["day"], self.cleaned_data["clock"], zone)


class PlanForm(PlanTimeForm):
    """A visit that lies ahead: whose, where, when."""

    letter = LetterField(queryset=Assignment.objects.none(), label=_("Village"))
    field_order = ["letter", "day", "clock", "purpose"]

    def __init__(self, data: Any = None, *, reader: User, at: datetime, village: str = "", **given: Any) -> None:
        """Offer the villages that mentors hold, to a mentor their own; start with the one that was named."""
        super().__init__(data, **given)
        letters = Assignment.objects.visible_to(reader).current(local_date(at, Zone.WIB))
        offered = letters.filter(mentor__is_active=True).select_related("mentor", "village__region__parent__parent")
        field: Any = self.fields["letter"]
        field.queryset = offered.order_by("village__name", "mentor__name", "pk")
        field.alone = reader.role == Role.MENTOR
        named = [letter for letter in field.queryset if village in ("", str(letter.village_id))]
        self.initial.setdefault("letter", named[0].pk if len(named) == 1 else None)


class PlanMoveForm(VersionForm, PlanTimeForm):
    """Another time for a planned visit."""


class PlanCancelForm(VersionForm):
    """Why a planned visit is called off."""

    reason = Words(label=_("Why it is called off"), max_length=300)
