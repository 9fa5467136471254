"""Where the demo happens: Parengan and Pangean in Lamongan, and Sukarara in Lombok, another zone and another program.

Codes and names are those of the published list (Kepmendagri 300.2.2-2138/2025); what the villages do here is invented,
but for the facts of Parengan: ikat weaving, named a Desa Devisa in 2022 by the governor.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from accounts.models import User
from programs.actions import create_venue
from programs.models import Venue
from villages.actions import move_village, register_village
from villages.models import Region, Village
from villages.regions.files import read_content, source_of
from villages.regions.loading import load_places
from villages.regions.places import judge
from villages.states import VillageStage

FIXTURE = Path(__file__).resolve().parents[2] / "villages" / "fixtures" / "regions.csv"
EDITION = "Kepmendagri No 300.2.2-2138 Tahun 2025"
ON_THE_WAY = (
    VillageStage.PROPOSED,
    VillageStage.ASSESSED,
    VillageStage.DESIGNATED,
    VillageStage.LAUNCHED,
    VillageStage.ACTIVE,
)


@dataclass(frozen=True)
class Places:
    """Villages and venues of the demo."""

    parengan: Village
    pangean: Village
    sukarara: Village
    venues: dict[str, Venue]


def load_own_regions(*, at: datetime) -> None:
    """Load the product's own small list; what a whole list brought stays as it is."""
    content = FIXTURE.read_bytes()
    source = source_of(content, file_name=FIXTURE.name, name=EDITION)
    load_places(judge(read_content(content, file_name=FIXTURE.name)), source=source, at=at, partial=True)


def settle(*, by: User, at: datetime) -> Places:
    """Register the villages as far as they have come, and the places where people meet."""
    return Places(
        parengan=_village("35.24.10.2009", "Tenun ikat, doby dan songket", steps=5, by=by, at=at),
        pangean=_village("35.24.10.2006", "Tenun ikat", steps=3, by=by, at=at),
        sukarara=_village("52.02.02.2010", "Tenun songket", steps=4, by=by, at=at),
        venues={
            "balai": _venue("Balai Desa Parengan", "35.24.10.2009", "Seberang masjid jami", 60, by=by, at=at),
            "sentra": _venue("Sentra Tenun Parengan", "35.24.10.2009", "Gang ketiga dari jembatan", 30, by=by, at=at),
            "pangean": _venue("Balai Desa Pangean", "35.24.10.2006", "Sebelah lapangan", 40, by=by, at=at),
            "sukarara": _venue("Balai Desa Sukarara", "52.02.02.2010", "Depan koperasi tenun", 50, by=by, at=at),
        },
    )


def _village(code: str, commodity: str, *, steps: int, by: User, at: datetime) -> Village:
    region = Region.objects.select_related("parent__parent").get(code=code)
    village = register_village(name=region.name, region=region, commodity=commodity, by=by, at=at)
    for step in ON_THE_WAY[:steps]:
        decree = step == VillageStage.DESIGNATED
        move_village(
            village,
            to=step,
            by=by,
            at=at,
            decree_number="188/DEMO/KPTS/2022" if decree else "",
            decree_on=date(2022, 10, 25) if decree else None,
        )
    return village


def _venue(name: str, code: str, landmark: str, capacity: int, *, by: User, at: datetime) -> Venue:
    region = Region.objects.get(code=code)
    return create_venue(name=name, region=region, landmark=landmark, capacity=capacity, by=by, at=at)
