"""Villages enter the programme and move through its stages."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import Region, Village, VillageRegion
from villages.states import DESA_DEVISA, STAGES_WITH_REASON, RegionLevel
from villages.successors import refuse_gone

CHANGEABLE = {"name", "commodity"}


@transaction.atomic
def register_village(
    *, name: str, region: Region, commodity: str, by: User, at: datetime, regions: Iterable[Region] = ()
) -> Village:
    """Take a village into the programme as identified; it covers its seat and the other desa named."""
    covered = {place.pk: place for place in (region, *regions)}
    if any(place.level != RegionLevel.VILLAGE for place in covered.values()):
        raise ValidationError(
            _("A village of the programme is made of desa, not of districts or regencies."), code="level"
        )
    for place in covered.values():
        refuse_gone(place)
    village = Village(
        name=name.strip(), region=region, commodity=commodity.strip(), code=_free_code(name, region), registered_by=by
    )
    village.full_clean(exclude={"region", "registered_by"})
    village.save(force_insert=True)
    joined = local_date(at, region.zone)
    VillageRegion.objects.bulk_create(
        VillageRegion(village=village, region=place, joined_on=joined) for place in covered.values()
    )
    record(village, verb="registered", by=by, at=at, goal=village.stage, regions=sorted(covered))
    return village


def _free_code(name: str, region: Region) -> str:
    """Make the last part of the poster's address: short, readable, nobody else's."""
    stem = slugify(name)[:30] or "desa"
    taken = set(Village.objects.filter(code__startswith=stem).values_list("code", flat=True))
    district = slugify(region.parent.name if region.parent else "")[:9].strip("-")
    wanted = (stem, f"{stem}-{district}", *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in wanted if code not in taken and not code.endswith("-"))


@transaction.atomic
def change_village(village: Village, *, by: User, at: datetime, **columns: str) -> None:
    """Correct the name or the commodity; the poster's address stays."""
    _refuse_unknown(columns, CHANGEABLE)
    changed = [name for name, value in columns.items() if getattr(village, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(village, name, columns[name])
    village.full_clean(exclude={"region", "registered_by"})
    village.save(update_fields=changed)
    record(village, verb="changed", by=by, at=at, columns=changed)


@transaction.atomic
def move_village(
    village: Village,
    *,
    to: str,
    by: User,
    at: datetime,
    reason: str = "",
    decree_number: str = "",
    decree_on: date | None = None,
) -> None:
    """Move a village to its next stage, or out with a reason; a decree is recorded as it was issued."""
    if to in STAGES_WITH_REASON and not reason.strip():
        raise ValidationError(_("Say why the village leaves the programme."), code="reason")
    decree = _decree(village, decree_number, decree_on, at=at)
    origin = village.stage
    Village.objects.move(village, to, stage_reason=reason.strip(), **decree)
    record(village, verb="moved", by=by, at=at, origin=origin, goal=to, reason=reason.strip(), **_dated(decree_on))


@transaction.atomic
def record_decree(village: Village, *, decree_number: str, decree_on: date, by: User, at: datetime) -> None:
    """Write down, or correct, the decree of a village that was designated; the same again records nothing."""
    if village.stage not in DESA_DEVISA:
        raise Refused(_("A decree is written down once the village is designated."))
    decree = _decree(village, decree_number, decree_on, at=at)
    before = {"decree_number": village.decree_number, "decree_on": village.decree_on}
    if decree == before:
        return
    if not Village.objects.filter(pk=village.pk, **before).update(**decree):
        raise RowMoved(village)
    village.refresh_from_db(fields=[*decree])
    record(village, verb="decree_recorded", by=by, at=at, **_dated(decree_on))


def _decree(village: Village, number: str, on: date | None, *, at: datetime) -> dict[str, str | date]:
    """Read a decree that was issued by now; both its number and its date, or neither."""
    number = " ".join(number.split())
    if not number and on is None:
        return {}
    if not number or on is None:
        missing = "decree_on" if number else "decree_number"
        raise ValidationError({missing: _("A decree has both a number and a date.")})
    if on > local_date(at, village.zone):
        raise ValidationError({"decree_on": _("A decree is dated today or earlier.")})
    return {"decree_number": number, "decree_on": on}


def _dated(on: date | None) -> dict[str, str]:
    return {"decree_on": on.isoformat()} if on else {}


def _refuse_unknown(columns: dict[str, str], known: set[str]) -> None:
    if not known.issuperset(columns):
        raise TypeError(sorted(columns.keys() - known))
