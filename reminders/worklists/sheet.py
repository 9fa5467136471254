"""The last rung of the ladder: a sheet for the village contact, who goes from door to door with it.

It is a paper, so its words are written in Indonesian; it names people and no numbers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import translation

from common.paper import Column, Facts, Grid, Paper, Title, Words
from papers.wording import LANGUAGE, printed, stationery_of
from papers.wording import facts_of as facts_of_session
from programs.models import Session
from programs.states import SessionState
from villages.models import Person, Village

COLUMNS: Final = (
    Column("No.", 10, "center"),
    Column("Nama"),
    Column("Dusun", 32),
    Column("Diberi tahu (tanggal, jam)", 40),
    Column("Jawaban", 34),
)
PLEASE: Final = (
    "Mohon sampaikan langsung kepada nama-nama berikut. Tulis tanggal dan jam setelah disampaikan, tanyakan apakah "
    "bisa hadir, lalu kabari pendamping."
)
OFF: Final = "PELATIHAN INI DIBATALKAN. " + PLEASE.replace("tanyakan apakah bisa hadir, lalu ", "lalu ")


@translation.override(LANGUAGE)
def calling_sheet(session: Session, village: Village, people: Sequence[Person], *, at: datetime) -> Paper:
    """List who of one village has to be told about a session in person."""
    off = session.state == SessionState.CANCELLED
    answer = "–" if off else "Hadir / Tidak bisa"
    rows = [(str(place), person.name, person.hamlet, "", answer) for place, person in enumerate(people, 1)]
    return Paper(
        "Daftar yang perlu diberi tahu",
        (
            Title("Daftar yang perlu diberi tahu", f"Desa {village.name}"),
            Facts(facts_of_session(session)),
            Words(OFF if off else PLEASE),
            Grid(COLUMNS, rows, height=9),
        ),
        stationery_of(session.program).head,
        "",
        printed(at, session.zone),
    )
