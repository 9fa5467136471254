"""What a signed-in person may do with downloads; which lists, the ability of each list says."""

from enum import StrEnum

import rules

from villages.rules import signed_in


class Can(StrEnum):
    """Abilities over downloads."""

    TAKE_LIST = "downloads.take_list"


rules.add_perm(Can.TAKE_LIST, signed_in)
