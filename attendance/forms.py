"""What people type around the attendance sheet, turned into plain values."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from attendance.models import Act
from attendance.sheet import Line, read_lines
from attendance.states import Contacted, Outcome
from programs.models import Cohort, Session
from villages.forms import PhoneField, Words
from villages.models import Person
from villages.states import Sex

MOST_FOUND = 12


class WalkInForm(forms.Form):
    """Someone who came without being on the list: known in the village, or new."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=gettext_lazy("Person"), required=False)
    name = Words(
        label=gettext_lazy("Name"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices, widget=forms.RadioSelect, required=False)
    number = PhoneField(label=gettext_lazy("Mobile number"), max_length=30, required=False)
    cohort = forms.ModelChoiceField(queryset=Cohort.objects.none(), label=gettext_lazy("Cohort"), empty_label=None)

    def __init__(self, data: Any = None, *, user: User, session: Session, **options: Any) -> None:
        """Offer people of the session's villages who have no seat."""
        super().__init__(data, **options)
        known = bool(data and data.get("person"))
        for name in ("name", "sex"):
            self.fields[name].required = self.fields[name].widget.is_required = not known
        cohorts = (
            Cohort.objects.visible_to(user)
            .filter(bookings__session=session)
            .select_related("village")
            .order_by("name", "pk")
        )
        people = Person.objects.visible_to(user).present().filter(village__in=cohorts.values("village"))
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["person"].queryset = people.exclude(enrollments__seats__session=session)  # type: ignore[attr-defined]

    def found(self, name: str) -> list[tuple[Person, Cohort]]:
        """Find people by a part of their name, each with the cohort of their village."""
        cohorts = {cohort.village_id: cohort for cohort in reversed(self.fields["cohort"].queryset)}  # type: ignore[attr-defined]
        people = self.fields["person"].queryset.select_related("village").order_by("name", "pk")  # type: ignore[attr-defined]
        for word in name.split()[:4]:
            people = people.filter(name__icontains=word)
        return [(person, cohorts[person.village_id]) for person in people[:MOST_FOUND]]


class NumbersForm(forms.Form):
    """The rows of a paper sheet, as fast as they are read out."""

    rows = Words(
        label=gettext_lazy("Rows"),
        max_length=2000,
        help_text=gettext_lazy(
            "1-5 7 = present, 9T = late, 12S = sick, 14I = leave, 15A = absent, 9T90 = late, 90 minutes."
        ),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "placeholder": "1-5 7 9T 12S 14I"}
        ),
    )
    rest = forms.BooleanField(label=gettext_lazy("Everyone else without a mark was absent"), required=False)
    reason = Words(label=gettext_lazy("Why it is corrected"), max_length=300, required=False)

    def clean_rows(self) -> list[Line]:
        """Read the rows; each wrong one is named."""
        return read_lines(self.cleaned_data["rows"])


class AbsenceNoteForm(forms.Form):
    """Who was spoken to and what came of it."""

    contacted = forms.ChoiceField(
        label=gettext_lazy("Who was reached"), choices=Contacted.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    remark = Words(label=gettext_lazy("Remark"), max_length=300, required=False)


class PhotoForm(forms.Form):
    """One page of the signed sheet."""

    photo = forms.FileField(
        label=gettext_lazy("Photo of the signed sheet"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 8 MB. It is kept smaller and without the place."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )


class DecideForm(forms.Form):
    """What came from phones too late: which of it, and why it is taken or not."""

    acts = forms.ModelMultipleChoiceField(
        queryset=Act.objects.none(),
        label=gettext_lazy("Marks from phones"),
        error_messages={
            "required": gettext_lazy("Choose at least one."),
            "invalid_choice": gettext_lazy("Somebody decided on one of these a moment ago. Look again."),
        },
    )
    reason = Words(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, waiting: QuerySet[Act], **options: Any) -> None:
        """Offer what waits; of so many that a page shows, all are chosen at first."""
        super().__init__(data, **options)
        self.fields["acts"].queryset = waiting  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """The code of a printed sheet."""

    code = Words(
        label=gettext_lazy("Code of the sheet"),
        max_length=20,
        help_text=gettext_lazy("Six letters, at the top of the printed sheet."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
