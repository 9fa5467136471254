"""Tables that people keep: any spreadsheet read into rows of text, any rows written into a safe spreadsheet."""

from common.sheets.book import LARGEST, Book, Leaf, Line, Unreadable
from common.sheets.reading import open_book
from common.sheets.stream import MOST_ROWS, Sheet, cell_of, harmless, stream_csv, stream_xlsx
from common.sheets.writing import XLSX, Shown, Tab, write_csv, write_tabs, write_xlsx

__all__ = [
    "LARGEST",
    "MOST_ROWS",
    "XLSX",
    "Book",
    "Leaf",
    "Line",
    "Sheet",
    "Shown",
    "Tab",
    "Unreadable",
    "cell_of",
    "harmless",
    "open_book",
    "stream_csv",
    "stream_xlsx",
    "write_csv",
    "write_tabs",
    "write_xlsx",
]
