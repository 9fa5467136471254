"""Business units of a village: who makes and sells, what papers they have, and how many pieces their lots are."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from villages.models.region import Region
from villages.models.village import Village
from villages.querysets import BusinessUnitQuerySet, LicenceQuerySet, OfBusinessUnitQuerySet
from villages.states import ExportStatus, InventoryState, LicenceKind, ProductGroup, UnitKind

NIB = RegexValidator(r"^\d{13}$", _("A NIB has 13 digits."))


class BusinessUnit(models.Model):
    """A household, cooperative, village enterprise, industry centre or exporter; first a lead, then verified."""

    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="business_units",
        verbose_name=_("village"),
        help_text=_("Empty only for an exporter outside the villages of the programme."),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="business_units", verbose_name=_("region")
    )
    name = models.CharField(_("name"), max_length=120, validators=[refuse_control_characters])
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices)
    product_group = models.CharField(_("product group"), max_length=12, choices=ProductGroup.choices)
    products = models.CharField(_("products"), max_length=240, blank=True, validators=[refuse_control_characters])
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True, help_text=_("People, the owner too."))
    nib = models.CharField(_("NIB"), max_length=13, blank=True, validators=[NIB], help_text=_("13 digits."))
    inventory_state = models.CharField(
        _("inventory state"), max_length=10, choices=InventoryState.choices, default=InventoryState.LEAD
    )
    export_status = models.CharField(
        _("export status"), max_length=8, choices=ExportStatus.choices, default=ExportStatus.NONE
    )
    first_export_on = models.DateField(
        _("first export"), null=True, blank=True, help_text=_("As the unit says; what is verified here stands beside.")
    )
    source = models.CharField(
        _("source"),
        max_length=160,
        blank=True,
        validators=[refuse_control_characters],
        help_text=_("Who or what list told of it."),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, validators=[refuse_control_characters])
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = BusinessUnitQuerySet.as_manager()

    class Meta:
        """A NIB is one unit's; only an exporter stands outside the villages."""

        verbose_name = _("business unit")
        verbose_name_plural = _("business units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="nib_belongs_to_one_unit",
                fields=["nib"],
                condition=~Q(nib="") & ~Q(inventory_state=InventoryState.DISMISSED),
                violation_error_message=_("This NIB already belongs to another business unit."),
            ),
            models.UniqueConstraint(
                name="unit_name_is_unique_in_village",
                fields=["village", "name", "kind"],
                condition=~Q(inventory_state=InventoryState.DISMISSED),
                violation_error_message=_("This village already has a business unit of this name and kind."),
            ),
            models.CheckConstraint(
                name="unit_outside_villages_is_an_exporter",
                condition=Q(village__isnull=False) | Q(kind=UnitKind.EXPORTER),
                violation_error_message=_("Name the village; only an exporter may stand outside."),
            ),
            models.CheckConstraint(
                name="unit_that_never_exported_has_no_first_export",
                condition=Q(first_export_on__isnull=True) | ~Q(export_status=ExportStatus.NONE),
                violation_error_message=_("A unit with a first export exports directly or indirectly."),
            ),
            models.CheckConstraint(
                name="settled_unit_has_a_time_and_a_hand",
                condition=together("settled_at", "settled_by")
                & (
                    Q(inventory_state=InventoryState.LEAD, settled_at__isnull=True)
                    | (~Q(inventory_state=InventoryState.LEAD) & Q(settled_at__isnull=False))
                ),
                violation_error_message=_("A decision says who made it and when."),
            ),
            models.CheckConstraint(
                name="dismissed_unit_has_a_reason",
                condition=~Q(inventory_state=InventoryState.DISMISSED) | ~Q(reason=""),
                violation_error_message=_("Say why this unit is left out of the inventory."),
            ),
            models.CheckConstraint(
                name="unit_states_are_known",
                condition=Q(kind__in=UnitKind.values)
                & Q(inventory_state__in=InventoryState.values)
                & Q(export_status__in=ExportStatus.values)
                & Q(product_group__in=ProductGroup.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["village", "name", "id"], name="unit_by_village_and_name"),
            models.Index(fields=["inventory_state", "name", "id"], name="unit_by_inventory_state"),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name

    @property
    def zone(self) -> str:
        """Tell the time zone of where it works."""
        return self.region.zone

    @property
    def is_lead(self) -> bool:
        """Tell whether nobody has inventoried it yet."""
        return self.inventory_state == InventoryState.LEAD

    @property
    def is_dismissed(self) -> bool:
        """Tell whether it was left out of the inventory."""
        return self.inventory_state == InventoryState.DISMISSED

    @property
    def is_exporting(self) -> bool:
        """Tell whether what it makes goes abroad, as it says itself."""
        return self.export_status != ExportStatus.NONE


class Licence(models.Model):
    """One paper of a business unit, with the day it ends."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, related_name="licences", verbose_name=_("business unit")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=LicenceKind.choices)
    number = models.CharField(_("number"), max_length=80, validators=[refuse_control_characters])
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True, help_text=_("Empty when it has no end."))

    objects = LicenceQuerySet.as_manager()

    class Meta:
        """One number once; it ends after it was issued."""

        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="licence_is_kept_once",
                fields=["business_unit", "kind", "number"],
                violation_error_message=_("This licence is already written down."),
            ),
            models.CheckConstraint(
                name="licence_expires_after_it_was_issued",
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gt=models.F("issued_on")),
                violation_error_message=_("A licence expires after it was issued."),
            ),
            models.CheckConstraint(
                name="licence_kind_is_known",
                condition=Q(kind__in=LicenceKind.values),
                violation_error_message=_("This kind of licence is not known."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_on", "id"], name="licence_by_expiry")]

    def __str__(self) -> str:
        """Read as kind and number."""
        return f"{self.kind} {self.number}"


class ProductUnit(models.Model):
    """A lot as one business unit counts it: one kodi is 20 pieces; what is not written here is never guessed."""

    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.CASCADE, related_name="product_units", verbose_name=_("business unit")
    )
    name = models.CharField(_("name"), max_length=40, validators=[refuse_control_characters])
    pieces = models.PositiveIntegerField(_("pieces"), help_text=_("In one lot."))

    objects = OfBusinessUnitQuerySet.as_manager()

    class Meta:
        """A lot is something, and has one size per unit."""

        verbose_name = _("product unit")
        verbose_name_plural = _("product units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="lot_has_one_size_per_unit",
                fields=["business_unit", "name"],
                violation_error_message=_("This business unit already says how many pieces such a lot is."),
            ),
            models.CheckConstraint(
                name="lot_has_pieces",
                condition=Q(pieces__gt=0),
                violation_error_message=_("A lot is one piece or more."),
            ),
        ]

    def __str__(self) -> str:
        """Read as `kodi = 20`."""
        return f"{self.name} = {self.pieces}"
