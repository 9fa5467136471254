"""A village that is not a Desa Devisa yet: Siwuran is proposed, and counted apart; what it does here is invented."""

from datetime import datetime

from accounts.models import User
from config.demo.cast import Cast
from config.demo.story import Story
from villages.actions import move_village, register_village
from villages.models import Region, Village
from villages.states import VillageStage

SIWURAN = "35.24.10.2004"


def tell_candidate(story: Story, cast: Cast) -> None:
    """Sari registers a neighbour and proposes it two weeks later."""
    story.then(story.moment(-41, "09:00"), lambda at: _register(by=cast.sari, at=at))
    story.then(story.moment(-26, "14:00"), lambda at: _propose(by=cast.sari, at=at))


def _register(*, by: User, at: datetime) -> None:
    region = Region.objects.get(code=SIWURAN)
    register_village(name=region.name, region=region, commodity="Anyaman pandan", by=by, at=at)


def _propose(*, by: User, at: datetime) -> None:
    move_village(Village.objects.get(region_id=SIWURAN), to=VillageStage.PROPOSED, by=by, at=at)
