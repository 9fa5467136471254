"""A monthly report as a spreadsheet: every figure a typed cell, every text a text."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from common.sheets import Shown, Tab, write_tabs
from reports.cells import Cell, Kind
from reports.reading import Reading, Table, read
from reports.seal import Seal

PATTERNS: Final = {
    Kind.COUNT: "#,##0",
    Kind.HOURS: "#,##0",
    Kind.PERCENT: "0",
    Kind.RUPIAH: "#,##0",
    Kind.DAYS: "0.0",
    Kind.DAY: "d mmmm yyyy",
}
SEN: Final = "#,##0.00"
WIDE: Final = (26, 36, 20, 10, 60)
LONG: Final = 30  # letters of a column of words


@translation.override("id")
def write_workbook(facts: dict[str, Any], seal: Seal) -> bytes:
    """Write the figures on the first sheet, each table on its own, and on the last what the report is."""
    reading = read(facts)
    tables = [table for group in reading.groups for table in group.tables]
    return write_tabs([_figures(reading), *(_table(table) for table in tables), _about(reading, seal)])


def _figures(reading: Reading) -> Tab:
    rows = [
        (group.title, line.label, _typed(line.cell), line.cell.kind.unit, group.source)
        for group in reading.groups
        for line in group.lines
    ]
    return Tab(_("Figures"), (_("Matter"), _("Figure"), _("Value"), _("Unit"), _("Source")), rows, WIDE)


def _table(table: Table) -> Tab:
    widths = [max(LONG, len(table.columns[0])), *(max(16, len(name) + 2) for name in table.columns[1:])]
    rows = [[_typed(cell) for cell in row] for row in table.rows] or [[table.empty]]
    return Tab(table.title, table.columns, rows, widths)


def _about(reading: Reading, seal: Seal) -> Tab:
    told: Sequence[tuple[str, str]] = (
        (_("Report"), reading.title),
        (_("Month"), reading.month),
        (_("Program"), reading.program),
        *seal.rows,
    )
    return Tab(_("About"), (_("What"), _("Content")), told, (30, 70))


def _typed(cell: Cell) -> str | Shown | None:
    """Give a value its type; what is not known is an empty cell."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal) and cell.kind == Kind.RUPIAH and value != value.to_integral_value():
        return Shown(value, SEN)
    return Shown(value, PATTERNS[cell.kind])
