"""What all papers of a session say alike.

An official paper exists in one language, so its sentences are written here in Indonesian and are never translated;
whoever builds one does it under `translation.override(LANGUAGE)`, so that dates, modules and marks speak it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from common.dates import at_clock, clock_range, local_date, long_date, month_name, weekday, written_date
from common.paper import Code, Head, Signature
from papers.models import Letter, Letterhead
from papers.states import PaperKind
from programs.models import Attendance, Cohort, Program, Session
from programs.states import SessionMode
from villages.models import Region
from villages.states import RegionKind

Rows = Sequence[tuple[int, Attendance]]  # a sheet: row numbers and seats, people read along
LANGUAGE: Final = "id"
BLANK: Final = "." * 24
CODE_SIDE: Final = 20  # millimetres
ONES: Final = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"),
)
CHIEFS: Final = {RegionKind.WARD: "Lurah", RegionKind.CUSTOMARY: "Kepala Desa Adat"}
PLACES: Final = {RegionKind.WARD: "Kelurahan", RegionKind.CUSTOMARY: "Desa Adat"}
SLUGS: Final = {
    PaperKind.ASSIGNMENT: "surat-tugas",
    PaperKind.INVITATION: "undangan",
    PaperKind.SHEET: "daftar-hadir",
    PaperKind.RECORD: "rekap-kehadiran",
    PaperKind.MINUTES: "berita-acara",
}
TWENTY: Final = 20
SIZES: Final = ((1000, "ribu"), (100, "ratus"), (10, "puluh"))


@dataclass(frozen=True)
class Stationery:
    """A program's letterhead, ready for paper."""

    head: Head
    city: str
    signer: str
    position: str
    under: str

    def signature(self, day: date | None = None) -> Signature:
        """Let the organiser sign; where a letter is dated at its top, without place and day."""
        above = f"{self.city or BLANK}, {written_date(day)}" if day else ""
        return Signature(self.position, self.signer, above=above, under=self.under)


def stationery_of(program: Program) -> Stationery:
    """Read a program's letterhead; without one, the organiser's name stands alone. Costs no query when read along."""
    kept: Letterhead | None = getattr(program, "letterhead", None)
    if kept is None:
        return Stationery(Head(program.organiser), "", "", "Penyelenggara", "")
    contacts = [f"Telepon {kept.phone}" if kept.phone else "", f"Surel {kept.email}" if kept.email else ""]
    lines = [*kept.address.splitlines(), " · ".join(filter(None, contacts))]
    head = Head(kept.organiser, kept.unit, tuple(line for line in lines if line.strip()), bytes(kept.logo))
    number = f"NIP {kept.signer_number}" if kept.signer_number else ""
    return Stationery(head, kept.city, kept.signer, kept.position or "Penyelenggara", number)


def printed(at: datetime, zone: str) -> str:
    """Say when a paper was printed, by the clock of the place."""
    return f"Dicetak {long_date(local_date(at, zone))}, {at_clock(at, zone)}"


def number_line(letter: Letter | None) -> str:
    """Write a letter's number, or room for one."""
    return f"Nomor: {letter.reference if letter else BLANK}"


def day_of(session: Session) -> date:
    """Tell the day of a session at its place."""
    return local_date(session.starts_at, session.zone)


def place_of(session: Session) -> str:
    """Say where people meet, with the landmark by which they find it."""
    if session.venue is None:
        return "Daring"
    where = [session.venue.name, session.venue.landmark, session.venue.region.place]
    online = " (dan daring)" if session.mode == SessionMode.HYBRID else ""
    return ", ".join(filter(None, where)) + online


def activity_of(session: Session) -> str:
    """Name a session with its module."""
    return f"{session.topic} (modul {session.module.name})" if session.topic else session.module.name


def hours_of(session: Session) -> str:
    """Write from when until when, in the zone of the place."""
    return clock_range(session.starts_at, session.ends_at, session.zone)


def cohorts_of(session: Session) -> list[Cohort]:
    """List the cohorts by village and name."""
    return sorted(session.cohorts.all(), key=lambda cohort: (cohort.village.name, cohort.name, cohort.pk))


def trainers_of(session: Session) -> list[str]:
    """Name the trainers, each with where they come from."""
    named = [
        f"{each.name} ({each.organisation})" if each.organisation else each.name for each in session.trainers.all()
    ]
    return sorted(named)


def groups_of(session: Session) -> list[str]:
    """Name each cohort with its village."""
    return [f"{cohort.name}, {village_of(cohort.village.region)}" for cohort in cohorts_of(session)]


def group_of(cohort: Cohort, session: Session) -> str:
    """Name a participant's group as shortly as the sheet allows: with the village only where there are several."""
    several = len(session.cohorts.all()) > 1
    return f"{cohort.village.name}, {cohort.name}" if several else cohort.name


def village_of(region: Region) -> str:
    """Read as `Desa Parengan`, `Kelurahan ...`."""
    return f"{PLACES.get(RegionKind(region.kind), 'Desa')} {region.name}"


def chief_of(session: Session) -> str:
    """Name who acknowledges a paper: the head of the one village, or of whichever signs."""
    regions = {cohort.village.region_id: cohort.village.region for cohort in cohorts_of(session)}
    if len(regions) != 1:
        return f"Kepala Desa {BLANK}"
    (region,) = regions.values()
    return f"{CHIEFS.get(RegionKind(region.kind), 'Kepala Desa')} {region.name}"


def facts_of(session: Session) -> tuple[tuple[str, str], ...]:
    """Say what, when and where, as every paper has it."""
    return (
        ("Kegiatan", activity_of(session)),
        ("Hari, tanggal", long_date(day_of(session))),
        ("Pukul", hours_of(session)),
        ("Tempat", place_of(session)),
        ("Narasumber", "\n".join(trainers_of(session)) or "–"),
    )


def page_of(session: Session, base_url: str) -> Code:
    """Lead to the page of a session, for whoever checks a paper with an account."""
    return Code(f"{base_url}/sessions/{session.pk}/", side=CODE_SIDE)


def day_in_words(day: date) -> str:
    """Write a day out, as minutes begin: `Kamis, tanggal satu bulan Oktober tahun dua ribu dua puluh enam`."""
    month = month_name(day.month)
    return f"{weekday(day)}, tanggal {in_words(day.day)} bulan {month} tahun {in_words(day.year)}"


def in_words(number: int) -> str:
    """Write a number from 0 to 9999 in Indonesian words."""
    if number < len(ONES):
        return ONES[number]
    if number < TWENTY:
        return f"{ONES[number - 10]} belas"
    size, name = next((size, name) for size, name in SIZES if number >= size)
    count, rest = divmod(number, size)
    head = f"se{name}" if count == 1 else f"{in_words(count)} {name}"
    return f"{head} {in_words(rest)}" if rest else head
