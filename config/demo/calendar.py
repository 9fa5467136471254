"""Days that the demo keeps free: holidays of this year and the next, a market day, the weaving season, a feast."""

from datetime import date, datetime, time, timedelta
from typing import Final

from almanac.actions import create_block, load_holidays
from almanac.models import CalendarBlock
from almanac.states import BlockKind, Effect, Pasaran, Recurrence
from common.dates import local_date
from common.zones import Zone
from config.demo.cast import Cast
from villages.models import Region

SEASON: Final = timedelta(weeks=6)
AGREED: Final = "Sudah disepakati dengan kontak desa"  # why the desk plans in spite of a warning


def keep_free(cast: Cast, *, at: datetime, today: date) -> None:
    """Lay what was known when the program began, through the year after today."""
    year = local_date(at, Zone.WIB).year
    for each in range(year, today.year + 2):
        load_holidays(each, by=cast.sari, at=at)
    create_block(
        name="Hari pasar Parengan",
        kind=BlockKind.MARKET_DAY,
        starts_on=date(year, 1, 1),
        recurrence=Recurrence.PASARAN,
        pasaran=Pasaran.PON,
        from_time=time(5),
        until_time=time(10),
        region=Region.objects.get(code="35.24.10.2009"),
        source="Kontak desa Parengan",
        by=cast.made,
        at=at,
    )
    for fast in CalendarBlock.objects.filter(kind=BlockKind.RAMADAN).order_by("starts_on", "pk"):
        _weave_before(fast, cast, at=at)


def _weave_before(fast: CalendarBlock, cast: Cast, *, at: datetime) -> None:
    """Keep the weeks before Ramadan free for the looms: demand peaks then."""
    create_block(
        name=f"Puncak produksi menjelang {fast.name}",
        kind=BlockKind.PRODUCTION_PEAK,
        starts_on=fast.starts_on - SEASON,
        ends_on=fast.starts_on - timedelta(days=1),
        estimated=True,
        region=Region.objects.get(code="35.24"),
        source="Kebiasaan penenun: pesanan naik 40–60%",
        by=cast.sari,
        at=at,
    )


def announce_feast(cast: Cast, *, at: datetime) -> None:
    """Block the day on which Parengan thanks for its harvest, as the village contact asked."""
    day = local_date(at, Zone.WIB) + timedelta(days=20)
    create_block(
        name="Sedekah bumi Parengan",
        kind=BlockKind.VILLAGE_EVENT,
        starts_on=day,
        ends_on=day,
        region=Region.objects.get(code="35.24.10.2009"),
        effect=Effect.BLOCK,
        source="Kontak desa Parengan",
        by=cast.made,
        at=at,
    )
