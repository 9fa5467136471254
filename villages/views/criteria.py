"""Pages of the sets of criteria: read by everyone, drafted and published by an administrator."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from villages.actions import change_criteria_set, draft_criteria_set, publish_criteria_set
from villages.comparison import percent
from villages.filters import CriteriaSetFilter
from villages.forms import CriteriaSetForm, CriteriaSetStartForm
from villages.models import CriteriaSet
from villages.rules import Can
from villages.states import SetState


class CriteriaSetList(ListPage[CriteriaSet]):
    """Sets of criteria, the latest first."""

    ability = Can.READ_CRITERIA
    model = CriteriaSet
    template = "villages/criteria_set_list.html"
    filterset_class = CriteriaSetFilter
    order = ("-in_force_from", "-pk")


class CriteriaSetPage(Page[CriteriaSet]):
    """A page about one set."""

    model = CriteriaSet

    def rows(self) -> models.QuerySet[CriteriaSet]:
        """Read along its criteria and who published it."""
        seen = CriteriaSet.objects.visible_to(self.reader)
        return seen.select_related("published_by").prefetch_related("definitions")

    @cached_property
    def criteria_set(self) -> CriteriaSet:
        """Read the set once."""
        return self.row()

    def context(self) -> dict[str, Any]:
        """Write the set out."""
        lines = [(line, percent(line.weight)) for line in self.criteria_set.lines]
        weighed = percent(sum(self.criteria_set.weights.values()))
        draft = self.criteria_set.state == SetState.DRAFT
        return {"criteria_set": self.criteria_set, "lines": lines, "weighed": weighed, "draft": draft}


class CriteriaSetDetail(CriteriaSetPage):
    """What each criterion weighs and what its values mean."""

    ability = Can.READ_CRITERIA
    template = "villages/criteria_set_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        return self.show(**self.context())


class CriteriaSetNew(FormPage[CriteriaSet]):
    """Draft a new set from the last one."""

    ability = Can.CHANGE_CRITERIA
    model = CriteriaSet
    template = "villages/criteria_set_new.html"
    form_class = CriteriaSetStartForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with today."""
        return {"initial": {"in_force_from": localdate()}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Copy the last set and go on to its words."""
        draft = draft_criteria_set(**form.cleaned_data, by=self.reader, at=now())
        return redirect("criteria-set-edit", draft.pk)


class CriteriaSetEdit(FormPage[CriteriaSet], CriteriaSetPage):
    """Weigh and word a draft."""

    ability = Can.CHANGE_CRITERIA
    template = "villages/criteria_set_form.html"
    form_class = CriteriaSetForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is written."""
        return {"criteria_set": self.criteria_set}

    def context(self) -> dict[str, Any]:
        """Write the set out."""
        return CriteriaSetPage.context(self)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write all of it."""
        assert isinstance(form, CriteriaSetForm)  # noqa: S101  by form_class
        told = {name: form.cleaned_data[name] for name in ("name", "source", "in_force_from")}
        change_criteria_set(self.criteria_set, **told, wordings=form.wordings(), by=self.reader, at=now())
        messages.success(self.request, _("Saved as a draft."))
        return redirect("criteria-set-detail", self.criteria_set.pk)


class CriteriaSetPublish(FormPage[CriteriaSet], CriteriaSetPage):
    """Bring a draft into force; it shows the set again with what keeps it from that."""

    ability = Can.CHANGE_CRITERIA
    template = "villages/criteria_set_detail.html"
    form_class = forms.Form

    def context(self) -> dict[str, Any]:
        """Write the set out."""
        return CriteriaSetPage.context(self)

    def act(self, form: forms.Form) -> HttpResponse:  # noqa: ARG002  it has no fields
        """Publish it."""
        publish_criteria_set(self.criteria_set, by=self.reader, at=now())
        messages.success(self.request, _("Published. New assessments follow it from its first day on."))
        return redirect("criteria-set-detail", self.criteria_set.pk)
