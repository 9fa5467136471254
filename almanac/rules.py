"""What a signed-in person may do with the days that are kept free."""

from enum import StrEnum

import rules

from accounts.models import User
from almanac.models import CalendarBlock
from villages.rules import at_the_desk, in_the_field, signed_in


class Can(StrEnum):
    """Abilities over the calendar."""

    READ_BLOCK = "almanac.read_block"
    ADD_BLOCK = "almanac.add_block"
    CHANGE_BLOCK = "almanac.change_block"
    LOAD_HOLIDAYS = "almanac.load_holidays"


@rules.predicate
def at_the_desk_or_added_it(user: User, block: CalendarBlock | None) -> bool:
    """The desk; and the mentor who wrote a block down for a village of theirs."""
    if at_the_desk(user, block):
        return True
    return in_the_field(user, block) and (block is None or block.added_by_id == user.pk)


rules.add_perm(Can.READ_BLOCK, signed_in)
rules.add_perm(Can.ADD_BLOCK, in_the_field)
rules.add_perm(Can.CHANGE_BLOCK, at_the_desk_or_added_it)
rules.add_perm(Can.LOAD_HOLIDAYS, at_the_desk)
