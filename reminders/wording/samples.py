"""What templates are tried with: an everyday example, and the longest that is still realistic."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from common.zones import Zone
from programs.models import Session, Venue
from reminders.states import Kind, Script
from reminders.topics import LANGUAGE, Addressee, Notice, Topic
from reminders.wording.composing import Topics

START: Final = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)  # Wednesday, 09.00 WITA: the longest day and month
DAY: Final = timedelta(days=1)
LINK: Final = f"{settings.BASE_URL}/s/1234-abcdefghij234567"
STAFF_LINK: Final = f"{settings.BASE_URL}/visits/5f0c2f3e-0000-4000-8000-000000000000/"
HALL: Final = Venue(pk=1, name="Balai Desa Sukarara", landmark="sebelah masjid")
FAR_HALL: Final = Venue(pk=2, name="Gedung Serbaguna Kecamatan Jonggat", landmark="seberang pasar kain, dekat koperasi")
TITLES: Final = ("Pewarnaan Alam", "Pelatihan Penyusunan Laporan Keuangan Sederhana bagi Kelompok Penenun")
REASONS: Final = ("Balai desa kebanjiran", "Balai desa dipakai untuk musyawarah desa dan pembagian bantuan sosial")
NAMES: Final = (("Bu Ani",), ("Bu Ani", "Bu Siti", "Bu Baiq", "Pak Lalu"))

EVERYDAY: Final[Mapping[str, str]] = {
    "hello": "Made",
    "village": "Sukarara",
    "day": "Kamis, 1 Oktober 2026",
    "time": "09.00 WITA",
    "title": "Pewarnaan Alam",
    "due": "Jumat, 2 Oktober 2026",
    "count": "3",
    "what": "2 kunjungan belum disetujui, 1 daftar hadir belum diisi",
    "who": "Bu Ani",
    "unit": "Tenun Lestari",
    "amount": "Rp1.250.000",
}
LONGEST: Final[Mapping[str, str]] = {
    **EVERYDAY,
    "hello": "Bu Ani, Bu Siti, Bu Baiq dan Pak Lalu",
    "village": "Tambakrigadung Kulon",
    "day": "Rabu, 30 September 2026",
    "due": "Rabu, 30 September 2026",
    "title": TITLES[1],
    "count": "1.024",
    "unit": "Koperasi Produsen Tenun Ikat Lestari Parengan",
    "amount": "Rp100.250.000",
    "what": "12 sesi belum siap, 8 daftar hadir belum diisi, 5 kunjungan belum disetujui, 14 tindak lanjut lewat waktu",
}
SPOKEN: Final[Mapping[str, str]] = {
    "day": "Thursday, 1 October 2026",
    "due": "Friday, 2 October 2026",
    "what": "2 visits to approve, 1 session without attendance",
}
SPOKEN_LONG: Final[Mapping[str, str]] = {
    "day": "Wednesday, 30 September 2026",
    "due": "Wednesday, 30 September 2026",
    "what": "12 sessions not ready, 8 sessions without attendance, 5 visits to approve, 14 action items overdue",
}


def link_of(script: Script) -> str:
    """Lead where a letter of this script would lead."""
    return LINK if script.value not in Kind.values or Kind(script) in SESSIONS else STAFF_LINK


SESSIONS: Final = (Kind.INVITATION, Kind.H3, Kind.H1, Kind.H0, Kind.CHANGE, Kind.CANCELLATION)


def sample_of(script: Script, *, language: str = LANGUAGE, longest: bool = False) -> Topics:
    """Invent what such a letter would be about."""
    name = script.value.removeprefix("trainer_")
    teaches = name != script.value
    if name == Script.SEVERAL:
        return [_topic(Kind.H1, longest=longest, teaches=teaches, days=days) for days in range(2)]
    if Kind(name) in SESSIONS:
        return [_topic(Kind(name), longest=longest, teaches=teaches)]
    values = {**(LONGEST if longest else EVERYDAY), **({} if language == LANGUAGE else _spoken(longest=longest))}
    return [Notice(Kind(name), values, language=language, link=STAFF_LINK)]


def _spoken(*, longest: bool) -> Mapping[str, str]:
    return SPOKEN_LONG if longest else SPOKEN


def _topic(kind: Kind, *, longest: bool, teaches: bool, days: int = 0) -> Topic:
    starts_at = START + (0 if longest else 1) * DAY + days * DAY
    venue = FAR_HALL if longest else HALL
    session = Session(
        pk=1 + days,
        topic="Pemasaran" if days and not longest else TITLES[longest],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2, minutes=30),
        zone=Zone.WITA,
        venue=venue,
        reason=REASONS[longest],
    )
    people = () if teaches else tuple(Addressee(pk, name) for pk, name in enumerate(NAMES[longest]))
    before = (starts_at - DAY, starts_at - DAY + timedelta(hours=2, minutes=30), venue)
    trainer = ("Bu Dewi Anggraini" if longest else "Pak Wayan") if teaches else ""
    return Topic(kind, session, people, before if kind == Kind.CHANGE else None, trainer=trainer)
