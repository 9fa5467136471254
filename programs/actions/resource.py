"""Trainers and venues are corrected, and a trainer's calendar gets a new address."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from common.phones import parse_phone
from programs.models import Trainer, Venue
from programs.states import SessionState
from villages.models import Region
from villages.successors import refuse_gone

OF_TRAINER = frozenset({"name", "organisation", "phone"})
OF_VENUE = frozenset({"name", "region", "landmark", "capacity"})


@transaction.atomic
def change_trainer(trainer: Trainer, *, by: User, at: datetime, **columns: str) -> None:
    """Correct what is known of a trainer; writing the same again records nothing."""
    if columns.get("phone"):
        columns["phone"] = parse_phone(columns["phone"])
    _change(trainer, dict(columns), OF_TRAINER, by=by, at=at)


@transaction.atomic
def change_venue(venue: Venue, *, by: User, at: datetime, **columns: object) -> None:
    """Correct what is known of a place; while sessions lie ahead it stays in the time zone they were promised in."""
    before = venue.zone
    region = columns.get("region")
    if isinstance(region, Region) and region.pk != venue.region_id:
        refuse_gone(region)
    _change(venue, columns, OF_VENUE, by=by, at=at)
    ahead = venue.sessions.filter(state__in=(SessionState.DRAFT, SessionState.SCHEDULED), starts_at__gt=at)
    if venue.zone != before and ahead.exists():
        raise Refused(_("Sessions lie ahead at this venue. It cannot move to another time zone before they are over."))


@transaction.atomic
def renew_trainer_calendar(trainer: Trainer, *, by: User, at: datetime) -> None:
    """End the old address of a trainer's calendar and open a new one."""
    Trainer.objects.filter(pk=trainer.pk).update(calendar_version=F("calendar_version") + 1)
    trainer.refresh_from_db(fields=["calendar_version"])
    record(trainer, verb="calendar_renewed", by=by, at=at, version=trainer.calendar_version)


def _change(row: Trainer | Venue, columns: dict[str, object], known: frozenset[str], *, by: User, at: datetime) -> None:
    if not known.issuperset(columns):
        raise TypeError(sorted(columns.keys() - known))
    changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(row, name, columns[name])
    row.full_clean()
    row.save(update_fields=changed)
    record(row, verb="changed", by=by, at=at, columns=changed)
