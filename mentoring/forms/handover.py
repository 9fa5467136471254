"""Forms of handovers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.inputs import DayField
from mentoring.forms.desk import VersionForm
from mentoring.forms.visit import Words
from mentoring.models import Assignment
from mentoring.models.handover import LONGEST_WORKS
from villages.models import Village


class GiverField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An assignment that is open, read as its mentor."""

    def label_from_instance(self, letter: Any) -> str:
        """Name the mentor."""
        name: str = letter.mentor.name
        return name


class HandoverForm(forms.Form):
    """Who gives the village to whom, and from when."""

    letter = GiverField(queryset=Assignment.objects.none(), label=_("Who gives the village"))
    last_on = DayField(label=_("Their last day"))
    taker = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who takes it"))
    first_on = DayField(label=_("Their first day"))

    def __init__(self, data: Any = None, *, reader: User, village: Village, **given: Any) -> None:
        """Offer the mentors who hold the village, and those who may take it."""
        super().__init__(data, **given)
        letters = Assignment.objects.visible_to(reader).filter(village=village, ends_on__isnull=True)
        mentors = User.objects.visible_to(reader).mentors().order_by("name", "pk")
        giving: Any = self.fields["letter"]
        giving.queryset = letters.select_related("mentor", "village__region").order_by("mentor__name", "pk")
        taking: Any = self.fields["taker"]
        taking.queryset = mentors
        held = list(giving.queryset)
        self.initial.setdefault("letter", held[0].pk if len(held) == 1 else None)


class WorksForm(VersionForm):
    """What works in this village."""

    works = Words(
        label=_("What works in this village"),
        help_text=_(
            "For whoever comes next: when people have time, whom to ask first, what has been tried, "
            "what to be careful about."
        ),
        required=False,
        max_length=LONGEST_WORKS,
        widget=forms.Textarea({"rows": 8}),
    )


class SignForm(VersionForm):
    """The version under which a hand is set, and why in somebody's place."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    reason = Words(label=_("Why you sign in their place"), max_length=300, required=False)


class HandoverCancelForm(forms.Form):
    """Why a handover is called off."""

    reason = Words(label=_("Why it is called off"), max_length=300)
