"""Scopes over what is kept of the papers."""

from typing import Self, TypeVar

from django.db import models

from common.moves import StatefulQuerySet
from papers.states import MINUTES_MOVES

Row = TypeVar("Row", bound=models.Model)


class LetterQuerySet(models.QuerySet[Row]):
    """Scopes over numbered letters."""

    def newest_first(self) -> Self:
        """Order by what was given last."""
        return self.order_by("-pk")


class MinutesQuerySet(StatefulQuerySet[Row]):
    """Scopes over minutes."""

    moves = MINUTES_MOVES
