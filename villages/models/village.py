"""Desa Devisa villages and candidates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from villages.models.region import Region
from villages.querysets import OfVillageQuerySet, VillageQuerySet
from villages.states import VillageStage


class Village(models.Model):
    """A village, or a few neighbouring ones around one commodity, on its way to exporting."""

    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(
        _("poster code"), max_length=40, unique=True, help_text=_("The last part of the poster's address.")
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="seats",
        verbose_name=_("seat"),
        help_text=_("The desa where people meet."),
    )
    regions = models.ManyToManyField(
        Region, through="VillageRegion", related_name="villages", verbose_name=_("desa covered")
    )
    commodity = models.CharField(_("commodity"), max_length=120)
    stage = models.CharField(_("stage"), max_length=16, choices=VillageStage.choices, default=VillageStage.IDENTIFIED)
    stage_reason = models.CharField(_("reason"), max_length=300, blank=True)
    decree_number = models.CharField(_("decree number"), max_length=80, blank=True)
    decree_on = models.DateField(_("decree date"), null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("registered by")
    )

    objects = VillageQuerySet.as_manager()

    class Meta:
        """The decree is recorded with its date."""

        verbose_name = _("village")
        verbose_name_plural = _("villages")
        constraints = [
            models.CheckConstraint(
                name="village_decree_has_number_and_date",
                condition=Q(decree_number="", decree_on__isnull=True)
                | (~Q(decree_number="") & Q(decree_on__isnull=False)),
                violation_error_message=_("A decree has both a number and a date."),
            ),
            models.CheckConstraint(
                name="village_stage_is_known",
                condition=Q(stage__in=VillageStage.values),
                violation_error_message=_("This stage is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="village_by_region"),
            models.Index(fields=["stage", "id"], name="village_by_stage"),
        ]

    def __str__(self) -> str:
        """Read as the name; `place` tells two villages of one name apart."""
        return self.name

    @property
    def place(self) -> str:
        """Read as `Parengan, Kec. Maduran, Kab. Lamongan`."""
        return self.region.place

    @property
    def zone(self) -> str:
        """Tell the time zone of the seat."""
        return self.region.zone


class VillageRegion(models.Model):
    """One desa that a village of the programme covers, from when until when."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="coverage", verbose_name=_("village"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="coverage", verbose_name=_("desa"))
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        """A desa is in one village of the programme at a time."""

        verbose_name = _("desa covered")
        verbose_name_plural = _("desa covered")
        constraints = [
            models.UniqueConstraint(
                name="desa_in_one_village_at_a_time",
                fields=["region"],
                condition=Q(left_on__isnull=True),
                violation_error_message=_("This desa already belongs to a village of the programme."),
            ),
            models.CheckConstraint(
                name="desa_leaves_after_it_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                violation_error_message=_("A desa leaves after it joined."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the code of the desa."""
        return str(self.region_id)
