"""What a person at the desk has before them: today and tomorrow, what needs a hand, how far the villages are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from accounts.models import User
from common.dates import local_date, local_moment
from common.zones import Zone
from exports.ledger import Balance, balances_of
from exports.models import SubsidyClaim
from exports.rules import Can as CanExport
from exports.states import ClaimState
from exports.worklist import Pile, piles
from mentoring.rules import Can as CanMentor
from programs.models import Cohort, Program, Session
from programs.rules import Can as CanProgram
from progress.morning import Line, morning_of
from progress.summary import VillageProgress, cohorts_progress, grouped

MOST_CLAIMS: Final = 5
HANDS: Final = {
    ClaimState.SUBMITTED: CanExport.VERIFY_CLAIM,
    ClaimState.VERIFIED: CanExport.APPROVE_CLAIM,
    ClaimState.APPROVED: CanExport.PAY_CLAIM,
}


@dataclass(frozen=True)
class ClaimsDesk:
    """The claims that wait for one person: counted by what they wait for, and those that wait longest."""

    piles: list[Pile]
    longest: list[SubsidyClaim]
    balances: list[Balance]
    more: int


@dataclass(frozen=True)
class Desk:
    """A desk on one day; `attends` is False for who only reads, and nothing waits for them."""

    on: date
    attends: bool
    today: list[Session]
    tomorrow: list[Session]
    waiting: list[Line]
    programs: list[tuple[Program, list[VillageProgress]]]
    claims: ClaimsDesk | None


def desk_of(user: User, *, at: datetime) -> Desk:
    """Read the desk of one user in the same number of queries for any number of villages."""
    on = local_date(at, Zone.WIB)
    start, middle, end = (local_moment(on + timedelta(days=days), time.min, Zone.WIB) for days in (0, 1, 2))
    rows = Session.objects.visible_to(user).planned().between(start, end).select_related("module", "venue")
    sessions = list(rows.prefetch_related("cohorts__village").order_by("starts_at", "pk"))
    attends = user.has_perm(CanProgram.PLAN_SESSION) and user.has_perm(CanMentor.APPROVE_VISIT)
    return Desk(
        on=on,
        attends=attends,
        today=[session for session in sessions if session.starts_at < middle],
        tomorrow=[session for session in sessions if session.starts_at >= middle],
        waiting=morning_of(user, at=at) if attends else [],
        programs=running_progress(user, at=at),
        claims=claims_of(user, at=at),
    )


def claims_of(user: User, *, at: datetime) -> ClaimsDesk | None:
    """Read what waits for this person's hand, and for who pays what their programs have left; at most 4 queries."""
    states = [state for state, ability in HANDS.items() if user.has_perm(ability)]
    if not states:
        return None
    mine = SubsidyClaim.objects.visible_to(user).filter(state__in=states).exclude(submitted_by=user)
    counted = [pile for pile in piles(mine, at=at) if pile.state in states]
    longest = mine.select_related("business_unit__village", "program").order_by("moved_at", "pk")[:MOST_CLAIMS]
    balances = balances_of(user) if user.has_perm(CanExport.PAY_CLAIM) else []
    more = sum(pile.count for pile in counted) - MOST_CLAIMS
    return ClaimsDesk(counted, list(longest), balances, max(0, more))


def running_progress(user: User, *, at: datetime) -> list[tuple[Program, list[VillageProgress]]]:
    """Read the running programs of this user, village by village, the latest program first."""
    day = local_date(at, Zone.WIB)
    running = Cohort.objects.visible_to(user).filter(program__starts_on__lte=day, program__ends_on__gte=day)
    return grouped(cohorts_progress(running, at=at))
