"""What an administrator says of a list, and where records go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from common.inputs import DayField
from common.zones import Zone
from villages.models import Region, RegionChange
from villages.regions.deciding import heir_of
from villages.regions.files import LONGEST_NAME

ZONES = [(zone.value, zone.label) for zone in (Zone.WIB, Zone.WITA, Zone.WIT)]


class EditionFileForm(forms.Form):
    """The file, and what it says of itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The published SQL file, or CSV with the columns code and name; at most 16 MB."),
        widget=forms.FileInput(attrs={"accept": ".sql,.csv"}),
        max_length=255,
    )
    name = forms.CharField(
        label=_("Edition"),
        required=False,
        max_length=LONGEST_NAME,
        validators=[refuse_control_characters],
        help_text=_("The decree that published it. Left empty, the file says so itself."),
    )
    as_of = DayField(label=_("Date of the list"), required=False)
    zone = forms.ChoiceField(
        label=_("Time zone of a new province"),
        required=False,
        choices=[("", _("As where it came from")), *ZONES],
        help_text=_("Only asked when the file has a province that was split off and does not show from where."),
    )
    part = forms.BooleanField(
        label=_("This is only a part of the list: nothing is gone because it is missing here"), required=False
    )
    accept_gone = forms.BooleanField(
        label=_("Believe it even if much is missing that stands in the list now"), required=False
    )


class DecisionForm(forms.Form):
    """Which records go, and to which place; or that they stay."""

    records = forms.TypedMultipleChoiceField(
        label=_("Records"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one record.")},
    )
    to = forms.ChoiceField(label=_("Where to"), required=False, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Another place, by its code"),
        required=False,
        max_length=13,
        validators=[refuse_control_characters],
        help_text=_("With its dots, such as 35.24.10.2009."),
    )
    decision = forms.ChoiceField(choices=[("move", _("Move")), ("keep", _("Leave as it is"))], widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, change: RegionChange, records: list[tuple[int, str]]) -> None:
        """Offer what is open, and the places where this one went."""
        super().__init__(data, use_required_attribute=False)
        self.fields["to"].required = data is None  # as it reads; who leaves the records chooses no place
        heir = heir_of(change)
        self.places = Region.objects.filter(pk__in=[*change.counterparts, heir.pk if heir else ""], gone=False)
        offered = [(place.pk, f"{place.place} · {place.pk}") for place in self._offered()]
        self.fields["records"].choices = records  # type: ignore[attr-defined]
        self.fields["to"].choices = offered  # type: ignore[attr-defined]
        self.initial = {"records": [key for key, _label in records], "to": offered[0][0] if len(offered) == 1 else None}

    def _offered(self) -> list[Region]:
        return list(self.places.select_related("parent__parent").order_by("code"))

    def clean(self) -> dict[str, Any]:
        """Find the place that was meant; a code that is written goes before the choice."""
        given = super().clean() or {}
        if given.get("decision") != "move":
            return {**given, "place": None}
        code = (given.get("code") or "").strip() or given.get("to")
        given["place"] = Region.objects.filter(pk=code).first() if code else None
        if given["place"] is None:
            said = _("No place has this code.") if code else _("Choose a place.")
            self.add_error("code" if given.get("code") or not self.fields["to"].choices else "to", said)  # type: ignore[attr-defined]
        return given
