"""Who reads the numbers."""

from enum import StrEnum

import rules

from villages.rules import in_the_field, signed_in


class Can(StrEnum):
    """Abilities over figures; which villages and programs, the scopes say."""

    OPEN_HOME = "progress.open_home"
    READ_PROGRESS = "progress.read_progress"
    READ_PEOPLE = "progress.read_people"


rules.add_perm(Can.OPEN_HOME, signed_in)
rules.add_perm(Can.READ_PROGRESS, signed_in)
rules.add_perm(Can.READ_PEOPLE, in_the_field)
