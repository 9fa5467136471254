"""Forms of people and their numbers; they turn what was typed into plain values."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.filters import LARGEST_ID
from common.inputs import DayField
from villages.forms.words import AddressField, Words
from villages.models import Person
from villages.states import ConsentHow, ContactState, Purpose, Relation, Sex

OLDEST, YOUNGEST = 1900, 2100
MARKS = (ContactState.VALID, ContactState.UNREACHABLE, ContactState.WRONG_PERSON)


class PersonForm(forms.Form):
    """What is known of a person."""

    name = Words(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_year = forms.IntegerField(label=_("Birth year"), min_value=OLDEST, max_value=YOUNGEST, required=False)
    hamlet = Words(label=_("Hamlet"), max_length=80, required=False)
    craft = Words(label=_("Craft"), max_length=80, required=False)


class NewPersonForm(PersonForm):
    """A person, with a first number and the agreement to messages."""

    number = AddressField(label=_("Mobile number or e-mail address"), max_length=254, required=False)
    relation = forms.ChoiceField(label=_("Whose number is it"), choices=Relation.choices, initial=Relation.OWN)
    consent_how = forms.ChoiceField(
        label=_("Agreed to messages"), choices=[("", _("Not asked yet")), *ConsentHow.choices], required=False
    )


class ContactForm(forms.Form):
    """One more number by which a person is reached."""

    number = AddressField(label=_("Mobile number or e-mail address"), max_length=254)
    relation = forms.ChoiceField(label=_("Whose number is it"), choices=Relation.choices)


class ConsentForm(forms.Form):
    """What a person agreed to, and how they said so."""

    purpose = forms.ChoiceField(choices=Purpose.choices, widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("How"), choices=ConsentHow.choices)


class ConsentsForm(forms.Form):
    """Who signed a list, or said yes: many people of one village at once."""

    how = forms.ChoiceField(
        label=_("How"), choices=[(how.value, how.label) for how in (ConsentHow.PAPER, ConsentHow.SPOKEN)]
    )
    given_on = DayField(label=_("On which day"))
    people = forms.MultipleChoiceField(
        label=_("Who agreed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who agreed."), "invalid_choice": _("Somebody here has agreed already.")},
    )

    def __init__(self, data: Any = None, *, people: Iterable[Person], **options: Any) -> None:
        """Offer these people."""
        super().__init__(data, **options)
        choices = [(str(person.pk), _named(person)) for person in people]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]


def _named(person: Person) -> str:
    return f"{person.name}, {person.hamlet}" if person.hamlet else person.name


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
