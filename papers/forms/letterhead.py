"""Whose name stands on the papers of a program."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from common.images import LARGEST, safe_jpeg
from papers.models import Letterhead

SIDE: Final = 480  # pixels: two centimetres at six hundred dots per inch


class LetterheadForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable as it runs
    """A program's kop surat, who signs, and how letters are numbered."""

    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG or JPEG. It is printed two centimetres wide.")
    )
    without_logo = forms.BooleanField(label=_("Print without the logo"), required=False)

    class Meta:
        """The columns a coordinator fills."""

        model = Letterhead
        fields = (
            *("organiser", "unit", "address", "phone", "email"),
            *("city", "signer", "position", "signer_number"),
            *("invitation_format", "assignment_format", "minutes_format"),
        )
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}

    def clean_logo(self) -> bytes:
        """Write the picture anew; nothing but its pixels is kept."""
        sent = self.cleaned_data["logo"]
        return safe_jpeg(sent.read(LARGEST + 1), longest=SIDE).content if sent else b""

    def columns(self) -> dict[str, Any]:
        """Give the columns to write; a logo stays unless another is sent or it is taken off."""
        clean = dict(self.cleaned_data)
        logo, without = clean.pop("logo"), clean.pop("without_logo")
        return {**clean, "logo": b""} if without else {**clean, **({"logo": logo} if logo else {})}
