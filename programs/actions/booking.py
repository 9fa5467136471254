"""Taking trainers, venues and cohorts for a time, so that nothing is in two places at once.

Every action that takes a time locks what it takes first, always in the same order, and only then looks. An exclusion
constraint alone deadlocks under contention; it stays as the backstop.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import clock_range, local_date, long_date
from common.errors import Refused
from programs.models import Booking, Cohort, Session, Trainer, Venue
from programs.taken import Taken


def lock(taken: Taken) -> None:
    """Hold trainers, venue and cohorts until the transaction ends, in sorted order; whoever comes second waits here."""
    _hold(Trainer, taken.trainers)
    _hold(Venue, taken.venues)
    _hold(Cohort, taken.cohorts)


def _hold(model: type[Trainer | Venue | Cohort], rows: Iterable[Trainer | Venue | Cohort]) -> None:
    keys = [row.pk for row in rows]
    if keys:
        held = model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        list(held.values_list("pk", flat=True))


def refuse_overlap(
    taken: Taken, starts_at: datetime, ends_at: datetime, *, by: User, besides: Session | None = None
) -> None:
    """Refuse a time at which something is already taken, and name the session that takes it if it may be seen."""
    wanted = Q(trainer__in=taken.trainers) | Q(venue__in=taken.venues) | Q(cohort__in=taken.cohorts)
    found = Booking.objects.during(starts_at, ends_at).filter(wanted)
    if besides is not None:
        found = found.exclude(session=besides)
    along = ("session__module", "session__venue", "trainer", "venue", "cohort")
    other = found.select_related(*along).order_by("starts_at", "pk").first()
    if other is not None:
        raise Refused(_sentence(other, by=by))


def _sentence(other: Booking, *, by: User) -> str:
    session = other.session
    name = str(other.trainer or other.venue or other.cohort)
    if not Session.objects.visible_to(by).filter(pk=session.pk).exists():
        return _("%(name)s is already taken at that time by another program. Choose another time.") % {"name": name}
    facts = {
        "name": name,
        "title": session.title,
        "day": long_date(local_date(session.starts_at, session.zone)),
        "hours": clock_range(session.starts_at, session.ends_at, session.zone),
        "place": session.venue or session.get_mode_display(),
    }
    return _("%(name)s already has “%(title)s” on %(day)s, %(hours)s, %(place)s. Choose another time.") % facts


def book(session: Session, taken: Taken) -> None:
    """Write what a session takes, for its time."""
    during = {"session": session, "starts_at": session.starts_at, "ends_at": session.ends_at}
    Booking.objects.bulk_create(
        [
            *(Booking(cohort=cohort, **during) for cohort in taken.cohorts),
            *(Booking(trainer=trainer, **during) for trainer in taken.trainers),
            *(Booking(venue=venue, **during) for venue in taken.venues),
        ]
    )


def rebook(session: Session, taken: Taken) -> None:
    """Write anew what a session takes."""
    session.bookings.all().delete()
    book(session, taken)
