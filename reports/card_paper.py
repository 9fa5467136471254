"""The report card of a village on one sheet of A4, in Indonesian."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.dates import short_date, written_date
from common.paper import Beside, Block, Column, Facts, Grid, Note, Paper, Sketch, Stroke, Tile, Tiles, Title, Words
from papers.wording import LANGUAGE, printed
from reports.card import Card, Step
from reports.cells import Cell, Kind, count, rupiah
from villages.comparison import Comparison

NAME, LINE, WORKS = 66, 74, 110  # letters that fit
VALUE: Final = 30.0  # millimetres of a column of figures


@translation.override(LANGUAGE)
def card_paper(card: Card, *, at: datetime) -> Paper:
    """Print the card; whatever is written about the village, it stays one page."""
    village = card.village
    blocks = (*_opening(card), *_standing(card), *_came_of_it(card), *_next(card))
    title = f"Rapor desa {village.name}"
    foot = f"{_cut(title, NAME)}, {written_date(card.on)}"
    return Paper(title, blocks, None, foot, printed(at, village.zone), single=True)


def _cut(text: str, letters: int) -> str:
    return Truncator(" ".join(text.split())).chars(letters)


def _opening(card: Card) -> Iterator[Block]:
    village = card.village
    yield Title(_cut(_("Report card of %(village)s") % {"village": village.name}, NAME), _cut(village.place, NAME))
    stage = f"{card.standing} · {village.get_stage_display()}"
    if village.decree_on:
        stage += f" · {_cut(village.decree_number, 40)}, {written_date(village.decree_on)}"
    program = _cut(card.program.name, NAME) if card.program else _("In no program yet")
    facts = [(_("Stage"), stage), (_("Commodity"), _cut(village.commodity, NAME)), (_("Program"), program)]
    yield Facts(tuple(facts))
    told = card.told
    women = Cell(told.people.share, Kind.PERCENT).text
    visits = told.visits[0]
    yield Tiles(
        (
            Tile(Cell(card.percent, Kind.PERCENT).text, _("Progress of the program"), _hours(card)),
            Tile(count(told.people.trained).text, _("People trained"), _("%(share)s women") % {"share": women}),
            Tile(count(visits.approved).text, _("Approved visits"), _waiting(visits.pending)),
            Tile(rupiah(told.exports.verified).text, _("Verified exports"), _beside(card)),
        )
    )


def _hours(card: Card) -> str:
    hours = card.told.hours
    return _("%(delivered)s of %(planned)s JP planned by now") % {
        "delivered": count(hours.delivered_jp).text,
        "planned": count(hours.planned_jp).text,
    }


def _waiting(pending: int) -> str:
    return _("%(count)s waiting for approval") % {"count": count(pending).text}


def _beside(card: Card) -> str:
    return _("%(reported)s reported beside") % {"reported": rupiah(card.told.exports.reported).text}


def _standing(card: Card) -> Iterator[Block]:
    """Draw the criteria beside the modules, and below them whether each moved."""
    left: tuple[Block, ...] = (Words(_("Not assessed yet."), "small"),)
    if card.comparison:
        left = (radar_sketch(card.comparison),)
    columns = (Column(_("Module")), Column(pgettext("module", "Delivered"), 31), Column("%", 10, "right"))
    rows = [(work.cell.name, work.amount, Cell(work.cell.percent).text) for work in card.works]
    modules = Grid(columns, rows, light=True) if rows else Words(_("In no program yet"), "small")
    yield Beside(left, (modules,), 0.4)
    if card.moved:
        yield _criteria(card)


def _criteria(card: Card) -> Grid:
    columns = (
        Column(_("Criterion"), 48),
        Column(pgettext("assessment", "Earlier"), 22, "center"),
        Column(pgettext("assessment", "Later"), 18, "center"),
        Column(_("Difference"), 16, "center"),
        Column(_("What should move it")),
    )
    rows = [
        (
            each.line.name,
            count(each.line.before).text,
            count(each.line.now).text,
            each.line.step,
            _cut(" · ".join(f"{work.cell.name} {_share(work.cell.percent)}" for work in each.works) or "–", WORKS),
        )
        for each in card.moved
    ]
    return Grid(columns, rows, light=True)


def _share(percent: int | None) -> str:
    return "" if percent is None else f"{percent}%"


def radar_sketch(comparison: Comparison) -> Sketch:
    """Draw the web of the eight criteria with the paper's own lines."""
    radar, thin = comparison.radar, [axis.end for axis in comparison.radar.axes]
    rings = [Stroke(tuple(_points(ring.points))) for ring in radar.rings]
    axes = [Stroke((radar.centre, end), closed=False) for end in thin]
    shapes = [Stroke(shape.marks, "now" if shape.look == "now" else "before") for shape in radar.shapes]
    names = [
        Note(text, at, "left" if axis.anchor == "start" else "right", 12.5, bold)
        for axis in radar.axes
        for text, at, bold in ((axis.name, axis.at, True), (axis.figures, (axis.at[0], axis.below), False))
    ]
    return Sketch(radar.width, radar.height, (*rings, *axes, *shapes), tuple(names), 76, _caption(comparison))


def _caption(comparison: Comparison) -> str:
    now = written_date(comparison.now.as_of)
    if comparison.before is None:
        return now
    before = _("Dashed line: %(day)s") % {"day": written_date(comparison.before.as_of)}
    solid = _("Solid line: %(day)s") % {"day": now}
    return f"{before}\n{solid}"


def _points(written: str) -> Iterator[tuple[float, float]]:
    for pair in written.split():
        x, y = pair.split(",")
        yield float(x), float(y)


def _came_of_it(card: Card) -> Iterator[Block]:
    told = card.told
    last = short_date(card.last_visit) if card.last_visit else "–"
    left = (
        (_("Last approved visit"), last),
        (_("Open action items"), count(told.items.total).text),
        (_("Past their day"), count(told.items.overdue).text),
        (_("Attendance"), Cell(told.seats.attendance, Kind.PERCENT).text),
    )
    right = (
        (_("Subsidy approved"), rupiah(told.claims.committed).text),
        (_("Subsidy paid"), f"{rupiah(told.claims.paid).text} ({told.claims.paid_count})"),
        (_("Verified exports"), f"{rupiah(told.exports.verified).text} ({told.exports.count_verified})"),
        (_("Reported, not verified"), f"{rupiah(told.exports.reported).text} ({told.exports.count_reported})"),
    )
    beside = (_pairs(_("Visits and action items"), left, VALUE), _pairs(_("Claims and exports"), right, 38.0))
    yield Beside((beside[0],), (beside[1],))
    yield Words(_sold(card), "small")


def _pairs(head: str, rows: Sequence[tuple[str, str]], width: float) -> Grid:
    return Grid((Column(head), Column("", width, "right")), rows, light=True)


def _sold(card: Card) -> str:
    if not card.told.exports.count_verified:
        return _("No verified export yet.")
    sales = (
        f"{_cut(sale.product, 40)}, {sale.destination}, {written_date(sale.on)}, {rupiah(sale.rupiah).text}"
        for sale in card.sales
    )
    return _("Latest verified exports: %(sales)s") % {"sales": "; ".join(sales)}


def _next(card: Card) -> Iterator[Block]:
    rows = [(_day(step), _cut(step.text, LINE)) for step in card.steps]
    if rows:
        yield Grid((Column(_("Next steps"), 46), Column("")), rows, light=True)
    else:
        yield Words(_("Next steps"), bold=True)
        yield Words(_("Nothing is planned and nothing is open."), "small")
    yield Words(_("Sources: %(sources)s") % {"sources": _sources()}, "small")


def _sources() -> str:
    return _(
        "approved visits, held sessions and approved and paid claims of this program;"
        " all recorded exports of the village until the day of this card, in rupiah at their stored rates."
    )


def _day(step: Step) -> str:
    if step.day is None:
        return "–"
    return " · ".join((short_date(step.day), _("late"))) if step.late else short_date(step.day)
