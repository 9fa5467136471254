"""Who makes and who sells: the businesses of the three villages and two exporters; names and numbers are invented.

A NIB here begins with eight zeros: nobody has it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from accounts.models import User
from config.demo.cast import Cast
from config.demo.places import Places
from config.demo.story import Story
from villages.actions import add_licence, add_product_unit, dismiss_unit, register_unit, verify_unit
from villages.models import BusinessUnit, Region, Village
from villages.quantities import KODI
from villages.states import ExportStatus, LicenceKind, ProductGroup, UnitKind

SURABAYA, LAMONGAN = "35.78", "35.24"
NIB: Final = "00000000{:05}"
TOLD: Final = "Pendataan desa"


@dataclass(frozen=True)
class Paper:
    """One licence, and how many days from today it ends; None is without an end."""

    kind: str
    number: str
    ends: int | None = None


@dataclass(frozen=True)
class Business:
    """One invented business as it was written down."""

    name: str
    kind: str
    group: str
    products: str
    workers: int
    nib: int = 0
    export: str = ExportStatus.NONE
    first: date | None = None
    source: str = TOLD
    papers: tuple[Paper, ...] = ()
    lots: tuple[tuple[str, int], ...] = ()


K, G, S = UnitKind, ProductGroup, ExportStatus
PARENGAN: Final = {
    "sentra": Business(
        "Sentra Tenun Parengan",
        K.SENTRA,
        G.TEXTILE,
        "Kain dan sarung ikat, doby, songket",
        42,
        export=S.INDIRECT,
        first=date(2019, 8, 12),
        lots=(KODI,),
    ),
    "rokhayah": Business(
        "Tenun Bu Rokhayah",
        K.HOUSEHOLD,
        G.TEXTILE,
        "Sarung ikat, selendang",
        4,
        nib=11,
        export=S.INDIRECT,
        first=date(2023, 3, 6),
        lots=(KODI, ("gulung", 6)),
    ),
    "bumdes": Business(
        "BUMDes Parengan Makmur",
        K.BUMDES,
        G.CRAFT,
        "Tas dan sampul dari sisa kain",
        9,
        nib=12,
        papers=(Paper(LicenceKind.BRAND, "IDM000000012", 2900),),
    ),
}
PANGEAN: Final = {
    "pangean": Business("Kelompok Tenun Pangean", K.COOPERATIVE, G.TEXTILE, "Sarung ikat", 16, nib=21, lots=(KODI,)),
    "bandeng": Business(
        "Dapur Bandeng Pangean",
        K.COOPERATIVE,
        G.FOOD,
        "Bandeng presto, abon, otak-otak",
        7,
        nib=22,
        papers=(Paper(LicenceKind.HALAL, "ID00000000022", 41), Paper(LicenceKind.PIRT, "P-IRT 000022", -12)),
    ),
}
SUKARARA: Final = {
    "sukarara": Business(
        "Koperasi Tenun Sukarara",
        K.COOPERATIVE,
        G.TEXTILE,
        "Kain songket",
        58,
        nib=31,
        export=S.INDIRECT,
        first=date(2021, 5, 20),
        papers=(Paper(LicenceKind.BRAND, "IDM000000031", 1700), Paper(LicenceKind.GI, "IG 00.2020.000031")),
    ),
}
EXPORTERS: Final = {
    "samudra": (
        SURABAYA,
        Business(
            "CV Samudra Tekstil",
            K.EXPORTER,
            G.TEXTILE,
            "Kain tenun, pakaian",
            35,
            nib=41,
            export=S.DIRECT,
            first=date(2012, 1, 9),
            source="Disperindag Jawa Timur",
            papers=(Paper(LicenceKind.BRAND, "IDM000000041", 900),),
        ),
    ),
    "bahari": (
        LAMONGAN,
        Business(
            "PT Bahari Lamongan",
            K.EXPORTER,
            G.FISHERY,
            "Udang beku, fillet ikan",
            410,
            nib=42,
            export=S.DIRECT,
            first=date(2009, 4, 2),
            source="Disperindag Lamongan",
            papers=(Paper(LicenceKind.HALAL, "ID00000000042", 610), Paper(LicenceKind.BRAND, "IDM000000042", 88)),
        ),
    ),
}
LEADS: Final = (
    (-19, Business("Songket Gading Jaya", K.HOUSEHOLD, G.TEXTILE, "Songket", 3, source="Peserta pelatihan desain")),
    (-8, Business("Jahit Wedi", K.HOUSEHOLD, G.TEXTILE, "Kemeja dari kain ikat", 5, source="Kunjungan pendamping")),
    (-2, Business("Keripik Rengginang Krajan", K.HOUSEHOLD, G.FOOD, "Rengginang, keripik", 2, source="Perangkat desa")),
)
DOUBLE: Final = Business("Sentra Ikat Parengan", K.COOPERATIVE, G.TEXTILE, "Kain ikat", 40, source="Daftar lama")


def lay_units(cast: Cast, places: Places, *, at: datetime, today: date) -> dict[str, BusinessUnit]:
    """Write down what stands from the beginning, and verify it; give each by its key above."""
    units = {}
    for village, businesses, by in (
        (places.parengan, PARENGAN, cast.sari),
        (places.pangean, PANGEAN, cast.sari),
        (places.sukarara, SUKARARA, cast.wayan),
    ):
        for key, business in businesses.items():
            units[key] = _verified(business, village=village, by=by, at=at, today=today)
    for key, (code, business) in EXPORTERS.items():
        region = Region.objects.get(code=code)
        units[key] = _verified(business, village=None, region=region, by=cast.sari, at=at, today=today)
    return units


def tell_units(story: Story, cast: Cast, places: Places) -> None:
    """Made hears of businesses that nobody has inventoried; one on an old list turned out to be the industry centre."""
    for day, business in LEADS:
        when = story.moment(day, "16:00", places.parengan.zone)
        story.then(when, partial(_hear, business, village=places.parengan, by=cast.made))
    when = story.moment(-30, "10:00", places.parengan.zone)
    story.then(when, lambda at: _leave_out(places.parengan, by=cast.sari, at=at))


def _hear(business: Business, at: datetime, *, village: Village, by: User) -> None:
    _register(business, village=village, by=by, at=at)


def _leave_out(village: Village, *, by: User, at: datetime) -> None:
    unit = _register(DOUBLE, village=village, by=by, at=at)
    reason = "Sama dengan Sentra Tenun Parengan; nama di daftar lama."
    dismiss_unit(unit, reason=reason, by=by, at=at + timedelta(minutes=5))


def _register(
    business: Business, *, village: Village | None, by: User, at: datetime, region: Region | None = None
) -> BusinessUnit:
    return register_unit(
        village=village,
        region=region,
        name=business.name,
        kind=business.kind,
        product_group=business.group,
        products=business.products,
        workers=business.workers,
        nib=NIB.format(business.nib) if business.nib else "",
        export_status=business.export,
        first_export_on=business.first,
        source=business.source,
        by=by,
        at=at,
    )


def _verified(
    business: Business, *, village: Village | None, by: User, at: datetime, today: date, region: Region | None = None
) -> BusinessUnit:
    unit = _register(business, village=village, region=region, by=by, at=at)
    for paper in business.papers:
        ends = None if paper.ends is None else today + timedelta(days=paper.ends)
        add_licence(unit, kind=paper.kind, number=paper.number, expires_on=ends, by=by, at=at)
    for name, pieces in business.lots:
        add_product_unit(unit, name=name, pieces=pieces, by=by, at=at)
    verify_unit(unit, by=by, at=at + timedelta(days=2))
    return unit
