"""Tables of what the house keeps about itself: editions of the places, frozen reports, readings of personal data."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from audit.filters import AccessFilter
from audit.models import Access
from audit.rules import Can as CanAudit
from common.verbs import GENERAL, PERSONAL
from downloads.columns import Column, Kind, Table, column_of, columns_of, key, related, worked_out
from downloads.lists.shared import tally
from reports.filters import RegionReportFilter
from reports.models import RegionReport
from reports.rules import Can as CanReport
from villages.filters import RegionChangeFilter, RegionEditionFilter
from villages.models import RegionChange, RegionEdition, TouchedRecord
from villages.rules import Can

_KINDS = {model._meta.label_lower: model._meta.verbose_name for model in apps.get_models()}

EDITIONS = Table(
    "region-edition",
    RegionEdition,
    Can.READ_EDITION,
    ("-checked_at", "-pk"),
    (
        key(RegionEdition),
        *columns_of(
            RegionEdition, "name", "as_of", "file_name", "sha256", "part", "state", "places", "added", "renamed"
        ),
        *columns_of(
            RegionEdition, "gone", "back", "unchanged", "recoded", "split", "merged", "checked_at", "settled_at"
        ),
    ),
    RegionEditionFilter,
)
CHANGES = Table(
    "region-change",
    RegionChange,
    Can.READ_EDITION,
    ("code", "pk"),
    (
        key(RegionChange),
        *related(RegionChange, "edition"),
        *columns_of(RegionChange, "kind", "code", "level", "place_kind", "zone", "before", "after", "counterparts"),
        *columns_of(RegionChange, "leaves", "state", "decided_at"),
        *related(RegionChange, "decided_by"),
        worked_out("records", _("records"), Kind.NUMBER, tally(TouchedRecord.objects.all(), per="change")),
    ),
    RegionChangeFilter,
)
REPORTS = Table(
    "report",
    RegionReport,
    CanReport.READ_REGIONAL,
    ("-frozen_at", "-pk"),
    (
        key(RegionReport),
        Column("region", _("Region code"), Kind.TEXT, ("region_id",)),
        Column("region_name", _("region"), Kind.TEXT, ("region__name",)),
        *related(RegionReport, "program"),
        *columns_of(RegionReport, "month", "sequence", "sha256", "code_edition", "region_edition", "frozen_at"),
        *related(RegionReport, "frozen_by"),
    ),
    RegionReportFilter,
)
ACCESSES = Table(
    "audit-event",
    Access,
    CanAudit.READ_AUDIT,
    ("-pk",),
    (
        key(Access),
        column_of(Access, "at"),
        *related(Access, "by"),
        Column("verb", _("What"), Kind.CHOICE, ("verb",), {verb: GENERAL[verb] for verb in PERSONAL}),
        Column("subject_type", _("Kind of record"), Kind.CHOICE, ("subject_type",), _KINDS),
        Column("subject_id", _("key of the record"), Kind.KEY, ("subject_id",)),
        Column("list", _("list"), Kind.CHOICE, ("facts__of",), _KINDS),
        Column("rows", _("rows"), Kind.NUMBER, ("facts__rows",)),
        Column("many_people", _("More than 500 people"), Kind.YES_NO, ("facts__many_people",)),
    ),
    AccessFilter,
)
TABLES = (EDITIONS, CHANGES, REPORTS, ACCESSES)
