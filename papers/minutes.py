"""Berita acara: the facts of a session, its figures as progress counted them, and what people wrote."""

from datetime import datetime

from django.utils import translation

from common.paper import Block, Facts, Paper, Points, Signature, Signatures, Title, Words
from papers.models import Letter, Minutes
from papers.wording import (
    LANGUAGE,
    Stationery,
    activity_of,
    chief_of,
    day_in_words,
    day_of,
    groups_of,
    hours_of,
    number_line,
    page_of,
    place_of,
    printed,
    trainers_of,
)
from programs.models import Session
from progress.measures import SheetCount


@translation.override(LANGUAGE)
def official_minutes(
    session: Session,
    minutes: Minutes,
    *,
    figures: SheetCount,
    letter: Letter | None,
    stationery: Stationery,
    base_url: str,
    at: datetime,
) -> Paper:
    """Build the minutes of a session."""
    day = day_of(session)
    blocks: tuple[Block, ...] = (
        Title("Berita acara", number_line(letter)),
        Words(
            f"Pada hari ini, {day_in_words(day)}, pukul {hours_of(session)}, bertempat di {place_of(session)},"
            f" telah dilaksanakan kegiatan {activity_of(session)} dalam program {session.program.name}."
        ),
        Facts((("Peserta", "\n".join(groups_of(session))), ("Narasumber", "\n".join(trainers_of(session)) or "–"))),
        Words("Kehadiran peserta", bold=True),
        Facts(_figures(figures), page_of(session, base_url)),
        Points(_lines(minutes.results), "Hasil kegiatan"),
        Points(_lines(minutes.obstacles), "Kendala"),
        Points(_lines(minutes.follow_up), "Rencana tindak lanjut"),
        Words("Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."),
        Signatures(
            stationery.signature(letter.dated_on if letter else day),
            Signature(minutes.witness_position or chief_of(session), minutes.witness, above="Mengetahui,"),
        ),
    )
    number = f"Nomor {letter.reference}" if letter else "Belum bernomor"
    return Paper("Berita acara", blocks, stationery.head, number, printed(at, session.zone))


def _figures(figures: SheetCount) -> tuple[tuple[str, str], ...]:
    came = figures.present + figures.late
    late = f", {figures.late} di antaranya terlambat" if figures.late else ""
    said = [
        ("Terdaftar", f"{figures.seats} orang"),
        ("Hadir", f"{came} orang{late}"),
        ("Izin", f"{figures.leave} orang"),
        ("Sakit", f"{figures.sick} orang"),
        ("Tanpa keterangan", f"{figures.absent} orang"),
    ]
    return (*said, *([("Belum ditandai", f"{figures.unmarked} orang")] if figures.unmarked else []))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
