"""Serah terima: what passes from one mentor to the next, with both signatures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils import translation

from common.dates import at_clock, local_date, long_date, short_date, written_date
from common.paper import Block, Code, Column, Facts, Grid, Paper, Signature, Signatures, Title, Words
from common.phones import local_phone
from mentoring.handover import Hand, Reached, Sheet
from papers.wording import CODE_SIDE, LANGUAGE, Stationery, printed, village_of

LONGEST: Final = 500
VISITS: Final = (Column("Tanggal", 30), Column("Pendamping", 36), Column("Ringkasan"))
ITEMS: Final = (Column("No.", 12, "center"), Column("Tindak lanjut"), Column("Siapa", 36), Column("Tenggat", 30))
PLANS: Final = (Column("Waktu", 58), Column("Pendamping", 36), Column("Untuk apa"))
CONTACTS: Final = (Column("Nama", 46), Column("Nomor", 38), Column("Meneruskan pesan untuk"))


@translation.override(LANGUAGE)
def handover_paper(sheet: Sheet, *, stationery: Stationery, base_url: str, at: datetime) -> Paper:
    """Build the paper of a handover as one reader may read it."""
    handover = sheet.handover
    village, zone = handover.village, handover.village.zone
    blocks: tuple[Block, ...] = (
        Title("Serah terima pendampingan", f"Desa Devisa {village.name}"),
        Facts(
            (
                ("Lokasi", f"{village_of(village.region)}, {village.place}"),
                ("Yang menyerahkan", f"{handover.giver.name}, sampai dengan {written_date(handover.last_on)}"),
                ("Yang menerima", f"{handover.taker.name}, mulai {written_date(handover.first_on)}"),
                ("Disiapkan oleh", f"{handover.prepared_by.name}, {_moment(handover.prepared_at, zone)}"),
            ),
            Code(f"{base_url}/handovers/{handover.pk}/", side=CODE_SIDE),
        ),
        *_part("1. Yang berhasil di desa ini", (Words(handover.works or "Belum ditulis."),)),
        *_part("2. Tindak lanjut yang belum selesai", _items(sheet)),
        *_part("3. Kunjungan yang direncanakan", _plans(sheet, zone)),
        *_part("4. Kader", _contacts(sheet.contacts)),
        *_part("5. Riwayat kunjungan", _visits(sheet, zone)),
        *_closing(sheet, zone),
    )
    number = f"Naskah versi {handover.version}"
    return Paper(f"Serah terima {village.code}", blocks, stationery.head, number, printed(at, zone))


def _part(heading: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return (Words(heading, bold=True), *blocks)


def _items(sheet: Sheet) -> tuple[Block, ...]:
    rows = [
        (str(place), item.what, item.owner or "–", short_date(item.due_on) if item.due_on else "–")
        for place, item in enumerate(sheet.items, 1)
    ]
    return (Grid(ITEMS, rows),) if rows else (Words("Tidak ada."),)


def _plans(sheet: Sheet, zone: str) -> tuple[Block, ...]:
    rows = [(_soon(plan.planned_at, zone), plan.mentor.name, plan.purpose or "–") for plan in sheet.plans]
    return (Grid(PLANS, rows),) if rows else (Words("Tidak ada."),)


def _contacts(contacts: Iterable[Reached]) -> tuple[Block, ...]:
    rows = [
        (
            ", ".join(reached.names) or "Kader",
            local_phone(reached.contact.contact_point.number),
            ", ".join(reached.passes_on) or "–",
        )
        for reached in contacts
    ]
    return (Grid(CONTACTS, rows),) if rows else (Words("Belum ada."),)


def _visits(sheet: Sheet, zone: str) -> tuple[Block, ...]:
    rows = [
        (short_date(local_date(visit.visited_at, zone)), visit.mentor.name, _short(visit.summary) or "–")
        for visit in sheet.shown
    ]
    earlier = (Words("Kunjungan sebelumnya tersimpan di aplikasi.", size="small"),) if sheet.more else ()
    return (Grid(VISITS, rows), *earlier) if rows else (Words("Belum ada."),)


def _closing(sheet: Sheet, zone: str) -> tuple[Block, ...]:
    giver, taker = sheet.hands
    said = "Kedua pendamping telah membaca naskah ini dan menandatanganinya di aplikasi."
    return (
        *((Words(said),) if giver.signature and taker.signature else ()),
        Signatures(_hand("Yang menerima,", taker, zone), _hand("Yang menyerahkan,", giver, zone)),
    )


def _hand(role: str, hand: Hand, zone: str) -> Signature:
    signed = hand.signature
    if signed is None:
        return Signature(role, hand.user.name)
    under = f"Ditandatangani di aplikasi\n{_moment(signed.signed_at, zone)}"
    instead = f"\noleh {signed.signed_by.name}: {signed.reason}" if signed.reason else ""
    return Signature(role, hand.user.name, under=under + instead)


def _moment(at: datetime, zone: str) -> str:
    return f"{long_date(local_date(at, zone))}, {at_clock(at, zone)}"


def _soon(at: datetime, zone: str) -> str:
    return f"{short_date(local_date(at, zone))}, {at_clock(at, zone)}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
