"""What people type about programs, cohorts and sessions, turned into plain values."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.dates import local_moment
from common.inputs import ClockField, DayField
from programs.models import Cohort, Module, Program, Session, Trainer, Venue
from programs.states import Mode, SessionMode
from villages.models import Person, Region, Village
from villages.states import RegionLevel

LONGEST_REASON = 300
MOST_PEOPLE = 100_000


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """A program's name, dates, people and which reminders it sends."""

    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))
    subsidy_ceiling = forms.DecimalField(
        label=_("Subsidy ceiling (rupiah)"), min_value=0, max_digits=16, decimal_places=2, initial=0
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
            "sends_invitation",
            "sends_h3",
            "sends_h1",
            "sends_h0",
        )


class CohortForm(forms.Form):
    """A new group in one village."""

    village = forms.ModelChoiceField(queryset=Village.objects.none(), label=_("Village"))
    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        """Offer the villages of this user."""
        super().__init__(data, **options)
        villages = Village.objects.visible_to(user).order_by("name", "pk")
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]


class RequirementsForm(forms.Form):
    """What a cohort is owed: one amount and one least attendance for each module; empty means not required."""

    def __init__(self, data: Any = None, *, cohort: Cohort, **options: Any) -> None:
        """Lay a pair of fields for each module."""
        super().__init__(data, **options)
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
            )
            if module.mode == Mode.TRAINING:
                self.fields[f"{module.code}-attendance"] = forms.IntegerField(
                    label=_("Least attendance (percent)"),
                    required=False,
                    min_value=0,
                    max_value=100,
                    initial=row.minimum_attendance if row else 80,
                )

    def lines(self) -> list[tuple[Module, forms.BoundField, forms.BoundField | None]]:
        """Pair the fields for the template."""
        return [
            (module, self[module.code], self[f"{module.code}-attendance"] if module.mode == Mode.TRAINING else None)
            for module in self.modules
        ]

    def requirements(self) -> dict[str, tuple[int, int]]:
        """Give what was asked for, by module code: amount and least attendance in percent."""
        clean = self.cleaned_data
        return {
            module.code: (
                clean[module.code],
                80 if (least := clean.get(f"{module.code}-attendance")) is None else least,
            )
            for module in self.modules
            if clean.get(module.code)
        }


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


class ReasonForm(forms.Form):
    """Why; kept in the history and told to people where it concerns them."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


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


class SessionForm(WhenForm):
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
        names = ("module", "topic", "cohorts", "trainers", "venue", "mode", "capacity", "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names}


class RescheduleForm(WhenForm, ReasonForm):
    """A new time, maybe a new place, and why; it remembers which revision was on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
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


class WalkInForm(forms.Form):
    """Someone who came without being on the list."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Person"))
    cohort = forms.ModelChoiceField(queryset=Cohort.objects.none(), label=_("Cohort"))

    def __init__(self, data: Any = None, *, user: User, session: Session, **options: Any) -> None:
        """Offer people of the session's villages who have no seat."""
        super().__init__(data, **options)
        cohorts = session.cohorts.select_related("village").order_by("name", "pk")
        people = Person.objects.visible_to(user).present().filter(village__in=cohorts.values("village"))
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["cohort"].initial = cohorts.first()
        self.fields["person"].queryset = people.exclude(enrollments__seats__session=session).order_by("name", "pk")  # type: ignore[attr-defined]


class VenueForm(forms.Form):
    """A place where people meet."""

    name = forms.CharField(label=_("Name"), max_length=120)
    region = forms.CharField(
        label=_("Region code"), max_length=13, help_text=_("Kemendagri code, such as 35.24.10.2009.")
    )
    landmark = forms.CharField(label=_("Landmark"), max_length=200, required=False)
    capacity = forms.IntegerField(label=_("Capacity"), required=False, min_value=1, max_value=MOST_PEOPLE)

    def clean_region(self) -> Region:
        """Find the place of that code."""
        found = Region.objects.filter(code=self.cleaned_data["region"].strip(), level__gte=RegionLevel.REGENCY).first()
        if found is None:
            raise ValidationError(_("No place has this code."), code="region")
        return found


class TrainerForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """Someone who teaches."""

    class Meta:
        """The columns a coordinator fills."""

        model = Trainer
        fields = ("name", "organisation", "phone")


def _cohort_and_village(cohort: Cohort) -> str:
    return f"{cohort.name} · {cohort.village.name}"
