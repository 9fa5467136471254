"""Programs and cohorts: making them, what a cohort is owed, and who takes part."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
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
from programs.forms import CohortChangeForm, CohortForm, EnrollForm, ProgramForm, ReasonForm, RequirementsForm
from programs.models import Cohort, Enrollment, Program
from programs.rules import Can
from programs.states import EnrollmentState, Mode


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
        return redirect("cohort-detail", cohort.pk)


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
        return self.show(
            cohort=cohort,
            enrollments=people.exclude(state=EnrollmentState.WAITLISTED).order_by("person__name", "pk"),
            waiting=list(people.waiting()),
            seated=(seated := people.seated().count()),
            full=cohort.capacity is not None and seated >= cohort.capacity,
            requirements=cohort.requirements.select_related("module").order_by("module__position"),
            sessions=cohort.sessions.select_related("module", "venue").order_by("-starts_at", "-pk")[:20],
        )


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
    """What the cohort is owed of each module."""

    ability = Can.PLAN_COHORT
    form_class = RequirementsForm
    template = "programs/cohort_requirements.html"

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is required now."""
        return {"cohort": self.row()}

    def context(self) -> dict[str, object]:
        """Name the units."""
        return {**super().context(), "modes": dict(Mode.choices)}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write all of them at once."""
        assert isinstance(form, RequirementsForm)  # noqa: S101  by form_class
        cohort = self.row()
        set_requirements(cohort, requirements=form.requirements(), by=self.reader, at=now())
        return redirect("cohort-detail", cohort.pk)


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
