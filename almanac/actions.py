"""Keeping days free: holidays, market days, peaks of work and what a village asks for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from almanac.models import CalendarBlock
from almanac.published import FIRST_YEAR, LAST_YEAR, SOURCE, Published, published
from common.errors import RowMoved
from common.events import record
from common.models import Event
from villages.models import Region, Village

COLUMNS: Final = frozenset(
    {
        *("name", "kind", "starts_on", "ends_on", "recurrence", "weekday", "pasaran", "from_time", "until_time"),
        *("region", "effect", "estimated", "source"),
    }
)


@transaction.atomic
def create_block(*, by: User, at: datetime, **columns: Any) -> CalendarBlock:
    """Keep days free; a mentor does so for the places of their own villages, as the village contact asked."""
    block = CalendarBlock(**_known(columns), added_by=by)
    _refuse_elsewhere(block.region, by=by)
    block.full_clean()
    block.save(force_insert=True)
    record(block, verb="created", by=by, at=at, **_facts(block))
    return block


@transaction.atomic
def change_block(block: CalendarBlock, *, by: User, at: datetime, **columns: Any) -> None:
    """Change which days are kept free; the revision that the caller saw must still be the current one.

    Saying what is so already changes nothing.
    """
    changed = {name: value for name, value in _known(columns).items() if getattr(block, name) != value}
    if not changed:
        return
    before = _facts(block)
    for name, value in changed.items():
        setattr(block, name, value)
    _refuse_elsewhere(block.region, by=by)
    block.full_clean()
    same = CalendarBlock.objects.filter(pk=block.pk, revision=block.revision)
    if not same.update(**changed, revision=block.revision + 1):
        raise RowMoved(block)
    block.refresh_from_db()
    record(block, verb="changed", by=by, at=at, columns=sorted(changed), before=before, **_facts(block))


@transaction.atomic
def delete_block(block: CalendarBlock, *, by: User, at: datetime) -> None:
    """Give the days back; what was planned in spite of it stays told where it was told."""
    record(block, verb="deleted", by=by, at=at, **_facts(block))
    block.delete()


@dataclass(frozen=True)
class Loaded:
    """What a load of the published calendar did."""

    added: int
    moved: int
    kept: int


@transaction.atomic
def load_holidays(year: int, *, by: User | None, at: datetime) -> Loaded:
    """Lay a year's holidays, joint leave and Ramadan; a second time moves what was published anew and nothing else.

    What people changed stays as they left it.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}, code="year"
        )
    days = published(year)
    known = {block.origin: block for block in CalendarBlock.objects.filter(origin__in=[day.origin for day in days])}
    touched = touched_by_people(known.values())
    done = Counter(_load(day, known.get(day.origin), touched, by=by, at=at) for day in days)
    return Loaded(done["loaded"], done["moved"], done["kept"])


def touched_by_people(blocks: Iterable[CalendarBlock]) -> set[str]:
    """Read which of these blocks a person changed."""
    keys = [str(block.pk) for block in blocks]
    changed = Event.objects.filter(subject_type=CalendarBlock._meta.label_lower, subject_id__in=keys, verb="changed")
    return set(changed.values_list("subject_id", flat=True))


def _load(day: Published, block: CalendarBlock | None, touched: set[str], *, by: User | None, at: datetime) -> str:
    """Lay one published day, or move it to where it is published now; say which."""
    columns = {"starts_on": day.starts_on, "ends_on": day.ends_on, "estimated": day.estimated}
    if block is None:
        fixed = {"name": day.name, "kind": day.kind, "source": SOURCE}
        block, new = CalendarBlock.objects.get_or_create(origin=day.origin, defaults={**fixed, **columns})
        verb = "loaded" if new else "kept"  # another hand was loading the same year
    elif str(block.pk) in touched or all(getattr(block, name) == value for name, value in columns.items()):
        verb = "kept"
    else:
        verb = "moved"
        CalendarBlock.objects.filter(pk=block.pk).update(**columns, source=SOURCE)
        block.refresh_from_db()
    if verb != "kept":
        record(block, verb=verb, by=by, at=at, **_facts(block))
    return verb


def _refuse_elsewhere(region: Region | None, *, by: User) -> None:
    """Let a mentor speak for the places of their own villages, and for no others."""
    if by.role != Role.MENTOR:
        return
    own = Village.objects.visible_to(by).values_list("region_id", "regions")
    if region is None or region.pk not in {code for pair in own for code in pair}:
        raise ValidationError({"region": _("Choose a place of one of your villages.")})


def _known(columns: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(columns) - COLUMNS:
        raise TypeError(f"a calendar block has no {', '.join(sorted(unknown))}")
    return columns


def _facts(block: CalendarBlock) -> dict[str, Any]:
    """Keep what tells later which days these were; never its words."""
    days = {"starts_on": block.starts_on.isoformat(), "ends_on": block.ends_on and block.ends_on.isoformat()}
    return {"kind": block.kind, "effect": block.effect, "region": block.region_id, **days}
