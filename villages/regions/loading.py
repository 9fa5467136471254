"""Put a judged list into the database: compared as sets, written in one transaction; nothing is ever deleted."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from common.errors import Refused
from villages.models import Region
from villages.regions.places import Place
from villages.regions.rows import Progress, unheard
from villages.states import RegionLevel

BATCH = 5_000
MANY_GONE = 500  # more than these and more than a tenth of the list: rather a cut file than a reform
NULL = "\\N"

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    code text PRIMARY KEY, name text, level smallint, kind text, parent_id text, zone text
) ON COMMIT DROP
"""
_COMPARE = """
SELECT count(*) FILTER (WHERE stored.code IS NULL),
       count(*) FILTER (WHERE stored.name <> incoming.name),
       count(*) FILTER (WHERE stored.code IS NOT NULL AND stored.gone),
       count(*) FILTER (WHERE stored.name = incoming.name AND NOT stored.gone
                          AND (stored.kind, stored.zone) IS NOT DISTINCT FROM (incoming.kind, incoming.zone))
FROM incoming LEFT JOIN villages_region stored USING (code)
"""
_RENAMED = """
SELECT code, stored.name, incoming.name FROM incoming JOIN villages_region stored USING (code)
WHERE stored.name <> incoming.name ORDER BY code LIMIT 10
"""
_GONE = """
SELECT count(*) FILTER (WHERE incoming.code IS NULL), count(*)
FROM villages_region stored LEFT JOIN incoming USING (code) WHERE NOT stored.gone
"""
_ORPHANS = """
SELECT incoming.code, incoming.parent_id FROM incoming
WHERE incoming.parent_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM incoming parent WHERE parent.code = incoming.parent_id)
  AND NOT EXISTS (SELECT FROM villages_region parent WHERE parent.code = incoming.parent_id)
ORDER BY code LIMIT 10
"""
_UPDATE = """
UPDATE villages_region stored SET name = incoming.name, kind = incoming.kind, zone = incoming.zone, gone = false
FROM incoming WHERE incoming.code = stored.code
  AND (stored.name, stored.kind, stored.zone, stored.gone)
      IS DISTINCT FROM (incoming.name, incoming.kind, incoming.zone, false)
"""
_INSERT = """
INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
SELECT code, name, level, kind, parent_id, zone, false FROM incoming
ON CONFLICT (code) DO NOTHING
"""
_FLAG = """
UPDATE villages_region stored SET gone = true
WHERE NOT stored.gone AND NOT EXISTS (SELECT FROM incoming WHERE incoming.code = stored.code)
"""


@dataclass(frozen=True)
class Changes:
    """What a list changes, in places."""

    added: int
    renamed: int
    gone: int
    back: int
    unchanged: int
    renames: tuple[tuple[str, str, str], ...] = ()  # code, before, after; the first ten


def load_places(
    places: list[Place],
    *,
    partial: bool = False,
    accept_gone: bool = False,
    dry_run: bool = False,
    progress: Progress = unheard,
) -> Changes:
    """Make the stored list equal to this one, or leave it untouched; a part of the list marks nothing as gone."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not dry_run:
            cursor.execute("LOCK TABLE villages_region IN SHARE ROW EXCLUSIVE MODE")
        _copy(cursor, places, progress)
        _refuse_orphans(cursor)
        changes = _compare(cursor, partial=partial, accept_gone=accept_gone)
        if not dry_run:
            _write(cursor, partial=partial, progress=progress)
        cursor.execute("DROP TABLE incoming")
    progress("written", len(places), len(places))
    return changes


def absent_provinces(places: list[Place]) -> list[str]:
    """List the stored provinces that this list does not have at all: it is a part, or it is cut off."""
    listed = [place.code for place in places if place.level == RegionLevel.PROVINCE]
    stored = Region.objects.filter(level=RegionLevel.PROVINCE, gone=False).exclude(code__in=listed)
    return list(stored.order_by("code").values_list("code", flat=True))


def _copy(cursor: Any, places: list[Place], progress: Progress) -> None:
    cursor.execute(_INCOMING)
    with cursor.copy("COPY incoming FROM STDIN") as stream:
        for start in range(0, len(places), BATCH):
            stream.write("".join(map(_line, places[start : start + BATCH])))
            progress("copied", min(start + BATCH, len(places)), len(places))
    cursor.execute("ANALYZE incoming")


def _line(place: Place) -> str:
    name = place.name.replace("\\", "\\\\")  # tabs and line ends were refused when the list was judged
    return f"{place.code}\t{name}\t{place.level}\t{place.kind}\t{place.parent or NULL}\t{place.zone}\n"


def _refuse_orphans(cursor: Any) -> None:
    cursor.execute(_ORPHANS)
    orphans = cursor.fetchall()
    if orphans:
        named = "; ".join(f"{code} lacks its parent {parent}" for code, parent in orphans)
        raise Refused(f"These places are orphans: {named}.")


def _compare(cursor: Any, *, partial: bool, accept_gone: bool) -> Changes:
    cursor.execute(_COMPARE)
    added, renamed, back, unchanged = cursor.fetchone()
    cursor.execute(_RENAMED)
    renames = tuple(cursor.fetchall())
    gone = 0
    if not partial:
        cursor.execute(_GONE)
        gone, live = cursor.fetchone()
        if gone > max(MANY_GONE, live // 10) and not accept_gone:
            raise Refused(
                f"{gone} of {live} stored places are not in this file; it is cut off, or only a part of the list."
                " Say --partial for a part, --accept-gone when they really are gone."
            )
    return Changes(added, renamed, gone, back, unchanged, renames)


def _write(cursor: Any, *, partial: bool, progress: Progress) -> None:
    steps = [_UPDATE, _INSERT] if partial else [_UPDATE, _FLAG, _INSERT]
    for done, step in enumerate(steps):
        progress("written", done, len(steps))
        cursor.execute(step)
    cursor.execute("ANALYZE villages_region")  # so that the first search after a load is planned well
