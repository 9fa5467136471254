"""What a coordinator brings: the file of a mentor's unsent records."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from phone.unsent import BIGGEST, Unsent, read_unsent


class UnsentForm(forms.Form):
    """The file; it is read here, so that what is no such file is said beside it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The file that the mentor saved or shared, at most 64 MB."),
        widget=forms.FileInput(attrs={"accept": ".txt,.json"}),
        max_length=255,
    )

    def clean_file(self) -> Unsent:
        """Read it; its size is looked at before its content."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > BIGGEST:
            raise ValidationError(_("This file is larger than 64 MB."))
        return read_unsent(file.read())
