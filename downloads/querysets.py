"""Scopes over downloads."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from common.moves import StatefulQuerySet
from downloads.states import DOWNLOAD_MOVES, OPEN, DownloadState

Row = TypeVar("Row", bound=models.Model)
MOST_ATTEMPTS = 3


class DownloadQuerySet(StatefulQuerySet[Row]):
    """Downloads, each its owner's and nobody else's."""

    moves = DOWNLOAD_MOVES

    def visible_to(self, user: User) -> Self:
        """Show one's own."""
        return self.filter(owner=user)

    def open(self) -> Self:
        """Keep what is not written yet."""
        return self.filter(state__in=OPEN)

    def takeable(self) -> Self:
        """Keep what waits, and what its writer left: its lease has passed by the clock of the database."""
        left = Q(state=DownloadState.WRITING, lease_until__lt=Now(), attempt__lt=MOST_ATTEMPTS)
        return self.filter(Q(state=DownloadState.WAITING) | left)

    def given_up(self) -> Self:
        """Keep what was begun too often and left each time."""
        return self.filter(state=DownloadState.WRITING, lease_until__lt=Now(), attempt__gte=MOST_ATTEMPTS)

    def past(self, at: datetime) -> Self:
        """Keep what is to be deleted by now."""
        return self.filter(state__in=(DownloadState.READY, DownloadState.FAILED), expires_at__lte=at)
