"""The monthly report of a region on paper, in Indonesian, with the figures of the page."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from common.paper import Beside, Block, Column, Facts, Grid, Paper, Tile, Tiles, Title, Words
from papers.wording import LANGUAGE
from reports.reading import Group, Reading, Table, read
from reports.seal import Seal

VALUE, HALF = 42.0, 32.0  # millimetres of a column of figures
HALVES = (("villages", "items"), ("training", "claims"))


@translation.override(LANGUAGE)
def regional_paper(facts: dict[str, Any], seal: Seal) -> Paper:
    """Print it: what it is, the four figures that are read first, and every group with its source."""
    reading = read(facts)
    blocks = (*_opening(reading, seal), *_groups(reading))
    mark = f"SHA-256 {seal.sha256[:16]}… · " if seal.sha256 else ""
    return Paper(
        f"{reading.title}, {reading.month}",
        blocks,
        None,
        f"{reading.title}, {reading.month}",
        " ".join((f"{mark}{seal.sentence}", _("Edition of the program"), seal.code_edition)),
    )


def _opening(reading: Reading, seal: Seal) -> Iterator[Block]:
    yield Title(reading.title, reading.month)
    facts = [(_("Program"), reading.program)]
    if reading.organiser:
        facts.append((_("Organiser"), reading.organiser))
    facts += [(_("State"), seal.sentence), (_("Regions"), seal.region_edition)]
    yield Facts(tuple(facts))
    yield Tiles(tuple(Tile(tile.cell.text, tile.label, tile.beside) for tile in reading.tiles))


def _groups(reading: Reading) -> Iterator[Block]:
    """Set the groups that have no tables in two columns, and after them each of the others in the whole width."""
    of = {group.key: group for group in reading.groups}
    for left, right in HALVES:
        yield Beside(tuple(_group(of.pop(left), HALF)), tuple(_group(of.pop(right), HALF)))
    for group in of.values():
        yield from _group(group)


def _group(group: Group, width: float = VALUE) -> Iterator[Block]:
    yield Words(group.title, bold=True)
    if group.lines:
        lines = [(f"   {line.label}" if line.beside else line.label, line.cell.text) for line in group.lines]
        yield Grid((Column(_("Figure")), Column(_("Value"), width, "right")), lines, light=True)
    if group.note:
        yield Words(group.note)
    for table in group.tables:
        yield from _table(table)
    yield Words(_("Source: %(source)s") % {"source": group.source}, "small")


def _table(table: Table) -> Iterator[Block]:
    if not table.rows:
        yield Words(table.empty, "small")
        return
    yield Words(table.title, "small", bold=True)
    yield Grid(_columns(table), [tuple(cell.text for cell in row) for row in table.rows], light=True)


def _columns(table: Table) -> tuple[Column, ...]:
    """Give figures narrow columns at the right, and the words what is left."""
    few = len(table.columns) <= 4  # noqa: PLR2004  columns that fit beside a long name
    numbers = [cell.numeric for cell in table.rows[0]]
    widths = [(34.0 if few else 0) if numeric else 0 for numeric in numbers]
    if not few:
        widths = [30.0, 32.0, 13.0, 14.0, 16.0, 0, 0]
    return tuple(
        Column(name, width, "right" if numeric else "left")
        for name, width, numeric in zip(table.columns, widths, numbers, strict=True)
    )
