"""What a signed-in person may do with papers; which sessions, the scopes of programs say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field


class Can(StrEnum):
    """Abilities over papers."""

    PRINT_PAPER = "papers.print_paper"
    WRITE_MINUTES = "papers.write_minutes"
    CLOSE_MINUTES = "papers.close_minutes"
    NUMBER_LETTER = "papers.number_letter"
    TAKE_BUNDLE = "papers.take_bundle"
    CHANGE_LETTERHEAD = "papers.change_letterhead"
    READ_CERTIFICATE = "papers.read_certificate"
    ISSUE_CERTIFICATE = "papers.issue_certificate"
    REVOKE_CERTIFICATE = "papers.revoke_certificate"


for ability in (Can.PRINT_PAPER, Can.WRITE_MINUTES, Can.READ_CERTIFICATE):
    rules.add_perm(ability, in_the_field)
for ability in (
    Can.CLOSE_MINUTES,
    Can.NUMBER_LETTER,
    Can.TAKE_BUNDLE,
    Can.CHANGE_LETTERHEAD,
    Can.ISSUE_CERTIFICATE,
    Can.REVOKE_CERTIFICATE,
):
    rules.add_perm(ability, at_the_desk)
