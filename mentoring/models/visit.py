"""The visits of mentors, who was there, and what was found."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from mentoring.querysets import VisitQuerySet
from mentoring.states import VisitMode, VisitState
from programs.models import Cohort, Module, Program
from villages.models import Person, Village
from villages.states import Criterion


class Visit(models.Model):
    """One meeting of a mentor with a village; its key is chosen on the phone, so a retry is the same record."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits", verbose_name=_("mentor")
    )
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="visits", verbose_name=_("village"))
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="visits", verbose_name=_("program"))
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, related_name="visits", verbose_name=_("cohort served")
    )
    modules = models.ManyToManyField(Module, related_name="visits", blank=True, verbose_name=_("modules touched"))
    mode = models.CharField(_("mode"), max_length=8, choices=VisitMode.choices, default=VisitMode.ON_SITE)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True, validators=[refuse_control_characters])
    visited_at = models.DateTimeField(_("visited at"), help_text=_("By the phone's clock."))
    received_at = models.DateTimeField(_("received at"), help_text=_("By the server's clock."))
    clock_skew = models.BigIntegerField(
        _("clock of the phone"), null=True, blank=True, help_text=_("Seconds ahead of the server's; none: not known.")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    accuracy = models.PositiveIntegerField(_("accuracy"), null=True, blank=True, help_text=_("Metres."))
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices, default=VisitState.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    digest = models.CharField(
        _("digest"), max_length=64, editable=False, help_text=_("SHA-256 of the content as sent.")
    )
    comment = models.CharField(_("comment"), max_length=600, blank=True, help_text=_("Why it was returned."))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        """Approval has a time and a hand; a return has a comment."""

        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                name="visit_approval_has_a_time_and_a_hand",
                condition=together("approved_at", "approved_by"),
                violation_error_message=_("An approval says who gave it and when."),
            ),
            models.CheckConstraint(
                name="approved_visit_is_approved_by_someone",
                condition=~Q(state=VisitState.APPROVED) | Q(approved_at__isnull=False),
                violation_error_message=_("An approved visit says who approved it."),
            ),
            models.CheckConstraint(
                name="returned_visit_has_a_comment",
                condition=~Q(state=VisitState.RETURNED) | ~Q(comment=""),
                violation_error_message=_("Say what the mentor should change."),
            ),
            models.CheckConstraint(
                name="submitted_visit_has_a_time",
                condition=Q(state=VisitState.DRAFT) | Q(submitted_at__isnull=False),
                violation_error_message=_("A submitted visit says when it was submitted."),
            ),
            models.CheckConstraint(
                name="visit_location_is_whole",
                condition=together("latitude", "longitude", "accuracy"),
                violation_error_message=_("A location has latitude, longitude and accuracy."),
            ),
            models.CheckConstraint(
                name="visit_state_is_known",
                condition=Q(state__in=VisitState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["-visited_at", "-id"], name="visit_by_time"),
            models.Index(fields=["program", "-visited_at", "-id"], name="visit_by_program"),
            models.Index(fields=["village", "-visited_at", "-id"], name="visit_by_village"),
            models.Index(fields=["mentor", "-visited_at", "-id"], name="visit_by_mentor"),
            models.Index(fields=["state", "-visited_at", "-id"], name="visit_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return str(self.pk)


class Attendee(models.Model):
    """Someone who was there: a known person, or a walk-in by name."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="attendees", verbose_name=_("visit"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[refuse_control_characters])
    held_by: ClassVar = "visit"  # whoever writes a visit's details waits for it

    class Meta:
        """Either a person or a name; a person once."""

        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        constraints = [
            models.CheckConstraint(
                name="attendee_is_a_person_or_a_name",
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                violation_error_message=_("Choose a person or write a name, not both."),
            ),
            models.UniqueConstraint(
                name="person_attends_a_visit_once",
                fields=["visit", "person"],
                violation_error_message=_("This person is already on the list."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    def absorb(self, other: Self) -> dict[str, object]:  # noqa: ARG002  both say the same
        """Be one with the same person's other line: they were there once."""
        return {}


class Finding(models.Model):
    """What the mentor found about one module or one of the eight criteria."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="findings", verbose_name=_("visit"))
    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("module")
    )
    criterion = models.CharField(_("criterion"), max_length=16, choices=Criterion.choices, blank=True)
    text = models.CharField(_("finding"), max_length=1000, validators=[refuse_control_characters])

    class Meta:
        """About one thing."""

        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(
                name="finding_is_about_one_thing",
                condition=Q(module__isnull=False, criterion="") | (Q(module__isnull=True) & ~Q(criterion="")),
                violation_error_message=_("A finding is about one module or one criterion."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
