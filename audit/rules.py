"""What a signed-in person may do with the audit; which rows, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk


class Can(StrEnum):
    """Abilities over the audit."""

    READ_AUDIT = "audit.read_audit"


rules.add_perm(Can.READ_AUDIT, at_the_desk)
