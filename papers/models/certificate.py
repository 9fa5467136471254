"""Certificates: who completed a cohort, as it was printed on the day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from papers.numbering import PATTERN
from papers.querysets import CertificateQuerySet
from papers.states import CertificateState
from programs.models import Enrollment

_REVOCATION = ("revoked_at", "revoked_by")


class CertificateCounter(models.Model):
    """The last serial of one year; its row is locked while numbers are taken, so that none is missing."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        """Names only."""

        verbose_name = _("counter of certificates")
        verbose_name_plural = _("counters of certificates")

    def __str__(self) -> str:
        """Read as the year."""
        return str(self.year)


class Certificate(models.Model):
    """One paper that says who completed a cohort; what it says was frozen when it was issued."""

    number = models.CharField(_("number"), max_length=20)
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("participant")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=CertificateState.choices, default=CertificateState.ISSUED
    )
    name = models.CharField(
        _("name"),
        max_length=120,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("As it was printed; empty when the person asked to be forgotten."),
    )
    facts = models.JSONField(
        _("facts"), help_text=_("What else is printed, as it was then: the course, its hours, days, rule and place.")
    )
    given_on = models.DateField(_("given on"))
    given_in = models.CharField(_("given in"), max_length=80, validators=[refuse_control_characters])
    signer = models.CharField(_("signed by"), max_length=120, validators=[refuse_control_characters])
    position = models.CharField(_("position"), max_length=160, validators=[refuse_control_characters])
    signer_number = models.CharField(
        _("staff number"), max_length=60, blank=True, validators=[refuse_control_characters], help_text=_("NIP.")
    )
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement",
        verbose_name=_("replaces"),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        """A number is given once; one valid certificate per participant; a revocation says who, when and why."""

        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                name="certificate_number_is_given_once",
                fields=["number"],
                violation_error_message=_("This number is already on another certificate."),
            ),
            models.CheckConstraint(
                name="certificate_number_is_whole",
                condition=Q(number__regex=PATTERN),
                violation_error_message=_("A certificate's number is written as DD-2026-000123-K."),
            ),
            models.UniqueConstraint(
                name="one_valid_certificate_per_participant",
                fields=["enrollment"],
                condition=Q(state=CertificateState.ISSUED),
                violation_error_message=_("This person already has a certificate of this cohort."),
            ),
            models.CheckConstraint(
                name="certificate_is_revoked_by_someone",
                condition=together(*_REVOCATION)
                & (
                    Q(state=CertificateState.ISSUED, revoked_at__isnull=True)
                    | Q(state=CertificateState.REVOKED, revoked_at__isnull=False)
                ),
                violation_error_message=_("A revocation says who revoked it and when."),
            ),
            models.CheckConstraint(
                name="certificate_is_revoked_for_a_reason",
                condition=Q(state=CertificateState.ISSUED, reason="")
                | (Q(state=CertificateState.REVOKED) & (~Q(reason="") | Q(name=""))),
                violation_error_message=_("Say why this certificate is revoked."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the number."""
        return self.number

    @property
    def printed_name(self) -> str:
        """Read the name as it was printed; empty when its bearer asked to be forgotten."""
        return "" if self.enrollment.person.erased_at else self.name
