"""Calendars that keep themselves up to date: of a trainer, a member of staff, a household, a village.

The first three are opened by an address that is its own key; a village's is as public as its poster. Drafts are never
told, what was cancelled stays and says so. A household's calendar names nobody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, CharField, Count, F, OuterRef, Prefetch, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.links import calendar_token as token_of_user
from accounts.models import User
from accounts.states import Role
from common.calendar import Entry
from common.models import Event
from noticeboard.rows import place_of
from noticeboard.visits import visits_of
from programs.links import calendar_token as token_of_trainer
from programs.models import Attendance, Booking, Session, SessionRevision, Trainer
from programs.states import SEATED, SessionState
from villages.links import calendar_token as token_of_link
from villages.links import live_link
from villages.models import Village

BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=400)
MOST: Final = 500  # the nearest ones, when a calendar has more
CHANGES: Final = ("scheduled", "changed", "rescheduled", "cancelled")
_SHAPE = re.compile(r"([tuh])([1-9][0-9]{0,17})-[a-z2-7]{16}")

Lines = Callable[[Any], list[str]]


@dataclass(frozen=True)
class Feed:
    """One calendar, in the language of who reads it."""

    name: str
    entries: tuple[Entry, ...]
    language: str


def feed_of(token: str, *, at: datetime) -> Feed | None:
    """Read the calendar that a token opens, in at most four queries; None when it is wrong, old or closed."""
    found = _SHAPE.fullmatch(token)
    if found is None or int(found[2]) >= 1 << 63:
        return None
    return {"t": _of_trainer, "u": _of_user, "h": _of_household}[found[1]](int(found[2]), token, at)


def village_feed(code: str, *, at: datetime) -> Feed | None:
    """Read the calendar of a village, in three queries; None when there is no such village."""
    village = Village.objects.filter(code=code).first()
    if village is None:
        return None
    taken = Booking.objects.filter(cohort__village=village)
    sessions = Session.objects.filter(pk__in=taken.values("session"))
    entries = _entries(sessions, _public, at=at, url=f"{settings.BASE_URL}/d/{village.code}")
    name = _("Training in %(village)s") % {"village": village.name}
    return Feed(name, entries, translation.get_language())


def _of_trainer(key: int, token: str, at: datetime) -> Feed | None:
    trainer = Trainer.objects.select_related("user").filter(pk=key).first()
    if trainer is None or not constant_time_compare(token_of_trainer(trainer), token):
        return None
    language = trainer.user.language if trainer.user else settings.LANGUAGE_CODE
    sessions = Session.objects.filter(pk__in=trainer.bookings.values("session"))
    with translation.override(language):
        name = _("Teaching: %(name)s") % {"name": trainer.name}
        return Feed(name, _entries(sessions, _teaching, at=at), language)


def _of_user(key: int, token: str, at: datetime) -> Feed | None:
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or not constant_time_compare(token_of_user(user), token):
        return None
    with translation.override(user.language):
        sessions = _entries(Session.objects.visible_to(user), _staff, at=at, pages=True)
        plans = visits_of(user, at=at) if user.role == Role.MENTOR else ()
        return Feed("Desa Devisa", (*sessions, *plans), user.language)


def _of_household(key: int, token: str, at: datetime) -> Feed | None:
    link = live_link(key)
    expected = token_of_link(link) if link else ""
    if not expected or not constant_time_compare(expected, token):
        return None
    seats = Attendance.objects.filter(
        enrollment__person__contacts__contact_point=key,
        enrollment__person__contacts__wrong_at__isnull=True,
        enrollment__person__erased_at__isnull=True,
        enrollment__state__in=SEATED,
    )
    entries = _entries(Session.objects.filter(pk__in=seats.values("session")), _public, at=at)
    return Feed(_("My training"), entries, translation.get_language())


def _entries(
    sessions: QuerySet[Session], lines: Lines, *, at: datetime, url: str = "", pages: bool = False
) -> tuple[Entry, ...]:
    """Read what is told of these sessions, earliest first; two queries."""
    told = sessions.exclude(state=SessionState.DRAFT).filter(starts_at__range=(at - BACK, at + AHEAD))
    booked = Prefetch("bookings", Booking.objects.select_related("trainer", "cohort__village").order_by("pk"))
    coming = Case(When(ends_at__gte=at, then=F("starts_at"))).asc(nulls_last=True)
    rows = _dated(told).select_related("module", "venue", "program").prefetch_related(booked)
    nearest: QuerySet[Any] = rows.order_by(coming, "-starts_at", "pk")[:MOST]
    return tuple(
        Entry(
            id=row.pk,
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            place=place_of(row.venue.name, row.venue.landmark) if row.venue else place_of(None, None),
            revision=row.revision,
            cancelled=row.state == SessionState.CANCELLED,
            changed_at=row.changed_at,
            lines=(*_why(row), *lines(row)),
            url=f"{settings.BASE_URL}/sessions/{row.pk}/" if pages else url,
        )
        for row in sorted(nearest, key=lambda row: (row.starts_at, row.pk))
    )


def _dated(sessions: QuerySet[Session]) -> QuerySet[Any]:
    """Add when each was last changed, and how many seats it has."""
    revised = SessionRevision.objects.filter(session=OuterRef("pk")).order_by("-number").values("at")[:1]
    keyed = Event.objects.filter(subject_type=Session._meta.label_lower, verb__in=CHANGES)
    acted = keyed.filter(subject_id=Cast(OuterRef("pk"), CharField())).order_by("-pk").values("at")[:1]
    seats = Attendance.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
    return sessions.annotate(
        changed_at=Coalesce(Greatest(Subquery(revised), Subquery(acted)), F("starts_at")),
        people=Coalesce(Subquery(seats.values("n")), 0),
    )


def _why(row: Any) -> list[str]:
    return [_("Cancelled: %(title)s") % {"title": row.reason}] if row.state == SessionState.CANCELLED else []


def _public(row: Any) -> list[str]:
    """Say what it is and who teaches; nobody who comes."""
    names = _names(row)
    return [row.module.name, *([_("Trainer: %(names)s") % {"names": names}] if names else [])]


def _teaching(row: Any) -> list[str]:
    """Say for whom it is and how many come."""
    cohorts = [booking.cohort for booking in row.bookings.all() if booking.cohort]
    groups = ", ".join(f"{cohort.village.name} ({cohort.name})" for cohort in cohorts)
    return [
        _("Program: %(name)s") % {"name": row.program.name},
        _("Module: %(name)s") % {"name": row.module.name},
        _("For: %(groups)s") % {"groups": groups},
        _("Participants: %(number)s") % {"number": row.people},
    ]


def _staff(row: Any) -> list[str]:
    """Say also who teaches."""
    return [*_teaching(row), _("Trainer: %(names)s") % {"names": _names(row) or "–"}]


def _names(row: Any) -> str:
    return ", ".join(booking.trainer.name for booking in row.bookings.all() if booking.trainer)
