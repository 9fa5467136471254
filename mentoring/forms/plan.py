"""Forms of planned visits."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Role
from common.dates import local_date, local_moment
from common.inputs import ClockField, DayField
from common.zones import Zone
from mentoring.forms.decision import VersionForm
from mentoring.forms.words import Words
from mentoring.models import Assignment


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
