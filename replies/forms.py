"""Forms of the inbox; they turn what was typed into plain values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from replies.models import LONGEST_ANSWER
from villages.forms import PersonForm, Words
from villages.models import Person, Village
from villages.states import ConsentHow, Relation


class AnswerForm(forms.Form):
    """What is written back, and whether that settles it."""

    text = Words(label=_("Your answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4}))
    close = forms.BooleanField(label=_("Close it with this answer"), required=False)


class WriterForm(PersonForm):
    """Who wrote: someone who is known already, or somebody new."""

    village = forms.ModelChoiceField(label=_("Village"), queryset=Village.objects.none())
    person = forms.ModelChoiceField(
        label=_("Somebody we know"), queryset=Person.objects.none(), required=False, empty_label=_("A new person")
    )
    relation = forms.ChoiceField(label=_("Whose number is it"), choices=Relation.choices, initial=Relation.OWN)
    consent_how = forms.ChoiceField(
        label=_("Agreed to messages"), choices=[("", _("Not asked yet")), *ConsentHow.choices], required=False
    )

    def __init__(self, data: Any = None, *, villages: Any, people: Any, agreed: bool, **options: Any) -> None:
        """Offer the villages and people that the reader may see; who wrote DAFTAR is not asked again."""
        super().__init__(data, **options)
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        for name in ("name", "sex"):
            self.fields[name].required = False
        if agreed:
            del self.fields["consent_how"]

    def clean(self) -> dict[str, Any]:
        """Ask for a name and a sex when it is somebody new, and for one village."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        person, village = clean.get("person"), clean.get("village")
        if person is None:
            for name in ("name", "sex"):
                if not clean.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        elif village and person.village_id != village.pk:
            self.add_error("person", _("This person lives in another village."))
        return clean
