"""Daftar persetujuan: the list that people sign who want to be told by message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import translation

from common.paper import Column, Grid, Half, Paper, Title, Words
from papers.wording import LANGUAGE, printed
from villages.consents import VERSION, WORDS
from villages.models import Person, Village
from villages.states import Purpose

BLANK_ROWS: Final = 5
SIGNED: Final = (
    Column("No.", 10, "center"),
    Column("Nama"),
    Column("Dusun", 34),
    Column("No. HP bila berubah", 38),
    Column("Tanda tangan", 44),
)


@translation.override(LANGUAGE)
def consent_list(village: Village, people: Sequence[Person], *, at: datetime) -> Paper:
    """Build the list of one village: the words at its top, a line for each, and blank ones for who comes along."""
    named = [(person.name, person.hamlet or "–") for person in people] + [("", "")] * BLANK_ROWS
    rows = [(str(place), *line, "", _hand(place)) for place, line in enumerate(named, 1)]
    return Paper(
        f"Daftar persetujuan {village.code}",
        (
            Title("Daftar persetujuan", f"Desa Devisa {village.name}, {village.place}"),
            Words("Dengan menandatangani daftar ini, saya menyetujui:"),
            Words(f"“{WORDS[Purpose.MESSAGES]}”", bold=True),
            Grid(SIGNED, rows, height=9),
        ),
        number=f"Persetujuan versi {VERSION}",
        printed=printed(at, village.zone),
    )


def _hand(place: int) -> str | Half:
    """Number the signatures zig-zag, so that two hands never share a place."""
    text = f"{place} ..............."
    return text if place % 2 else Half(text)
