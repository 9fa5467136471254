"""The outbox: what must be told is a row, written in the transaction that made it true."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.zones import Zone
from programs.models import Session, SessionRevision, Trainer
from reminders.querysets import MessageQuerySet
from reminders.states import Channel, Kind, MessageState
from villages.models import ContactPoint, Person


class Message(models.Model):
    """One thing to tell one number: about one revision of one session, or about something else that has a key."""

    key = models.UUIDField(
        _("key"), unique=True, default=uuid.uuid4, editable=False, help_text=_("Stable over retries.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="messages", verbose_name=_("number")
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("session")
    )
    revision = models.ForeignKey(
        SessionRevision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("session revision"),
    )
    subject_type = models.CharField(_("about"), max_length=60, blank=True, help_text=_("What else it is about."))
    subject_id = models.CharField(_("key of what it is about"), max_length=40, blank=True)
    subject_revision = models.CharField(_("as it stood"), max_length=40, blank=True)
    people = models.ManyToManyField(Person, related_name="messages", verbose_name=_("people covered"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("member of staff"),
    )
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("trainer")
    )
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
    begun_at = models.DateTimeField(
        _("began to leave at"), null=True, blank=True, help_text=_("From then on it may have arrived.")
    )
    tries = models.PositiveSmallIntegerField(_("refused tries on this channel"), default=0)
    failed_channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        default=list,
        blank=True,
        verbose_name=_("channels that could not"),
    )
    provider_id = models.CharField(_("gateway's id"), max_length=200, blank=True)
    code = models.CharField(_("gateway's error code"), max_length=20, blank=True)
    units = models.PositiveSmallIntegerField(_("units billed"), default=0, help_text=_("Parts of an SMS; else one."))
    billable = models.BooleanField(_("billable"), null=True, help_text=_("As the gateway said."))
    category = models.CharField(_("category"), max_length=20, blank=True, help_text=_("As the gateway said."))
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
            models.UniqueConstraint(
                name="one_message_per_subject_number_and_kind",
                fields=["subject_type", "subject_id", "subject_revision", "contact_point", "kind"],
                condition=Q(revision__isnull=True),
                violation_error_message=_("This number has already been told this."),
            ),
            models.CheckConstraint(
                name="message_is_about_one_thing",
                condition=Q(session__isnull=False, revision__isnull=False, subject_type="")
                | Q(session__isnull=True, revision__isnull=True) & ~Q(subject_type="") & ~Q(subject_id=""),
                violation_error_message=_("A message is about a session or about one other thing."),
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
            models.Index(
                fields=["due_at", "id"],
                name="message_due",
                condition=Q(state=MessageState.PLANNED) & ~Q(channel=Channel.MANUAL),
            ),
            models.Index(fields=["lease_until"], name="message_lease", condition=Q(state=MessageState.CLAIMED)),
            models.Index(fields=["session", "contact_point"], name="message_by_session"),
            models.Index(fields=["channel", "provider_id"], name="message_by_gateway_id", condition=~Q(provider_id="")),
            models.Index(
                fields=["subject_type", "subject_id"], name="message_by_subject", condition=~Q(subject_type="")
            ),
            models.Index(fields=["kind", "expires_at"], name="message_by_use", condition=~Q(subject_type="")),
            models.Index(fields=["-due_at", "-id"], name="message_by_due"),
            models.Index(fields=["state", "-due_at", "-id"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the key; numbers and names are shown only where they are asked for."""
        return str(self.key)

    def promise(self) -> tuple[Session, SessionRevision]:
        """Give the session and the revision it speaks of; asked of a message about a session only."""
        if self.session is None or self.revision is None:
            raise ValueError("This message is not about a session.")
        return self.session, self.revision

    @property
    def zone(self) -> str:
        """Name the zone its times are shown in."""
        return self.session.zone if self.session else Zone.WIB

    @property
    def title(self) -> str:
        """Name in a few words what it is about."""
        return self.session.title if self.session else str(self.get_kind_display())
