"""What a signed-in person may do with messages; which ones, the scopes say."""

from enum import StrEnum

import rules

from villages.rules import at_the_desk, in_the_field, keeps_the_system


class Can(StrEnum):
    """Abilities over messages."""

    READ_MESSAGE = "reminders.read_message"
    RETRY_MESSAGE = "reminders.retry_message"
    TELL_BY_HAND = "reminders.tell_by_hand"
    SETTLE_MESSAGE = "reminders.settle_message"
    RESUME_CHANNEL = "reminders.resume_channel"
    READ_COSTS = "reminders.read_costs"
    CHANGE_PRICE = "reminders.change_price"
    READ_STATUS = "reminders.read_status"


rules.add_perm(Can.READ_MESSAGE, in_the_field)
rules.add_perm(Can.RETRY_MESSAGE, at_the_desk)
rules.add_perm(Can.TELL_BY_HAND, in_the_field)
rules.add_perm(Can.SETTLE_MESSAGE, in_the_field)
rules.add_perm(Can.RESUME_CHANNEL, at_the_desk)
rules.add_perm(Can.READ_COSTS, at_the_desk)
rules.add_perm(Can.CHANGE_PRICE, keeps_the_system)
rules.add_perm(Can.READ_STATUS, keeps_the_system)
