"""Exports: what a business unit sold abroad, how much, for what, and what shows it."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from exports.models.buyer import COUNTRY, Buyer
from exports.models.document import Document
from exports.querysets import OfTransactionQuerySet, TransactionQuerySet
from exports.states import DIGITS, STANDING, Nomenclature, Route, TransactionState
from villages.models import BusinessUnit

CURRENCY = RegexValidator(r"^[A-Z]{3}$", _("Write a currency's three letters (ISO 4217), such as USD."))


class Hashed(Func):
    """The one-point range of a text's hash, which a range index can compare."""

    function = "hashtextextended"
    template = "int8range(%(function)s(%(expressions)s, 0), %(function)s(%(expressions)s, 0), '[]')"
    output_field = BigIntegerRangeField()

    def as_sql(self, *args: Any, **options: Any) -> tuple[str, Any]:
        """Write the text twice, so its parameters twice."""
        sql, params = super().as_sql(*args, **options)
        return sql, (*params, *params)


def _digits(edition: Nomenclature) -> Q:
    return Q(nomenclature=edition, hs_code__regex=rf"^\d{{{DIGITS[edition]}}}$")


class ExportTransaction(models.Model):
    """One sale abroad, counted once, at the unit of origin; a total shows it when somebody else has verified it."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="transactions", verbose_name=_("business unit")
    )
    buyer = models.ForeignKey(
        Buyer, on_delete=models.PROTECT, null=True, blank=True, related_name="transactions", verbose_name=_("buyer")
    )
    route = models.CharField(_("route"), max_length=8, choices=Route.choices)
    via = models.ForeignKey(
        BusinessUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on",
        verbose_name=_("exporter"),
        help_text=_("Through whom it went, when not directly."),
    )
    exported_on = models.DateField(_("exported on"))
    product = models.CharField(_("product"), max_length=160, validators=[refuse_control_characters])
    nomenclature = models.CharField(
        _("edition of the code"), max_length=8, choices=Nomenclature.choices, default=Nomenclature.BTKI_2022
    )
    hs_code = models.CharField(_("HS code"), max_length=8, help_text=_("Digits only."))
    country = models.CharField(
        _("destination"), max_length=2, validators=[COUNTRY], help_text=_("ISO 3166, two letters.")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=40, validators=[refuse_control_characters])
    pieces = models.DecimalField(
        _("pieces"),
        max_digits=16,
        decimal_places=3,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Where the unit's lots say how many; never guessed."),
    )
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], help_text=_("ISO 4217."))
    rate = models.DecimalField(
        _("rate"), max_digits=16, decimal_places=6, help_text=_("Rupiah for one unit of the currency; 1 for IDR.")
    )
    rate_source = models.CharField(
        _("source of the rate"),
        max_length=120,
        validators=[refuse_control_characters],
        help_text=_("Whose rate, of which day."),
    )
    rupiah = models.GeneratedField(
        expression=Round(F("value") * F("rate"), precision=2),
        output_field=models.DecimalField(max_digits=24, decimal_places=2),
        db_persist=True,
        verbose_name=_("value in rupiah"),
    )
    reference = models.CharField(
        _("document number"),
        max_length=60,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("Of the export declaration (PEB) or the invoice."),
    )
    reference_key = models.CharField(_("document number, compared"), max_length=60, blank=True, editable=False)
    lane = BigIntegerRangeField(
        _("lane"), editable=False, help_text=_("All of a document when it is one's own; one's share of a shared one.")
    )
    source = models.CharField(
        _("source"), max_length=160, validators=[refuse_control_characters], help_text=_("Who or what says so.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=TransactionState.choices, default=TransactionState.REPORTED
    )
    comment = models.CharField(_("comment"), max_length=300, blank=True, validators=[refuse_control_characters])
    version = models.PositiveIntegerField(_("version"), default=1)
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reported by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )

    objects = TransactionQuerySet.as_manager()

    class Meta:
        """One sale counts once; a value has a currency, a day and a source; a code has the length of its edition."""

        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="export_counts_once",
                expressions=[
                    (Hashed("reference_key"), RangeOperators.OVERLAPS),
                    ("lane", RangeOperators.OVERLAPS),
                ],
                condition=~Q(reference_key="") & Q(state__in=STANDING),
                violation_error_message=_("An export with this document number is already recorded."),
            ),
            models.CheckConstraint(
                name="export_through_someone_names_them",
                condition=Q(route=Route.DIRECT, via__isnull=True) | Q(route=Route.INDIRECT, via__isnull=False),
                violation_error_message=_("Name the exporter it went through; a direct export has none."),
            ),
            models.CheckConstraint(
                name="export_does_not_pass_through_its_origin",
                condition=Q(via__isnull=True) | ~Q(via=F("business_unit")),
                violation_error_message=_("The exporter is another business than the one of origin."),
            ),
            models.CheckConstraint(
                name="hs_code_has_the_length_of_its_edition",
                condition=_digits(Nomenclature.HS_2017)
                | _digits(Nomenclature.HS_2022)
                | _digits(Nomenclature.BTKI_2017)
                | _digits(Nomenclature.BTKI_2022),
                violation_error_message=_(
                    "An HS code has six digits, a code of the Indonesian tariff book (BTKI) eight."
                ),
            ),
            models.CheckConstraint(
                name="export_is_of_something",
                condition=Q(quantity__gt=0, value__gt=0, rate__gt=0),
                violation_error_message=_("Quantity, value and rate are more than nothing."),
            ),
            models.CheckConstraint(
                name="rupiah_are_worth_themselves",
                condition=~Q(currency="IDR") | Q(rate=1),
                violation_error_message=_("The rate of the rupiah is 1."),
            ),
            models.CheckConstraint(
                name="export_has_a_source",
                condition=~Q(source="") & ~Q(rate_source=""),
                violation_error_message=_("Say who or what says so, of the export and of the rate."),
            ),
            models.CheckConstraint(
                name="export_is_verified_by_another_hand",
                condition=together("verified_at", "verified_by")
                & (Q(verified_by__isnull=True) | ~Q(verified_by=F("reported_by"))),
                violation_error_message=_("Who reported an export does not verify it; ask a colleague."),
            ),
            models.CheckConstraint(
                name="verified_export_has_its_document",
                condition=~Q(state=TransactionState.VERIFIED) | (Q(verified_at__isnull=False) & ~Q(reference_key="")),
                violation_error_message=_("A verified export has a document number."),
            ),
            models.CheckConstraint(
                name="withdrawn_export_has_a_comment",
                condition=~Q(state=TransactionState.WITHDRAWN) | ~Q(comment=""),
                violation_error_message=_("Say why it is withdrawn."),
            ),
            models.CheckConstraint(
                name="export_state_is_known",
                condition=Q(state__in=TransactionState.values, route__in=Route.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["business_unit", "-exported_on", "-id"], name="export_by_unit"),
            models.Index(fields=["-exported_on", "-id"], name="export_by_day"),
            models.Index(fields=["state", "-exported_on", "-id"], name="export_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class TransactionDocument(Document):
    """One paper that shows an export."""

    transaction = models.ForeignKey(
        ExportTransaction, on_delete=models.PROTECT, related_name="papers", verbose_name=_("export")
    )

    objects = OfTransactionQuerySet.as_manager()

    class Meta:
        """The same file shows an export once."""

        verbose_name = _("document of an export")
        verbose_name_plural = _("documents of exports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="document_shows_an_export_once",
                fields=["transaction", "sha256"],
                violation_error_message=_("This document is already here."),
            ),
        ]
