"""Forms of villages, people and numbers; they turn what was typed into plain values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from common.filters import LARGEST_ID
from common.inputs import DayField
from common.phones import parse_address, parse_phone
from villages.actions import Wording
from villages.models import Assessment, CriteriaSet, CriterionDefinition, Person, Region
from villages.models.assessment import LONGEST_ANCHOR, LONGEST_EVIDENCE, WHOLE
from villages.states import AssessmentKind, ConsentHow, ContactState, Purpose, RegionLevel, Relation, Sex

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


class AddressField(forms.CharField):
    """A mobile number as people write it, or an e-mail address; clean, it is `+62...` or small letters."""

    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "placeholder": "0812 3456 7890"})

    def clean(self, value: object) -> str:
        """Read the address; empty stays empty where it may."""
        text = str(super().clean(value))
        return parse_address(text) if text else ""


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


class AssessmentStartForm(forms.Form):
    """Which assessment is begun: by whom and for which day."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    as_of = DayField(label=_("As of"), help_text=_("The day that the scores speak of."))

    def __init__(self, data: Any = None, *, kinds: list[AssessmentKind], **options: Any) -> None:
        """Offer the kinds that this reader may write."""
        super().__init__(data, **options)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class ScoresForm(forms.Form):
    """Eight criteria, each with the meaning of every value and room for what shows it; a draft may have gaps."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, assessment: Assessment, **options: Any) -> None:
        """Lay a pair of fields for each criterion, with what was kept so far."""
        super().__init__(data, initial={"version": assessment.version}, **options)
        self.lines = assessment.criteria_set.lines
        known = {score.criterion: score for score in assessment.scores.all()}
        for line in self.lines:
            score = known.get(line.code)
            self.fields[line.code] = forms.TypedChoiceField(
                label=line.name,
                choices=[(value, _anchored(value, words)) for value, words in line.anchors],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=score.value if score else None,
            )
            self.fields[f"{line.code}-evidence"] = Words(
                label=line.name,  # in the list of errors; the page says "What shows this"
                max_length=LONGEST_EVIDENCE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=score.evidence if score else "",
            )

    def blocks(self) -> Iterator[tuple[CriterionDefinition, forms.BoundField, forms.BoundField]]:
        """Pair the fields for the template."""
        return ((line, self[line.code], self[f"{line.code}-evidence"]) for line in self.lines)

    def scores(self) -> dict[str, tuple[int | None, str]]:
        """Give value and evidence by criterion."""
        clean = self.cleaned_data
        return {line.code: (clean[line.code], clean[f"{line.code}-evidence"]) for line in self.lines}


def _anchored(value: int, words: str) -> str:
    return format_html('<b class="anchor">{}</b><span>{}</span>', value, words)


LANGUAGES = {"id": _("%(value)s in Indonesian"), "en": _("%(value)s in English")}
PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
Explained = tuple[int, forms.BoundField, forms.BoundField]


class PercentField(forms.Field):
    """A percent above nothing with at most two decimals, `12,5` or `12.5`; clean, it is basis points."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"percent": _("Write a percent above 0 and up to 100, such as 12,5.")}

    def to_python(self, value: object) -> int | None:
        """Read the percent and give basis points."""
        if value in self.empty_values:
            return None
        found = PERCENT.fullmatch(str(value).strip())
        points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
        if not 0 < points <= WHOLE:
            raise forms.ValidationError(self.error_messages["percent"], code="percent")
        return points


class CriteriaSetStartForm(forms.Form):
    """A new set of criteria: its name and its first day."""

    name = Words(label=_("Name"), max_length=80)
    in_force_from = DayField(label=_("In force from"))


class CriteriaSetForm(CriteriaSetStartForm):
    """A draft: how each criterion weighs and what its values mean in both languages."""

    source = Words(label=_("Source"), max_length=240, required=False)

    def __init__(self, data: Any = None, *, criteria_set: CriteriaSet, **options: Any) -> None:
        """Lay the fields of each criterion, with what is written now."""
        told = {name: getattr(criteria_set, name) for name in ("name", "in_force_from", "source")}
        super().__init__(data, initial=told, **options)
        self.lines, self.scale = criteria_set.lines, criteria_set.scale
        for line in self.lines:
            percent = f"{Decimal(line.weight) / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
            self.fields[f"{line.code}-weight"] = PercentField(
                label=_labelled(line, _("weight (percent)")), initial=percent
            )
            for language, words in (("id", line.anchors_id), ("en", line.anchors_en)):
                for value, said in zip(self.scale, words, strict=True):
                    self.fields[f"{line.code}-{language}-{value}"] = Words(
                        label=_labelled(line, LANGUAGES[language] % {"value": value}),
                        max_length=LONGEST_ANCHOR,
                        widget=forms.Textarea(attrs={"rows": 4}),
                        initial=said,
                    )

    def blocks(self) -> Iterator[tuple[CriterionDefinition, forms.BoundField, list[Explained]]]:
        """Group the fields for the template: the weight, then each value with its words in both languages."""
        for line in self.lines:
            words = [(value, self[f"{line.code}-id-{value}"], self[f"{line.code}-en-{value}"]) for value in self.scale]
            yield line, self[f"{line.code}-weight"], words

    def wordings(self) -> Mapping[str, Wording]:
        """Give weight and words by criterion."""
        return {line.code: self._wording(line.code) for line in self.lines}

    def _wording(self, code: str) -> Wording:
        clean = self.cleaned_data
        spoken = (tuple(clean[f"{code}-{language}-{value}"] for value in self.scale) for language in LANGUAGES)
        return Wording(clean[f"{code}-weight"], *spoken)


def _labelled(line: CriterionDefinition, what: object) -> str:
    return f"{line.name}: {what}"


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
