"""Who teaches a session; it may change without the promise of time and place changing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from programs.actions.booking import lock, refuse_overlap
from programs.models import Booking, Session, Trainer
from programs.states import SessionState
from programs.taken import Taken, taken_by

STAFFED: Final = (SessionState.DRAFT, SessionState.SCHEDULED, SessionState.HELD)


@transaction.atomic
def assign_trainers(session: Session, *, trainers: Sequence[Trainer], by: User, at: datetime) -> None:
    """Say who teaches, until the sheet is closed; participants keep their promise and are not told anew."""
    taken = taken_by(session)
    lock(Taken(cohorts=taken.cohorts, trainers=[*{*taken.trainers, *trainers}], venue=taken.venue))
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state not in STAFFED:
        raise Refused(
            _("Who teaches a session that is “%(state)s” no longer changes.") % {"state": held.get_state_display()}
        )
    wanted = Taken(cohorts=[], trainers=trainers, venue=None)
    refuse_overlap(wanted, held.starts_at, held.ends_at, by=by, besides=held)
    before = {trainer.pk for trainer in taken_by(held).trainers}
    after = {trainer.pk for trainer in trainers}
    if before == after:
        return
    held.bookings.filter(trainer__in=before - after).delete()
    during = {"session": held, "starts_at": held.starts_at, "ends_at": held.ends_at}
    Booking.objects.bulk_create(Booking(trainer_id=pk, **during) for pk in sorted(after - before))
    record(held, verb="trainers_assigned", by=by, at=at, was=sorted(before), trainers=sorted(after))
