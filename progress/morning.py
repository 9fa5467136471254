"""What waits for a coordinator's hand, the most urgent kind first; each line leads to the act that settles it.

Every kind is one query for one row and for a thousand: a list that is cut, and with each row how many there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from almanac.reading import almanac_for
from attendance.absences import most_missed
from attendance.models import Act
from common.dates import local_date, short_date
from common.numbers import number
from common.zones import Zone
from exports.models import SubsidyClaim
from exports.states import ClaimState
from exports.worklist import TURNS, days_since
from mentoring.models import ActionItem, Assignment, HeldVersion, Visit, VisitPlan
from programs.models import Cohort, Session
from programs.states import EnrollmentState, SessionState
from progress.waiting import (
    PATIENCE,
    held,
    overdue,
    pending,
    unclosed,
    undecided,
    unlogged,
    unmarked,
    unready,
)
from villages.models import Village

SHOWN: Final = 5
MONTH: Final = timedelta(days=30)
MOST: Final = 200


@dataclass(frozen=True)
class Line:
    """One thing that waits, in a sentence, and the page where it is settled."""

    icon: str
    text: str
    url: str


Tell = Callable[[Any], Line]
Whole = Callable[[int], Line]


def morning_of(user: User, *, at: datetime) -> list[Line]:
    """Read what waits for this coordinator."""
    kinds = (
        _unready,
        _blocked,
        _unmarked,
        _unclosed,
        _late_marks,
        _away,
        _queues,
        _visits,
        _held,
        _unlogged,
        _overdue,
        _claims,
        _unmentored,
    )
    return [line for kind in kinds for line in kind(user, at)]


def _cut(rows: models.QuerySet[Any], tell: Tell, whole: Whole | None = None) -> list[Line]:
    """Tell the first few, and how many there are when they are more; one query."""
    found = list(rows.annotate(among=Window(Count("pk")))[:SHOWN]) if whole else list(rows[:SHOWN])
    lines = [tell(row) for row in found]
    return [*lines, whole(found[0].among)] if whole and found and found[0].among > SHOWN else lines


def _seen(sessions: Any, user: User) -> models.QuerySet[Session]:
    seen: models.QuerySet[Session] = sessions.visible_to(user)
    return seen.select_related("module", "venue")


def _named(session: Session) -> dict[str, str]:
    return {"title": session.title, "day": short_date(local_date(session.starts_at, session.zone))}


def _unready(user: User, at: datetime) -> list[Line]:
    """Find sessions of the coming week that are still a draft, or that nobody teaches."""
    return _cut(_seen(unready(at), user).order_by("starts_at", "pk"), _tell_unready, _all_unready)


def _tell_unready(session: Session) -> Line:
    if session.state == SessionState.DRAFT:
        text = _("%(title)s, %(day)s: still a draft, nobody has been told") % _named(session)
        return Line("calendar", text, reverse("session-schedule", args=[session.pk]))
    text = _("%(title)s, %(day)s: nobody teaches yet") % _named(session)
    return Line("calendar", text, reverse("session-trainers", args=[session.pk]))


def _all_unready(count: int) -> Line:
    text = _("All %(count)s sessions of the coming week that are not ready") % {"count": number(count)}
    return Line("calendar", text, reverse("schedule"))


def _blocked(user: User, at: datetime) -> list[Line]:
    """Find promised sessions of the coming month that fall on a day kept free, with no reason given for it."""
    soon = _seen(Session.objects, user).filter(
        state=SessionState.SCHEDULED, starts_at__gt=at, starts_at__lte=at + MONTH
    )
    rows = list(soon.filter(override_reason="").prefetch_related("cohorts__village").order_by("starts_at", "pk")[:MOST])
    places = {row.pk: _places(row) for row in rows}
    days = local_date(at, Zone.WIB), local_date(at + MONTH, Zone.WIT)
    almanac = almanac_for(*days, regions={code for codes in places.values() for code in codes})
    hits = ((row, almanac.hits(row.starts_at, row.ends_at, zone=row.zone, regions=places[row.pk])) for row in rows)
    return [_tell_blocked(row, found[0].sentence) for row, found in hits if found][:SHOWN]


def _places(session: Session) -> set[str]:
    """Collect the codes of the villages' seats and of the venue."""
    seats = {cohort.village.region_id for cohort in session.cohorts.all()}
    return seats | ({session.venue.region_id} if session.venue else set())


def _tell_blocked(session: Session, sentence: str) -> Line:
    text = _("%(title)s, %(day)s: %(block)s") % {**_named(session), "block": sentence}
    return Line("warning", text, reverse("session-reschedule", args=[session.pk]))


def _unmarked(user: User, at: datetime) -> list[Line]:
    """Find sessions that are over and have no sheet yet."""
    rows = _seen(unmarked(at), user)

    def tell(session: Session) -> Line:
        late = at - session.ends_at > PATIENCE
        said = _("%(title)s, %(day)s: attendance is missing, for more than a day") if late else ""
        text = (said or _("%(title)s, %(day)s: attendance is missing")) % _named(session)
        return Line("clock", text, reverse("session-attendance", args=[session.pk]))

    return _cut(rows.order_by("ends_at", "pk"), tell, _all_unmarked)


def _all_unmarked(count: int) -> Line:
    text = _("All %(count)s sessions without attendance") % {"count": number(count)}
    return Line("clock", text, f"{reverse('schedule')}?state=scheduled")


def _unclosed(user: User, at: datetime) -> list[Line]:
    """Find sessions that were held a day ago and are still open."""
    rows = _seen(unclosed(at), user)
    return _cut(rows.order_by("ends_at", "pk"), _tell_unclosed, _all_unclosed)


def _tell_unclosed(session: Session) -> Line:
    text = _("%(title)s, %(day)s: the sheet is not closed") % _named(session)
    return Line("lock", text, reverse("session-close", args=[session.pk]))


def _all_unclosed(count: int) -> Line:
    text = _("All %(count)s sessions that are not closed") % {"count": number(count)}
    return Line("lock", text, f"{reverse('schedule')}?state=held")


def _late_marks(user: User, _at: datetime) -> list[Line]:
    """Find sessions for which marks came from phones that their sheets could not take."""
    late = Act.objects.waiting().filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
    waiting = _seen(Session.objects, user).filter(pk__in=Act.objects.waiting().values("session"))
    return _cut(waiting.annotate(late=Subquery(late.values("n"))).order_by("starts_at", "pk"), _tell_late_marks)


def _tell_late_marks(session: Any) -> Line:
    said = ngettext(
        "%(title)s, %(day)s: %(count)s mark from a phone waits",
        "%(title)s, %(day)s: %(count)s marks from phones wait",
        session.late,
    )
    text = said % {**_named(session), "count": number(session.late)}
    return Line("phone", text, reverse("session-marks", args=[session.pk]))


def _away(user: User, at: datetime) -> list[Line]:
    """Find people who were absent several times in a row."""
    missed = most_missed(user, day=local_date(at, Zone.WIB))
    lines = [_tell_away(enrollment) for enrollment in missed.top]
    if missed.total <= len(lines):
        return lines
    text = _("All %(count)s people who keep away") % {"count": number(missed.total)}
    return [*lines, Line("people", text, reverse("absence-list"))]


def _tell_away(enrollment: Any) -> Line:
    facts = {"name": enrollment.person.name, "village": enrollment.cohort.village.name, "count": enrollment.absences}
    text = _("%(name)s, %(village)s: absent %(count)s times in a row") % facts
    return Line("people", text, reverse("absence-note", args=[enrollment.last_seat]))


def _queues(user: User, at: datetime) -> list[Line]:
    """Find running cohorts in which people wait for a place."""
    waiting = Count("enrollments", filter=Q(enrollments__state=EnrollmentState.WAITLISTED))
    running = Cohort.objects.visible_to(user).filter(ends_on__gte=local_date(at, Zone.WIB))
    rows = running.annotate(waiting=waiting).filter(waiting__gt=0).select_related("village")
    return _cut(rows.order_by("-waiting", "pk"), _tell_queue)


def _tell_queue(cohort: Any) -> Line:
    facts = {"count": number(cohort.waiting), "cohort": cohort.name, "village": cohort.village.name}
    said = ngettext(
        "%(count)s person waits for a place in %(cohort)s, %(village)s",
        "%(count)s people wait for a place in %(cohort)s, %(village)s",
        cohort.waiting,
    )
    return Line("people", said % facts, f"{reverse('cohort-detail', args=[cohort.pk])}#waiting")


def _visits(user: User, _at: datetime) -> list[Line]:
    """Find visits that wait for approval."""
    rows = pending().visible_to(user).select_related("village__region", "mentor")
    return _cut(rows.order_by("submitted_at", "pk"), _tell_visit, _all_visits)


def _tell_visit(visit: Visit) -> Line:
    day = short_date(local_date(visit.visited_at, visit.village.zone))
    facts = {"mentor": visit.mentor.name, "village": visit.village.name, "day": day}
    text = _("Visit of %(mentor)s to %(village)s, %(day)s, waits for approval") % facts
    return Line("visit", text, reverse("visit-detail", args=[visit.pk]))


def _all_visits(count: int) -> Line:
    text = _("All %(count)s visits that wait") % {"count": number(count)}
    return Line("visit", text, f"{reverse('visit-list')}?state=submitted")


def _held(user: User, _at: datetime) -> list[Line]:
    """Find versions of visits that wait for a decision."""
    rows = held().visible_to(user).select_related("village__region", "sent_by")
    return _cut(rows.order_by("received_at", "pk"), _tell_held, _all_held)


def _tell_held(held: HeldVersion) -> Line:
    day = short_date(local_date(held.visited_at, held.village.zone))
    facts = {"mentor": held.sent_by.name, "village": held.village.name, "day": day}
    text = _("Visit of %(mentor)s to %(village)s, %(day)s, waits for a decision") % facts
    return Line("question", f"{text}: {held.get_reason_display()}", reverse("held-detail", args=[held.pk]))


def _all_held(count: int) -> Line:
    text = _("All %(count)s visits to decide on") % {"count": number(count)}
    return Line("question", text, reverse("held-list"))


def _unlogged(user: User, at: datetime) -> list[Line]:
    """Find visits that were planned and not logged within three days."""
    rows = unlogged(at).visible_to(user).select_related("village__region", "mentor")
    return _cut(rows.order_by("planned_at", "pk"), _tell_unlogged, _all_unlogged)


def _tell_unlogged(plan: VisitPlan) -> Line:
    day = short_date(local_date(plan.planned_at, plan.village.zone))
    facts = {"mentor": plan.mentor.name, "village": plan.village.name, "day": day}
    text = _("Visit of %(mentor)s to %(village)s, planned for %(day)s, is not logged") % facts
    return Line("visit", text, reverse("visit-plan-detail", args=[plan.pk]))


def _all_unlogged(count: int) -> Line:
    text = _("All %(count)s planned visits that are not logged") % {"count": number(count)}
    return Line("visit", text, f"{reverse('visit-plan-list')}?late=true")


def _overdue(user: User, at: datetime) -> list[Line]:
    """Find action items whose day has passed."""
    rows = overdue(at).visible_to(user).select_related("village")
    return _cut(rows.order_by("due_on", "pk"), _tell_overdue, _all_overdue)


def _tell_overdue(item: ActionItem) -> Line:
    day = short_date(item.due_on) if item.due_on else ""
    text = _("%(what)s, %(village)s: due %(day)s") % {"what": item.what, "village": item.village.name, "day": day}
    return Line("task", text, f"{reverse('village-detail', args=[item.village_id])}#actions")


def _all_overdue(count: int) -> Line:
    said = ngettext("%(count)s action item is overdue", "%(count)s action items are overdue", count)
    return Line("task", said % {"count": number(count)}, f"{reverse('action-item-list')}?overdue=true")


def _unmentored(user: User, at: datetime) -> list[Line]:
    """Find villages with a running cohort that nobody mentors today."""
    day = local_date(at, Zone.WIB)
    running = Village.objects.visible_to(user).filter(cohorts__starts_on__lte=day, cohorts__ends_on__gte=day)
    alone = running.exclude(pk__in=Assignment.objects.current(day).values("village")).distinct()
    return _cut(alone.order_by("name", "pk"), _tell_unmentored)


def _tell_unmentored(village: Village) -> Line:
    text = _("%(village)s has no mentor") % {"village": village.name}
    return Line("village", text, reverse("village-mentors", args=[village.pk]))


def _claims(user: User, at: datetime) -> list[Line]:
    """Find claims that wait for verification or approval for more than three days."""
    rows = undecided(at).visible_to(user).exclude(submitted_by=user).select_related("business_unit")

    def tell(claim: SubsidyClaim) -> Line:
        days = days_since(claim.moved_at, at=at)
        said = ngettext(
            "Claim %(claim)s of %(unit)s waits for %(count)s day: %(turn)s",
            "Claim %(claim)s of %(unit)s waits for %(count)s days: %(turn)s",
            days,
        )
        facts = {"claim": claim, "unit": claim.business_unit.name, "count": number(days)}
        text = said % {**facts, "turn": TURNS[ClaimState(claim.state)]}
        return Line("send", text, reverse("claim-detail", args=[claim.pk]))

    return _cut(rows.order_by("moved_at", "pk"), tell, _all_claims)


def _all_claims(count: int) -> Line:
    text = _("All %(count)s claims that wait") % {"count": number(count)}
    return Line("send", text, reverse("claims-waiting"))
