"""What people write to us; never lost, whatever it says."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from programs.models import Attendance, Session
from reminders.models import Message
from reminders.states import Channel
from replies.querysets import ReplyQuerySet
from replies.states import Intent, Outcome, ReplyState
from villages.models import ContactPoint, Village

LONGEST_ANSWER = 1000


class Reply(models.Model):
    """One thing that somebody wrote, by the gateway's own id so that it is kept once."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    event_id = models.CharField(_("gateway's id"), max_length=200)
    sender = models.CharField(_("sender"), max_length=254, blank=True, help_text=_("E.164, where it is told."))
    user_id = models.CharField(_("gateway's id of the person"), max_length=120, blank=True)
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("number"),
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("answers")
    )
    text = models.TextField(_("text"), blank=True, max_length=4096)
    payload = models.CharField(_("button"), max_length=256, blank=True)
    context = models.CharField(_("gateway's id of what it answers"), max_length=200, blank=True)
    at = models.DateTimeField(_("written at"), help_text=_("By the gateway's clock."))
    received_at = models.DateTimeField(_("received at"))
    intent = models.CharField(_("intent"), max_length=12, choices=Intent.choices, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=10, choices=Outcome.choices, blank=True)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("session")
    )
    seats = models.ManyToManyField(Attendance, related_name="replies", blank=True, verbose_name=_("seats answered"))
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("village named"),
    )
    state = models.CharField(_("state"), max_length=10, choices=ReplyState.choices, default=ReplyState.NEW)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects = ReplyQuerySet.as_manager()

    class Meta:
        """The same words arrive once."""

        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(
                name="one_reply_per_gateway_id",
                fields=["channel", "event_id"],
                violation_error_message=_("This reply is already here."),
            ),
            models.CheckConstraint(
                name="closed_reply_has_a_time_and_a_hand",
                condition=together("closed_at", "closed_by"),
                violation_error_message=_("A reply that was closed says by whom and when."),
            ),
            models.CheckConstraint(
                name="reply_that_was_read_has_an_intent",
                condition=Q(state=ReplyState.NEW, outcome="") | ~(Q(state=ReplyState.NEW) | Q(intent="")),
                violation_error_message=_("A reply that was read says what it asks for."),
            ),
            models.CheckConstraint(
                name="reply_state_is_known",
                condition=Q(state__in=ReplyState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="reply_new", condition=Q(state=ReplyState.NEW)),
            models.Index(
                fields=["channel", "sender", "user_id", "at", "id"],
                name="reply_in_turn",
                condition=Q(state=ReplyState.NEW),
            ),
            models.Index(fields=["state", "-at", "-id"], name="reply_by_state"),
            models.Index(fields=["contact_point", "-at"], name="reply_by_number"),
        ]

    def __str__(self) -> str:
        """Read as the key; words and numbers are shown only where they are asked for."""
        return f"#{self.pk}"

    @property
    def words(self) -> str:
        """Give what was written, or what the button says."""
        return self.text or self.payload


class KnownUser(models.Model):
    """Whose number stands behind a gateway's own id of a person: some people have no number there to be seen."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    user_id = models.CharField(_("gateway's id of the person"), max_length=120)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="+", verbose_name=_("number")
    )

    class Meta:
        """One number per id."""

        verbose_name = _("known user")
        verbose_name_plural = _("known users")
        constraints = [
            models.UniqueConstraint(
                name="one_number_per_user_id",
                fields=["channel", "user_id"],
                violation_error_message=_("The number behind this id is already known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class Answer(models.Model):
    """What a member of staff wrote back."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="answers", verbose_name=_("reply"))
    text = models.TextField(_("text"), max_length=LONGEST_ANSWER, validators=[refuse_control_characters])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        """Names only."""

        verbose_name = _("answer of staff")
        verbose_name_plural = _("answers of staff")

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
