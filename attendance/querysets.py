"""Scopes over what is kept about a sheet: seen with the seat, or with every seat of the session."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.states import Role
from attendance.states import ActOutcome
from programs.models import Attendance, Cohort
from programs.querysets import OfSessionQuerySet

Row = TypeVar("Row", bound=models.Model)


class OfSeatQuerySet(models.QuerySet[Row]):
    """Rows that belong to one seat and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible seat."""
        return self.filter(seat__in=Attendance.objects.visible_to(user))


class SheetPhotoQuerySet(OfSessionQuerySet[Row]):
    """Photos of signed sheets: names and signatures of everyone who was there."""

    def visible_to(self, user: User) -> Self:
        """Show them to who sees every seat of the session; an observer and finance read figures."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        seen = Attendance.objects.visible_to(user)
        hidden = Attendance.objects.filter(session=OuterRef("session")).exclude(pk__in=seen)
        return super().visible_to(user).exclude(Exists(hidden))


class ActQuerySet(OfSessionQuerySet[Row]):
    """What phones said about sheets."""

    def visible_to(self, user: User) -> Self:
        """Show it to who works with the participants; of a joint session a mentor sees their villages'."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        if user.role != Role.MENTOR:
            return super().visible_to(user)
        seats, cohorts = Attendance.objects.visible_to(user), Cohort.objects.visible_to(user)
        return self.filter(Q(seat__in=seats) | Q(cohort__in=cohorts))

    def waiting(self) -> Self:
        """Keep what somebody has to decide on."""
        return self.filter(outcome=ActOutcome.WAITING)
