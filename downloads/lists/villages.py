"""Tables of places, villages, their people and business units."""

from dataclasses import replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from downloads.columns import Column, Kind, Table, column_of, columns_of, key, related, worked_out
from downloads.lists.shared import listed, place_of, tally
from exports.models import ExportTransaction
from villages.filters import (
    AssessmentFilter,
    BusinessUnitFilter,
    ContactPointFilter,
    CriteriaSetFilter,
    InventoryFilter,
    PersonFilter,
    RegionFilter,
    VillageFilter,
)
from villages.models import (
    Assessment,
    BusinessUnit,
    Consent,
    ContactPoint,
    CriteriaSet,
    Licence,
    Person,
    PersonContact,
    Region,
    Score,
    Village,
    VillageRegion,
)
from villages.rules import Can
from villages.states import Criterion, LicenceKind, Purpose

_COVERED = VillageRegion.objects.filter(village=OuterRef("pk"), left_on__isnull=True)
_AGREED = Consent.objects.filter(person=OuterRef("pk"), withdrawn_at__isnull=True)
_PAPERS = Licence.objects.filter(business_unit=OuterRef("pk"))


def _score(criterion: str) -> Column:
    """Tell one criterion's value."""
    of = Score.objects.filter(assessment=OuterRef("pk"), criterion=criterion)
    name, heading = f"score_{criterion}".replace("-", "_"), Criterion(criterion).label
    value = ArraySubquery(of.values("value"))
    return Column(name, heading, Kind.NUMBER, (f"table_{name}",), compose=_first, expression=value)


def _first(values: list[int]) -> int | None:
    return values[0] if values else None


REGIONS = Table(
    "region",
    Region,
    Can.READ_REGION,
    ("code",),
    (
        *columns_of(Region, "code", "name", "level", "kind"),
        Column("parent", _("part of"), Kind.TEXT, ("parent_id",)),
        *columns_of(Region, "zone", "gone"),
        place_of(""),
    ),
    RegionFilter,
)
VILLAGES = Table(
    "village",
    Village,
    Can.READ_VILLAGE,
    ("name", "pk"),
    (
        key(Village),
        *columns_of(Village, "name", "code"),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        worked_out("regions", _("desa covered"), Kind.LIST, listed(_COVERED, "region_id")),
        place_of("region"),
        column_of(Village, "region__zone", name="zone"),
        *columns_of(Village, "commodity", "stage", "stage_reason", "decree_number", "decree_on"),
        worked_out("people", _("people"), Kind.NUMBER, tally(Person.objects.present(), per="village")),
    ),
    VillageFilter,
)
PEOPLE = Table(
    "person",
    Person,
    Can.READ_PERSON,
    ("name", "pk"),
    (
        key(Person),
        *related(Person, "village"),
        *columns_of(Person, "name", "sex", "birth_year", "hamlet", "craft"),
        worked_out("consents", _("Agreed to"), Kind.LIST, listed(_AGREED, "purpose"), dict(Purpose.choices)),
        column_of(Person, "erased_at"),
    ),
    PersonFilter,
    personal=True,
)
CONTACT_POINTS = Table(
    "contact-point",
    ContactPoint,
    Can.READ_NUMBERS,
    ("pk",),
    (
        key(ContactPoint),
        column_of(ContactPoint, "state"),
        worked_out("people", _("people"), Kind.NUMBER, tally(PersonContact.objects.all(), per="contact_point")),
    ),
    ContactPointFilter,
)
CRITERIA_SETS = Table(
    "criteria-set",
    CriteriaSet,
    Can.READ_CRITERIA,
    ("-in_force_from", "-pk"),
    (
        key(CriteriaSet),
        *columns_of(CriteriaSet, "name", "source", "lowest", "highest", "in_force_from", "state", "published_at"),
    ),
    CriteriaSetFilter,
)
ASSESSMENTS = Table(
    "assessment",
    Assessment,
    Can.READ_ASSESSMENT,
    ("-as_of", "-pk"),
    (
        key(Assessment),
        *related(Assessment, "village", "criteria_set"),
        *columns_of(Assessment, "kind", "as_of", "state", "version"),
        *map(_score, Criterion.values),
        *columns_of(Assessment, "submitted_at"),
        *related(Assessment, "submitted_by"),
        *columns_of(Assessment, "final_at"),
        *related(Assessment, "final_by"),
    ),
    AssessmentFilter,
)
BUSINESS_UNITS = Table(
    "business-unit",
    BusinessUnit,
    Can.READ_UNIT,
    ("name", "pk"),
    (
        key(BusinessUnit),
        *columns_of(BusinessUnit, "name", "kind", "product_group", "products", "workers", "nib"),
        *related(BusinessUnit, "village"),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        place_of("region"),
        *columns_of(BusinessUnit, "inventory_state", "export_status", "first_export_on", "source", "reason"),
        worked_out("licences", _("licences"), Kind.LIST, listed(_PAPERS, "kind"), dict(LicenceKind.choices)),
        worked_out(
            "exports", _("exports"), Kind.NUMBER, tally(ExportTransaction.objects.verified(), per="business_unit")
        ),
        *columns_of(BusinessUnit, "registered_at", "settled_at"),
    ),
    BusinessUnitFilter,
)
INVENTORY = replace(BUSINESS_UNITS, key="inventory", filterset=InventoryFilter)
TABLES = (REGIONS, VILLAGES, PEOPLE, CONTACT_POINTS, CRITERIA_SETS, ASSESSMENTS, BUSINESS_UNITS, INVENTORY)
