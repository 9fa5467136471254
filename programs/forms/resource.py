"""What people type about trainers and venues, turned into plain values."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.models import Trainer
from villages.forms import PhoneField
from villages.models import Region
from villages.states import RegionLevel

MOST_PEOPLE = 100_000


class VenueForm(forms.Form):
    """A place where people meet."""

    name = forms.CharField(label=_("Name"), max_length=120)
    region = forms.CharField(
        label=_("Region code"), max_length=13, help_text=_("Kemendagri code, such as 35.24.10.2009.")
    )
    landmark = forms.CharField(label=_("Landmark"), max_length=200, required=False)
    capacity = forms.IntegerField(label=_("Capacity"), required=False, min_value=1, max_value=MOST_PEOPLE)

    def clean_region(self) -> Region:
        """Find the place of that code."""
        found = Region.objects.filter(code=self.cleaned_data["region"].strip(), level__gte=RegionLevel.REGENCY).first()
        if found is None:
            raise ValidationError(_("No place has this code."), code="region")
        return found


class TrainerForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """Someone who teaches."""

    phone = PhoneField(label=_("Phone"), max_length=30, required=False)

    class Meta:
        """The columns a coordinator fills."""

        model = Trainer
        fields = ("name", "organisation", "phone")
