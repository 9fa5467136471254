"""Programs, their cohorts, and what each cohort is owed."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.querysets import CohortQuerySet, EnrollmentQuerySet, OfCohortQuerySet, ProgramQuerySet, SharedQuerySet
from programs.states import FURTHEST, EnrollmentState, Mode, ModuleCode
from villages.models import Person, Village


class Module(models.Model):
    """One of the eleven modules; its name is translated, its code never changes."""

    code = models.CharField(_("code"), max_length=24, primary_key=True, choices=ModuleCode.choices)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        """Eleven rows, laid by a migration."""

        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [
            models.CheckConstraint(
                name="module_code_is_known",
                condition=Q(code__in=ModuleCode.values),
                violation_error_message=_("The programme has eleven modules; this is none of them."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the translated name."""
        return self.name

    @property
    def name(self) -> str:
        """Name it in the language of the moment."""
        return str(ModuleCode(self.code).label)


class Program(models.Model):
    """One year's support by one organiser, with the people who run it."""

    name = models.CharField(_("name"), max_length=160)
    organiser = models.CharField(_("organiser"), max_length=160)
    funding_source = models.CharField(_("funding source"), max_length=160, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="coordinated_programs", blank=True, verbose_name=_("coordinators")
    )
    finance_officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="financed_programs", blank=True, verbose_name=_("finance officers")
    )
    subsidy_ceiling = models.DecimalField(
        _("subsidy ceiling"), max_digits=16, decimal_places=2, default=0, help_text=_("Rupiah for the whole program.")
    )
    travel_buffer = models.PositiveSmallIntegerField(
        _("time to travel (minutes)"),
        default=60,
        help_text=_("Between two sessions of one trainer at different venues; less is warned of."),
    )
    closed_through = models.DateField(
        _("closed through"),
        null=True,
        blank=True,
        help_text=_("The last day that is accounted for; what comes later about days until then is reviewed."),
    )
    sends_invitation = models.BooleanField(_("invite when a session is scheduled"), default=True)
    sends_h3 = models.BooleanField(_("remind three days before, at 09.00"), default=True)
    sends_h1 = models.BooleanField(_("remind the day before, at 17.00"), default=True)
    sends_h0 = models.BooleanField(_("remind two hours before"), default=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        """A program ends after it starts and its ceiling is not negative."""

        verbose_name = _("program")
        verbose_name_plural = _("programs")
        constraints = [
            models.CheckConstraint(
                name="program_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A program ends after it starts."),
            ),
            models.CheckConstraint(
                name="program_is_closed_after_it_starts",
                condition=Q(closed_through__isnull=True) | Q(closed_through__gte=F("starts_on")),
                violation_error_message=_("A program is closed through a day after it starts."),
            ),
            models.CheckConstraint(
                name="program_ceiling_is_not_negative",
                condition=Q(subsidy_ceiling__gte=0),
                violation_error_message=_("A ceiling is not negative."),
            ),
            models.CheckConstraint(
                name="program_travel_buffer_is_at_most_a_day",
                condition=Q(travel_buffer__lte=24 * 60),
                violation_error_message=_("The time to travel is at most a day (1440 minutes)."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class Cohort(models.Model):
    """One program's group in one village."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("program"))
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("People; who comes after the last place waits.")
    )
    people = models.ManyToManyField(
        Person, through="Enrollment", related_name="cohorts", verbose_name=_("participants")
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        """A cohort's name is its own within program and village."""

        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = [
            models.CheckConstraint(
                name="cohort_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A cohort ends after it starts."),
            ),
            models.CheckConstraint(
                name="cohort_has_at_least_one_place",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message=_("A cohort has at least one place."),
            ),
            models.UniqueConstraint(
                name="cohort_name_is_unique_in_program_and_village",
                fields=["program", "village", "name"],
                violation_error_message=_("This village already has a cohort of this name in this program."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class Requirement(models.Model):
    """What one cohort is owed of one module."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("cohort"))
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="requirements", verbose_name=_("module"))
    required = models.PositiveIntegerField(
        _("required"), help_text=_("Minutes, visits or claims, by the module's mode.")
    )
    minimum_attendance = models.PositiveSmallIntegerField(
        _("minimum attendance"), default=80, help_text=_("Percent of the minutes.")
    )

    objects = OfCohortQuerySet.as_manager()

    class Meta:
        """One requirement per module; a percent is one."""

        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(
                name="one_requirement_per_module",
                fields=["cohort", "module"],
                violation_error_message=_("This cohort already has a requirement for this module."),
            ),
            models.CheckConstraint(
                name="requirement_is_positive",
                condition=Q(required__gt=0),
                violation_error_message=_("A requirement is more than nothing."),
            ),
            models.CheckConstraint(
                name="minimum_attendance_is_a_percent",
                condition=Q(minimum_attendance__range=(0, 100)),
                violation_error_message=_("Minimum attendance is a percent."),
            ),
        ]

    def __str__(self) -> str:
        """Read as module and amount."""
        return f"{self.module_id}: {self.required}"


class Enrollment(models.Model):
    """One person in one cohort."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("cohort"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("person"))
    state = models.CharField(
        _("state"), max_length=12, choices=EnrollmentState.choices, default=EnrollmentState.APPLIED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled at"))

    objects = EnrollmentQuerySet.as_manager()
    held_by: ClassVar = "cohort"  # whoever enrolls and withdraws waits for it

    class Meta:
        """A person is in a cohort once."""

        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        constraints = [
            models.UniqueConstraint(
                name="person_is_in_a_cohort_once",
                fields=["cohort", "person"],
                violation_error_message=_("This person is already in this cohort."),
            ),
            models.CheckConstraint(
                name="withdrawal_has_a_reason",
                condition=~Q(state=EnrollmentState.WITHDRAWN) | ~Q(reason=""),
                violation_error_message=_("Say why this person withdrew."),
            ),
        ]
        indexes = [models.Index(fields=["cohort", "state", "enrolled_at", "id"], name="enrollment_by_turn")]

    def __str__(self) -> str:
        """Read as the key; a name is the person's own."""
        return f"#{self.pk}"

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with the same person's other place in the cohort: who takes part takes part, since the first day."""
        ahead = min(self, other, key=lambda place: FURTHEST.index(place.state))
        first = min(self.enrolled_at, other.enrolled_at)
        return {"state": ahead.state, "reason": ahead.reason, "enrolled_at": first}
