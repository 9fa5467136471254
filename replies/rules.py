"""What a signed-in person may do with replies; which ones, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field


class Can(StrEnum):
    """Abilities over replies."""

    READ_REPLY = "replies.read_reply"
    READ_SENDER = "replies.read_sender"
    ANSWER_REPLY = "replies.answer_reply"


rules.add_perm(Can.READ_REPLY, in_the_field)
rules.add_perm(Can.READ_SENDER, in_the_field)
rules.add_perm(Can.ANSWER_REPLY, at_the_desk)
