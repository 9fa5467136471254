"""Pages that ask why, when something speaks against the time that was typed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.errors import Refused
from common.pages import FormPage, Row
from programs.cautions import Caution, Warned
from programs.forms import AnywayForm


class AskingPage(FormPage[Row]):
    """A form that comes back with what was warned of and one more question; nothing typed is lost."""

    def form(self, data: Any = None) -> forms.Form:
        """Build the form; before anything is typed it warns of what speaks against the time that stands."""
        form = super().form(data)
        if data is None and isinstance(form, AnywayForm):
            form.cautions = self.standing()
        return form

    def standing(self) -> Sequence[Caution]:
        """Say what speaks against the time with which the form begins."""
        return ()

    def say_refusal(self, form: forms.Form, refusal: Refused) -> None:
        """List what was warned of beside the question; say any other refusal at the top."""
        if isinstance(refusal, Warned) and isinstance(form, AnywayForm):
            form.cautions = refusal.cautions
        else:
            super().say_refusal(form, refusal)
