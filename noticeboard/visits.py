"""Planned visits as entries of their mentor's calendar; one that is called off stays and says so."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from common.calendar import Entry
from common.models import Event
from mentoring.models import VisitPlan
from mentoring.states import PlanState

BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=400)
MOST: Final = 200
LASTS: Final = timedelta(hours=2)  # what a calendar keeps free; a plan names only its beginning


def visits_of(mentor: User, *, at: datetime) -> tuple[Entry, ...]:
    """Read a mentor's planned visits, earliest first; one query."""
    told = Event.objects.filter(subject_type=VisitPlan._meta.label_lower).order_by("-pk")
    last = told.filter(subject_id=Cast(OuterRef("pk"), CharField())).values("at")[:1]
    mine = VisitPlan.objects.filter(mentor=mentor, planned_at__range=(at - BACK, at + AHEAD))
    rows: QuerySet[Any] = mine.select_related("village__region__parent__parent")
    dated = rows.annotate(changed_at=Coalesce(Subquery(last), F("planned_at"))).order_by("-planned_at", "pk")[:MOST]
    return tuple(_entry(row) for row in reversed(dated))


def _entry(row: Any) -> Entry:
    cancelled = row.state == PlanState.CANCELLED
    why = [_("Cancelled: %(title)s") % {"title": row.reason}] if cancelled else []
    return Entry(
        kind="visit",
        id=row.pk,
        title=_("Visit to %(village)s") % {"village": row.village.name},
        starts_at=row.planned_at,
        ends_at=row.planned_at + LASTS,
        zone=row.village.zone,
        place=row.village.place,
        revision=row.version,
        cancelled=cancelled,
        changed_at=row.changed_at,
        lines=(*why, *([row.purpose] if row.purpose else [])),
        url=f"{settings.BASE_URL}/visits/plans/{row.pk}/",
    )
