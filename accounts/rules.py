"""What a signed-in person may do with accounts."""

from enum import StrEnum

import rules

from accounts.models import User


class Can(StrEnum):
    """Abilities over accounts."""

    USE_OWN_ACCOUNT = "accounts.use_own_account"


@rules.predicate
def is_own(user: User, row: User | None) -> bool:
    """An account is used by the person it belongs to."""
    return row is None or row.pk == user.pk


rules.add_perm(Can.USE_OWN_ACCOUNT, is_own)
