"""Whose name stands on the papers of a program."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage
from papers.actions import save_letterhead
from papers.forms import LetterheadForm
from papers.models import Letterhead
from papers.rules import Can
from papers.wording import stationery_of
from programs.models import Program


class LetterheadEdit(FormPage[Program]):
    """Write a program's letterhead, and see it."""

    ability = Can.CHANGE_LETTERHEAD
    model = Program
    form_class = LetterheadForm
    template = "papers/letterhead_form.html"

    def rows(self) -> models.QuerySet[Program]:
        """Read the letterhead along."""
        return super().rows().select_related("letterhead")

    def form(self, data: Any = None) -> forms.Form:
        """Take the logo along when one is sent."""
        program = self.row()
        kept = getattr(program, "letterhead", None) or Letterhead(organiser=program.organiser)
        form: Any = self.form_class(data, self.request.FILES if data else None, instance=kept)
        return form  # type: ignore[no-any-return]

    def context(self) -> dict[str, Any]:
        """Show the letterhead as it stands."""
        program = self.row()
        return {"program": program, "stationery": stationery_of(program)}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it."""
        assert isinstance(form, LetterheadForm)  # noqa: S101  by form_class
        save_letterhead(self.row(), **form.columns(), by=self.reader, at=now())
        messages.success(self.request, _("The letterhead is kept."))
        return redirect("letterhead", self.kwargs["pk"])
