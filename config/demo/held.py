"""What phones sent that could not simply be stored: a second version, a wrong clock, a month that is closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from mentoring.actions import put_visit
from mentoring.content import Came, VisitContent, content_of
from mentoring.states import VisitState
from programs.actions import close_period
from programs.models import Cohort
from programs.states import ModuleCode

CLOSED: Final = timedelta(days=70)
LATE: Final = timedelta(days=75)
AHEAD: Final = timedelta(hours=7)


def tell_held(cohort: Cohort, *, mentor: User, by: User, at: datetime) -> None:
    """Send what waits for a decision."""
    close_period(cohort.program, through=local_date(at - CLOSED, Zone.WIB), by=by, at=at)
    _send_again(mentor, at=at)
    noted = VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - LATE,
        modules=(str(ModuleCode.HANDHOLDING),),
        summary="Menghitung sisa benang di gudang kelompok.",
        attendees=(Came(name="Bu Sumiati"),),
        state=VisitState.SUBMITTED,
    )
    put_visit(id=_key("late"), content=noted, by=mentor, at=at)
    ahead = replace(noted, visited_at=at + AHEAD / 2, summary="Memeriksa warna sarung pesanan Surabaya.")
    put_visit(id=_key("clock"), content=ahead, by=mentor, at=at, sent_at=at + AHEAD)


def _send_again(mentor: User, *, at: datetime) -> None:
    """Send the visit that waits for approval once more, as another phone has it."""
    visit = mentor.visits.pending().order_by("-visited_at", "pk")[0]
    kept = content_of(visit)
    came = (*kept.attendees, Came(name="Pak Darto"))
    other = replace(kept, summary="Memeriksa dua kodi sarung. Enam lembar perlu diulang.", attendees=came)
    put_visit(id=visit.pk, content=replace(other, state=VisitState.SUBMITTED), by=mentor, at=at)


def _key(what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo:held:{what}")
