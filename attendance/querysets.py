"""Scopes over what is kept about a sheet: seen with the seat, or with every seat of the session."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.states import Role
from programs.models import Attendance
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
