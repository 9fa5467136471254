"""Laporan pendampingan: what one mentor did in one village in one month, as facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Final

from django.db.models import Count, Prefetch, Q
from django.utils import translation

from accounts.models import User
from accounts.states import Role
from common.dates import at_clock, local_date, local_moment, month_name, short_date, written_date
from common.errors import Refused
from common.paper import Block, Column, Facts, Grid, Paper, Plate, Plates, Signature, Signatures, Title, Words
from mentoring.models import ActionItem, HeldVersion, Photo, Visit
from mentoring.states import ActionState, VisitMode, VisitState
from papers.wording import CHIEFS, LANGUAGE, Stationery, printed, stationery_of
from programs.models import Cohort, Program
from villages.models import Village
from villages.states import RegionKind

PER_VISIT: Final = 4  # photos on paper
STATES: Final = {
    VisitState.DRAFT: "Konsep",
    VisitState.SUBMITTED: "Menunggu persetujuan",
    VisitState.RETURNED: "Dikembalikan",
    VisitState.APPROVED: "Disetujui",
}
MODES: Final = {VisitMode.ON_SITE: "Tatap muka", VisitMode.ONLINE: "Daring", VisitMode.PHONE: "Telepon"}
BECAME: Final = {
    ActionState.OPEN: "Terbuka",
    ActionState.DONE: "Selesai",
    ActionState.DROPPED: "Dibatalkan",
    ActionState.CARRIED_OVER: "Dilanjutkan",
}
VISITS: Final = (
    Column("No.", 9, "center"),
    Column("Tanggal", 31),
    Column("Cara", 20),
    Column("Tujuan dan modul"),
    Column("Hadir", 13, "center"),
    Column("Status", 25),
)
FOUND: Final = (Column("Kriteria atau modul", 44), Column("Temuan"), Column("Tanggal", 31))
AGREED: Final = (
    Column("Tindak lanjut"),
    Column("Penanggung jawab", 34),
    Column("Tenggat", 31),
    Column("Status", 22),
    Column("Asal", 19),
)


@dataclass(frozen=True)
class Month:
    """One mentor, one village, one month, as one reader sees it; each thing is read once, when it is asked for."""

    mentor: User
    village: Village
    first: date
    reader: User

    @property
    def end(self) -> date:
        """Tell the first day after the month."""
        return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Tell the month's first moment and the next month's, by the clock of the village."""
        start, end = (local_moment(day, time.min, self.village.zone) for day in (self.first, self.end))
        return start, end

    @cached_property
    def visits(self) -> list[Visit]:
        """Read the visits of the month, the earliest first; 5 queries."""
        start, end = self.bounds
        seen = Visit.objects.visible_to(self.reader).filter(mentor=self.mentor, village=self.village)
        rows = seen.filter(visited_at__gte=start, visited_at__lt=end).annotate(came=Count("attendees"))
        photos = Prefetch("photos", Photo.objects.standing().order_by("position", "pk"))
        below = rows.select_related("program__letterhead").prefetch_related("modules", "findings__module", photos)
        return list(below.order_by("visited_at", "pk"))

    @cached_property
    def items(self) -> list[ActionItem]:
        """Read what was agreed at these visits, and what was still open from before when the month began."""
        start, end = self.bounds
        seen = ActionItem.objects.visible_to(self.reader).filter(village=self.village, visit__mentor=self.mentor)
        before = Q(visit__visited_at__lt=start) & (Q(state=ActionState.OPEN) | Q(settled_at__gte=start))
        rows = seen.filter(before | Q(visit__visited_at__gte=start, visit__visited_at__lt=end)).select_related("visit")
        return list(rows.order_by("visit__visited_at", "due_on", "pk"))

    @cached_property
    def program(self) -> Program | None:
        """Tell in whose name the report is written: the month's last visit's program, else the village's last."""
        if self.visits:
            return self.visits[-1].program
        cohorts = Cohort.objects.visible_to(self.reader).filter(village=self.village)
        last = cohorts.select_related("program__letterhead").order_by("-starts_on", "-pk").first()
        return last.program if last else None

    @cached_property
    def held(self) -> int:
        """Count the visits of the month that came and wait for a decision; other versions of a visit are none."""
        start, end = self.bounds
        waiting = HeldVersion.objects.visible_to(self.reader).waiting().filter(sent_by=self.mentor, visit=None)
        return len({held.key for held in waiting.filter(village=self.village) if start <= held.visited_at < end})

    def count(self, *states: str) -> int:
        """Count visits in these states."""
        return sum(visit.state in states for visit in self.visits)

    @property
    def missing(self) -> int:
        """Count the visits that are not in the record yet."""
        return len(self.visits) - self.count(VisitState.APPROVED) + self.held

    @property
    def awaited(self) -> int:
        """Count photos that are still on a phone."""
        return sum(not photo.arrived for visit in self.visits for photo in visit.photos.all())


@translation.override(LANGUAGE)
def mentoring_report(month: Month, *, at: datetime) -> Paper:
    """Build the report of a month; a month without visits says so."""
    stationery = stationery_of(month.program) if month.program else None
    title = f"{month_name(month.first.month)} {month.first.year}"
    blocks = (*_opening(month, title), *_told(month), *_closing(month, stationery, at))
    return Paper(
        f"Laporan pendampingan {month.village.name} {month.first:%Y-%m}",
        blocks,
        stationery.head if stationery else None,
        f"Laporan pendampingan {month.village.name}, {title}",
        printed(at, month.village.zone),
    )


def _opening(month: Month, title: str) -> Iterator[Block]:
    yield Title("Laporan pendampingan", title)
    place = month.village.place
    yield Facts(
        (
            ("Pendamping", month.mentor.name),
            ("Desa", place if place.startswith(month.village.name) else f"{month.village.name} ({place})"),
            *([("Program", month.program.name)] if month.program else []),
            ("Kunjungan", _counted(month)),
            ("Kehadiran", f"{sum(_came(visit) for visit in month.visits)} orang dalam semua kunjungan"),
        )
    )
    if warning := _warning(month):
        yield Words(warning, bold=True)


def _counted(month: Month) -> str:
    said = [f"{month.count(VisitState.APPROVED)} disetujui"]
    for state, word in (
        (VisitState.SUBMITTED, "menunggu persetujuan"),
        (VisitState.RETURNED, "dikembalikan"),
        (VisitState.DRAFT, "konsep"),
    ):
        if count := month.count(state):
            said.append(f"{count} {word}")
    if month.held:
        said.append(f"{month.held} menunggu keputusan")
    return ", ".join(said)


def _warning(month: Month) -> str:
    lacks = [f"{month.missing} kunjungan"] if month.missing else []
    lacks += [f"{month.awaited} foto"] if month.awaited else []
    return f"Data {' dan '.join(lacks)} belum masuk; laporan sementara." if lacks else ""


def _told(month: Month) -> Iterator[Block]:
    if not month.visits:
        yield Words("Tidak ada kunjungan yang tercatat pada bulan ini.")
        return
    yield Words("Kunjungan", bold=True)
    yield Grid(VISITS, [_visit(number, visit, month) for number, visit in enumerate(month.visits, 1)])
    for visit in month.visits:
        if plates := _plates(visit):
            yield Plates(plates, f"Foto kunjungan {_day(visit, month)}")
    yield Words("Masalah yang ditemukan", bold=True)
    found = [row for visit in month.visits for row in _findings(visit, month)]
    yield Grid(FOUND, found) if found else Words("Tidak ada temuan yang dicatat.")


def _visit(number: int, visit: Visit, month: Month) -> tuple[str, ...]:
    modules = ", ".join(str(module) for module in visit.modules.all())
    when = f"{_day(visit, month)}\n{at_clock(visit.visited_at, month.village.zone)}"
    what = "\n".join(filter(None, (visit.purpose, modules))) or "–"
    mode, state = MODES[VisitMode(visit.mode)], STATES[VisitState(visit.state)]
    return (str(number), when, mode, what, str(_came(visit)), state)


def _day(visit: Visit, month: Month) -> str:
    return short_date(local_date(visit.visited_at, month.village.zone))


def _came(visit: Visit) -> int:
    count: int = getattr(visit, "came", 0)
    return count


def _findings(visit: Visit, month: Month) -> Iterator[tuple[str, ...]]:
    for found in sorted(visit.findings.all(), key=lambda row: row.pk):
        about = str(found.module) if found.module else str(found.get_criterion_display())
        yield (about, found.text, _day(visit, month))


def _plates(visit: Visit) -> tuple[Plate, ...]:
    """Choose the first four photos that are here; each is read only when it is drawn."""
    here = [photo for photo in visit.photos.all() if photo.arrived][:PER_VISIT]
    return tuple(Plate(f"/visits/{visit.pk}/photos/{photo.pk}/?small=1", _Small(photo)) for photo in here)


@dataclass(frozen=True)
class _Small:
    """Reads the small picture of a photo; one that the disk has lost is an empty place."""

    photo: Photo

    def __call__(self) -> bytes:
        try:
            with self.photo.opened(small=True) as file:
                content: bytes = file.read()
        except Refused:
            return b""
        return content


def _closing(month: Month, stationery: Stationery | None, at: datetime) -> Iterator[Block]:
    yield Words("Rencana tindak lanjut", bold=True)
    if month.items:
        yield Grid(AGREED, [_item(item, month) for item in month.items])
    else:
        yield Words("Tidak ada tindak lanjut yang disepakati.")
    today = written_date(local_date(at, month.village.zone))
    region = month.village.region
    chief = f"{CHIEFS.get(RegionKind(region.kind), 'Kepala Desa')} {region.name}"
    city = stationery.city if stationery and stationery.city else region.name
    yield Signatures(
        Signature("Pendamping", month.mentor.name, above=f"{city}, {today}"), Signature(chief, above="Mengetahui,")
    )


def _item(item: ActionItem, month: Month) -> tuple[str, ...]:
    """Write one line; an observer reads no people's names."""
    owner = "" if month.reader.role == Role.OBSERVER else item.owner
    due = short_date(item.due_on) if item.due_on else "–"
    earlier = local_date(item.visit.visited_at, month.village.zone) < month.first
    source = "Lanjutan" if earlier else "Bulan ini"
    return (item.what, owner or "–", due, BECAME[ActionState(item.state)], source)
