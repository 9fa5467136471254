"""Scopes over assignments, visits and action items."""

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Self, TypeVar

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.states import Role
from common.dates import local_date, local_moment
from common.moves import StatefulQuerySet
from common.zones import Zone
from mentoring.states import (
    ACTION_MOVES,
    HANDOVER_MOVES,
    HELD_MOVES,
    PHOTO_MOVES,
    PLAN_MOVES,
    VISIT_MOVES,
    ActionState,
    HandoverState,
    HeldState,
    PhotoState,
    PlanState,
    VisitState,
)
from villages.querysets import observed_by

Row = TypeVar("Row", bound=models.Model)
NO_DAY = date(2200, 12, 31)  # where items without a day stand in an order
PATIENCE = timedelta(days=3)  # a visit on the planned day or up to so many days later is the one that was planned


class AssignmentQuerySet(models.QuerySet[Row]):
    """Scopes over who mentors which village."""

    def visible_to(self, user: User) -> Self:
        """Show a mentor their own, everyone else those of visible villages."""
        if user.role == Role.MENTOR:
            return self.filter(mentor=user)
        village = self.model._meta.get_field("village").related_model
        return self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]

    def current(self, day: date) -> Self:
        """Keep the assignments that hold on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def beyond(self, day: date) -> Self:
        """Keep the assignments of mentors at work that hold on some day after that one."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), mentor__is_active=True)


class VisitQuerySet(StatefulQuerySet[Row]):
    """Scopes over visits."""

    moves = VISIT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a coordinator their programs' visits, an observer the approved of their regions.

        A mentor reads their own and what others handed in of the villages that they hold today.
        """
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user).exclude(state=VisitState.DRAFT)
            case Role.MENTOR:
                village = self.model._meta.get_field("village").related_model
                held = village._default_manager.visible_to(user).order_by().values("pk")  # type: ignore[union-attr]
                return self.filter(Q(mentor=user) | (~Q(state=VisitState.DRAFT) & Q(village__in=held)))
            case Role.OBSERVER:
                return self.filter(observed_by(user, field="village__region__code"), state=VisitState.APPROVED)
            case _:
                return self.none()

    def counted(self) -> Self:
        """Keep what counts as progress."""
        return self.filter(state=VisitState.APPROVED)

    def pending(self) -> Self:
        """Keep what waits for a coordinator."""
        return self.filter(state=VisitState.SUBMITTED)


class HeldVersionQuerySet(StatefulQuerySet[Row]):
    """Scopes over versions of visits that wait for a person."""

    moves = HELD_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a coordinator those of their programs, a mentor what they sent; nobody else decides or waits."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user)
            case Role.MENTOR:
                return self.filter(sent_by=user)
            case _:
                return self.none()

    def waiting(self) -> Self:
        """Keep what nobody has decided yet."""
        return self.filter(state=HeldState.WAITING)


class ActionItemQuerySet(StatefulQuerySet[Row]):
    """Scopes over action items."""

    moves = ACTION_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the items of one's programs' visits or villages, others' drafts left out; finance has none."""
        if user.role == Role.FINANCE:
            return self.none()
        if user.role == Role.COORDINATOR:
            return self.filter(visit__program__coordinators=user).exclude(visit__state=VisitState.DRAFT)
        if user.role == Role.OBSERVER:
            return self.filter(observed_by(user, field="village__region__code"), visit__state=VisitState.APPROVED)
        village = self.model._meta.get_field("village").related_model
        seen = village._default_manager.visible_to(user)  # type: ignore[union-attr]
        return self.filter(~Q(visit__state=VisitState.DRAFT) | Q(visit__mentor=user), village__in=seen)

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.filter(state=ActionState.OPEN)

    def overdue(self, day: date) -> Self:
        """Keep open items whose day has passed."""
        return self.open().filter(due_on__lt=day)

    def ranked(self, day: date) -> Self:
        """Add an order to work by: `rank` (0 overdue, 1 open, 2 settled) and the day that an item is `due`."""
        late = Q(state=ActionState.OPEN, due_on__lt=day)
        rank = Case(When(late, then=Value(0)), When(state=ActionState.OPEN, then=Value(1)), default=Value(2))
        return self.annotate(rank=rank, due=Coalesce("due_on", NO_DAY))


class PhotoQuerySet(StatefulQuerySet[Row]):
    """Scopes over photos of visits."""

    moves = PHOTO_MOVES

    def visible_to(self, user: User) -> Self:
        """Show the photos of visible visits; those of a visit that is only held, to who sent or decides it."""
        if user.role == Role.ADMINISTRATOR:
            return self
        visit = self.model._meta.get_field("visit").related_model
        seen = visit._default_manager.visible_to(user)  # type: ignore[union-attr]
        versions = visit._meta.get_field("held_versions").related_model._default_manager.visible_to(user)  # type: ignore[union-attr]
        held = versions.filter(key=OuterRef("visit_key"), sent_by=OuterRef("by")).order_by()
        return self.filter(Q(visit__in=seen) | Q(Q(by=user) | Exists(held), visit__isnull=True))

    def standing(self) -> Self:
        """Leave out what was taken out of its visit."""
        return self.exclude(state=PhotoState.WITHDRAWN)

    def awaited(self) -> Self:
        """Keep what is still on a phone."""
        return self.filter(state=PhotoState.AWAITED)

    def arrived(self) -> Self:
        """Keep what is here."""
        return self.filter(state=PhotoState.ARRIVED)


class VisitPlanQuerySet(StatefulQuerySet[Row]):
    """Scopes over planned visits."""

    moves = PLAN_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a mentor their own, a coordinator those of their villages; nobody else works by them."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role == Role.MENTOR:
            return self.filter(mentor=user)
        if user.role != Role.COORDINATOR:
            return self.none()
        village = self.model._meta.get_field("village").related_model
        return self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]

    def open(self) -> Self:
        """Keep what nobody has visited or called off yet."""
        return self.filter(state=PlanState.PLANNED)

    def late(self, at: datetime) -> Self:
        """Keep open plans whose day is more than three days past, by the clock of the village."""
        return self.open().filter(before_days(PATIENCE, at=at))

    def marked(self, at: datetime) -> Self:
        """Add to each whether it is `late`."""
        late = Q(state=PlanState.PLANNED) & before_days(PATIENCE, at=at)
        return self.annotate(late=ExpressionWrapper(late, output_field=models.BooleanField()))


class HandoverQuerySet(StatefulQuerySet[Row]):
    """Scopes over handovers."""

    moves = HANDOVER_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a mentor those they give or take, a coordinator those of their villages."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role == Role.MENTOR:
            return self.filter(Q(giver=user) | Q(taker=user))
        if user.role != Role.COORDINATOR:
            return self.none()
        village = self.model._meta.get_field("village").related_model
        return self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]

    def waiting(self) -> Self:
        """Keep what is still to be signed."""
        return self.filter(state=HandoverState.PREPARED)


def before_days(back: timedelta, *, at: datetime) -> Q:
    """Match plans of the days before today less `back`, by the clock of each village."""
    firsts = {zone: local_moment(local_date(at, zone) - back, time.min, zone) for zone in Zone.values}
    return reduce(or_, (Q(village__region__zone=zone, planned_at__lt=first) for zone, first in firsts.items()))
