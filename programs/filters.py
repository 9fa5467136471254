"""How programs, cohorts, participants and sessions are narrowed; the same on pages and in the API."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from common.filters import FromDayFilter, IdFilter, ToDayFilter, WordsFilter
from programs.models import Cohort, Enrollment, Program, Requirement, Session, Trainer, Venue
from programs.states import EnrollmentState, ModuleCode, SessionState
from villages.filters import SubtreeFilter, reader, villages


def programs(request: HttpRequest | None) -> models.QuerySet[Program]:
    """Offer the programs this user sees."""
    return Program.objects.visible_to(reader(request)).order_by("name", "pk") if request else Program.objects.none()


class ProgramFilter(FilterSet):
    """Programs by name and year."""

    search = WordsFilter(columns=("name", "organiser"))
    fiscal_year = IdFilter(label=_("Year"))
    region = SubtreeFilter(field_name="cohorts__village__region__code", distinct=True)

    class Meta:
        """Declared above, nothing else."""

        model = Program
        fields: tuple[str, ...] = ()


class CohortFilter(FilterSet):
    """Cohorts by program and village."""

    search = WordsFilter(columns=("name",))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    village = ModelChoiceFilter(queryset=villages, label=_("Village"))
    region = SubtreeFilter(field_name="village__region__code")

    class Meta:
        """Declared above, nothing else."""

        model = Cohort
        fields: tuple[str, ...] = ()


class RequirementFilter(FilterSet):
    """Requirements by cohort, program and module."""

    cohort = IdFilter(field_name="cohort_id", label=_("Cohort"))
    program = IdFilter(field_name="cohort__program_id", label=_("Program"))
    module = ChoiceFilter(choices=ModuleCode.choices, label=_("Module"))

    class Meta:
        """Declared above, nothing else."""

        model = Requirement
        fields: tuple[str, ...] = ()


class EnrollmentFilter(FilterSet):
    """Participants by cohort, program, village, person and state."""

    cohort = IdFilter(field_name="cohort_id", label=_("Cohort"))
    program = IdFilter(field_name="cohort__program_id", label=_("Program"))
    village = IdFilter(field_name="cohort__village_id", label=_("Village"))
    person = IdFilter(field_name="person_id", label=_("Person"))
    state = ChoiceFilter(choices=EnrollmentState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = Enrollment
        fields: tuple[str, ...] = ()


class ScheduleFilter(FilterSet):
    """Sessions as a coordinator narrows a calendar: village, program, module, state."""

    village = ModelChoiceFilter(field_name="cohorts__village", queryset=villages, distinct=True, label=_("Village"))
    program = ModelChoiceFilter(queryset=programs, label=_("Program"))
    module = ChoiceFilter(choices=ModuleCode.choices, label=_("Module"))
    state = ChoiceFilter(choices=SessionState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = Session
        fields: tuple[str, ...] = ()


class SessionFilter(ScheduleFilter):
    """Sessions anywhere: also by day, cohort, trainer, venue, mentor and region."""

    locals()["from"] = FromDayFilter(field_name="starts_at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="starts_at", label=_("Until"))
    cohort = IdFilter(field_name="cohorts__id", distinct=True, label=_("Cohort"))
    trainer = IdFilter(field_name="trainers__id", distinct=True, label=_("Trainer"))
    venue = IdFilter(field_name="venue_id", label=_("Venue"))
    mentor = IdFilter(field_name="cohorts__village__assignments__mentor_id", distinct=True, label=_("Mentor"))
    region = SubtreeFilter(field_name="cohorts__village__region__code", distinct=True)
    search = WordsFilter(columns=("topic", "module__code"))
    nobody_came = BooleanFilter(label=_("Nobody came"))


class TrainerFilter(FilterSet):
    """Trainers by name."""

    search = WordsFilter(columns=("name", "organisation"))

    class Meta:
        """Declared above, nothing else."""

        model = Trainer
        fields: tuple[str, ...] = ()


class VenueFilter(FilterSet):
    """Venues by name and place."""

    search = WordsFilter(columns=("name", "landmark"))
    region = SubtreeFilter(field_name="region__code")

    class Meta:
        """Declared above, nothing else."""

        model = Venue
        fields: tuple[str, ...] = ()
