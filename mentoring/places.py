"""The villages that a mentor holds, and where they may log a visit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from mentoring.models import ActionItem, Assignment, Visit
from programs.models import Cohort, Program
from villages.models import Village

MOST_ITEMS = 50


@dataclass(frozen=True)
class Place:
    """A village in a program: where a mentor may log a visit."""

    village: Village
    program: Program
    last_visit: datetime | None


def villages_of(mentor: User, *, at: datetime) -> list[Village]:
    """List the villages that a mentor holds today, by name."""
    held = Assignment.objects.filter(mentor=mentor).current(local_date(at, Zone.WIB)).values("village")
    rows = Village.objects.filter(pk__in=held).select_related("region__parent__parent")
    return list(rows.order_by("name", "pk"))


def places_of(mentor: User, *, at: datetime) -> list[Place]:
    """List where a mentor may log a visit, the latest visited first."""
    villages = {village.pk: village for village in villages_of(mentor, at=at)}
    rows = Cohort.objects.filter(village__in=villages).select_related("program").order_by("-starts_on", "pk")
    pairs = {(cohort.village_id, cohort.program_id): cohort.program for cohort in rows}
    visits = Visit.objects.filter(mentor=mentor).order_by("visited_at").values_list("village", "program", "visited_at")
    last = {(village, program): visited_at for village, program, visited_at in visits}
    places = [Place(villages[key[0]], program, last.get(key)) for key, program in pairs.items()]
    return sorted(places, key=lambda place: place.last_visit.timestamp() if place.last_visit else 0, reverse=True)


def open_items(mentor: User, villages: Collection[Village]) -> QuerySet[ActionItem]:
    """Find what is open in these villages, by day."""
    rows = ActionItem.objects.visible_to(mentor).open().filter(village__in=villages)
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def open_of(mentor: User, village: Village, *, but: Visit | None = None) -> list[ActionItem]:
    """List what is open in a village and was not agreed at that visit, by day; 1 query."""
    rows = open_items(mentor, [village])
    return list((rows.exclude(visit=but) if but else rows)[:MOST_ITEMS])
