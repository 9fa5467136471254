"""The words of a session's minutes."""

from django import forms

from papers.models import Minutes


class MinutesForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """What was done, what stood in the way, what follows, and who acknowledges it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        """The columns that are written."""

        model = Minutes
        fields = ("results", "obstacles", "follow_up", "witness", "witness_position")
        widgets = {
            "results": forms.Textarea(attrs={"rows": 6}),
            "obstacles": forms.Textarea(attrs={"rows": 3}),
            "follow_up": forms.Textarea(attrs={"rows": 4}),
        }
