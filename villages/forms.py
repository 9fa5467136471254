"""Forms of villages, people and numbers; they turn what was typed into plain values."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from common.filters import LARGEST_ID
from common.phones import parse_phone
from villages.models import Region
from villages.states import ConsentHow, ContactState, Purpose, RegionLevel, Relation, Sex

OLDEST, YOUNGEST = 1900, 2100
MARKS = (ContactState.VALID, ContactState.UNREACHABLE, ContactState.WRONG_PERSON)


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]


class PhoneField(forms.CharField):
    """A mobile number as people write it; clean, it is `+62...`."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "0812 3456 7890"})

    def clean(self, value: object) -> str:
        """Read the number; empty stays empty where it may."""
        text = str(super().clean(value))
        return parse_phone(text) if text else ""


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


class PersonForm(forms.Form):
    """What is known of a person."""

    name = Words(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_year = forms.IntegerField(label=_("Birth year"), min_value=OLDEST, max_value=YOUNGEST, required=False)
    hamlet = Words(label=_("Hamlet"), max_length=80, required=False)
    craft = Words(label=_("Craft"), max_length=80, required=False)


class NewPersonForm(PersonForm):
    """A person, with a first number and the agreement to messages."""

    number = PhoneField(label=_("Mobile number"), max_length=30, required=False)
    relation = forms.ChoiceField(label=_("Whose number is it"), choices=Relation.choices, initial=Relation.OWN)
    consent_how = forms.ChoiceField(
        label=_("Agreed to messages"), choices=[("", _("Not asked yet")), *ConsentHow.choices], required=False
    )


class ContactForm(forms.Form):
    """One more number by which a person is reached."""

    number = PhoneField(label=_("Mobile number"), max_length=30)
    relation = forms.ChoiceField(label=_("Whose number is it"), choices=Relation.choices)


class ConsentForm(forms.Form):
    """What a person agreed to, and how they said so."""

    purpose = forms.ChoiceField(choices=Purpose.choices, widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("How"), choices=ConsentHow.choices)


class PurposeForm(forms.Form):
    """Which agreement is meant."""

    purpose = forms.ChoiceField(choices=Purpose.choices)


class MarkForm(forms.Form):
    """What turned out about a number."""

    to = forms.ChoiceField(choices=[choice for choice in ContactState.choices if choice[0] in MARKS])


class OtherForm(forms.Form):
    """Which other person is meant."""

    person = forms.IntegerField(min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)


class MergeForm(OtherForm):
    """Which of two values holds, for each column in which the records differ."""

    STAYS, GOES = "stays", "goes"

    def __init__(self, data: Any = None, *, differing: Iterable[str], **options: Any) -> None:
        """Ask about these columns; the record that stays is right unless told otherwise."""
        super().__init__(data, **options)
        self.differing = list(differing)
        for name in self.differing:
            choice = forms.ChoiceField(
                choices=[(self.STAYS, ""), (self.GOES, "")], widget=forms.RadioSelect, initial=self.STAYS
            )
            self.fields[name] = choice

    @property
    def take(self) -> list[str]:
        """Name the columns that come from the record that goes."""
        return [name for name in self.differing if self.cleaned_data[name] == self.GOES]
