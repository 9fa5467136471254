"""Keeping days free: holidays, market days, peaks of work and what a village asks for."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from common.events import record
from programs.models import CalendarBlock
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
    """Change which days are kept free; saying what is so already changes nothing."""
    changed = {name: value for name, value in _known(columns).items() if getattr(block, name) != value}
    if not changed:
        return
    before = _facts(block)
    for name, value in changed.items():
        setattr(block, name, value)
    _refuse_elsewhere(block.region, by=by)
    block.full_clean()
    block.save(update_fields=[*changed])
    record(block, verb="changed", by=by, at=at, columns=sorted(changed), before=before, **_facts(block))


@transaction.atomic
def delete_block(block: CalendarBlock, *, by: User, at: datetime) -> None:
    """Give the days back; what was planned in spite of it stays told where it was told."""
    record(block, verb="deleted", by=by, at=at, **_facts(block))
    block.delete()


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
