"""Forms of assessments and of the criteria they follow."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.inputs import DayField
from villages.actions import Wording
from villages.forms.words import Words
from villages.models import Assessment, CriteriaSet, CriterionDefinition
from villages.models.assessment import LONGEST_ANCHOR, LONGEST_EVIDENCE, WHOLE
from villages.states import AssessmentKind


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
