"""Compare a judged list with what is stored and put it in force: in one transaction, nothing is ever deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from villages.models import Region, RegionChange, RegionEdition
from villages.regions.comparing import Change, Diff, Stored, compare
from villages.regions.files import Source
from villages.regions.places import Place
from villages.regions.records import lapse, touch
from villages.regions.rows import Progress, unheard
from villages.regions.tracing import words_of
from villages.states import ChangeKind, ChangeState, EditionState, RegionKind, RegionLevel

BATCH = 5_000
MANY_GONE = 500  # more than these and more than a tenth of the list: rather a cut file than a reform
MOST_AT_THE_END = 2  # places after the last of the file

_COLUMNS = "edition_id, kind, code, level, place_kind, zone, before, after, counterparts, leaves, state"
_STEPS = (
    """
    UPDATE villages_region stored SET name = change.after, kind = change.place_kind, zone = change.zone, gone = false
    FROM villages_regionchange change
    WHERE change.edition_id = %s AND change.kind IN ('renamed', 'back', 'corrected') AND change.code = stored.code
    """,
    """
    UPDATE villages_region stored SET gone = true
    FROM villages_regionchange change
    WHERE change.edition_id = %s AND change.leaves AND change.code = stored.code
    """,
    """
    INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
    SELECT code, after, level, place_kind, substring(code FROM '^(.*)[.][0-9]+$'), zone, false
    FROM villages_regionchange WHERE edition_id = %s AND kind = 'added'
    """,
)


class CutOff(Refused):
    """So much is missing that the file is rather cut off than news."""

    def __init__(self, gone: int, live: int) -> None:
        """Keep how many of how many places are missing."""
        self.counts = {"gone": gone, "live": live}
        missing = _(
            "%(gone)d of %(live)d stored places are not in this file; it is cut off, or only a part of the list."
        )
        super().__init__(missing % self.counts)


@dataclass(frozen=True)
class Loaded:
    """What a list changes, and the edition that it is; none when nothing was written."""

    diff: Diff
    edition: RegionEdition | None
    waiting: int = 0


@transaction.atomic
def load_places(
    places: list[Place],
    *,
    source: Source,
    at: datetime,
    by: User | None = None,
    partial: bool = False,
    accept_gone: bool = False,
    dry_run: bool = False,
    progress: Progress = unheard,
) -> Loaded:
    """Make the stored list equal to this one, or leave it untouched; the very list in force changes nothing."""
    if not dry_run:
        lock_list()
    diff = _compared(places, partial=partial, accept_gone=accept_gone)
    progress("compared", len(places), len(places))
    newest = RegionEdition.objects.newest()
    if dry_run or (newest and newest.sha256 == source.sha256 and not diff.changes):
        return Loaded(diff, newest, 0)
    edition = _keep(diff, places, source, partial=partial, by=by, at=at, progress=progress)
    load_edition(edition, by=by, at=at, progress=progress)
    return Loaded(diff, edition, edition.changes.waiting().count())


@transaction.atomic
def check_list(
    places: list[Place],
    *,
    source: Source,
    at: datetime,
    by: User | None,
    partial: bool = False,
    accept_gone: bool = False,
) -> RegionEdition:
    """Keep what a list would change, for people to look at; no place changes yet."""
    lock_list()
    diff = _compared(places, partial=partial, accept_gone=accept_gone)
    newest = RegionEdition.objects.newest()
    if newest and newest.sha256 == source.sha256 and not diff.changes:
        raise Refused(_("This very list is in force already: %(name)s.") % {"name": newest.name})
    edition = _keep(diff, places, source, partial=partial, by=by, at=at, progress=unheard)
    touch(edition)
    record(edition, verb="checked", by=by, at=at, places=edition.places)
    return edition


@transaction.atomic
def load_edition(edition: RegionEdition, *, by: User | None, at: datetime, progress: Progress = unheard) -> None:
    """Put a compared list in force; refused when another one was loaded since."""
    lock_list()
    newest = RegionEdition.objects.newest()
    if newest not in {edition, edition.follows} and edition.state == EditionState.CHECKED:
        raise Refused(_("Another list was loaded meanwhile. Compare this file again."))
    RegionEdition.objects.move(edition, EditionState.LOADED, settled_at=at, settled_by=by)
    with connection.cursor() as cursor:
        for done, step in enumerate(_STEPS):
            progress("written", done, len(_STEPS))
            cursor.execute(step, [edition.pk])
        cursor.execute("ANALYZE villages_region")  # so that the first search after a load is planned well
    touch(edition)
    lapsed = lapse(edition)
    touched = RegionChange.objects.filter(edition=edition, records__isnull=False)
    RegionChange.objects.filter(pk__in=touched.values("pk")).update(state=ChangeState.WAITING)
    progress("written", edition.places, edition.places)
    counts = {name: getattr(edition, name) for name in ("added", "renamed", "gone", "back", "unchanged")}
    record(edition, verb="loaded", by=by, at=at, lapsed=lapsed, **counts)


@transaction.atomic
def dismiss_edition(edition: RegionEdition, *, by: User, at: datetime) -> None:
    """Put a compared list aside; what it would have changed can still be read."""
    RegionEdition.objects.move(edition, EditionState.DISMISSED, settled_at=at, settled_by=by)
    record(edition, verb="dismissed", by=by, at=at)


def lock_list() -> None:
    """Let one hand at a time compare and load; who reads, and who refers to a place, goes on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE villages_region IN SHARE ROW EXCLUSIVE MODE")


def absent_provinces(places: list[Place]) -> list[str]:
    """List the stored provinces that this list does not have at all: it is a part, or it is cut off.

    A province whose regencies stand elsewhere in the list is no such one: the list is of another time.
    """
    listed = {place.code for place in places if place.level == RegionLevel.PROVINCE}
    stored = Region.objects.filter(level=RegionLevel.PROVINCE, gone=False).exclude(code__in=listed)
    names = {(words_of(place.name), place.kind) for place in places if place.level == RegionLevel.REGENCY}
    return [
        code for code in stored.order_by("code").values_list("code", flat=True) if not _stands_elsewhere(code, names)
    ]


def _stands_elsewhere(province: str, names: set[tuple[tuple[str, ...], str]]) -> bool:
    own = Region.objects.filter(parent=province, gone=False).values_list("name", "kind")
    found = [(words_of(name), RegionKind(kind)) in names for name, kind in own]
    return bool(found) and sum(found) * 2 > len(found)


def _compared(places: list[Place], *, partial: bool, accept_gone: bool) -> Diff:
    rows = Region.objects.order_by().values_list("code", "name", "kind", "zone", "gone")
    stored = {code: Stored(name, kind, zone, gone) for code, name, kind, zone, gone in rows.iterator(BATCH)}
    _refuse_orphans(places, stored)
    diff = compare(stored, {place.code: place for place in places}, partial=partial)
    live = sum(not one.gone for one in stored.values())
    if not accept_gone and (diff.lost > max(MANY_GONE, live // 10) or _ends_early(diff, places)):
        raise CutOff(diff.gone, live)
    return diff


def _ends_early(diff: Diff, places: list[Place]) -> bool:
    """Tell a file that was cut between two lines: the last places of the list are missing, and their districts."""
    last = max((place.code for place in places), default="")
    tail = [change for change in diff.changes if change.kind == ChangeKind.GONE and change.place.code > last]
    return len(tail) > MOST_AT_THE_END


def _refuse_orphans(places: list[Place], stored: dict[str, Stored]) -> None:
    known = stored.keys() | {place.code for place in places}
    orphans = sorted(place for place in places if place.parent and place.parent not in known)
    if orphans:
        lacks = _("%(code)s lacks its parent %(parent)s")
        named = "; ".join(lacks % {"code": place.code, "parent": place.parent} for place in orphans[:10])
        raise Refused(_("These places are orphans: %(named)s.") % {"named": named})


def _keep(
    diff: Diff,
    places: list[Place],
    source: Source,
    *,
    partial: bool,
    by: User | None,
    at: datetime,
    progress: Progress,
) -> RegionEdition:
    kinds = diff.counts
    edition = RegionEdition(
        name=source.name,
        file_name=source.file_name,
        sha256=source.sha256,
        as_of=source.as_of,
        part=partial,
        follows=RegionEdition.objects.newest(),
        places=len(places),
        added=kinds[ChangeKind.ADDED],
        renamed=kinds[ChangeKind.RENAMED],
        gone=diff.gone,
        back=kinds[ChangeKind.BACK],
        unchanged=diff.unchanged,
        recoded=kinds[ChangeKind.RECODED],
        split=kinds[ChangeKind.SPLIT],
        merged=kinds[ChangeKind.MERGED],
        checked_at=at,
        checked_by=by,
    )
    edition.full_clean(exclude={"follows", "checked_by"}, validate_constraints=False)
    edition.save(force_insert=True)
    with connection.cursor() as cursor:
        _copy(cursor, edition.pk, diff.changes, progress)
    return edition


def _copy(cursor: Any, edition: int, changes: tuple[Change, ...], progress: Progress) -> None:
    with cursor.copy(f"COPY villages_regionchange ({_COLUMNS}) FROM STDIN") as stream:
        for done, change in enumerate(changes):
            stream.write_row(_line(edition, change))
            if done % BATCH == 0:
                progress("copied", done, len(changes))
    progress("copied", len(changes), len(changes))


def _line(edition: int, change: Change) -> tuple[object, ...]:
    place = change.place
    said = (change.before, change.after, list(change.counterparts), change.leaves, str(ChangeState.PLAIN))
    return (edition, str(change.kind), place.code, int(place.level), str(place.kind), str(place.zone), *said)
