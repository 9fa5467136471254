"""Buyers abroad or on the way there, and what business units and they have come to."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from exports.querysets import BuyerQuerySet, LeadQuerySet
from exports.states import BuyerKind, LeadState
from villages.models import BusinessUnit

COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("Write a country's two letters (ISO 3166), such as JP."))


class Buyer(models.Model):
    """A company that buys or might; no person's number or address is kept."""

    name = models.CharField(_("name"), max_length=160, validators=[refuse_control_characters])
    kind = models.CharField(_("kind"), max_length=10, choices=BuyerKind.choices)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], help_text=_("ISO 3166, two letters."))
    city = models.CharField(_("city"), max_length=80, blank=True, validators=[refuse_control_characters])
    website = models.URLField(_("website"), max_length=200, blank=True)
    wants = models.CharField(_("what it looks for"), max_length=300, blank=True, validators=[refuse_control_characters])
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("registered by")
    )

    objects = BuyerQuerySet.as_manager()

    class Meta:
        """A company stands once in its country."""

        verbose_name = _("buyer")
        verbose_name_plural = _("buyers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="buyer_stands_once_in_its_country",
                fields=["country", "name"],
                violation_error_message=_("A buyer of this name is already known in this country."),
            ),
            models.CheckConstraint(
                name="buyer_kind_is_known",
                condition=Q(kind__in=BuyerKind.values),
                violation_error_message=_("This kind of buyer is not known."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="buyer_by_name")]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class Lead(models.Model):
    """One business unit and one buyer: how far they have come, and what comes next."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="leads", verbose_name=_("business unit")
    )
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="leads", verbose_name=_("buyer"))
    state = models.CharField(_("state"), max_length=12, choices=LeadState.choices, default=LeadState.LEAD)
    source = models.CharField(
        _("source"),
        max_length=160,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("Fair, website, acquaintance."),
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True, validators=[refuse_control_characters])
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, validators=[refuse_control_characters])
    started_at = models.DateTimeField(_("written at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        """Two that deal stand once; what is lost says why."""

        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="unit_and_buyer_deal_once",
                fields=["business_unit", "buyer"],
                violation_error_message=_("This business unit and this buyer already have a lead."),
            ),
            models.CheckConstraint(
                name="lost_lead_has_a_reason",
                condition=~Q(state=LeadState.LOST) | ~Q(reason=""),
                violation_error_message=_("Say why nothing came of it."),
            ),
            models.CheckConstraint(
                name="lead_state_is_known",
                condition=Q(state__in=LeadState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["business_unit", "state", "id"], name="lead_by_unit"),
            models.Index(fields=["next_on", "id"], name="lead_by_next_day"),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
