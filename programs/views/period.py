"""Pages on which the past of a program is closed, and opened again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage, Page
from programs.actions import close_period, reopen_period
from programs.forms import PeriodForm
from programs.models import Program
from programs.rules import Can


class ProgramPeriod(FormPage[Program]):
    """Close a program through a day."""

    ability = Can.CLOSE_PERIOD
    model = Program
    form_class = PeriodForm
    template = "programs/program_period.html"

    def context(self) -> dict[str, Any]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Close it."""
        program = self.row()
        close_period(program, through=form.cleaned_data["through"], by=self.reader, at=now())
        messages.success(self.request, _("The period is closed. What comes later about it is reviewed."))
        return redirect("program-detail", program.pk)


class PeriodReopen(Page[Program]):
    """Open a program's past again."""

    ability = Can.CLOSE_PERIOD
    model = Program
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002  read by row()
        """Open it; pressing twice opens it once."""
        program = self.row()
        reopen_period(program, by=self.reader, at=now())
        messages.success(request, _("The past of this program is open again."))
        return redirect("program-detail", program.pk)
