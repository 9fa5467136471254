"""What a signed-in person may do with the sheets of sessions; which rows, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field


class Can(StrEnum):
    """Abilities over sheets."""

    MARK_ATTENDANCE = "attendance.mark_attendance"
    CORRECT_ATTENDANCE = "attendance.correct_attendance"
    REMOVE_EVIDENCE = "attendance.remove_evidence"
    NOTE_ABSENCE = "attendance.note_absence"
    CLOSE_SESSION = "attendance.close_session"


for ability in (Can.MARK_ATTENDANCE, Can.NOTE_ABSENCE):
    rules.add_perm(ability, in_the_field)
for ability in (Can.CORRECT_ATTENDANCE, Can.REMOVE_EVIDENCE, Can.CLOSE_SESSION):
    rules.add_perm(ability, at_the_desk)
