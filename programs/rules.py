"""What a signed-in person may do with programs, cohorts, sessions and seats; which rows, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field, signed_in


class Can(StrEnum):
    """Abilities over programs."""

    READ_PROGRAM = "programs.read_program"
    CREATE_PROGRAM = "programs.create_program"
    CHANGE_PROGRAM = "programs.change_program"
    CLOSE_PERIOD = "programs.close_period"
    READ_COHORT = "programs.read_cohort"
    PLAN_COHORT = "programs.plan_cohort"
    READ_PARTICIPANT = "programs.read_participant"
    ENROLL_PERSON = "programs.enroll_person"
    IMPORT_PEOPLE = "programs.import_people"
    READ_SCHEDULE = "programs.read_schedule"
    PLAN_SESSION = "programs.plan_session"
    SCHEDULE_SESSION = "programs.schedule_session"
    RESCHEDULE_SESSION = "programs.reschedule_session"
    CANCEL_SESSION = "programs.cancel_session"
    READ_RESOURCE = "programs.read_resource"
    CHANGE_RESOURCE = "programs.change_resource"


for ability in (Can.READ_PROGRAM, Can.READ_COHORT, Can.READ_SCHEDULE, Can.READ_RESOURCE):
    rules.add_perm(ability, signed_in)
rules.add_perm(Can.READ_PARTICIPANT, in_the_field)
for ability in (
    Can.CREATE_PROGRAM,
    Can.CHANGE_PROGRAM,
    Can.CLOSE_PERIOD,
    Can.PLAN_COHORT,
    Can.ENROLL_PERSON,
    Can.IMPORT_PEOPLE,
    Can.PLAN_SESSION,
    Can.SCHEDULE_SESSION,
    Can.RESCHEDULE_SESSION,
    Can.CANCEL_SESSION,
    Can.CHANGE_RESOURCE,
):
    rules.add_perm(ability, at_the_desk)
