"""What people type about one session, turned into plain values."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.dates import local_moment
from common.inputs import ClockField, DayField
from programs.forms.reason import AnywayForm, ReasonForm
from programs.forms.resource import MOST_PEOPLE
from programs.models import Cohort, Module, Program, Session, Trainer, Venue
from programs.states import SessionMode


class WhenForm(forms.Form):
    """A day and two wall-clock times at the place."""

    day = DayField(label=_("Day"))
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("Until"))

    def times(self, clean: dict[str, Any], zone: str) -> tuple[datetime, datetime] | None:
        """Put day and times on the time line of the zone; an end before its start is said beside the field."""
        if not all(clean.get(name) for name in ("day", "starts", "ends")):
            return None
        if clean["ends"] <= clean["starts"]:
            self.add_error("ends", ValidationError(_("A session ends after it starts."), code="order"))
            return None
        return local_moment(clean["day"], clean["starts"], zone), local_moment(clean["day"], clean["ends"], zone)


class SessionForm(WhenForm, AnywayForm):
    """A session: what, for whom, by whom, where and when."""

    module = forms.ModelChoiceField(queryset=Module.objects.none(), label=_("Module"))
    topic = forms.CharField(label=_("Topic"), max_length=160, required=False)
    cohorts = forms.ModelMultipleChoiceField(
        queryset=Cohort.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Cohorts")
    )
    trainers = forms.ModelMultipleChoiceField(
        queryset=Trainer.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Trainers"), required=False
    )
    mode = forms.ChoiceField(choices=SessionMode.choices, label=_("How people meet"), initial=SessionMode.IN_PERSON)
    venue = forms.ModelChoiceField(queryset=Venue.objects.none(), label=_("Venue"), required=False)
    capacity = forms.IntegerField(label=_("Capacity"), required=False, min_value=1, max_value=MOST_PEOPLE)

    field_order = ("module", "topic", "cohorts", "day", "starts", "ends", "mode", "venue", "trainers", "capacity")

    def __init__(self, data: Any = None, *, user: User, program: Program, **options: Any) -> None:
        """Offer the program's cohorts, and every trainer and venue."""
        super().__init__(data, **options)
        offered = {
            "module": Module.objects.visible_to(user).order_by("position"),
            "cohorts": Cohort.objects.visible_to(user)
            .filter(program=program)
            .select_related("village__region")
            .order_by("village__name", "name", "pk"),
            "trainers": Trainer.objects.visible_to(user).order_by("name", "pk"),
            "venue": Venue.objects.visible_to(user).select_related("region").order_by("name", "pk"),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["cohorts"].label_from_instance = _cohort_and_village  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn day and times into moments of the place; a session that people travel to has a venue."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        venue, cohorts = clean.get("venue"), clean.get("cohorts")
        if clean.get("mode") != SessionMode.ONLINE and not venue:
            self.add_error("venue", ValidationError(_("A session that people travel to has a venue."), code="venue"))
        if not cohorts:
            return clean
        times = self.times(clean, venue.zone if venue else cohorts[0].village.zone)
        if times:
            clean["starts_at"], clean["ends_at"] = times
        return clean

    def plan(self) -> dict[str, Any]:
        """Give what the action takes."""
        names = (
            "module",
            "topic",
            "cohorts",
            "trainers",
            "venue",
            "mode",
            "capacity",
            "starts_at",
            "ends_at",
            "override",
        )
        return {name: self.cleaned_data[name] for name in names}


class TrainersForm(forms.Form):
    """Who teaches a session."""

    trainers = forms.ModelMultipleChoiceField(
        queryset=Trainer.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Trainers"), required=False
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        """Offer every trainer."""
        super().__init__(data, **options)
        self.fields["trainers"].queryset = Trainer.objects.visible_to(user).order_by("name", "pk")  # type: ignore[attr-defined]


class RescheduleForm(WhenForm, ReasonForm, AnywayForm):
    """A new time, maybe a new place, and why; it remembers which revision was on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    took_place = forms.BooleanField(label=_("It took place then: only put it on record"), required=False)
    venue = forms.ModelChoiceField(queryset=Venue.objects.none(), label=_("Venue"), required=False)

    field_order = ("day", "starts", "ends", "venue", "reason")

    def __init__(self, data: Any = None, *, user: User, session: Session, **options: Any) -> None:
        """Begin from where the session stands; a session with a venue keeps having one."""
        super().__init__(data, **options)
        self.session = session
        self.fields["venue"].queryset = Venue.objects.visible_to(user).select_related("region").order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["venue"].required = session.venue_id is not None

    def clean(self) -> dict[str, Any]:
        """Turn day and times into moments of the place."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        venue = clean.get("venue")
        times = self.times(clean, venue.zone if venue else self.session.zone)
        if times:
            clean["starts_at"], clean["ends_at"] = times
        return clean


class CancelForm(ReasonForm):
    """Why it is cancelled; it remembers which revision was on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def _cohort_and_village(cohort: Cohort) -> str:
    return f"{cohort.name} · {cohort.village.name}"
