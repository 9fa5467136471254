"""Pages of the assessments of a village: the list with two of them compared, the form, and the record."""

from functools import cached_property
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page, say_errors
from villages.actions import (
    change_assessment,
    finalise_assessment,
    score_assessment,
    start_assessment,
    submit_assessment,
)
from villages.comparison import Comparison, compared, sheet_of
from villages.filters import OwnAssessmentFilter
from villages.forms import AssessmentStartForm, ScoresForm
from villages.models import Assessment
from villages.rules import Can
from villages.scores import total, written
from villages.states import AssessmentKind, AssessmentState
from villages.views.person import OfVillage

MOST_TO_COMPARE = 24


class AssessmentList(OfVillage[Assessment], ListPage[Assessment]):
    """A village's assessments, the latest first, with two of them as one drawing."""

    ability = Can.READ_ASSESSMENT
    model = Assessment
    template = "villages/assessment_list.html"
    filterset_class = OwnAssessmentFilter
    order = ("-as_of", "-pk")

    def rows(self) -> models.QuerySet[Assessment]:
        """Read along what totals are made of."""
        return Assessment.objects.visible_to(self.reader).filter(village=self.village).with_scores()

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Say the total of each."""
        shown = getattr(context.get("page"), "rows", [])
        return super().show(status=status, rows=[(each, written(total(each))) for each in shown], **context)

    def context(self) -> dict[str, object]:
        """Compare the two that were asked for, or the last two."""
        complete = Assessment.objects.visible_to(self.reader).filter(village=self.village).complete().with_scores()
        offered = list(complete.order_by("-as_of", "-pk")[:MOST_TO_COMPARE])
        active = any(self.request.GET.get(name) for name in ("kind", "state"))
        return {
            "village": self.village,
            "offered": offered,
            "comparison": self._compared(offered),
            "active": active,
            "assesses": self.reader.has_perm(Can.ASSESS_VILLAGE),
        }

    def _compared(self, offered: list[Assessment]) -> Comparison | None:
        by_key = {str(each.pk): each for each in offered}
        asked = [by_key.get(self.request.GET.get(name, "")) for name in ("now", "before")]
        chosen = [each for each in offered if each in asked] if any(asked) else offered[:2]
        return compared(*chosen[:2]) if chosen else None


def kinds_of(reader: Any) -> list[AssessmentKind]:
    """List the kinds of assessment that this reader may write."""
    return [kind for kind in AssessmentKind if reader.has_perm(Can.ASSESS_VILLAGE, Assessment(kind=kind))]


class AssessmentNew(OfVillage[Assessment], FormPage[Assessment]):
    """Begin an assessment, then score it."""

    ability = Can.ASSESS_VILLAGE
    model = Assessment
    template = "villages/assessment_start.html"
    form_class = AssessmentStartForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with today and the first kind."""
        kinds = kinds_of(self.reader)
        return {"kinds": kinds, "initial": {"as_of": localdate(), "kind": kinds[-1]}}

    def context(self) -> dict[str, object]:
        """Name the village."""
        return {"village": self.village}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it and go on to the first criterion."""
        assessment = start_assessment(village=self.village, **form.cleaned_data, by=self.reader, at=now())
        return redirect("assessment-edit", assessment.pk)


class AssessmentPage(Page[Assessment]):
    """A page about one assessment."""

    model = Assessment

    def rows(self) -> models.QuerySet[Assessment]:
        """Read along the village, the scores, and who had it in hand."""
        seen = Assessment.objects.visible_to(self.reader).with_scores()
        return seen.select_related(
            "criteria_set", "village__region__parent__parent", "started_by", "submitted_by", "final_by"
        )


class AssessmentDetail(AssessmentPage):
    """What was scored, why, by whom and when."""

    ability = Can.READ_ASSESSMENT
    template = "villages/assessment_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it with what may be done next."""
        assessment = self.row()
        return self.show(
            assessment=assessment,
            village=assessment.village,
            sheet=sheet_of(assessment),
            comparison=compared(assessment),
            writes=assessment.is_draft and self.reader.has_perm(Can.ASSESS_VILLAGE, assessment),
            finalises=assessment.is_submitted and self.reader.has_perm(Can.FINALISE_ASSESSMENT, assessment),
            own=assessment.submitted_by_id == self.reader.pk,
        )


class AssessmentFormPage(FormPage[Assessment], AssessmentPage):
    """A form about a draft; what was submitted is shown instead."""

    ability = Can.ASSESS_VILLAGE

    @cached_property
    def assessment(self) -> Assessment:
        """Read the assessment once for form and page."""
        return self.row()

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show the form while it is a draft."""
        if not self.assessment.is_draft:
            return redirect("assessment-detail", self.assessment.pk)
        return super().get(request, **kwargs)

    def context(self) -> dict[str, object]:
        """Name the assessment and its village."""
        return {"assessment": self.assessment, "village": self.assessment.village}


class AssessmentScores(AssessmentFormPage):
    """Score criterion by criterion; what is there is kept, also when it is not enough to submit."""

    template = "villages/assessment_form.html"
    form_class = ScoresForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what was kept."""
        return {"assessment": self.assessment}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep the scores; submit them when asked to, or say all that is missing."""
        assert isinstance(form, ScoresForm)  # noqa: S101  by form_class
        version = form.cleaned_data["version"]
        score_assessment(self.assessment, scores=form.scores(), version=version, by=self.reader, at=now())
        if self.request.POST.get("state") != AssessmentState.SUBMITTED:
            messages.success(self.request, _("Saved as a draft."))
            return redirect("assessment-edit", self.assessment.pk)
        return self._submit(form)

    def _submit(self, form: ScoresForm) -> HttpResponse:
        try:
            submit_assessment(self.assessment, by=self.reader, at=now())
        except ValidationError as missing:
            form.data = {**self.request.POST.dict(), "version": str(self.assessment.version)}
            say_errors(form, missing)
            return self.show(form=form, saved=True, status=HTTPStatus.BAD_REQUEST, **self.context())
        messages.success(self.request, _("Submitted. A colleague at the desk makes it final."))
        return redirect("assessment-detail", self.assessment.pk)


class AssessmentDay(AssessmentFormPage):
    """Correct the kind or the day of a draft."""

    template = "villages/assessment_start.html"
    form_class = AssessmentStartForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is written."""
        initial = {"as_of": self.assessment.as_of, "kind": self.assessment.kind}
        return {"kinds": kinds_of(self.reader), "initial": initial}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction and go back to the scores."""
        change_assessment(self.assessment, **form.cleaned_data, by=self.reader, at=now())
        return redirect("assessment-edit", self.assessment.pk)


class AssessmentFinalise(AssessmentPage):
    """Take a submitted assessment into the record."""

    ability = Can.FINALISE_ASSESSMENT

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it final and show it."""
        finalise_assessment(self.row(), by=self.reader, at=now())
        messages.success(request, _("This assessment is final now."))
        return redirect("assessment-detail", pk)
