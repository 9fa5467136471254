"""The outbox: what must be told is a row, written in the transaction that made it true."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.models import Session, SessionRevision
from programs.querysets import OfSessionQuerySet
from reminders.querysets import MessageQuerySet
from reminders.states import Channel, Kind, MessageState
from villages.models import ContactPoint, Person


class Message(models.Model):
    """One thing to tell one number about one revision of one session."""

    key = models.UUIDField(
        _("key"), unique=True, default=uuid.uuid4, editable=False, help_text=_("Stable over retries.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="messages", verbose_name=_("number")
    )
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="messages", verbose_name=_("session"))
    revision = models.ForeignKey(
        SessionRevision, on_delete=models.PROTECT, related_name="messages", verbose_name=_("session revision")
    )
    people = models.ManyToManyField(Person, related_name="messages", verbose_name=_("people covered"))
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("useful until"))
    state = models.CharField(_("state"), max_length=12, choices=MessageState.choices, default=MessageState.PLANNED)
    note = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why it is where it is, in words."))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    text = models.TextField(_("text as sent"), blank=True)
    attempt = models.PositiveSmallIntegerField(
        _("attempt"), default=0, help_text=_("The fence: only the last claim may write.")
    )
    lease_until = models.DateTimeField(
        _("claimed until"), null=True, blank=True, help_text=_("By the database's clock.")
    )
    provider_id = models.CharField(_("gateway's id"), max_length=120, blank=True)
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined", verbose_name=_("sent with")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        """Nobody is told twice; what is claimed has a lease."""

        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                name="one_message_per_revision_number_and_kind",
                fields=["revision", "contact_point", "kind"],
                violation_error_message=_("This number has already been told this."),
            ),
            models.CheckConstraint(
                name="claimed_message_has_a_lease",
                condition=~Q(state=MessageState.CLAIMED) | Q(lease_until__isnull=False),
                violation_error_message=_("A claimed message says until when it is claimed."),
            ),
            models.CheckConstraint(
                name="message_expires_after_it_is_due",
                condition=Q(expires_at__gte=F("due_at")),
                violation_error_message=_("A message is useful at least until it is due."),
            ),
            models.CheckConstraint(
                name="message_state_is_known",
                condition=Q(state__in=MessageState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="message_due", condition=Q(state=MessageState.PLANNED)),
            models.Index(fields=["lease_until"], name="message_lease", condition=Q(state=MessageState.CLAIMED)),
            models.Index(fields=["session", "contact_point"], name="message_by_session"),
            models.Index(fields=["-due_at", "-id"], name="message_by_due"),
            models.Index(fields=["state", "-due_at", "-id"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the key; numbers and names are shown only where they are asked for."""
        return str(self.key)


class DeliveryEvent(models.Model):
    """One word from a gateway about one message; late, twice and out of order is normal."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("message"))
    state = models.CharField(_("state"), max_length=12, choices=MessageState.choices)
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        """The same word counts once."""

        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        constraints = [
            models.UniqueConstraint(
                name="one_delivery_event_per_state_and_time",
                fields=["message", "state", "at"],
                violation_error_message=_("This event is already known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the state."""
        return str(self.get_state_display())


class LoggedText(models.Model):
    """What the `log` channel would have sent, once per key; it plays an idempotent gateway inside the database."""

    key = models.UUIDField(_("key"), primary_key=True)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="+", verbose_name=_("number")
    )
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))

    class Meta:
        """Names only."""

        verbose_name = _("logged text")
        verbose_name_plural = _("logged texts")

    def __str__(self) -> str:
        """Read as the key."""
        return str(self.key)


class ManualContact(models.Model):
    """A human told a person: who, whom, about which session, when."""

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="told_by_hand", verbose_name=_("session")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_by_hand", verbose_name=_("person"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    revision = models.ForeignKey(
        SessionRevision, on_delete=models.PROTECT, related_name="+", verbose_name=_("session revision")
    )

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        """Told once per revision."""

        verbose_name = _("told by hand")
        verbose_name_plural = _("told by hand")
        constraints = [
            models.UniqueConstraint(
                name="told_by_hand_once_per_revision",
                fields=["revision", "person"],
                violation_error_message=_("This person has already been told."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with the other word about the same revision: whoever told them first."""
        first = min(self, other, key=lambda told: told.at)
        return {"by_id": first.by_id, "at": first.at, "session_id": first.session_id}
