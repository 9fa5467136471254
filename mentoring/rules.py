"""What a signed-in person may do with visits, action items, assignments and handovers."""

from enum import StrEnum

import rules

from accounts.models import User
from accounts.states import Role
from mentoring.models import Handover, Visit, VisitPlan
from villages.rules import DESK, at_the_desk, in_the_field


class Can(StrEnum):
    """Abilities over mentoring."""

    READ_VISIT = "mentoring.read_visit"
    LOG_VISIT = "mentoring.log_visit"
    SUBMIT_VISIT = "mentoring.submit_visit"
    APPROVE_VISIT = "mentoring.approve_visit"
    READ_HELD = "mentoring.read_held"
    SETTLE_HELD = "mentoring.settle_held"
    READ_PLAN = "mentoring.read_plan"
    PLAN_VISIT = "mentoring.plan_visit"
    READ_ACTION = "mentoring.read_action"
    SETTLE_ACTION = "mentoring.settle_action"
    READ_ASSIGNMENT = "mentoring.read_assignment"
    ASSIGN_MENTOR = "mentoring.assign_mentor"
    READ_HANDOVER = "mentoring.read_handover"
    PREPARE_HANDOVER = "mentoring.prepare_handover"
    WRITE_HANDOVER = "mentoring.write_handover"
    SIGN_HANDOVER = "mentoring.sign_handover"


@rules.predicate
def reads_visits(user: User, _row: object) -> bool:
    """Everyone but finance; the scope decides which."""
    return user.role != Role.FINANCE


@rules.predicate
def logs_visits(user: User, row: Visit | None) -> bool:
    """A mentor writes their own visits."""
    return user.role == Role.MENTOR and (row is None or row.mentor_id == user.pk)


@rules.predicate
def plans_visits(user: User, row: VisitPlan | None) -> bool:
    """A mentor plans their own visits; who runs programs plans and moves anybody's."""
    return user.role in DESK or (user.role == Role.MENTOR and (row is None or row.mentor_id == user.pk))


@rules.predicate
def writes_works(user: User, row: Handover | None) -> bool:
    """Who gives a village writes what works there; the desk may too, for who is gone."""
    return user.role in DESK or (user.role == Role.MENTOR and (row is None or row.giver_id == user.pk))


@rules.predicate
def signs_handovers(user: User, row: Handover | None) -> bool:
    """Both mentors sign; the desk does for a giver whose account is off, which the action sees to."""
    if user.role == Role.MENTOR:
        return row is None or user.pk in (row.giver_id, row.taker_id)
    return user.role in DESK


rules.add_perm(Can.READ_VISIT, reads_visits)
rules.add_perm(Can.LOG_VISIT, logs_visits)
rules.add_perm(Can.SUBMIT_VISIT, logs_visits)
rules.add_perm(Can.APPROVE_VISIT, at_the_desk)
rules.add_perm(Can.READ_HELD, in_the_field)
rules.add_perm(Can.SETTLE_HELD, at_the_desk)
rules.add_perm(Can.READ_PLAN, in_the_field)
rules.add_perm(Can.PLAN_VISIT, plans_visits)
rules.add_perm(Can.READ_ACTION, reads_visits)
rules.add_perm(Can.SETTLE_ACTION, in_the_field)
rules.add_perm(Can.READ_ASSIGNMENT, in_the_field)
rules.add_perm(Can.ASSIGN_MENTOR, at_the_desk)
rules.add_perm(Can.READ_HANDOVER, in_the_field)
rules.add_perm(Can.PREPARE_HANDOVER, at_the_desk)
rules.add_perm(Can.WRITE_HANDOVER, writes_works)
rules.add_perm(Can.SIGN_HANDOVER, signs_handovers)
