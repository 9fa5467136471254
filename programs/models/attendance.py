"""Seats: who was expected at a session, what they answered and whether they came."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.program import Enrollment
from programs.models.session import Session
from programs.querysets import AttendanceQuerySet
from programs.states import CAME, SUREST, AttendanceSource, AttendanceState, Excuse, Rsvp

MARK = ("state", "minutes", "excuse", "source", "marked_at", "marked_by_id")


class Attendance(models.Model):
    """One enrolled person's seat in one session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="seats", verbose_name=_("session"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="seats", verbose_name=_("participant")
    )
    number = models.PositiveIntegerField(
        _("row"), default=0, db_default=0, editable=False, help_text=_("On the sheet; given once and never again.")
    )
    rsvp = models.CharField(_("answer"), max_length=3, choices=Rsvp.choices, default=Rsvp.NONE, blank=True)
    rsvp_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    rsvp_reason = models.CharField(_("why not"), max_length=300, blank=True, default="", db_default="")
    state = models.CharField(
        _("state"), max_length=10, choices=AttendanceState.choices, default=AttendanceState.EXPECTED
    )
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    excuse = models.CharField(_("excuse"), max_length=8, choices=Excuse.choices, default=Excuse.NONE, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=AttendanceSource.choices, blank=True)
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    version = models.PositiveIntegerField(
        _("version"), default=0, db_default=0, editable=False, help_text=_("How many marks it has had.")
    )

    objects = AttendanceQuerySet.as_manager()
    held_by: ClassVar = "session"  # whoever marks and answers waits for it

    class Meta:
        """One seat and one row number each; minutes only for who came; who marked it and when.

        Triggers hold that minutes fit the session, that it is not cancelled and has begun, and give the row number: the
        next of the session, so that a number that was printed never means somebody else.
        """

        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                name="one_seat_per_person_and_session",
                fields=["session", "enrollment"],
                violation_error_message=_("This person already has a seat in this session."),
            ),
            models.UniqueConstraint(
                name="one_row_number_per_session",
                fields=["session", "number"],
                violation_error_message=_("This row of the sheet belongs to somebody else."),
            ),
            models.CheckConstraint(
                name="minutes_belong_to_who_came",
                condition=Q(minutes=0) | Q(state__in=CAME),
                violation_error_message=_("Only who came has minutes."),
            ),
            models.CheckConstraint(
                name="excuse_belongs_to_who_was_excused",
                condition=Q(excuse=Excuse.NONE) | Q(state=AttendanceState.EXCUSED),
                violation_error_message=_("Only who was excused has an excuse."),
            ),
            models.CheckConstraint(
                name="mark_has_a_time_and_a_hand",
                condition=Q(state=AttendanceState.EXPECTED)
                | Q(marked_at__isnull=False, marked_by__isnull=False)
                | Q(marked_at__isnull=False, source=AttendanceSource.SELF),
                violation_error_message=_("A mark says who made it and when."),
            ),
            models.CheckConstraint(
                name="answer_has_a_time",
                condition=Q(rsvp=Rsvp.NONE, rsvp_at__isnull=True) | (~Q(rsvp=Rsvp.NONE) & Q(rsvp_at__isnull=False)),
                violation_error_message=_("An answer has a time."),
            ),
            models.CheckConstraint(
                name="reason_belongs_to_who_cannot_come",
                condition=Q(rsvp_reason="") | Q(rsvp=Rsvp.NO),
                violation_error_message=_("Only who cannot come has a reason."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with the same person's other seat: the surer mark, the longer stay, the earlier answer.

        It has had the marks of both; its row number is the one that was printed.
        """
        surer = min(self, other, key=lambda seat: (SUREST.index(seat.state), -seat.minutes))
        answers = ((seat.rsvp_at, seat.rsvp, seat.rsvp_reason) for seat in (self, other) if seat.rsvp_at)
        rsvp_at, rsvp, why = min(answers, default=(None, "", ""))
        mark = {name: getattr(surer, name) for name in MARK}
        answer = {"rsvp": rsvp, "rsvp_at": rsvp_at, "rsvp_reason": why}
        return {**mark, **answer, "version": self.version + other.version}
