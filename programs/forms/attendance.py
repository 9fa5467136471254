"""What people type on the attendance sheet, turned into plain values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Cohort, Session
from villages.models import Person


class WalkInForm(forms.Form):
    """Someone who came without being on the list."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Person"))
    cohort = forms.ModelChoiceField(queryset=Cohort.objects.none(), label=_("Cohort"))

    def __init__(self, data: Any = None, *, user: User, session: Session, **options: Any) -> None:
        """Offer people of the session's villages who have no seat."""
        super().__init__(data, **options)
        cohorts = session.cohorts.select_related("village").order_by("name", "pk")
        people = Person.objects.visible_to(user).present().filter(village__in=cohorts.values("village"))
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["cohort"].initial = cohorts.first()
        self.fields["person"].queryset = people.exclude(enrollments__seats__session=session).order_by("name", "pk")  # type: ignore[attr-defined]
