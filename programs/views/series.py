"""A series of sessions: typed once, looked at time by time, and then planned as a whole."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.constraints import sentence_of
from common.dates import local_date
from common.errors import Refused
from common.pages import FormPage
from programs.actions import plan_series
from programs.forms import SeriesForm, SeriesPlanForm
from programs.forms.series import LEAVE_OUT, Decision, decide
from programs.models import Cohort, Enrollment
from programs.rules import Can
from programs.series import Span
from programs.slots import ahead_of, diary_of
from programs.taken import Taken
from programs.views.program import CohortPage


class CohortSeries(FormPage[Cohort], CohortPage):
    """Plan a series for a cohort; nothing is saved before every time of it was seen."""

    ability = Can.PLAN_SESSION
    form_class = SeriesForm
    template = "programs/series_form.html"

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the hours most trainings have, where the cohort met last."""
        cohort = self.row()
        last = cohort.sessions.order_by("-starts_at", "-pk").first()
        initial = {"first": local_date(now(), cohort.village.zone), "starts": "09:00", "ends": "11:30", "count": 6}
        if last is not None:
            initial |= {"venue": last.venue_id, "mode": last.mode}
        return {"user": self.reader, "cohort": cohort, "initial": initial}

    def context(self) -> dict[str, Any]:
        """Name the cohort."""
        return {"cohort": self.row()}

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Look, take other times, go back to the form, or plan; what was typed goes along each time."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=HTTPStatus.BAD_REQUEST, **self.context())
        assert isinstance(form, SeriesForm)  # noqa: S101  by form_class
        match request.POST.get("do"):
            case "edit":
                return self.show(form=form, **self.context())
            case "plan" | "schedule":
                return self._plan(form)
            case do:
                return self._look(form, SeriesPlanForm(self._asked()), self._decide(form, nearest=do == "nearest"))

    def _asked(self) -> dict[str, Any] | None:
        """Keep the reason when the times are looked at again."""
        return self.request.POST if "do" in self.request.POST and self.request.POST["do"] != "look" else None

    def _decide(self, form: SeriesForm, *, nearest: bool = False) -> list[Decision]:
        """Look at every time, in a fixed number of queries, and set beside it what was decided."""
        plan, spans = form.plan(), form.cleaned_data["spans"]
        taken = Taken(plan["cohorts"], list(plan["trainers"]), plan["venue"])
        window = ahead_of(spans, form.zone)
        diary = diary_of(plan["program"], taken, *window, by=self.reader, capacity=plan["capacity"])
        return decide(diary, diary.lines(spans, after=now()), self.request.POST, nearest=nearest)

    def _look(
        self,
        form: SeriesForm,
        plan: SeriesPlanForm,
        decisions: Sequence[Decision],
        *,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        people = Enrollment.objects.visible_to(self.reader).seated().filter(cohort__in=form.plan()["cohorts"])
        return self.show(
            form=form,
            plan=plan,
            decisions=decisions,
            better=any(decision.line.slot and not decision.other for decision in decisions),
            warned=any(decision.goal and decision.goal.cautions for decision in decisions),
            people=people.values("person").distinct().count(),
            zone=form.zone,
            at=now(),
            refusal=refusal,
            status=status,
            **self.context(),
        )

    def _plan(self, form: SeriesForm) -> HttpResponse:
        """Plan what was decided, or say what is still in the way."""
        plan, decisions = SeriesPlanForm(self.request.POST), self._decide(form)
        try:
            return self._done(form, plan, _chosen(decisions))
        except ValidationError as error:
            return self._look(form, plan, decisions, refusal=" ".join(error.messages), status=HTTPStatus.BAD_REQUEST)
        except Refused as error:
            return self._look(form, plan, self._decide(form), refusal=str(error), status=HTTPStatus.CONFLICT)
        except IntegrityError as error:
            return self._look(form, plan, self._decide(form), refusal=sentence_of(error), status=HTTPStatus.CONFLICT)

    def _done(self, form: SeriesForm, plan: SeriesPlanForm, spans: Sequence[Span]) -> HttpResponse:
        if not plan.is_valid():
            raise ValidationError([error for errors in plan.errors.as_data().values() for error in errors])
        told = self.request.POST["do"] == "schedule"
        planned = plan_series(spans=spans, **form.plan(), **plan.cleaned_data, schedule=told, by=self.reader, at=now())
        if told:
            said = ngettext("%(n)s session scheduled.", "%(n)s sessions scheduled.", len(planned))
        else:
            said = ngettext("%(n)s draft planned.", "%(n)s drafts planned.", len(planned))
        messages.success(self.request, said % {"n": len(planned)})
        return redirect("cohort-detail", form.cohort.pk)


def _chosen(decisions: Sequence[Decision]) -> list[Span]:
    """List the times that are to be planned; one that is still open is a ValidationError."""
    if any(decision.goal is None and decision.choice != LEAVE_OUT for decision in decisions):
        raise ValidationError(_("Some of these times cannot be kept. Choose what happens to them."))
    spans = [decision.goal.span for decision in decisions if decision.goal]
    if not spans:
        raise ValidationError(_("All of it is left out. There is nothing to plan."))
    return spans
