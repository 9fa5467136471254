"""Scopes over regions, villages and people, in the field's words.

Who sees a village is decided by relations that higher floors declare (a program's coordinators, a mentor's
assignments); they are named here by their path and resolved by Django, so nothing is imported upwards.
"""

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Self, TypeVar

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.db.models.functions import Now, TruncDate

from accounts.models import User
from accounts.states import Role
from common.moves import StatefulQuerySet
from common.zones import Zone, tz
from villages.states import (
    ASSESSMENT_MOVES,
    CHANGE_MOVES,
    COMPLETE,
    CONTACT_MOVES,
    EDITION_MOVES,
    INVENTORY_MOVES,
    SET_MOVES,
    STAGES_OF,
    VILLAGE_MOVES,
    AssessmentState,
    ChangeState,
    EditionState,
    ExportStatus,
    InventoryState,
    LicenceKind,
    Purpose,
    SetState,
    UnitKind,
)

Row = TypeVar("Row", bound=models.Model)

REASONS_TO_SEE = {
    Role.COORDINATOR: ("cohorts__program__coordinators", "registered_by"),
    Role.FINANCE: ("cohorts__program__finance_officers",),
}


def under(code: str, *, field: str) -> Q:
    """Match a region code and everything below it: `11.10` is not below `11.1`."""
    return Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."})


def lineage(code: str) -> list[str]:
    """List a region code and everything it is part of: `35`, `35.24`, `35.24.10`."""
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def mentored_by(user: User, *, path: str = "") -> Q:
    """Match the villages at `path` that a mentor is assigned to today, by the database's clock.

    A letter that ended ends the sight. A scope takes no time: this is the one place below the doors that asks a clock.
    """
    letter = f"{path}assignments__"
    today = TruncDate(Now(), tzinfo=tz(Zone.WIB))
    lasts = Q(**{f"{letter}ends_on__isnull": True}) | Q(**{f"{letter}ends_on__gte": today})
    return Q(**{f"{letter}mentor": user, f"{letter}starts_on__lte": today}) & lasts


def observed_by(user: User, *, field: str) -> Q:
    """Match what lies in the regions that an observer was given; nothing when there are none."""
    codes = user.observed_regions.values_list("code", flat=True)
    return reduce(or_, (under(code, field=field) for code in codes), Q(pk__in=[]))


class RegionQuerySet(models.QuerySet[Row]):
    """Scopes over places."""

    def visible_to(self, user: User) -> Self:
        """Show places to whoever may sign in: they are public knowledge."""
        return self if user.is_active else self.none()


class EditionQuerySet(StatefulQuerySet[Row]):
    """Scopes over editions of the list of places."""

    moves = EDITION_MOVES

    def visible_to(self, user: User) -> Self:
        """Show them to who keeps the system."""
        return self if user.is_active and user.role == Role.ADMINISTRATOR else self.none()

    def loaded(self) -> Self:
        """Keep those that were put in force."""
        return self.filter(state=EditionState.LOADED)

    def newest(self) -> Row | None:
        """Find the one that was loaded last."""
        return self.loaded().order_by("-settled_at", "-pk").first()


class ChangeQuerySet(StatefulQuerySet[Row]):
    """Scopes over what an edition changes."""

    moves = CHANGE_MOVES

    def visible_to(self, user: User) -> Self:
        """Show what a visible edition changes."""
        edition = self.model._meta.get_field("edition").related_model
        return self.filter(edition__in=edition._default_manager.visible_to(user))  # type: ignore[union-attr]

    def waiting(self) -> Self:
        """Keep what a person has yet to decide on."""
        return self.filter(state=ChangeState.WAITING)


class VillageQuerySet(StatefulQuerySet[Row]):
    """Scopes over villages of the programme."""

    moves = VILLAGE_MOVES
    column = "stage"

    def visible_to(self, user: User) -> Self:
        """Show a coordinator their programs' villages, a mentor the assigned, an observer their regions."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role == Role.OBSERVER:
            return self.filter(observed_by(user, field="region__code"))
        reasons = [Q(**{path: user}) for path in REASONS_TO_SEE.get(Role(user.role), ())]
        seen = self.model._default_manager.filter(reduce(or_, reasons) if reasons else mentored_by(user))
        return self.filter(pk__in=seen.order_by().values("pk"))

    def by_group(self) -> dict[str, int]:
        """Count Desa Devisa, candidates and those that left, each apart; one query, each village once."""
        once = self.model._default_manager.filter(pk__in=self.order_by().values("pk"))
        groups = {group.value: Count("pk", filter=Q(stage__in=stages)) for group, stages in STAGES_OF.items()}
        return once.aggregate(**groups)


class OfVillageQuerySet(models.QuerySet[Row]):
    """Rows that belong to one village and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible village to who works there; an observer reads figures, not people."""
        if user.role in (Role.OBSERVER, Role.FINANCE):
            return self.none()
        village = self.model._meta.get_field("village").related_model
        return self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]


class PersonQuerySet(OfVillageQuerySet[Row]):
    """Scopes over villagers."""

    def present(self) -> Self:
        """Leave out who was erased."""
        return self.filter(erased_at__isnull=True)

    def once(self, ids: Collection[int]) -> dict[int, int]:
        """Tell who has, or had before a merge, each of these ids; an id that nobody had is left out."""
        found = {pk: pk for pk in self.filter(pk__in=ids).values_list("pk", flat=True)}
        if missing := set(ids) - found.keys():
            found |= dict(self.filter(former_ids__in=missing).values_list("former_ids", "pk"))
        return found


class OfPersonQuerySet(models.QuerySet[Row]):
    """Rows that belong to one person and are seen with them."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible person."""
        person = self.model._meta.get_field("person").related_model
        return self.filter(person__in=person._default_manager.visible_to(user))  # type: ignore[union-attr]


class ConsentQuerySet(models.QuerySet[Row]):
    """Scopes over agreements."""

    def to_messages(self, person: str) -> Self:
        """Match the live agreement to messages of the outer row's person."""
        return self.filter(person=OuterRef(person), purpose=Purpose.MESSAGES, withdrawn_at__isnull=True)


class ContactPointQuerySet(StatefulQuerySet[Row]):
    """Scopes over phone numbers."""

    moves = CONTACT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a number to who may see a person that it reaches."""
        person = self.model._meta.get_field("people").related_model
        seen = person._default_manager.visible_to(user)  # type: ignore[union-attr]
        return self.filter(people__in=seen).distinct() if user.role != Role.ADMINISTRATOR else self


class CriteriaSetQuerySet(StatefulQuerySet[Row]):
    """Scopes over sets of criteria."""

    moves = SET_MOVES

    def visible_to(self, user: User) -> Self:
        """Show what is published to everyone who may sign in, and drafts to who keeps the system."""
        if user.role == Role.ADMINISTRATOR:
            return self
        return self.filter(state=SetState.PUBLISHED) if user.is_active else self.none()

    def in_force(self, day: date) -> Row | None:
        """Find the set that holds on a day: the latest one published that began by then."""
        return self.filter(state=SetState.PUBLISHED, in_force_from__lte=day).order_by("-in_force_from").first()


class AssessmentQuerySet(StatefulQuerySet[Row]):
    """Scopes over assessments of villages."""

    moves = ASSESSMENT_MOVES

    def visible_to(self, user: User) -> Self:
        """Show a visible village's assessments to who works there, and to who only reads those that are final."""
        village = self.model._meta.get_field("village").related_model
        seen = self.filter(village__in=village._default_manager.visible_to(user))  # type: ignore[union-attr]
        return seen.filter(state=AssessmentState.FINAL) if user.role in (Role.OBSERVER, Role.FINANCE) else seen

    def complete(self) -> Self:
        """Keep those with all eight scores: submitted and final ones."""
        return self.filter(state__in=COMPLETE)

    def with_scores(self) -> Self:
        """Read along the scores and the set that gives them their meaning; 2 queries more."""
        return self.select_related("criteria_set").prefetch_related("scores", "criteria_set__definitions")


class BusinessUnitQuerySet(StatefulQuerySet[Row]):
    """Scopes over business units."""

    moves = INVENTORY_MOVES
    column = "inventory_state"

    def visible_to(self, user: User) -> Self:
        """Show a visible village's units, and exporters outside the villages, to who works there.

        An observer reads those that are verified and no household: a household's business bears a person's name.
        """
        village = self.model._meta.get_field("village").related_model
        seen = village._default_manager.visible_to(user).order_by().values("pk")  # type: ignore[union-attr]
        if user.role == Role.OBSERVER:
            open_to_all = self.filter(inventory_state=InventoryState.VERIFIED).exclude(kind=UnitKind.HOUSEHOLD)
            return open_to_all.filter(village__in=seen)
        return self.filter(Q(village__in=seen) | Q(village__isnull=True)) if user.is_active else self.none()

    def counted(self) -> Self:
        """Keep the inventory: units that somebody has verified."""
        return self.filter(inventory_state=InventoryState.VERIFIED)

    def uninventoried(self) -> Self:
        """Keep the leads that nobody has looked at yet."""
        return self.filter(inventory_state=InventoryState.LEAD)

    def standing(self) -> Self:
        """Leave out what was left out of the inventory."""
        return self.exclude(inventory_state=InventoryState.DISMISSED)

    def with_first_export(self) -> Self:
        """Read along `first_verified_on`, the day of the earliest verified export.

        Exports live on a higher floor; they are named here by their path and resolved by Django.
        """
        verified = Q(transactions__state="verified")
        return self.annotate(first_verified_on=Min("transactions__exported_on", filter=verified))

    def tally(self) -> dict[str, int]:
        """Count what is verified, how much of that exports, and what nobody has inventoried; one query."""
        once = self.model._default_manager.filter(pk__in=self.order_by().values("pk"))
        verified = Q(inventory_state=InventoryState.VERIFIED)
        return once.aggregate(
            verified=Count("pk", filter=verified),
            direct=Count("pk", filter=verified & Q(export_status=ExportStatus.DIRECT)),
            indirect=Count("pk", filter=verified & Q(export_status=ExportStatus.INDIRECT)),
            leads=Count("pk", filter=Q(inventory_state=InventoryState.LEAD)),
        )


class OfBusinessUnitQuerySet(models.QuerySet[Row]):
    """Rows that belong to one business unit and are seen with it."""

    def visible_to(self, user: User) -> Self:
        """Show what belongs to a visible unit."""
        unit = self.model._meta.get_field("business_unit").related_model
        return self.filter(business_unit__in=unit._default_manager.visible_to(user))  # type: ignore[union-attr]


class LicenceQuerySet(OfBusinessUnitQuerySet[Row]):
    """Scopes over papers of business units."""

    def ending(self, day: date) -> Self:
        """Keep papers that end by that day and that no paper of their kind outlasts; every other one stands alone."""
        longer = self.model._default_manager.filter(business_unit=OuterRef("business_unit"), kind=OuterRef("kind"))
        outlasted = longer.filter(Q(expires_on__isnull=True) | Q(expires_on__gt=day)).exclude(kind=LicenceKind.OTHER)
        return self.filter(~Exists(outlasted), expires_on__lte=day)
