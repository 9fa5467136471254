"""What people choose when they bring a list: the file, and what each column holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import ImportBatch
from villages.intake.columns import COLUMNS, SECRET, letter
from villages.states import ConsentHow

ACCEPTED = ".xlsx,.csv,.txt"


class ImportFileForm(forms.Form):
    """The file; what it is, its content tells."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, at most 20 MB and 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        max_length=255,
    )


class ImportColumnsForm(forms.Form):
    """What each column holds, and how people agreed where the list only says yes."""

    consent_how = forms.ChoiceField(
        label=_("How people agreed, where the list says only yes"), choices=ConsentHow.choices
    )

    def __init__(
        self, data: Any = None, *, batch: ImportBatch, samples: Sequence[Sequence[str]], **options: Any
    ) -> None:
        """Lay one choice for each column; a column of ids stays out."""
        super().__init__(data, **options)
        self.samples, self.batch = samples, batch
        self.fields["consent_how"].initial = batch.consent_how
        for index, (heading, field) in enumerate(zip(batch.headings, batch.fields, strict=True)):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=heading or _("Column %(letter)s") % {"letter": letter(index)},
                choices=[*COLUMNS.items()],
                initial=field,
                required=False,
                disabled=field == SECRET,
            )

    def columns(self) -> list[tuple[forms.BoundField, Sequence[str]]]:
        """Pair each choice with three values of its column."""
        return [(self[f"column-{index}"], sample) for index, sample in enumerate(self.samples)]

    def chosen(self) -> list[str]:
        """Give the meaning of each column in their order."""
        return [self.cleaned_data[f"column-{index}"] for index in range(len(self.batch.fields))]
