"""Samples, and the parcels in which they travel to a buyer."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from exports.models.buyer import COUNTRY, Buyer
from exports.querysets import OfUnitQuerySet
from exports.states import Answer
from villages.models import BusinessUnit


class Shipment(models.Model):
    """One parcel of samples on its way abroad: by whom, under which waybill, at what cost, and what the buyer said."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="shipments", verbose_name=_("business unit")
    )
    buyer = models.ForeignKey(
        Buyer, on_delete=models.PROTECT, null=True, blank=True, related_name="shipments", verbose_name=_("buyer")
    )
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], help_text=_("ISO 3166, two letters."))
    courier = models.CharField(_("courier"), max_length=60, validators=[refuse_control_characters])
    waybill = models.CharField(_("waybill"), max_length=40, validators=[refuse_control_characters])
    shipped_on = models.DateField(_("shipped on"))
    cost = models.DecimalField(
        _("cost"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)], help_text=_("Rupiah.")
    )
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, default=Answer.AWAITED)
    answer_words = models.CharField(
        _("answer in words"), max_length=600, blank=True, validators=[refuse_control_characters]
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    started_at = models.DateTimeField(_("written at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    objects = OfUnitQuerySet.as_manager()

    class Meta:
        """It arrives after it left; an answer has its day."""

        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="shipment_arrives_after_it_left",
                condition=Q(delivered_on__isnull=True) | Q(delivered_on__gte=models.F("shipped_on")),
                violation_error_message=_("A parcel arrives after it was shipped."),
            ),
            models.CheckConstraint(
                name="shipment_cost_is_not_negative",
                condition=Q(cost__gte=0),
                violation_error_message=_("A cost is not negative."),
            ),
            models.CheckConstraint(
                name="shipment_answer_has_a_day",
                condition=Q(answer=Answer.AWAITED, answered_on__isnull=True)
                | (~Q(answer=Answer.AWAITED) & Q(answered_on__isnull=False)),
                violation_error_message=_("Say on which day the buyer answered."),
            ),
            models.CheckConstraint(
                name="shipment_answer_is_known",
                condition=Q(answer__in=Answer.values),
                violation_error_message=_("This answer is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["business_unit", "-shipped_on", "-id"], name="shipment_by_unit"),
            models.Index(fields=["-shipped_on", "-id"], name="shipment_by_day"),
        ]

    def __str__(self) -> str:
        """Read as courier and waybill."""
        return f"{self.courier} {self.waybill}"

    @property
    def waybill_key(self) -> str:
        """Write the waybill so that it compares: letters and digits in one case, whatever stands between them."""
        return ":".join("".join(filter(str.isalnum, text.lower())) for text in (self.courier, self.waybill))


class Sample(models.Model):
    """One product as it was made to be shown; it waits until it travels with a shipment."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="samples", verbose_name=_("business unit")
    )
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("shipment")
    )
    product = models.CharField(_("product"), max_length=160, validators=[refuse_control_characters])
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=40, validators=[refuse_control_characters])
    remark = models.CharField(_("remark"), max_length=300, blank=True, validators=[refuse_control_characters])
    started_at = models.DateTimeField(_("written at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    objects = OfUnitQuerySet.as_manager()

    class Meta:
        """A sample is something."""

        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sample_is_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("A quantity is more than nothing."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["business_unit", "-id"], name="sample_by_unit")]

    def __str__(self) -> str:
        """Read as the product."""
        return self.product
