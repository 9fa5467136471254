"""What a mentor needs in the villages with no signal, as plain values: nothing of others, and no number of anybody."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any, Final, NamedTuple

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts.models import User
from attendance.pocket import pocket_acts, pocket_sessions
from common.dates import utc_text
from mentoring.handover import handovers_waiting, latest_works
from mentoring.held import held_of
from mentoring.models import ActionItem, Attendee, Finding, Photo, Visit, VisitPlan
from mentoring.places import open_items, villages_of
from mentoring.states import EDITABLE
from programs.models import Cohort, Module
from programs.states import ModuleCode
from villages.models import Person, Village
from villages.states import Criterion

LAST: Final = 2  # visits of each village
RECENT: Final = timedelta(days=30)  # one's own visits
COUNTED: Final = ("villages", "people", "items", "sessions")
Rows = list[dict[str, Any]]


class Pack(NamedTuple):
    """The pack as it is sent, the name of its content, and what it holds."""

    content: dict[str, Any]
    etag: str
    holds: dict[str, int]


def pack_of(mentor: User, *, at: datetime) -> Pack:
    """Gather what this mentor's phone keeps; the same number of queries for any number of villages."""
    villages = villages_of(mentor, at=at)
    content: dict[str, Any] = {
        "user": _named(mentor),
        "modules": [{"code": code.value, "label": str(code.label)} for code in ModuleCode],
        "criteria": [{"code": code.value, "label": str(code.label)} for code in Criterion],
        "villages": _villages(villages),
        "people": _people(villages, mentor),
        "items": _items(villages, mentor),
        "visits": _visits(villages, mentor, at=at),
        "plans": _plans(mentor, at=at),
        "sessions": pocket_sessions(mentor, [village.pk for village in villages], at=at),
        "held": held_of(mentor, at=at),
        "acts": pocket_acts(mentor, at=at),
        "handovers": _handovers(mentor),
    }
    text = dumps(content, sort_keys=True, separators=(",", ":"))
    holds = {name: len(content[name]) for name in COUNTED} | {"bytes": len(text)}
    return Pack({"made_at": utc_text(at), **content}, sha256(text.encode()).hexdigest()[:32], holds)


def _villages(villages: list[Village]) -> Rows:
    works = latest_works([village.pk for village in villages])
    programs: dict[int, dict[int, str]] = {village.pk: {} for village in villages}
    for cohort in Cohort.objects.filter(village__in=villages).select_related("program").order_by("-starts_on", "pk"):
        programs[cohort.village_id].setdefault(cohort.program_id, cohort.program.name)
    return [
        {
            **_named(village),
            "place": village.place,
            "zone": village.zone,
            "commodity": village.commodity,
            "works": works.get(village.pk, ""),
            "programs": [{"id": key, "name": name} for key, name in programs[village.pk].items()],
        }
        for village in villages
    ]


def _people(villages: list[Village], mentor: User) -> Rows:
    people = Person.objects.visible_to(mentor).present().filter(village__in=villages).order_by("village", "name", "pk")
    return [
        {"id": pk, "village": village, "name": name, "hamlet": hamlet}
        for pk, village, name, hamlet in people.values_list("pk", "village", "name", "hamlet")
    ]


def _items(villages: list[Village], mentor: User) -> Rows:
    return [
        {**_item(item), "village": item.village_id, "visit": str(item.visit_id)}
        for item in open_items(mentor, villages)
    ]


def _item(item: ActionItem) -> dict[str, Any]:
    return {"id": str(item.pk), "what": item.what, "owner": item.owner, "due_on": item.due_on and str(item.due_on)}


def _visits(villages: list[Village], mentor: User, *, at: datetime) -> Rows:
    seen = Visit.objects.visible_to(mentor)
    rank = Window(RowNumber(), partition_by="village", order_by=[F("visited_at").desc(), F("pk").desc()])
    last = seen.filter(village__in=villages).annotate(rank=rank).filter(rank__lte=LAST).values("pk")
    mine = Q(mentor=mentor) & (Q(state__in=EDITABLE) | Q(visited_at__gte=at - RECENT))
    rows = list(_with_details(seen.filter(mine | Q(pk__in=last))).order_by("-visited_at", "-pk"))
    photos = _photos(rows)
    return [{**_visit(visit), "photos": photos.get(visit.pk, [])} for visit in rows]


def _with_details(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    return visits.select_related("mentor").prefetch_related(
        Prefetch("modules", Module.objects.order_by("position")),
        Prefetch("attendees", Attendee.objects.select_related("person").order_by("pk")),
        Prefetch("findings", Finding.objects.order_by("pk")),
        Prefetch("action_items", ActionItem.objects.order_by("due_on", "pk")),
    )


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": str(visit.pk),
        "village": visit.village_id,
        "program": visit.program_id,
        "mentor": _named(visit.mentor),
        "visited_at": utc_text(visit.visited_at),
        "mode": visit.mode,
        "purpose": visit.purpose,
        "summary": visit.summary,
        "modules": [module.code for module in visit.modules.all()],
        "attendees": [
            {"person": came.person and _named(came.person), "name": came.name} for came in visit.attendees.all()
        ],
        "findings": [
            {"module": found.module_id, "criterion": found.criterion, "text": found.text}
            for found in visit.findings.all()
        ],
        "action_items": [{**_item(item), "state": item.state} for item in visit.action_items.all()],
        "location": _place(visit),
        "state": visit.state,
        "version": visit.version,
        "comment": visit.comment,
        "corrects": visit.corrects_id and str(visit.corrects_id),
    }


def _place(visit: Visit) -> dict[str, float] | None:
    if visit.latitude is None or visit.longitude is None or visit.accuracy is None:
        return None
    return {"lat": float(visit.latitude), "lon": float(visit.longitude), "accuracy": visit.accuracy}


def _plans(mentor: User, *, at: datetime) -> Rows:
    plans: QuerySet[Any] = VisitPlan.objects.visible_to(mentor).open().marked(at).order_by("planned_at", "pk")
    return [
        {
            "id": str(plan.pk),
            "village": plan.village_id,
            "planned_at": utc_text(plan.planned_at),
            "purpose": plan.purpose,
            "version": plan.version,
            "late": plan.late,
        }
        for plan in plans
    ]


def _photos(visits: Iterable[Visit]) -> dict[Any, Rows]:
    """List the photos of each visit, those that are still to come among them."""
    photos: dict[Any, Rows] = defaultdict(list)
    for photo in Photo.objects.standing().filter(visit__in=visits).order_by("visit", "position", "pk"):
        taken = photo.taken_at and utc_text(photo.taken_at)
        row = {"id": str(photo.pk), "sha256": photo.sha256, "taken_at": taken, "arrived": photo.arrived}
        photos[photo.visit_id].append(row)
    return photos


def _handovers(mentor: User) -> Rows:
    """List the handovers that wait for this mentor's hand, and where they are signed."""
    return [{**row, "url": reverse("handover-detail", args=[row["id"]])} for row in handovers_waiting(mentor)]


def _named(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name}
