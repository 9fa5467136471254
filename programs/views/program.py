"""Programs and cohorts: making them, what a cohort is owed, and who takes part."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage, Page
from programs.actions import (
    admit_enrollment,
    change_cohort,
    change_program,
    create_cohort,
    create_program,
    enroll_people,
    set_requirements,
    withdraw_enrollment,
)
from programs.forms import (
    LEAST,
    CohortChangeForm,
    CohortForm,
    EnrollForm,
    ProgramForm,
    ReasonForm,
    RequirementsForm,
    filled,
)
from programs.models import Cohort, Enrollment, Program, Session
from programs.proposal import Proposal, proposal_for
from programs.rules import Can
from programs.states import PLANNED, SEATED, EnrollmentState, SessionState
from villages.models import Assessment

MOST_OTHERS, LAST_SESSIONS = 50, 20


class ProgramNew(FormPage[Program]):
    """Open a program; whoever opens it coordinates it."""

    ability = Can.CREATE_PROGRAM
    model = Program
    form_class = ProgramForm
    template = "programs/program_form.html"

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it and go on to its cohorts."""
        program = create_program(**form.cleaned_data, by=self.reader, at=now())
        return redirect("program-detail", program.pk)


class ProgramEdit(FormPage[Program]):
    """Change a program's facts and which reminders it sends."""

    ability = Can.CHANGE_PROGRAM
    model = Program
    form_class = ProgramForm
    template = "programs/program_form.html"

    def form_arguments(self) -> dict[str, Any]:
        """Begin from the program."""
        return {"instance": self.row()}

    def context(self) -> dict[str, object]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the changes."""
        program = self.row()
        change_program(program, **form.cleaned_data, by=self.reader, at=now())
        return redirect("program-detail", program.pk)


class CohortNew(FormPage[Program]):
    """Plan a cohort of a program in one village."""

    ability = Can.PLAN_COHORT
    model = Program
    form_class = CohortForm
    template = "programs/cohort_form.html"

    def form_arguments(self) -> dict[str, Any]:
        """Offer this user's villages and the program's dates."""
        program = self.row()
        initial = {"starts_on": program.starts_on, "ends_on": program.ends_on}
        return {"user": self.reader, "initial": initial}

    def context(self) -> dict[str, object]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it and go on to what it is owed."""
        cohort = create_cohort(program=self.row(), **form.cleaned_data, by=self.reader, at=now())
        return redirect("cohort-requirements", cohort.pk)


class CohortPage(Page[Cohort]):
    """A page about one cohort."""

    model = Cohort

    def rows(self) -> models.QuerySet[Cohort]:
        """Read along what the head of the page shows."""
        return super().rows().select_related("program", "village__region__parent__parent")


class CohortDetail(CohortPage):
    """Who takes part, what is owed, what is planned."""

    ability = Can.READ_COHORT
    template = "programs/cohort_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it; participants only to those who work with them."""
        cohort = self.row()
        people = Enrollment.objects.visible_to(self.reader).filter(cohort=cohort).select_related("person")
        enrollments = list(people.order_by("person__name", "pk"))
        seated = sum(row.state in SEATED for row in enrollments)
        waiting = [row for row in enrollments if row.state == EnrollmentState.WAITLISTED]
        requirements = list(cohort.requirements.select_related("module").order_by("module__position"))
        sessions = list(cohort.sessions.select_related("module", "venue").order_by("-starts_at", "-pk")[:LAST_SESSIONS])
        return self.show(
            cohort=cohort,
            enrollments=[row for row in enrollments if row.state != EnrollmentState.WAITLISTED],
            waiting=sorted(waiting, key=lambda row: (row.enrolled_at, row.pk)),
            seated=seated,
            full=cohort.capacity is not None and seated >= cohort.capacity,
            requirements=requirements,
            steps=_steps(sessions, owed=bool(requirements), people=bool(seated)),
            sessions=sessions,
        )


def _steps(sessions: list[Session], *, owed: bool, people: bool) -> dict[str, bool]:
    """Tell how far the planning of a cohort is, step by step, by the sessions that its page shows."""
    states = {session.state for session in sessions}
    steps = {
        "owed": owed,
        "people": people,
        "planned": bool(states - {SessionState.CANCELLED}),
        "scheduled": bool(states & set(PLANNED)),
    }
    return {**steps, "done": all(steps.values())}


class CohortFormPage(FormPage[Cohort], CohortPage):
    """A form about one cohort."""

    def context(self) -> dict[str, object]:
        """Name the cohort."""
        return {"cohort": self.row()}


class CohortEdit(CohortFormPage):
    """Change a cohort's name, dates and number of places."""

    ability = Can.PLAN_COHORT
    form_class = CohortChangeForm
    template = "programs/cohort_form.html"

    def form_arguments(self) -> dict[str, Any]:
        """Begin from the cohort."""
        cohort = self.row()
        return {"initial": {name: getattr(cohort, name) for name in ("name", "starts_on", "ends_on", "capacity")}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the changes; new places go to who waits."""
        cohort = self.row()
        change_cohort(cohort, **form.cleaned_data, by=self.reader, at=now())
        return redirect("cohort-detail", cohort.pk)


class CohortRequirements(CohortFormPage):
    """What the cohort is owed of each module, with what the village's assessment proposes beside it."""

    ability = Can.PLAN_COHORT
    form_class = RequirementsForm
    template = "programs/cohort_requirements.html"

    @cached_property
    def cohort(self) -> Cohort:
        """Read the cohort once."""
        return self.row()

    @cached_property
    def proposal(self) -> Proposal:
        """Ask the assessments that this reader sees."""
        return proposal_for(self.cohort.village, Assessment.objects.visible_to(self.reader))

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is required now."""
        return {"cohort": self.cohort, "needs": self.proposal.needs}

    def context(self) -> dict[str, Any]:
        """Show where the proposal comes from, and the cohorts that amounts can be copied from."""
        return {"cohort": self.cohort, "proposal": self.proposal, "others": self._others()}

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show the form, filled from the proposal or from another cohort when the address asks for it."""
        if request.GET.get("take"):
            return self._taking({name: field.initial for name, field in self.form().fields.items()}, request.GET)
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Write, or only fill what is still empty and save nothing."""
        if "take" in request.POST:
            return self._taking(request.POST.dict(), request.POST)
        return super().post(request, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write all of them at once."""
        assert isinstance(form, RequirementsForm)  # noqa: S101  by form_class
        set_requirements(self.cohort, requirements=form.requirements(), by=self.reader, at=now())
        return redirect("cohort-detail", self.cohort.pk)

    def _taking(self, typed: Mapping[str, Any], asked: QueryDict) -> HttpResponse:
        amounts = self._amounts(asked)
        data = filled(typed, amounts)
        taken = any(data[code] != str(typed.get(code) or "").strip() for code in amounts)
        return self.show(form=self.form(data), taken=taken, **self.context())

    def _amounts(self, asked: QueryDict) -> dict[str, tuple[int, int]]:
        """Read what is taken: the proposal, or what another cohort of the program is owed."""
        if asked.get("take") == "proposal":
            return {code: (amount, LEAST) for code, amount in self.proposal.amounts.items()}
        other = next((each for each in self._others() if str(each.pk) == asked.get("from")), None)
        rows = other.requirements.all() if other else []
        return {row.module_id: (row.required, row.minimum_attendance) for row in rows}

    def _others(self) -> models.QuerySet[Cohort]:
        rows = Cohort.objects.visible_to(self.reader).filter(program=self.cohort.program_id)
        owed = rows.filter(requirements__isnull=False).exclude(pk=self.cohort.pk).distinct()
        return owed.select_related("village").order_by("-starts_on", "-pk")[:MOST_OTHERS]


class CohortEnroll(CohortFormPage):
    """Add people of the village to the cohort."""

    ability = Can.ENROLL_PERSON
    form_class = EnrollForm
    template = "programs/cohort_enroll.html"

    def form_arguments(self) -> dict[str, Any]:
        """Offer who is not in it."""
        return {"user": self.reader, "cohort": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Enroll them; each gets a seat in what is scheduled."""
        cohort = self.row()
        enroll_people(cohort, people=form.cleaned_data["people"], by=self.reader, at=now())
        return redirect("cohort-detail", cohort.pk)


class EnrollmentAdmit(Page[Enrollment]):
    """Give a free place to someone who waits or applied."""

    ability = Can.ENROLL_PERSON
    model = Enrollment
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Accept them, also out of turn; with every place taken it is refused."""
        enrollment = self.row()
        admit_enrollment(enrollment, to=EnrollmentState.ACCEPTED, by=self.reader, at=now())
        messages.success(request, _("%(name)s has a place now.") % {"name": enrollment.person.name})
        return redirect("cohort-detail", enrollment.cohort_id)


class EnrollmentWithdraw(FormPage[Enrollment]):
    """Take a person out of a cohort, with the reason."""

    ability = Can.ENROLL_PERSON
    model = Enrollment
    form_class = ReasonForm
    template = "programs/enrollment_withdraw.html"

    def rows(self) -> models.QuerySet[Enrollment]:
        """Read person and cohort along."""
        return super().rows().select_related("person", "cohort__program")

    def context(self) -> dict[str, object]:
        """Name the person."""
        return {"enrollment": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Withdraw them; their future seats go."""
        enrollment = self.row()
        withdraw_enrollment(enrollment, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        return redirect("cohort-detail", enrollment.cohort_id)
