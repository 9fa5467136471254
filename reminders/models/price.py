"""What one unit of a channel costs, from which day on."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from programs.querysets import SharedQuerySet
from reminders.states import PRICED, Category, Channel


class Price(models.Model):
    """The price of one template or one part of an SMS, in rupiah, until a later one takes its place."""

    channel = models.CharField(
        _("channel"), max_length=10, choices=[(each.value, each.label) for each in PRICED], default=Channel.WHATSAPP
    )
    category = models.CharField(
        _("category"),
        max_length=20,
        choices=Category.choices,
        blank=True,
        help_text=_("Empty: for every category that has no price of its own."),
    )
    valid_from = models.DateField(_("from"))
    amount = models.DecimalField(
        _("rupiah per unit"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    source = models.CharField(_("source"), max_length=200, validators=[refuse_control_characters])

    objects = SharedQuerySet.as_manager()

    class Meta:
        """One price per way, category and day; none below nothing."""

        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                name="one_price_per_channel_category_and_day",
                fields=["channel", "category", "valid_from"],
                violation_error_message=_("There is already a price of this channel and category from this day."),
            ),
            models.CheckConstraint(
                name="price_is_not_below_nothing",
                condition=Q(amount__gte=0),
                violation_error_message=_("A price is not below zero."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
