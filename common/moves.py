"""State tables and the only way to move a row from one state to the next."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from common.errors import MoveRefused, RowMoved


class Moves:
    """The table of legal moves over one set of states; whatever it does not name is refused."""

    def __init__(self, states: type[models.TextChoices], table: Mapping[str, tuple[str, ...]]) -> None:
        """Take the states and, for each, where it may go."""
        self.states = states
        self.table = {str(state): tuple(map(str, goals)) for state, goals in table.items()}

    def allows(self, origin: str, goal: str) -> bool:
        """Tell whether the table has this move."""
        return str(goal) in self.table.get(str(origin), ())

    def check(self, origin: str, goal: str) -> None:
        """Pass a legal move, refuse any other by a sentence that names both states."""
        if not self.allows(origin, goal):
            raise MoveRefused(
                _("This is “%(origin)s” and cannot become “%(goal)s”.")
                % {"origin": self.states(origin).label, "goal": self.states(goal).label}
            )


Row = TypeVar("Row", bound=models.Model)


class StatefulQuerySet(models.QuerySet[Row]):
    """Rows with a state, moved by compare-and-set: no lock, and the slower hand is told."""

    moves: ClassVar[Moves]
    column: ClassVar[str] = "state"

    def move(self, row: Row, to: str, **facts: object) -> None:
        """Move exactly one row, or say that another hand was faster."""
        state: str = getattr(row, self.column)
        self.moves.check(state, to)
        if not self.filter(pk=row.pk, **{self.column: state}).update(**{self.column: to}, **facts):
            raise RowMoved(row)
        row.refresh_from_db(fields=[self.column, *facts])
