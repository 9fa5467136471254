"""Scopes over programs, cohorts, sessions and seats, in the field's words."""

from datetime import date, datetime, time
from functools import reduce
from operator import or_
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.states import Role
from common.dates import local_moment
from common.moves import StatefulQuerySet
from common.zones import Zone
from programs.states import (
    ATTENDANCE_MOVES,
    DELIVERED,
    ENROLLMENT_MOVES,
    IMPORT_MOVES,
    MOVABLE,
    PLANNED,
    SEATED,
    SESSION_MOVES,
    EnrollmentState,
    SessionState,
)
from villages.querysets import mentored_by, observed_by

Row = TypeVar("Row", bound=models.Model)
Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def seen_by(user: User, *, program: str, village: str) -> Q:
    """Match rows by their program for those who run one, by their village for those who go there."""
    match user.role:
        case Role.ADMINISTRATOR:
            return Q()
        case Role.COORDINATOR:
            return Q(**{f"{program}coordinators": user})
        case Role.FINANCE:
            return Q(**{f"{program}finance_officers": user})
        case Role.MENTOR:
            return mentored_by(user, path=village)
        case _:
            return observed_by(user, field=f"{village}region__code")


def _of(name: str, rows: Rows, user: User) -> Rows:
    """Keep the rows whose `name` this user sees."""
    whole: Any = rows.model._meta.get_field(name).related_model
    return rows.filter(**{f"{name}__in": whole.objects.visible_to(user)})


class ProgramQuerySet(models.QuerySet[Row]):
    """Scopes over programs."""

    def visible_to(self, user: User) -> Self:
        """Show programs to those who run them, and to those whose villages take part."""
        seen = self.model._default_manager.filter(seen_by(user, program="", village="cohorts__village__"))
        return self.filter(pk__in=seen.order_by().values("pk"))


class CohortQuerySet(models.QuerySet[Row]):
    """Scopes over cohorts."""

    def visible_to(self, user: User) -> Self:
        """Show the cohorts of one's programs or villages."""
        seen = self.model._default_manager.filter(seen_by(user, program="program__", village="village__"))
        return self.filter(pk__in=seen.order_by().values("pk"))

    def serving(self, day: date) -> Row | None:
        """Find the cohort that runs on that day, the latest started when several."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).order_by("-starts_on", "-pk").first()


class OfCohortQuerySet(models.QuerySet[Row]):
    """Rows that belong to one cohort and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible cohort."""
        return _of("cohort", self, user)


class EnrollmentQuerySet(StatefulQuerySet[Row]):
    """Scopes over enrolled people."""

    moves = ENROLLMENT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show participants to the people who work with them; an observer and finance read figures."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        return _of("cohort", self, user)

    def seated(self) -> Self:
        """Keep who has a seat in the cohort's sessions."""
        return self.filter(state__in=SEATED)

    def waiting(self) -> Self:
        """Keep who waits for a place, the first in turn first."""
        return self.filter(state=EnrollmentState.WAITLISTED).order_by("enrolled_at", "pk")


class SharedQuerySet(models.QuerySet[Row]):
    """Trainers and venues: shared by all programs, because two programs must not book one of them twice."""

    def visible_to(self, user: User) -> Self:
        """Show them to everyone who may sign in."""
        return self if user.is_active else self.none()


class SessionQuerySet(StatefulQuerySet[Row]):
    """Scopes over sessions."""

    moves = SESSION_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the sessions of one's programs or of one's villages' cohorts."""
        seen = self.model._default_manager.filter(seen_by(user, program="program__", village="cohorts__village__"))
        return self.filter(pk__in=seen.order_by().values("pk"))

    def planned(self) -> Self:
        """Keep what is on the calendar: scheduled, held or closed."""
        return self.filter(state__in=PLANNED)

    def delivered(self) -> Self:
        """Keep what took place."""
        return self.filter(state__in=DELIVERED)

    def upcoming(self, at: datetime) -> Self:
        """Keep what is scheduled and not yet over."""
        return self.filter(state=SessionState.SCHEDULED, ends_at__gt=at)

    def between(self, start: datetime, end: datetime) -> Self:
        """Keep what begins in [start, end)."""
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def from_day(self, day: date) -> Self:
        """Keep what begins on this day of its place, or later."""
        begins = (Q(zone=zone, starts_at__gte=local_moment(day, time.min, zone)) for zone in Zone.values)
        return self.filter(reduce(or_, begins))

    def shiftable(self, at: datetime) -> Self:
        """Keep what can still move: drafts and promises that have not begun."""
        return self.filter(state__in=MOVABLE, starts_at__gt=at)


class OfSessionQuerySet(models.QuerySet[Row]):
    """Rows that belong to one session and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible session."""
        return _of("session", self, user)


class AttendanceQuerySet(StatefulQuerySet[Row]):
    """Scopes over seats."""

    moves = ATTENDANCE_MOVES

    def visible_to(self, user: User) -> Self:
        """Show seats to the people who work with the participants; of a joint session a mentor sees their villages'."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        return _of("enrollment" if user.role == Role.MENTOR else "session", self, user)


class BookingQuerySet(OfSessionQuerySet[Row]):
    """Scopes over what is taken when."""

    def during(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Keep live bookings that overlap [starts_at, ends_at); back-to-back does not."""
        return self.filter(live=True, starts_at__lt=ends_at, ends_at__gt=starts_at)


class ImportQuerySet(StatefulQuerySet[Row]):
    """Scopes over imported lists."""

    moves = IMPORT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a list to those who run its program; it is about people."""
        return _of("program", self, user) if user.role in (Role.ADMINISTRATOR, Role.COORDINATOR) else self.none()


class OfImportQuerySet(models.QuerySet[Row]):
    """Rows of an imported list, seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible import."""
        return _of("batch", self, user)
