"""Scopes over what is kept of the papers."""

from typing import Self, TypeVar

from django.db import models

from accounts.models import User
from common.moves import StatefulQuerySet
from papers.states import CERTIFICATE_MOVES, MINUTES_MOVES, CertificateState
from programs.models import Enrollment

Row = TypeVar("Row", bound=models.Model)


class MinutesQuerySet(StatefulQuerySet[Row]):
    """Scopes over minutes."""

    moves = MINUTES_MOVES


class CertificateQuerySet(StatefulQuerySet[Row]):
    """Scopes over certificates."""

    moves = CERTIFICATE_MOVES

    def visible_to(self, user: User) -> Self:
        """Show certificates to the people who work with the participants."""
        return self.filter(enrollment__in=Enrollment.objects.visible_to(user))

    def valid(self) -> Self:
        """Keep what was not revoked."""
        return self.filter(state=CertificateState.ISSUED)
