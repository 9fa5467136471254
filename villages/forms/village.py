"""Forms of villages: where they are, what they make, how far they have come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.inputs import DayField
from villages.forms.words import Words
from villages.models import Region, Village
from villages.states import DESA_DEVISA, STAGES_WITH_REASON, VILLAGE_MOVES, RegionLevel, VillageStage


class PlaceSearchForm(forms.Form):
    """Find the desa of a new village by its name or code."""

    search = Words(label=_("Name or code of the desa"), min_length=3, max_length=60)


class VillageForm(forms.Form):
    """A new village of the programme."""

    region = forms.ModelChoiceField(queryset=Region.objects.none(), widget=forms.HiddenInput, label=_("Place"))
    name = Words(label=_("Name"), max_length=120)
    commodity = Words(label=_("Commodity"), max_length=120, help_text=_("What the village makes, such as ikat cloth."))

    def __init__(self, data: Any = None, *, regions: Any, **options: Any) -> None:
        """Offer the places the reader may see."""
        super().__init__(data, **options)
        place = self.fields["region"]
        place.queryset = regions.filter(level=RegionLevel.VILLAGE)  # type: ignore[attr-defined]
        place.error_messages["invalid_choice"] = _("Choose a desa from the list.")


class StageForm(forms.Form):
    """The next stage of a village, or why it leaves."""

    to = forms.ChoiceField(label=_("Becomes"), widget=forms.RadioSelect)
    decree_number = Words(label=_("Decree number"), max_length=80, required=False)
    decree_on = DayField(label=_("Decree date"), required=False)
    reason = Words(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when the village leaves the programme."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, village: Village, **options: Any) -> None:
        """Offer the moves that the table has; ask for the decree when the next stage is of a Desa Devisa."""
        super().__init__(data, **options)
        goals = VILLAGE_MOVES.table.get(village.stage, ())
        choices = [(goal, VillageStage(goal).label) for goal in goals]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        if not set(goals) & set(DESA_DEVISA) or village.decree_number:
            del self.fields["decree_number"], self.fields["decree_on"]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason beside its field."""
        clean = super().clean() or {}
        if clean.get("to") in STAGES_WITH_REASON and not clean.get("reason"):
            self.add_error("reason", _("Say why the village leaves the programme."))
        return clean


class DecreeForm(forms.Form):
    """The decree by which a village was designated."""

    decree_number = Words(label=_("Decree number"), max_length=80)
    decree_on = DayField(label=_("Decree date"))
