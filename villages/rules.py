"""What a signed-in person may do with villages, people and their numbers; which rows, the scopes say."""

from enum import StrEnum

import rules

from accounts.models import User
from accounts.states import Role
from villages.states import AssessmentKind

DESK = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
FIELD = DESK | {Role.MENTOR}


class Can(StrEnum):
    """Abilities over villages, people and their numbers."""

    READ_REGION = "villages.read_region"
    READ_VILLAGE = "villages.read_village"
    REGISTER_VILLAGE = "villages.register_village"
    CHANGE_VILLAGE = "villages.change_village"
    PRINT_POSTER = "villages.print_poster"
    READ_PERSON = "villages.read_person"
    CHANGE_PERSON = "villages.change_person"
    ANONYMISE_PERSON = "villages.anonymise_person"
    MERGE_PERSON = "villages.merge_person"
    READ_NUMBERS = "villages.read_numbers"
    RENEW_LINK = "villages.renew_link"
    READ_CRITERIA = "villages.read_criteria"
    CHANGE_CRITERIA = "villages.change_criteria"
    READ_ASSESSMENT = "villages.read_assessment"
    ASSESS_VILLAGE = "villages.assess_village"
    FINALISE_ASSESSMENT = "villages.finalise_assessment"
    READ_UNIT = "villages.read_unit"
    REGISTER_UNIT = "villages.register_unit"
    REGISTER_EXPORTER = "villages.register_exporter"
    CHANGE_UNIT = "villages.change_unit"
    SETTLE_UNIT = "villages.settle_unit"
    READ_EDITION = "villages.read_edition"
    CHANGE_EDITION = "villages.change_edition"


@rules.predicate
def signed_in(user: User, _row: object) -> bool:
    """Everyone with an account."""
    return user.is_authenticated


@rules.predicate
def at_the_desk(user: User, _row: object) -> bool:
    """Those who run programs."""
    return user.is_authenticated and user.role in DESK


@rules.predicate
def in_the_field(user: User, _row: object) -> bool:
    """Those who work with the people of a village."""
    return user.is_authenticated and user.role in FIELD


@rules.predicate
def keeps_the_system(user: User, _row: object) -> bool:
    """Administrators."""
    return user.is_authenticated and user.role == Role.ADMINISTRATOR


@rules.predicate
def not_lpei_by_a_mentor(user: User, row: object) -> bool:
    """LPEI's own assessment is written down at the desk; a mentor writes the village's and their own."""
    return user.role in DESK or getattr(row, "kind", "") != AssessmentKind.LPEI


@rules.predicate
def outside_at_the_desk(user: User, row: object) -> bool:
    """An exporter outside the villages is nobody's village's: the desk keeps it."""
    return user.role in DESK or getattr(row, "village_id", "any") is not None


rules.add_perm(Can.READ_REGION, signed_in)
rules.add_perm(Can.READ_VILLAGE, signed_in)
rules.add_perm(Can.REGISTER_VILLAGE, at_the_desk)
rules.add_perm(Can.CHANGE_VILLAGE, at_the_desk)
rules.add_perm(Can.PRINT_POSTER, in_the_field)
rules.add_perm(Can.READ_PERSON, in_the_field)
rules.add_perm(Can.CHANGE_PERSON, in_the_field)
rules.add_perm(Can.ANONYMISE_PERSON, at_the_desk)
rules.add_perm(Can.MERGE_PERSON, at_the_desk)
rules.add_perm(Can.READ_NUMBERS, in_the_field)
rules.add_perm(Can.RENEW_LINK, in_the_field)
rules.add_perm(Can.READ_CRITERIA, signed_in)
rules.add_perm(Can.CHANGE_CRITERIA, keeps_the_system)
rules.add_perm(Can.READ_ASSESSMENT, signed_in)
rules.add_perm(Can.ASSESS_VILLAGE, in_the_field & not_lpei_by_a_mentor)
rules.add_perm(Can.FINALISE_ASSESSMENT, at_the_desk)
rules.add_perm(Can.READ_UNIT, signed_in)
rules.add_perm(Can.REGISTER_UNIT, in_the_field)
rules.add_perm(Can.REGISTER_EXPORTER, at_the_desk)
rules.add_perm(Can.CHANGE_UNIT, in_the_field & outside_at_the_desk)
rules.add_perm(Can.SETTLE_UNIT, at_the_desk)
rules.add_perm(Can.READ_EDITION, keeps_the_system)
rules.add_perm(Can.CHANGE_EDITION, keeps_the_system)
