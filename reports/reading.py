"""What the facts of a monthly report say: groups of figures and tables, each with where it comes from.

Page, paper and spreadsheet are drawn from one reading, so their figures are equal. Nothing here asks the database.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from common.dates import month_name, span, written_date
from progress.outcomes import Outcomes, Share
from reports.cells import Cell, Kind, count, day, rupiah, words
from reports.destinations import country
from reports.regional import day_counted

NARROW: Final = 3  # columns that fit beside another group
PRODUCTS: Final = 15  # rows of a table of shares; the rest is added up in one more


@dataclass(frozen=True)
class Line:
    """One figure; `beside` stands next to the one before it and is never added to it."""

    key: str
    label: str
    cell: Cell
    beside: bool = False


@dataclass(frozen=True)
class Table:
    """Figures by village, product and the like; `empty` is what is said when there are no rows."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Name the columns, and tell which of them hold figures."""
        return [(name, cell.numeric) for name, cell in zip(self.columns, self.rows[0], strict=True)]

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Pair each cell with the name of its column, for a narrow page."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Group:
    """Figures of one matter, where they come from, and what must be said beside them."""

    key: str
    title: str
    source: str
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    note: str = ""

    @property
    def wide(self) -> bool:
        """Tell whether its tables need the whole width of a page."""
        return any(len(table.columns) > NARROW for table in self.tables)


@dataclass(frozen=True)
class Tile:
    """One of the first figures that are read, with what must be read along."""

    cell: Cell
    label: str
    beside: str


@dataclass(frozen=True)
class Reading:
    """A whole report in the language of the moment."""

    place: str
    program: str
    organiser: str
    month: str
    counted_on: date
    over: bool
    tiles: tuple[Tile, ...]
    groups: tuple[Group, ...]

    @property
    def title(self) -> str:
        """Name the report."""
        return _("Monthly report of %(place)s") % {"place": self.place}

    @property
    def lines(self) -> dict[str, tuple[Group, Line]]:
        """Find each figure by its key."""
        return {line.key: (group, line) for group in self.groups for line in group.lines}


@dataclass(frozen=True)
class Change:
    """One figure that is another today."""

    group: str
    label: str
    frozen: Cell
    today: Cell

    @property
    def step(self) -> str:
        """Write how far it moved."""
        return self.frozen.step_to(self.today)


def read(facts: dict[str, Any]) -> Reading:
    """Read facts that `reckon` wrote, today or years ago."""
    told = Outcomes.from_facts(facts["outcomes"])
    first, region, program = told.period.first, facts["region"], facts["program"]
    return Reading(
        place=region["name"] if region else _("Indonesia"),
        program=program["name"] if program else _("All programs"),
        organiser=program["organiser"] if program else "",
        month=f"{month_name(first.month)} {first.year}",
        counted_on=day_counted(facts),
        over=facts["over"],
        tiles=_tiles(told),
        groups=(
            _villages(told, day_counted(facts)),
            _training(told),
            _visits(told),
            _items(told),
            _claims(told),
            _exports(told),
            _published(facts["published"]),
        ),
    )


def changes(frozen: Reading, today: Reading) -> list[Change]:
    """List the figures that are others today than when the report was frozen."""
    now = today.lines
    return [
        Change(group.title, line.label, line.cell, now[key][1].cell)
        for key, (group, line) in frozen.lines.items()
        if key in now and now[key][1].cell.value != line.cell.value
    ]


def _tiles(told: Outcomes) -> tuple[Tile, ...]:
    share = Cell(told.people.share, Kind.PERCENT).text
    apart = {"candidates": count(told.villages.candidates).text, "reported": rupiah(told.exports.reported).text}
    return (
        Tile(count(told.villages.desa_devisa), _("Desa Devisa"), _("%(candidates)s candidates apart") % apart),
        Tile(count(told.people.trained), _("People trained"), _("%(share)s women") % {"share": share}),
        Tile(rupiah(told.exports.verified), _("Verified exports"), _("%(reported)s reported beside") % apart),
        Tile(
            rupiah(told.claims.paid),
            _("Subsidy paid"),
            _("%(amount)s approved") % {"amount": rupiah(told.claims.committed).text},
        ),
    )


def _villages(told: Outcomes, counted_on: date) -> Group:
    return Group(
        "villages",
        _("Villages"),
        _("Stages and decrees as recorded on %(day)s.") % {"day": written_date(counted_on)},
        (
            Line("desa_devisa", _("Desa Devisa (designated and beyond)"), count(told.villages.desa_devisa)),
            Line("candidates", _("Candidates"), count(told.villages.candidates), beside=True),
            Line("out", _("Deferred, rejected or stopped"), count(told.villages.out), beside=True),
        ),
    )


def _training(told: Outcomes) -> Group:
    return Group(
        "training",
        _("Training"),
        _(
            "Held and closed sessions that ended in the month; 1 JP is 45 minutes; a joint session counts for each"
            " cohort in it, a person once."
        ),
        (
            Line("trained", _("People trained"), count(told.people.trained)),
            Line("women", _("Women among them"), count(told.people.women)),
            Line("share", _("Share of women"), Cell(told.people.share, Kind.PERCENT)),
            Line("delivered", _("Hours held"), Cell(told.hours.delivered_jp, Kind.HOURS)),
            Line("planned", _("Hours planned"), Cell(told.hours.planned_jp, Kind.HOURS)),
            Line("attendance", _("Attendance"), Cell(told.seats.attendance, Kind.PERCENT)),
            Line("commitment", _("Came or gave notice"), Cell(told.seats.commitment, Kind.PERCENT)),
        ),
    )


def _visits(told: Outcomes) -> Group:
    visited = [each for each in told.visits if each.approved or each.pending]
    rows = tuple((words(each.name), count(each.approved), count(each.pending)) for each in visited)
    return Group(
        "visits",
        _("Mentoring visits"),
        _("Visits of the month; only approved ones count, those that wait stand beside."),
        (
            Line("approved", _("Approved visits"), count(told.approved_visits)),
            Line("pending", _("Waiting for approval"), count(told.pending_visits), beside=True),
            Line("visited", _("Villages visited"), count(sum(each.approved > 0 for each in told.visits))),
            Line("unvisited", _("Villages without a visit"), count(sum(not each.approved for each in told.visits))),
        ),
        (
            Table(
                "visits_by_village",
                _("Visits by village"),
                (_("Village"), _("Approved visits"), _("Waiting for approval")),
                rows,
                _("No visit was recorded in this month."),
            ),
        ),
    )


def _items(told: Outcomes) -> Group:
    items = told.items
    return Group(
        "items",
        _("Action items"),
        _("What visits agreed on and is still open, by days since the visit, at the end of the month."),
        (
            Line("open", _("Open action items"), count(items.total)),
            Line("within_30", _("Up to 30 days"), count(items.within_30)),
            Line("within_60", _("31 to 60 days"), count(items.within_60)),
            Line("within_90", _("61 to 90 days"), count(items.within_90)),
            Line("older", _("More than 90 days"), count(items.older)),
            Line("overdue", _("Past their day"), count(items.overdue)),
        ),
    )


def _exports(told: Outcomes) -> Group:
    exports = told.exports
    return Group(
        "exports",
        _("Exports"),
        _("Recorded sales by day of export, in rupiah at their stored rates; verified and reported are never added."),
        (
            Line("verified", _("Verified value"), rupiah(exports.verified)),
            Line("reported", _("Reported, not verified"), rupiah(exports.reported), beside=True),
            Line("count_verified", _("Verified exports"), count(exports.count_verified)),
            Line("count_reported", _("Reported exports, not verified"), count(exports.count_reported), beside=True),
            Line("new_exporters", _("New exporters"), count(len(told.new_exporters))),
        ),
        tuple(table for table in _export_tables(told) if table.rows),
        "" if exports.count_verified else _("No verified export yet."),
    )


def _export_tables(told: Outcomes) -> tuple[Table, ...]:
    exports = told.exports
    return (
        _exporters(told),
        _shares("by_product", _("By product"), _("Product"), exports.by_product),
        _shares("by_country", _("By destination"), _("Country"), exports.by_country, named=_destination),
        _shares("by_year", _("By year"), _("Year"), exports.by_year),
    )


def _exporters(told: Outcomes) -> Table:
    names = {each.village: each.name for each in told.visits}
    rows = tuple(
        (words(each.label), words(names.get(each.village, "")), day(each.on))
        for each in sorted(told.new_exporters, key=lambda each: (each.on, each.unit))
    )
    columns = (_("Business unit"), _("Village"), _("First verified export"))
    return Table("exporters", _("New exporters"), columns, rows)


def _shares(key: str, title: str, head: str, shares: tuple[Share, ...], named: Any = None) -> Table:
    columns = (head, _("Verified"), _("Reported"), _("Exports"))
    kept = [
        (words(named(each) if named else each.label), rupiah(each.verified), rupiah(each.reported), count(each.count))
        for each in shares[:PRODUCTS]
    ]
    rest = shares[PRODUCTS:]
    if rest:
        sums = (sum((getattr(each, name) for each in rest), Decimal(0)) for name in ("verified", "reported"))
        verified, reported = sums
        total = count(sum(each.count for each in rest))
        kept.append((words(_("%(count)s others") % {"count": len(rest)}), rupiah(verified), rupiah(reported), total))
    return Table(key, title, columns, tuple(kept))


def _destination(share: Share) -> str:
    return country(share.key, share.label)


def _claims(told: Outcomes) -> Group:
    claims = told.claims
    return Group(
        "claims",
        _("Sample-shipping subsidy"),
        _("Claims approved and paid in the month; open ones at its end; days from first submission to payment."),
        (
            Line("committed", _("Approved"), rupiah(claims.committed)),
            Line("committed_count", _("Approved claims"), count(claims.committed_count)),
            Line("paid", _("Paid"), rupiah(claims.paid)),
            Line("paid_count", _("Paid claims"), count(claims.paid_count)),
            Line("open_count", _("Claims still open"), count(claims.open_count)),
            Line("days_to_pay", _("Days until paid"), Cell(claims.days_to_pay, Kind.DAYS)),
        ),
    )


def _published(figures: list[dict[str, Any]]) -> Group:
    columns = (
        _("Period"),
        _("Value"),
        _("Business units"),
        _("Industry centres"),
        _("Countries"),
        _("Whose exports"),
        _("Source"),
    )
    return Group(
        "published",
        _("Published by others"),
        _("Each figure is its source's own, of its own exporters. They stand side by side and are never added."),
        tables=(
            Table(
                "published",
                _("Published export figures"),
                columns,
                tuple(_figure(figure) for figure in figures),
                _("No published figure is kept for this region."),
            ),
        ),
    )


def _figure(figure: dict[str, Any]) -> tuple[Cell, ...]:
    first, last = (date.fromisoformat(figure[name]) for name in ("first", "last"))
    value = None if figure["value"] is None else Decimal(figure["value"])
    money = rupiah(value) if figure["currency"] in ("IDR", "") else words(f"{figure['currency']} {Cell(value).text}")
    counts = (count(figure[name]) for name in ("units", "centres", "countries"))
    return (words(span(first, last)), money, *counts, words(figure["population"]), words(figure["source"]))
