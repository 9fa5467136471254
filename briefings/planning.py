"""What staff are told of their own work, and people of their certificates: planned as sets, withdrawn when settled."""

from collections.abc import Collection
from datetime import datetime

from briefings import certificates, claims, digest, handovers, items, sheets, visits
from briefings.keeping import keep
from briefings.wishes import EVERYTHING, Scope, Telling
from reminders.families import Family
from reminders.states import Kind

TELLINGS: tuple[Telling, ...] = (
    *visits.TELLINGS,
    *items.TELLINGS,
    *handovers.TELLINGS,
    *sheets.TELLINGS,
    *claims.TELLINGS,
    *digest.TELLINGS,
)
CERTIFICATES = certificates.TELLING
FAMILIES: dict[str, Family] = {
    visits.PLAN: visits.looks_at_plans,
    visits.VISIT: visits.looks_at_visits,
    items.VILLAGE: items.looks,
    handovers.HANDOVER: handovers.looks,
    sheets.SESSION: sheets.looks,
    claims.CLAIM: claims.looks,
    digest.USER: digest.looks,
    certificates.CERTIFICATE: certificates.looks,
}


def plan_notices(*, at: datetime) -> None:
    """Bring every notice in line with what holds now; running it a hundred times changes nothing."""
    keep((*TELLINGS, CERTIFICATES), EVERYTHING, at=at)


def plan_at(at: datetime) -> None:
    """Do so at a sweep."""
    plan_notices(at=at)


def plan_about(kinds: Collection[Kind], keys: Collection[object], *, at: datetime) -> None:
    """Plan again what is told of these kinds about these rows, by their keys."""
    chosen = [telling for telling in TELLINGS if telling.kind in kinds]
    keep(chosen, Scope(keys=frozenset(map(str, keys))), at=at)


def plan_for(users: Collection[int], *, at: datetime) -> None:
    """Plan again what these members of staff are told."""
    if users:
        keep(TELLINGS, Scope(users=frozenset(users)), at=at)
