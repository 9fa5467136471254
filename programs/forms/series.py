"""A series as people type it, and what they decide about each of its times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from almanac.states import Weekday
from common.inputs import EARLIEST, LATEST, ClockField, DayField
from programs.forms.reason import LONGEST_REASON
from programs.forms.resource import MOST_PEOPLE
from programs.models import Cohort, Module, Trainer, Venue
from programs.series import MOST, Series, Span
from programs.slots import Diary, Line, Look
from programs.states import SessionMode

KEEP_IT, LEAVE_OUT = "keep", "out"
STAMP: Final = "%Y%m%d%H%M"


class SeriesForm(forms.Form):
    """What, for whom, by whom, where, and on which days and hours."""

    module = forms.ModelChoiceField(queryset=Module.objects.none(), label=gettext_lazy("Module"))
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=160, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("On which days")
    )
    first = DayField(label=gettext_lazy("From day"))
    starts = ClockField(label=gettext_lazy("From"))
    ends = ClockField(label=gettext_lazy("Until"))
    count = forms.IntegerField(label=gettext_lazy("How many times"), required=False, min_value=1, max_value=MOST)
    until = DayField(label=gettext_lazy("Or until day"), required=False)
    mode = forms.ChoiceField(
        choices=SessionMode.choices, label=gettext_lazy("How people meet"), initial=SessionMode.IN_PERSON
    )
    venue = forms.ModelChoiceField(queryset=Venue.objects.none(), label=gettext_lazy("Venue"), required=False)
    trainers = forms.ModelMultipleChoiceField(
        queryset=Trainer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Trainers"),
        required=False,
    )
    others = forms.ModelMultipleChoiceField(
        queryset=Cohort.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Together with other cohorts"),
        required=False,
    )
    capacity = forms.IntegerField(label=gettext_lazy("Capacity"), required=False, min_value=1, max_value=MOST_PEOPLE)

    def __init__(self, data: Any = None, *, user: User, cohort: Cohort, **options: Any) -> None:
        """Offer the other cohorts of the program, and every trainer and venue."""
        super().__init__(data, **options)
        self.cohort = cohort
        others = Cohort.objects.visible_to(user).filter(program=cohort.program_id).exclude(pk=cohort.pk)
        offered: dict[str, Any] = {
            "module": Module.objects.visible_to(user).order_by("position"),
            "venue": Venue.objects.visible_to(user).select_related("region").order_by("name", "pk"),
            "trainers": Trainer.objects.visible_to(user).order_by("name", "pk"),
            "others": others.select_related("village__region").order_by("village__name", "name", "pk"),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        joint = [(row.pk, f"{row.name} · {row.village.name}") for row in offered["others"]]
        self.fields["others"].choices = joint  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Count out the series in the hours of the place."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("mode") != SessionMode.ONLINE and "venue" in clean and not clean["venue"]:
            self.add_error("venue", ValidationError(_("A session that people travel to has a venue."), code="venue"))
        if not self.errors:
            self._count_out(clean)
        return clean

    def _count_out(self, clean: dict[str, Any]) -> None:
        venue = clean["venue"]
        zone = venue.zone if venue else self.cohort.village.zone
        what = {name: clean[name] for name in ("first", "starts", "ends", "count", "until")}
        try:
            clean["spans"] = Series(weekdays=frozenset(clean["weekdays"]), zone=zone, **what).spans()
        except ValidationError as error:
            self.add_error(error.code if error.code in self.fields else None, error)

    @property
    def zone(self) -> str:
        """Tell whose hours they are."""
        venue: Venue | None = self.cleaned_data["venue"]
        return venue.zone if venue else self.cohort.village.zone

    def plan(self) -> dict[str, Any]:
        """Give what the action takes beside the times."""
        names = ("module", "topic", "trainers", "venue", "mode", "capacity")
        kept = {name: self.cleaned_data[name] for name in names}
        return {**kept, "cohorts": [self.cohort, *self.cleaned_data["others"]], "program": self.cohort.program}


class SeriesPlanForm(forms.Form):
    """Why a looked-at series is planned in spite of what speaks against it."""

    override = forms.CharField(
        label=gettext_lazy("Why it is planned anyway"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True)
class Decision:
    """One time of a series, what it meets, and what was decided about it."""

    line: Line
    choice: str  # keep, out, the start of another time, or nothing yet
    other: Look | None = None  # that other time, looked at

    @property
    def name(self) -> str:
        """Name its field by the time that the series has there."""
        return field_of(self.line.look.span)

    @property
    def goal(self) -> Look | None:
        """Tell what would be planned; nothing where it is left out or still open."""
        return self.other or (self.line.look if self.choice == KEEP_IT else None)

    @property
    def offered(self) -> Span | None:
        """Tell which time can be taken instead."""
        if self.other:
            return self.other.span
        return self.line.slot.span if self.line.slot else None

    @property
    def take(self) -> str:
        """Write the offered time as the field carries it."""
        return stamped(self.offered) if self.offered else ""


def stamped(span: Span) -> str:
    """Write the start of a span in UTC, as fields carry it."""
    return span.starts_at.astimezone(UTC).strftime(STAMP)


def field_of(span: Span) -> str:
    """Name the field that carries what was decided about a time."""
    return f"at-{stamped(span)}"


def decide(diary: Diary, lines: Sequence[Line], data: Mapping[str, Any], *, nearest: bool) -> list[Decision]:
    """Set beside each line what was decided; `nearest` takes the proposed time wherever another is better."""
    found = []
    for line in lines:
        if nearest and line.slot:
            found.append(Decision(line, stamped(line.slot.span), diary.look(line.slot.span)))
        else:
            choice, other = _read(line.look, str(data.get(field_of(line.look.span), "")))
            found.append(Decision(line, choice, diary.look(other) if other else None))
    return found


def _read(look: Look, value: str) -> tuple[str, Span | None]:
    """Read one decision; what cannot be kept, or cannot be read, is still open."""
    if value == LEAVE_OUT:
        return value, None
    if value in {KEEP_IT, ""}:
        return "" if look.impossible else KEEP_IT, None
    try:
        start = datetime.strptime(value, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return "", None
    if not EARLIEST <= start.year <= LATEST:
        return "", None
    return value, Span(start, start + (look.span.ends_at - look.span.starts_at))
