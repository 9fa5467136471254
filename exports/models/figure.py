"""Figures that others published about a region: shown with their source and period, side by side, never added."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from exports.models.transaction import CURRENCY
from exports.querysets import FigureQuerySet
from villages.models import Region


class RegionFigure(models.Model):
    """One published set of export figures of one region and period, from one source."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="figures", verbose_name=_("region"))
    starts_on = models.DateField(_("period from"))
    ends_on = models.DateField(_("period to"), help_text=_("The last day that it speaks of."))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[CURRENCY])
    units = models.PositiveIntegerField(_("business units"), null=True, blank=True)
    centres = models.PositiveIntegerField(_("industry centres"), null=True, blank=True)
    countries = models.PositiveIntegerField(_("countries"), null=True, blank=True)
    continents = models.PositiveSmallIntegerField(_("continents"), null=True, blank=True)
    products = ArrayField(
        models.CharField(max_length=160), verbose_name=_("top products"), default=list, blank=True, size=20
    )
    population = models.CharField(
        _("whose exports"),
        max_length=240,
        validators=[refuse_control_characters],
        help_text=_("Which exporters the figure speaks of, as the source says."),
    )
    source = models.CharField(_("source"), max_length=240, validators=[refuse_control_characters])
    source_url = models.URLField(_("address of the source"), max_length=300, blank=True)
    remark = models.CharField(_("remark"), max_length=600, blank=True, validators=[refuse_control_characters])
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        """A figure says something, of a period, with its source."""

        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="figure_is_kept_once",
                fields=["region", "starts_on", "ends_on", "source"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This source's figure for this region and period is already here."),
            ),
            models.CheckConstraint(
                name="figure_period_ends_after_it_starts",
                condition=Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                name="figure_value_has_a_currency",
                condition=Q(value__isnull=True, currency="") | (Q(value__gte=0) & ~Q(currency="")),
                violation_error_message=_("A value has a currency, and is not negative."),
            ),
            models.CheckConstraint(
                name="figure_has_a_source",
                condition=~Q(source="") & ~Q(population=""),
                violation_error_message=_("Say who published it, and whose exports it speaks of."),
            ),
            models.CheckConstraint(
                name="figure_says_something",
                condition=Q(value__isnull=False)
                | Q(units__isnull=False)
                | Q(centres__isnull=False)
                | Q(countries__isnull=False)
                | Q(continents__isnull=False),
                violation_error_message=_("Write at least one figure."),
            ),
            models.CheckConstraint(
                name="figure_is_taken_back_by_someone",
                condition=together("withdrawn_at", "withdrawn_by"),
                violation_error_message=_("A decision says who made it and when."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "-starts_on", "-id"], name="figure_by_region")]

    def __str__(self) -> str:
        """Read as region and period."""
        return f"{self.region_id} {self.starts_on}"

    @property
    def counts(self) -> bool:
        """Tell whether it speaks of more than money."""
        return any(number is not None for number in (self.units, self.centres, self.countries, self.continents))
