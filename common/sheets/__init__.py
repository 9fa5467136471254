"""Tables that people keep: any spreadsheet read into rows of text, any rows written into a safe spreadsheet."""

from common.sheets.book import LARGEST, Book, Leaf, Line, Unreadable
from common.sheets.reading import open_book
from common.sheets.writing import XLSX, Shown, Tab, write_csv, write_tabs, write_xlsx

__all__ = [
    "LARGEST",
    "XLSX",
    "Book",
    "Leaf",
    "Line",
    "Shown",
    "Tab",
    "Unreadable",
    "open_book",
    "write_csv",
    "write_tabs",
    "write_xlsx",
]
