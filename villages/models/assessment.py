"""The eight criteria in their published sets, and how villages were scored by them."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from villages.models.village import Village
from villages.querysets import AssessmentQuerySet, CriteriaSetQuerySet
from villages.states import COMPLETE, AssessmentKind, AssessmentState, Criterion, SetState

WHOLE = 10_000  # basis points: 1250 are 12.5 percent
LONGEST_ANCHOR = 240
LONGEST_EVIDENCE = 1000
_ORDER = {code: index for index, code in enumerate(Criterion.values)}


def _anchors(name: Any) -> Any:  # ArrayField is not subscriptable as it runs
    return ArrayField(models.CharField(max_length=LONGEST_ANCHOR, blank=True), verbose_name=name)


class CriteriaSet(models.Model):
    """One version of the eight criteria: their weights, their scale, and what each value means; kept once published."""

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[refuse_control_characters])
    source = models.CharField(_("source"), max_length=240, blank=True, validators=[refuse_control_characters])
    lowest = models.PositiveSmallIntegerField(_("lowest value"), default=1)
    highest = models.PositiveSmallIntegerField(_("highest value"), default=5)
    in_force_from = models.DateField(_("in force from"))
    state = models.CharField(_("state"), max_length=12, choices=SetState.choices, default=SetState.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        """Two sets never come into force on one day; that a published set is whole, a trigger holds."""

        verbose_name = _("set of criteria")
        verbose_name_plural = _("sets of criteria")
        constraints = [
            models.UniqueConstraint(
                name="one_criteria_set_comes_into_force_a_day",
                fields=["in_force_from"],
                condition=Q(state=SetState.PUBLISHED),
                violation_error_message=_("Another set of criteria comes into force on that day."),
            ),
            models.CheckConstraint(
                name="criteria_scale_goes_up",
                condition=Q(lowest__gte=0, highest__gt=F("lowest"), highest__lte=9),
                violation_error_message=_("A scale goes up, from 0 or more to 9 or less."),
            ),
            models.CheckConstraint(
                name="criteria_set_is_published_by_someone",
                condition=together("published_at", "published_by"),
                violation_error_message=_("A set of criteria is published by someone, at a moment."),
            ),
            models.CheckConstraint(
                name="criteria_set_state_is_known",
                condition=Q(state__in=SetState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name

    @property
    def scale(self) -> range:
        """Every value of the scale, from the lowest up."""
        return range(self.lowest, self.highest + 1)

    @property
    def lines(self) -> list["CriterionDefinition"]:
        """The criteria in their fixed order; no query more when they were read along."""
        return sorted(self.definitions.all(), key=lambda each: _ORDER[each.code])

    @property
    def weights(self) -> dict[str, int]:
        """Weight of each criterion, in basis points."""
        return {each.code: each.weight for each in self.lines}


class CriterionDefinition(models.Model):
    """One of the eight criteria as one set weighs and explains it."""

    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.CASCADE, related_name="definitions", verbose_name=_("set of criteria")
    )
    code = models.CharField(_("criterion"), max_length=16, choices=Criterion.choices)
    weight = models.PositiveSmallIntegerField(_("weight"), help_text=_("Basis points: 1250 are 12.5 percent."))
    anchors_id = _anchors(_("what each value means, in Indonesian"))
    anchors_en = _anchors(_("what each value means, in English"))

    class Meta:
        """One row per criterion; the sum and the completeness are looked at when the set is published."""

        verbose_name = _("criterion of a set")
        verbose_name_plural = _("criteria of a set")
        constraints = [
            models.UniqueConstraint(
                name="criterion_once_in_a_set",
                fields=["criteria_set", "code"],
                violation_error_message=_("This criterion is already in the set."),
            ),
            models.CheckConstraint(
                name="criterion_definition_is_known",
                condition=Q(code__in=Criterion.values),
                violation_error_message=_("There are eight criteria; this is none of them."),
            ),
            models.CheckConstraint(
                name="criterion_weighs_something",
                condition=Q(weight__range=(1, WHOLE)),
                violation_error_message=_("A criterion weighs more than nothing and at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the code."""
        return self.code

    @property
    def name(self) -> str:
        """Name it in the language of the moment."""
        return str(Criterion(self.code).label)

    @property
    def anchors(self) -> list[tuple[int, str]]:
        """What each value means, in the language of the moment."""
        english = (get_language() or "id").startswith("en")
        return list(zip(self.criteria_set.scale, self.anchors_en if english else self.anchors_id, strict=False))


class Assessment(models.Model):
    """How one village stood by one set of criteria on one day."""

    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("village")
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("set of criteria")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=AssessmentKind.choices)
    as_of = models.DateField(_("as of"), help_text=_("The day that the scores speak of."))
    state = models.CharField(_("state"), max_length=12, choices=AssessmentState.choices, default=AssessmentState.DRAFT)
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("Goes up with each saving, so that the slower hand is told.")
    )
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    final_at = models.DateTimeField(_("final at"), null=True, blank=True)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made final by"),
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        """A village is assessed once a day in each way; who makes it final is not who submitted it."""

        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                name="one_assessment_of_a_kind_a_day",
                fields=["village", "kind", "as_of"],
                violation_error_message=_("This village already has an assessment of this kind on that day."),
            ),
            models.CheckConstraint(
                name="assessment_kind_is_known",
                condition=Q(kind__in=AssessmentKind.values),
                violation_error_message=_("This kind of assessment is not known."),
            ),
            models.CheckConstraint(
                name="assessment_is_submitted_by_someone",
                condition=together("submitted_at", "submitted_by")
                & (
                    Q(state=AssessmentState.DRAFT, submitted_at__isnull=True)
                    | Q(state__in=COMPLETE, submitted_at__isnull=False)
                ),
                violation_error_message=_("An assessment is submitted by someone, at a moment."),
            ),
            models.CheckConstraint(
                name="assessment_is_final_by_someone",
                condition=together("final_at", "final_by")
                & (
                    Q(state=AssessmentState.FINAL, final_at__isnull=False)
                    | (~Q(state=AssessmentState.FINAL) & Q(final_at__isnull=True))
                ),
                violation_error_message=_("An assessment is made final by someone, at a moment."),
            ),
            models.CheckConstraint(
                name="assessment_is_final_by_another_hand",
                condition=Q(final_by__isnull=True) | ~Q(final_by=F("submitted_by")),
                violation_error_message=_("Who submitted an assessment does not make it final; ask a colleague."),
            ),
        ]
        indexes = [models.Index(fields=["village", "-as_of", "-id"], name="assessment_by_village")]

    def __str__(self) -> str:
        """Read as kind and day."""
        return f"{self.kind} {self.as_of}"

    @property
    def values(self) -> dict[str, int]:
        """Value of each criterion that has one; no query more when the scores were read along."""
        return {score.criterion: score.value for score in self.scores.all() if score.value is not None}

    @property
    def is_draft(self) -> bool:
        """Tell whether it is still being written."""
        return self.state == AssessmentState.DRAFT

    @property
    def is_submitted(self) -> bool:
        """Tell whether it waits to be made final."""
        return self.state == AssessmentState.SUBMITTED


class Score(models.Model):
    """One criterion's value and what shows it; in a draft either may still be missing."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="scores", verbose_name=_("assessment")
    )
    criterion = models.CharField(_("criterion"), max_length=16, choices=Criterion.choices)
    value = models.PositiveSmallIntegerField(_("value"), null=True, blank=True)
    evidence = models.CharField(
        _("evidence"), max_length=LONGEST_EVIDENCE, blank=True, validators=[refuse_control_characters]
    )

    class Meta:
        """One score per criterion; that it lies within the scale of its set, a trigger holds."""

        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                name="criterion_is_scored_once",
                fields=["assessment", "criterion"],
                violation_error_message=_("This criterion already has a score."),
            ),
            models.CheckConstraint(
                name="score_criterion_is_known",
                condition=Q(criterion__in=Criterion.values),
                violation_error_message=_("There are eight criteria; this is none of them."),
            ),
        ]

    def __str__(self) -> str:
        """Read as criterion and value."""
        return f"{self.criterion}: {self.value}"
