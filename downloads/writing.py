"""A table written down: CSV with machine names for programs, a workbook with headings and words for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, Final

from django.utils.translation import gettext as _

from common.dates import at_clock, local_date, long_date, utc_text
from common.numbers import number
from common.sheets import XLSX, Tab, harmless, stream_csv, stream_tabs
from common.zones import Zone, tz
from downloads.columns import Column, Kind, Table
from downloads.states import Form

Chunks = Iterable[Sequence[tuple[Any, ...]]]
Convert = Callable[..., Any]
MEDIA_TYPES: Final = {Form.CSV: "text/csv; charset=utf-8; header=present", Form.XLSX: XLSX}


@dataclass(frozen=True)
class Taken:
    """Who takes how many rows along, and when: what stands in the workbook as its watermark."""

    by: str
    at: datetime
    rows: int


def columns_for(table: Table, form: str) -> list[tuple[int, Column]]:
    """Choose the columns of a form, each with its place; keys are for programs only."""
    numbered = enumerate(table.columns)
    return [(place, each) for place, each in numbered if form == Form.CSV or each.kind != Kind.KEY]


def written(table: Table, chunks: Chunks, *, form: str, taken: Taken) -> Iterator[bytes]:
    """Write the rows: CSV as they come, a workbook when it has them all; words are those of the moment of the call."""
    chosen = columns_for(table, form)
    convert = _converter(table, chosen, _for_programs if form == Form.CSV else _for_people)
    rows = (convert(chunk) for chunk in chunks)
    if form == Form.CSV:
        return stream_csv([column.name for _place, column in chosen], rows)
    columns = [column for _place, column in chosen]
    return stream_tabs(_tabs(table, columns, chain.from_iterable(rows), taken), by=taken.by, at=taken.at)


def _converter(
    table: Table, chosen: Sequence[tuple[int, Column]], writer: Callable[[Column], Convert | None]
) -> Callable[[Sequence[tuple[Any, ...]]], Iterable[Sequence[Any]]]:
    """Prepare to write whole chunks column by column: what needs no change costs nothing."""
    paths = table.paths
    plan = []
    for place, column in chosen:
        reads = [place] if table.counted else [paths[path] for path in column.reads]
        zone = paths[column.zone] if column.zone else None
        plan.append((reads, zone, column.compose, writer(column)))

    def convert(chunk: Sequence[tuple[Any, ...]]) -> Iterable[Sequence[Any]]:
        read = list(zip(*chunk, strict=True))
        return zip(*(_values(read, *each) for each in plan), strict=True)

    return convert


def _values(
    read: Sequence[Sequence[Any]],
    reads: Sequence[int],
    zone: int | None,
    compose: Convert | None,
    write: Convert | None,
) -> Iterable[Any]:
    """Give the values of one column."""
    values: Iterable[Any] = map(compose, *(read[place] for place in reads)) if compose else read[reads[0]]
    if write is None:
        return values
    return map(write, values, read[zone]) if zone is not None else map(write, values)


# -- For programs -----------------------------------------------------------------------------------------------------


def _for_programs(column: Column) -> Convert | None:
    return MACHINE.get(column.kind)


def _truth(value: object) -> str:
    return "" if value is None else str(bool(value)).lower()


def _utc(moment: datetime | None, _zone: str | None = None) -> str:
    return utc_text(moment) if moment else ""


def _listed(values: Iterable[Any] | None) -> Any:
    return harmless(";".join(map(str, values or ())))


MACHINE: Final[Mapping[Kind, Convert]] = {
    Kind.TEXT: harmless,
    Kind.KEY: harmless,
    Kind.CHOICE: harmless,
    Kind.MOMENT: _utc,
    Kind.YES_NO: _truth,
    Kind.LIST: _listed,
}


# -- For people -------------------------------------------------------------------------------------------------------


def _for_people(column: Column) -> Convert | None:
    labels = {value: str(label) for value, label in column.labels.items()}
    match column.kind:
        case Kind.CHOICE:
            return partial(_chosen, labels)
        case Kind.LIST:
            return partial(_named, labels)
        case Kind.MOMENT:
            return _local
        case _:
            return None


def _chosen(labels: dict[Any, str], value: Any) -> Any:
    return labels.get(value, value)


def _named(labels: dict[Any, str], values: Iterable[Any] | None) -> str:
    return ", ".join(labels.get(value, str(value)) for value in values or ())


def _local(moment: datetime | None, zone: str | None = None) -> datetime | None:
    """Give a moment as the clock of its place shows it."""
    return moment.astimezone(tz(zone or Zone.WIB)).replace(tzinfo=None, microsecond=0) if moment else None


def _tabs(table: Table, columns: Sequence[Column], rows: Iterable[Sequence[Any]], taken: Taken) -> list[Tab]:
    """Lay the rows on one sheet, and on another what the list is, who took it along and when."""
    when = f"{long_date(local_date(taken.at, Zone.WIB))}, {at_clock(taken.at, Zone.WIB)}"
    about = [
        (_("List"), table.name),
        (_("Downloaded by"), taken.by),
        (_("When"), when),
        (_("Number of rows"), number(taken.rows)),
        (_("Times"), _("By the clock of the place where a row has one, else WIB.")),
    ]
    foot = f"{table.name} · {taken.by} · {when}"
    head, widths = [column.title for column in columns], [column.width for column in columns]
    return [
        Tab(table.name, head, rows, widths, foot),
        Tab(_("About this list"), (_("What"), _("Content")), about, (24, 80)),
    ]
