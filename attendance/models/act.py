"""What phones say about sheets: kept as it was said, beside what became of it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.models.mark import AttendanceMark
from attendance.querysets import ActQuerySet
from attendance.states import SETTLED, ActKind, ActOutcome, ActWait
from programs.models import Attendance, Cohort, Session
from programs.states import AttendanceState, Excuse
from villages.models import Person
from villages.states import Sex

Moment = tuple[datetime, bool, UUID]  # when, whether at a desk, and the key that decides between phones


class Act(models.Model):
    """One tap on a phone: who came, or who came unasked; append-only but for its settlement.

    `acted_at` is the phone's time put right by its clock's skew, never later than the arrival: by it the latest wins.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text=_("Chosen on the phone."))
    kind = models.CharField(_("kind"), max_length=8, choices=ActKind.choices)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="acts", verbose_name=_("session"))
    seat = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, null=True, related_name="acts", verbose_name=_("seat")
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cohort"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Of somebody whom the phone did not know.")
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=AttendanceState.choices)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, help_text=_("Nothing: stayed to the end."))
    excuse = models.CharField(_("excuse"), max_length=8, choices=Excuse.choices, blank=True)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"), help_text=_("By the phone's clock."))
    skew = models.BigIntegerField(_("clock skew"), null=True, help_text=_("Seconds that the phone was behind."))
    acted_at = models.DateTimeField(_("time that counts"))
    received_at = models.DateTimeField(_("arrived at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("brought by"),
        help_text=_("Who brought the file that it came in."),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=ActOutcome.choices)
    wait = models.CharField(_("why it waits"), max_length=12, choices=ActWait.choices, blank=True)
    double = models.BooleanField(_("perhaps known already"), default=False)
    mark = models.OneToOneField(
        AttendanceMark, on_delete=models.PROTECT, null=True, related_name="act", verbose_name=_("mark")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        """About a seat or about somebody without one; settled by a hand with a reason. A trigger keeps the rest."""

        verbose_name = _("mark from a phone")
        verbose_name_plural = _("marks from phones")
        constraints = [
            models.CheckConstraint(
                name="act_is_about_somebody",
                condition=Q(kind=ActKind.MARK, seat__isnull=False)
                | (Q(kind=ActKind.WALK_IN, cohort__isnull=False) & (Q(person__isnull=False) | ~Q(name=""))),
                violation_error_message=_("A mark from a phone is about a seat, or about somebody who came unasked."),
            ),
            models.CheckConstraint(
                name="settled_act_has_hand_and_reason",
                condition=(Q(outcome__in=SETTLED, settled_at__isnull=False, settled_by__isnull=False) & ~Q(reason=""))
                | (~Q(outcome__in=SETTLED) & Q(settled_at__isnull=True, settled_by__isnull=True, reason="")),
                violation_error_message=_("Whoever settles a mark from a phone says why."),
            ),
            models.CheckConstraint(
                name="act_counts_no_later_than_it_arrived",
                condition=Q(acted_at__lte=models.F("received_at")),
                violation_error_message=_("A mark from a phone counts no later than it arrived."),
            ),
        ]
        indexes = [
            models.Index(fields=["seat", "-acted_at", "-id"], name="act_by_seat"),
            models.Index(fields=["session", "-received_at", "id"], name="act_by_session"),
            models.Index(fields=["session"], name="act_waiting", condition=Q(outcome=ActOutcome.WAITING)),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    @property
    def moment(self) -> Moment:
        """Tell when it was made, so that any two compare."""
        return self.acted_at, False, self.id

    @property
    def who(self) -> str:
        """Name whom it is about."""
        if self.seat is not None:
            return self.seat.enrollment.person.name
        return self.person.name if self.person else self.name
