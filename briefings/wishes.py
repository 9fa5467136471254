"""What ought to be told about something that is no session: to whom, as it stands, from when until when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminders.states import Kind


@dataclass(frozen=True)
class Scope:
    """Which wishes to look at: those about some rows, those of some members of staff, or all."""

    keys: frozenset[str] | None = None
    users: frozenset[int] | None = None

    def terms(self, *, key: str, user: str) -> dict[str, Any]:
        """Narrow the rows that wishes are read from; `key` and `user` name their columns.

        They belong into the same `filter` as what else is asked of these columns.
        """
        named = ((key, self.keys), (user, self.users))
        return {f"{column}__in": values for column, values in named if values is not None}


EVERYTHING = Scope()


@dataclass(frozen=True)
class Wish:
    """One message that ought to exist: about one thing as it stands, for one member of staff or on one number."""

    kind: Kind
    subject: tuple[str, str, str]  # type, key, as it stands
    due_at: datetime
    expires_at: datetime
    user: int | None = None
    point: int | None = None  # of a wish for villagers
    people: frozenset[int] = frozenset()
    fresh: bool = True  # False: what is planned stays, nothing new is planned


@dataclass(frozen=True)
class Telling:
    """One kind of notice: what it is about, and how its wishes are read in one query."""

    kind: Kind
    subject_type: str
    wishes: Callable[[datetime, Scope], Iterable[Wish]]
