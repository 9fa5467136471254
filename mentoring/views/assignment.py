"""Pages of who mentors which village."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage
from mentoring.actions import assign_mentor, end_assignment
from mentoring.forms import AssignForm, EndForm
from mentoring.models import Assignment, Handover
from mentoring.rules import Can
from villages.models import Village

LAST_HANDOVERS = 5


class VillageMentors(FormPage[Village]):
    """Who mentors a village, and giving it to someone."""

    ability = Can.ASSIGN_MENTOR
    model = Village
    template = "mentoring/village_mentors.html"
    form_class = AssignForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer mentors, from today."""
        return {"reader": self.reader, "initial": {"starts_on": localdate()}}

    def context(self) -> dict[str, object]:
        """Show who mentors it now and did before."""
        village = self.row()
        letters = village.assignments.select_related("mentor").order_by("-starts_on", "-pk")
        handovers = Handover.objects.visible_to(self.reader).filter(village=village)
        shown = handovers.select_related("giver", "taker").order_by("-prepared_at", "-pk")[:LAST_HANDOVERS]
        return {
            "village": village,
            "letters": letters,
            "handovers": shown,
            "hands_over": any(letter.ends_on is None for letter in letters),
        }

    def act(self, form: forms.Form) -> HttpResponse:
        """Assign the mentor."""
        given = form.cleaned_data
        assign_mentor(village=self.row(), by=self.reader, at=now(), **given)
        messages.success(self.request, _("%(mentor)s mentors this village now.") % {"mentor": given["mentor"]})
        return redirect("village-mentors", pk=self.kwargs["pk"])


class AssignmentEnd(FormPage[Assignment]):
    """End a mentor's work in a village."""

    ability = Can.ASSIGN_MENTOR
    model = Assignment
    template = "mentoring/assignment_end.html"
    form_class = EndForm

    def rows(self) -> models.QuerySet[Assignment]:
        """Read along who and where."""
        return super().rows().select_related("mentor", "village__region")

    def form_arguments(self) -> dict[str, Any]:
        """Propose today."""
        return {"initial": {"ends_on": localdate()}}

    def context(self) -> dict[str, object]:
        """Name the assignment."""
        return {"letter": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """End it."""
        letter = self.row()
        end_assignment(letter, ends_on=form.cleaned_data["ends_on"], by=self.reader, at=now())
        messages.success(self.request, _("The assignment is ended."))
        return redirect("village-mentors", pk=letter.village_id)
