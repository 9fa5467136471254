"""Where a place of the list is now that is no longer listed; and that nothing new is put on such a place."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from villages.models import Region, RegionChange
from villages.states import ChangeKind, EditionState, RegionLevel

MOST_STEPS = 20
NAMED = 3


def successors(code: str) -> list[str]:
    """List the listed codes where a place is now, itself when it is listed; 1 query for such a one.

    What was joined to something larger is followed part by part, so that the rest of the larger one stays out.
    """
    found: set[str] = set()
    open_codes, passed = {code}, set[str]()
    for _step in range(MOST_STEPS):
        places = dict(Region.objects.filter(pk__in=open_codes).values_list("pk", "gone"))
        found |= {pk for pk, gone in places.items() if not gone}
        left = {pk for pk, gone in places.items() if gone} - passed
        if not left:
            break
        passed |= left
        open_codes = _next(left)
    return sorted(found)


def refuse_gone(region: Region) -> None:
    """Refuse a place that is no longer listed for something new, and say where it is now."""
    if not region.gone:
        return
    now_at = successors(region.pk)
    if not now_at or len(now_at) > NAMED:
        raise ValidationError({"region": _("This place is gone from the list of places; choose one that is listed.")})
    said = _("This place is gone from the list of places; choose %(codes)s.") % {"codes": ", ".join(now_at)}
    raise ValidationError({"region": said})


def _next(left: Collection[str]) -> set[str]:
    """Follow each code by the last edition that took it off the list."""
    leaving = RegionChange.objects.filter(code__in=left, leaves=True, edition__state=EditionState.LOADED)
    last = leaving.order_by("code", "-edition__settled_at", "-pk").distinct("code")
    went, scattered = set[str](), []
    for change in last:
        if change.kind in (ChangeKind.SPLIT, ChangeKind.MERGED) and change.level < RegionLevel.VILLAGE:
            scattered.append(change.code)
        else:
            went.update(change.counterparts)
    return went | set(Region.objects.filter(parent__in=scattered, gone=True).values_list("pk", flat=True))
