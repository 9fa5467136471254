"""What a signed-in person may do with papers; which rows, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field


class Can(StrEnum):
    """Abilities over papers."""

    READ_CERTIFICATE = "papers.read_certificate"
    ISSUE_CERTIFICATE = "papers.issue_certificate"
    REVOKE_CERTIFICATE = "papers.revoke_certificate"


rules.add_perm(Can.READ_CERTIFICATE, in_the_field)
rules.add_perm(Can.ISSUE_CERTIFICATE, at_the_desk)
rules.add_perm(Can.REVOKE_CERTIFICATE, at_the_desk)
