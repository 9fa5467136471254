"""What people type about days that are kept free, turned into plain values."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Role
from almanac.models import CalendarBlock
from almanac.published import FIRST_YEAR, LAST_YEAR
from almanac.states import BlockKind, Effect, Pasaran, Recurrence, Weekday
from common.inputs import ClockField, DayField
from villages.models import Region, Village
from villages.querysets import lineage

MOST_PLACES: Final = 300
DAYS: Final = (
    (str(Recurrence.NONE), Recurrence.NONE.label),
    (Recurrence.WEEKLY.label, [(f"{Recurrence.WEEKLY}:{day}", day.label) for day in Weekday]),
    (Recurrence.PASARAN.label, [(f"{Recurrence.PASARAN}:{day}", day.label) for day in Pasaran]),
)


class BlockForm(forms.Form):
    """Which days, where, and what they do to a session."""

    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=BlockKind.choices)
    starts_on = DayField(label=_("From day"))
    ends_on = DayField(
        label=_("Until day"), required=False, help_text=_("Empty: only that day, or without an end when it recurs.")
    )
    days = forms.ChoiceField(label=_("Which of these days"), choices=DAYS, initial=Recurrence.NONE)
    from_time = ClockField(label=_("From"), required=False)
    until_time = ClockField(label=_("Until"), required=False)
    region = forms.ModelChoiceField(
        queryset=Region.objects.none(), label=_("Where"), required=False, empty_label=_("The whole country")
    )
    effect = forms.ChoiceField(
        label=_("What it does"), choices=Effect.choices, widget=forms.RadioSelect, initial=Effect.WARN
    )
    estimated = forms.BooleanField(label=_("The date is an estimate"), required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("A decree, or who asked, by their role: “village contact of Parengan”."),
    )

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, data: Any = None, *, user: User, block: CalendarBlock | None = None, **options: Any) -> None:
        """Offer the places of this user's villages and what they are part of; a mentor only those of the villages."""
        options["initial"] = {**(_as_typed(block) if block else {}), **(options.get("initial") or {})}
        super().__init__(data, **options)
        where: Any = self.fields["region"]
        where.queryset, where.label_from_instance = _places(user, block), lambda region: region.place
        if user.role == Role.MENTOR:
            where.required, where.empty_label = True, None

    def columns(self) -> dict[str, Any]:
        """Give what the action takes; without a last day, what does not recur is one day."""
        clean = dict(self.cleaned_data)
        clean.pop("revision")
        recurrence, _colon, day = clean.pop("days").partition(":")
        if recurrence == Recurrence.NONE and clean["ends_on"] is None:
            clean["ends_on"] = clean["starts_on"]
        weekly, pasaran = recurrence == Recurrence.WEEKLY, recurrence == Recurrence.PASARAN
        return {
            **clean,
            "recurrence": recurrence,
            "weekday": int(day) if weekly else None,
            "pasaran": day if pasaran else "",
        }


class HolidaysForm(forms.Form):
    """Which year's holidays."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


def _as_typed(block: CalendarBlock) -> dict[str, Any]:
    """Begin the form from where a block stands."""
    day = block.weekday or block.pasaran
    names = ("name", "kind", "starts_on", "ends_on", "from_time", "until_time", "effect", "estimated", "source")
    typed = {name: getattr(block, name) for name in names}
    typed |= {"region": block.region_id, "revision": block.revision}
    return {**typed, "days": f"{block.recurrence}:{day}" if day else block.recurrence}


def _places(user: User, block: CalendarBlock | None) -> Any:
    """Offer places from the largest down; whoever has more villages than fit names the smallest ones in the API."""
    pairs = Village.objects.visible_to(user).order_by().values_list("region_id", "regions")
    own = {code for pair in pairs for code in pair if code}
    codes = own if user.role == Role.MENTOR else {part for code in own for part in lineage(code)}
    known = sorted(codes, key=lambda code: (len(code), code))[:MOST_PLACES]
    kept = [block.region_id] if block and block.region_id else []
    return (
        Region.objects.filter(pk__in=[*known, *kept]).select_related("parent__parent").order_by("level", "name", "pk")
    )
