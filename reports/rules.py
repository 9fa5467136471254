"""What a signed-in person may do with reports; which rows they tell of, the scopes say."""

from enum import StrEnum

import rules

from accounts.models import User
from accounts.states import Role
from villages.rules import DESK, signed_in

OVERSEERS = DESK | {Role.OBSERVER}


class Can(StrEnum):
    """Abilities over reports."""

    OPEN_REPORTS = "reports.open_reports"
    READ_MENTORING = "reports.read_mentoring"
    READ_CARD = "reports.read_card"
    READ_REGIONAL = "reports.read_regional"
    FREEZE_REGIONAL = "reports.freeze_regional"


@rules.predicate
def reads_visits(user: User, _row: object) -> bool:
    """Everyone but finance; whose visits they tell of, the scope of visits decides."""
    return user.role != Role.FINANCE


@rules.predicate
def oversees(user: User, _row: object) -> bool:
    """Who runs programs, and who reads what becomes of a region."""
    return user.role in OVERSEERS


@rules.predicate
def freezes(user: User, _row: object) -> bool:
    """Who answers for the figures: coordinators and administrators."""
    return user.role in DESK


rules.add_perm(Can.OPEN_REPORTS, signed_in)
rules.add_perm(Can.READ_MENTORING, reads_visits)
rules.add_perm(Can.READ_CARD, signed_in)
rules.add_perm(Can.READ_REGIONAL, oversees)
rules.add_perm(Can.FREEZE_REGIONAL, freezes)
