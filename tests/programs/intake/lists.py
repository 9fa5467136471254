"""Spreadsheets as people keep them, made by the tests."""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

from common.sheets import Line
from common.sheets.book import text_of

HEAD = ("No", "NIK", "Nama Lengkap", "L/P", "Tanggal lahir", "Dusun", "No. HP", "Setuju")
FIRST = ("Siti", "Sri", "Dewi", "Nur", "Endang", "Joko", "Budi", "Agus", "Slamet", "Wahyu")
LAST = ("Aminah", "Wati", "Rahayu", "Lestari", "Santoso", "Hidayat", "Basri", "Susilo")


def xlsx(rows: Iterable[Sequence[Any]], *, merged: Sequence[str] = (), others: Sequence[str] = ()) -> bytes:
    """Write rows as a workbook of Excel's kind."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Peserta"
    for row in rows:
        sheet.append(row)
    for place in merged:
        sheet.merge_cells(place)
    for title in others:
        book.create_sheet(title).append(["Catatan"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def people(count: int, *, seed: int = 1, start: int = 0) -> list[tuple[Any, ...]]:
    """Invent people who can all be told apart; numbers lie in one invented block."""
    dice = random.Random(seed)  # noqa: S311
    return [
        (
            place + 1,
            f"35241{place:011}",
            f"{dice.choice(FIRST)} {dice.choice(LAST)} {lettered(place)}",
            dice.choice("LP"),
            date(1950 + place % 50, 1 + place % 12, 1 + place % 28),
            dice.choice(("Krajan", "Wedi", "Gading")),
            81230000000 + place,
            dice.choice(("ya", "tidak", None)),
        )
        for place in range(start, start + count)
    ]


def lettered(place: int) -> str:
    """Write a number in three letters."""
    return "".join(chr(97 + place // step % 26) for step in (1, 26, 676))


def text(rows: Iterable[Sequence[Any]], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Write rows as a spreadsheet program exports them."""
    lines = (separator.join(text_of(cell) for cell in row) for row in rows)
    return "\r\n".join([*lines, ""]).encode(encoding)


def repacked(data: bytes, **parts: bytes) -> bytes:
    """Replace parts of a package, by the last word of their names."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(key, old.read(name)))
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    """Read one part of a package."""
    with ZipFile(BytesIO(data)) as package:
        return package.read(name)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Break a file the way sticks and mail do: bytes that turned, an end that is missing, a hole."""
    broken = bytearray(data)
    match dice.randrange(4):
        case 0:
            return bytes(broken[: dice.randrange(len(broken))])
        case 1:
            start = dice.randrange(len(broken))
            broken[start : start + dice.randrange(1, 600)] = b""
        case 2:
            start = dice.randrange(len(broken))
            broken[start : start + 64] = bytes(64)
        case _:
            for _ in range(dice.choice((1, 1, 3, 20))):
                broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
    return bytes(broken)


def as_openpyxl_reads(data: bytes) -> list[Line]:
    """Read a workbook's first sheet the slow and sure way."""
    sheet = load_workbook(BytesIO(data), data_only=True).worksheets[0]
    lines = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [text_of(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            lines.append(Line(number, cells))
    return lines
