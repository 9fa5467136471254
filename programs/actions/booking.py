"""Taking trainers, venues and cohorts for a time, so that nothing is in two places at once.

Every action that takes a time locks what it takes first, always in the same order, and only then looks. An exclusion
constraint alone deadlocks under contention; it stays as the backstop.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from programs.models import Booking, Cohort, Session, Trainer, Venue
from programs.slots import bookings_of, clash_sentence
from programs.taken import Taken


class Clash(Refused):
    """Something of it is taken at that time; another time would do."""


def lock(taken: Taken) -> None:
    """Hold trainers, venue and cohorts until the transaction ends, in sorted order; whoever comes second waits here."""
    lock_all([taken])


def lock_all(takens: Collection[Taken]) -> None:
    """Hold what several sessions take, all at once and in the same order."""
    _hold(Trainer, (one for taken in takens for one in taken.trainers))
    _hold(Venue, (one for taken in takens for one in taken.venues))
    _hold(Cohort, (one for taken in takens for one in taken.cohorts))


def _hold(model: type[Trainer | Venue | Cohort], rows: Iterable[Trainer | Venue | Cohort]) -> None:
    keys = {row.pk for row in rows}
    if keys:
        held = model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        list(held.values_list("pk", flat=True))


def hold_sessions(keys: Iterable[int]) -> None:
    """Hold sessions until the transaction ends, in the order in which messages are planned again."""
    rows = Session.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def refuse_overlap(
    taken: Taken, starts_at: datetime, ends_at: datetime, *, by: User, besides: Session | None = None
) -> None:
    """Refuse a time at which something is already taken, and name the session that takes it if it may be seen."""
    for other in bookings_of([taken], starts_at, ends_at, by=by, besides=[besides] if besides else [])[:1]:
        raise Clash(_("%(taken)s Choose another time.") % {"taken": clash_sentence(other)})


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
