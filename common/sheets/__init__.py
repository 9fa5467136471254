"""Tables that people keep: any spreadsheet read into rows of text, any rows written into a safe spreadsheet."""

from common.sheets.book import LARGEST, Book, Leaf, Line, Unreadable
from common.sheets.cells import Shown, harmless
from common.sheets.reading import open_book
from common.sheets.records import stream_csv, write_csv
from common.sheets.writing import (
    MOST_ROWS,
    XLSX,
    Tab,
    stream_tabs,
    sweep_unfinished,
    write_steady,
    write_tabs,
    write_xlsx,
)

__all__ = [
    "LARGEST",
    "MOST_ROWS",
    "XLSX",
    "Book",
    "Leaf",
    "Line",
    "Shown",
    "Tab",
    "Unreadable",
    "harmless",
    "open_book",
    "stream_csv",
    "stream_tabs",
    "sweep_unfinished",
    "write_csv",
    "write_steady",
    "write_tabs",
    "write_xlsx",
]
