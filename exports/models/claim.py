"""Schemes of the sample-shipping subsidy, claims under them, and the ledger of what a program has to give."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from exports.models.document import Document
from exports.models.sample import Shipment
from exports.querysets import BudgetQuerySet, ClaimQuerySet, OfClaimQuerySet, SchemeQuerySet
from exports.states import LIVE, OFF, ClaimState, DocumentKind, EntryKind, SchemeState
from programs.models import Cohort, Program
from villages.models import BusinessUnit


def _rupiah(name: Any, **options: Any) -> Any:
    return models.DecimalField(name, max_digits=16, decimal_places=2, **options)


def _hand(name: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=name
    )


class SubsidyScheme(models.Model):
    """What a program pays towards sending samples: which share, up to what, until when, and shown by what."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="schemes", verbose_name=_("program"))
    name = models.CharField(_("name"), max_length=120, validators=[refuse_control_characters])
    share = models.PositiveSmallIntegerField(_("share"), help_text=_("Percent of the cost."))
    ceiling_per_claim = _rupiah(_("ceiling per claim"), help_text=_("Rupiah."))
    ceiling_per_unit = _rupiah(_("ceiling per business unit and year"), help_text=_("Rupiah in a calendar year."))
    window_days = models.PositiveSmallIntegerField(
        _("window"), help_text=_("Days after the shipment within which a claim is handed in.")
    )
    documents = ArrayField(
        models.CharField(max_length=12, choices=DocumentKind.choices), verbose_name=_("documents asked for")
    )
    state = models.CharField(_("state"), max_length=8, choices=SchemeState.choices, default=SchemeState.DRAFT)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        """A share is a percent, and ceilings are more than nothing."""

        verbose_name = _("subsidy scheme")
        verbose_name_plural = _("subsidy schemes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="scheme_name_is_unique_in_program",
                fields=["program", "name"],
                violation_error_message=_("This program already has a scheme of this name."),
            ),
            models.CheckConstraint(
                name="scheme_share_is_a_percent",
                condition=Q(share__range=(1, 100)),
                violation_error_message=_("A share is between 1 and 100 percent."),
            ),
            models.CheckConstraint(
                name="scheme_ceilings_are_in_order",
                condition=Q(ceiling_per_claim__gt=0, ceiling_per_unit__gte=F("ceiling_per_claim")),
                violation_error_message=_(
                    "A year's ceiling is not lower than that of one claim, and both are more than 0."
                ),
            ),
            models.CheckConstraint(
                name="scheme_window_is_some_days",
                condition=Q(window_days__range=(1, 730)),
                violation_error_message=_("A window is from 1 to 730 days."),
            ),
            models.CheckConstraint(
                name="scheme_state_is_known",
                condition=Q(state__in=SchemeState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class SubsidyClaim(models.Model):
    """A request to be paid part of what one shipment cost; written, verified and paid by three people."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="claims", verbose_name=_("program"))
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("cohort")
    )
    scheme = models.ForeignKey(SubsidyScheme, on_delete=models.PROTECT, related_name="claims", verbose_name=_("scheme"))
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="claims", verbose_name=_("shipment"))
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="claims", verbose_name=_("business unit")
    )
    waybill_key = models.CharField(_("waybill, compared"), max_length=104, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False, help_text=_("Of the shipment."))
    requested = _rupiah(_("requested"), help_text=_("Rupiah."))
    approved_amount = _rupiah(_("approved amount"), null=True, blank=True, help_text=_("Rupiah."))
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    comment = models.CharField(
        _("comment"),
        max_length=600,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("Why it was returned, rejected or cancelled."),
    )
    payment_reference = models.CharField(
        _("payment reference"), max_length=80, blank=True, validators=[refuse_control_characters]
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = _hand(_("submitted by"))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = _hand(_("verified by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = _hand(_("approved by"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    paid_by = _hand(_("paid by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = _hand(_("closed by"))
    moved_at = models.DateTimeField(_("in this state since"))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        """One waybill is claimed once; three hands; nothing is approved beyond what was asked for."""

        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="waybill_is_claimed_once",
                fields=["waybill_key"],
                condition=Q(state__in=LIVE),
                violation_error_message=_("This waybill is already claimed."),
            ),
            models.CheckConstraint(
                name="claim_is_verified_by_another_hand",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
                violation_error_message=_("Who handed a claim in does not verify it; ask a colleague."),
            ),
            models.CheckConstraint(
                name="claim_is_approved_by_another_hand",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Who handed a claim in does not approve it; ask a colleague."),
            ),
            models.CheckConstraint(
                name="claim_is_paid_by_a_third_hand",
                condition=Q(paid_by__isnull=True)
                | (~Q(paid_by=F("submitted_by")) & ~Q(paid_by=F("verified_by")) & ~Q(paid_by=F("approved_by"))),
                violation_error_message=_("Who pays has not handed in, verified or approved the same claim."),
            ),
            models.CheckConstraint(
                name="claim_hands_have_their_times",
                condition=together("submitted_at", "submitted_by")
                & together("verified_at", "verified_by")
                & together("approved_at", "approved_by", "approved_amount")
                & together("paid_at", "paid_by", "paid_on")
                & together("closed_at", "closed_by"),
                violation_error_message=_("A decision says who made it and when."),
            ),
            models.CheckConstraint(
                name="claim_went_through_every_hand",
                condition=(
                    Q(state__in=(ClaimState.DRAFT, *OFF))
                    | Q(state__in=(ClaimState.SUBMITTED, ClaimState.RETURNED), submitted_at__isnull=False)
                    | Q(state=ClaimState.VERIFIED, verified_at__isnull=False)
                    | Q(state=ClaimState.APPROVED, verified_at__isnull=False, approved_at__isnull=False)
                    | Q(
                        state=ClaimState.PAID,
                        verified_at__isnull=False,
                        approved_at__isnull=False,
                        paid_at__isnull=False,
                    )
                    | Q(state=ClaimState.CLOSED, paid_at__isnull=False, closed_at__isnull=False)
                ),
                violation_error_message=_("A claim is submitted, verified, approved and paid in this order."),
            ),
            models.CheckConstraint(
                name="claim_amounts_are_in_order",
                condition=Q(requested__gt=0)
                & (Q(approved_amount__isnull=True) | Q(approved_amount__gt=0, approved_amount__lte=F("requested"))),
                violation_error_message=_("What is approved is more than nothing and no more than was asked for."),
            ),
            models.CheckConstraint(
                name="claim_off_has_a_comment",
                condition=~Q(state__in=(ClaimState.RETURNED, *OFF)) | ~Q(comment=""),
                violation_error_message=_("Say why; the one who handed it in reads it."),
            ),
            models.CheckConstraint(
                name="claim_state_is_known",
                condition=Q(state__in=ClaimState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["program", "state", "moved_at", "id"], name="claim_by_program_and_state"),
            models.Index(fields=["cohort", "state"], name="claim_by_cohort"),
            models.Index(fields=["scheme", "business_unit", "year"], name="claim_by_unit_and_year"),
            models.Index(fields=["-started_at", "-id"], name="claim_by_start"),
        ]

    def __str__(self) -> str:
        """Read as the number."""
        return f"#{self.pk}"


class ClaimDocument(Document):
    """One paper of a claim; the same file shows only one live claim."""

    claim = models.ForeignKey(SubsidyClaim, on_delete=models.PROTECT, related_name="papers", verbose_name=_("claim"))
    live = models.BooleanField(_("of a live claim"), default=True, editable=False)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        """A receipt is handed in once."""

        verbose_name = _("document of a claim")
        verbose_name_plural = _("documents of claims")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="document_is_claimed_once",
                fields=["sha256"],
                condition=Q(live=True),
                violation_error_message=_("This document is already part of a claim."),
            ),
        ]


class Budget(models.Model):
    """What is committed and spent of a program's ceiling: the sum of its ledger, kept by a trigger; never above it."""

    program = models.OneToOneField(
        Program, on_delete=models.PROTECT, primary_key=True, related_name="budget", verbose_name=_("program")
    )
    committed = _rupiah(_("committed"), default=0, help_text=_("Rupiah approved and not yet paid."))
    spent = _rupiah(_("spent"), default=0, help_text=_("Rupiah paid."))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        """Neither is negative; that both fit the ceiling, a trigger holds."""

        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="budget_is_not_negative",
                condition=Q(committed__gte=0, spent__gte=0),
                violation_error_message=_("No more can be released or paid than was committed."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the program's key."""
        return f"#{self.pk}"

    @property
    def left(self) -> Decimal:
        """Rupiah that can still be approved; the program is read along."""
        return Decimal(self.program.subsidy_ceiling - self.committed - self.spent)


class BudgetEntry(models.Model):
    """One line of the ledger; append-only, and the balance follows it."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="entries", verbose_name=_("program"))
    claim = models.ForeignKey(SubsidyClaim, on_delete=models.PROTECT, related_name="entries", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    amount = _rupiah(_("amount"), help_text=_("Rupiah."))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        """A claim commits once, and then is spent or released once."""

        verbose_name = _("line of the ledger")
        verbose_name_plural = _("lines of the ledger")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="claim_commits_once",
                fields=["claim"],
                condition=Q(kind=EntryKind.COMMITTED),
                violation_error_message=_("This claim is already committed."),
            ),
            models.UniqueConstraint(
                name="claim_is_spent_or_released_once",
                fields=["claim"],
                condition=~Q(kind=EntryKind.COMMITTED),
                violation_error_message=_("This claim is already paid or released."),
            ),
            models.CheckConstraint(
                name="ledger_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("An amount is more than nothing."),
            ),
            models.CheckConstraint(
                name="ledger_kind_is_known",
                condition=Q(kind__in=EntryKind.values),
                violation_error_message=_("This kind of line is not known."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["program", "-at", "-id"], name="ledger_by_program")]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
