"""What an action answers when it will not do a thing; each error reads as a sentence for the user."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The request is understood and not allowed as things stand; the API answers 409."""

    def __init__(self, sentence: str | Promise) -> None:
        """Keep the sentence; it is shown to the user as it stands."""
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        """Read the sentence in the language of the moment."""
        return str(self.sentence)


class MoveRefused(Refused):
    """The state table has no such move."""


class RowMoved(Refused):
    """Another hand changed the row between reading and writing."""

    def __init__(self, row: models.Model) -> None:
        """Name nothing but the fact: the row itself may be private."""
        super().__init__(_("Someone else changed this a moment ago. Look again before you go on."))
        self.row = row
