"""What gateways say of messages, what they refuse, and how each of them fares."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.querysets import SharedQuerySet
from reminders.models.message import Message
from reminders.states import Channel, MessageState
from villages.models import ContactPoint


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


class GatewayEvent(models.Model):
    """One report of a gateway as it came in; kept until it is matched with its message, or for a day."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    provider_id = models.CharField(_("gateway's id"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=MessageState.choices)
    at = models.DateTimeField(_("at"), help_text=_("By the gateway's clock."))
    key = models.UUIDField(_("our key"), null=True, help_text=_("Where the gateway repeats it."))
    recipient = models.CharField(_("recipient"), max_length=254, blank=True)
    code = models.CharField(_("gateway's error code"), max_length=20, blank=True)
    billable = models.BooleanField(_("billable"), null=True)
    category = models.CharField(_("category"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("received at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        """The same report counts once, however often it comes."""

        verbose_name = _("gateway's report")
        verbose_name_plural = _("gateways' reports")
        constraints = [
            models.UniqueConstraint(
                name="one_report_per_gateway_id_and_state",
                fields=["channel", "provider_id", "state"],
                violation_error_message=_("This report is already known."),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="report_open", condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class Refusal(models.Model):
    """A gateway said for good that it does not reach this number; the next ways are tried, this one no more."""

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="refusals", verbose_name=_("number")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    at = models.DateTimeField(_("at"))
    code = models.CharField(_("gateway's error code"), max_length=20, blank=True)

    class Meta:
        """One word per number and way."""

        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        constraints = [
            models.UniqueConstraint(
                name="one_refusal_per_number_and_channel",
                fields=["contact_point", "channel"],
                violation_error_message=_("This number is already known not to be reached this way."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class ChannelStatus(models.Model):
    """How one way out fares, shared by all senders: its breaker, and the next moment its rate leaves free."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, primary_key=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    halted_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    code = models.CharField(_("gateway's error code"), max_length=20, blank=True)
    free_at = models.DateTimeField(_("next free moment"), null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        """Whoever is stopped rests."""

        verbose_name = _("state of a channel")
        verbose_name_plural = _("states of channels")
        constraints = [
            models.CheckConstraint(
                name="stopped_channel_rests",
                condition=Q(halted_at__isnull=True) | Q(open_until__gte=F("halted_at")),
                violation_error_message=_("A channel that was stopped rests from then on."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the channel."""
        return str(self.get_channel_display())


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
