"""Places of Indonesia by their Kemendagri codes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext_lazy as _

from common.zones import Zone
from villages.querysets import RegionQuerySet
from villages.states import RegionKind, RegionLevel


class Region(models.Model):
    """One province, regency, district or village; the code is the key, names repeat (Sidomulyo 98 times)."""

    code = models.CharField(
        _("code"), max_length=13, primary_key=True, help_text=_("Kemendagri code, such as 35.24.10.2009.")
    )
    name = models.CharField(_("name"), max_length=100)
    level = models.PositiveSmallIntegerField(_("level"), choices=RegionLevel.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=RegionKind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    zone = models.CharField(_("time zone"), max_length=32, choices=Zone.choices)
    gone = models.BooleanField(_("gone from the published list"), default=False)
    observers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="observed_regions", blank=True, verbose_name=_("observers")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        """A place below a province names its parent."""

        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                name="region_below_province_has_parent",
                condition=Q(level=RegionLevel.PROVINCE, parent__isnull=True)
                | Q(level__gt=RegionLevel.PROVINCE, parent__isnull=False),
                violation_error_message=_("Every region but a province is part of another one."),
            ),
            models.CheckConstraint(
                name="region_level_follows_from_code",
                condition=Q(level=Length("code") - Length(Replace(F("code"), Value("."), Value(""))) + 1),
                violation_error_message=_("The number of parts of a code is its level."),
            ),
        ]
        indexes = [models.Index(fields=["name", "code"], name="region_by_name")]

    def __str__(self) -> str:
        """Read as the bare name; use `place` where people must tell two places apart."""
        return self.name

    @property
    def place(self) -> str:
        """Read as `Parengan, Kec. Maduran, Kab. Lamongan`; costs no query when parents are selected along."""
        if self.level != RegionLevel.VILLAGE or self.parent is None or self.parent.parent is None:
            return self.titled
        return f"{self.name}, {self.parent.titled}, {self.parent.parent.titled}"

    @property
    def titled(self) -> str:
        """Read with the usual short title of its kind."""
        titles = {RegionKind.DISTRICT: "Kec. ", RegionKind.REGENCY: "Kab. ", RegionKind.CITY: "Kota "}
        return f"{titles.get(RegionKind(self.kind), '')}{self.name}"
