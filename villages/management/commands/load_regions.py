"""manage.py load_regions: the Kemendagri list of places, whole or not at all."""

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils.timezone import now

from common.errors import Refused
from common.zones import Zone
from villages.regions.files import read_content, source_of
from villages.regions.loading import CutOff, Loaded, absent_provinces, load_places
from villages.regions.places import Place, judge
from villages.regions.rows import Trouble
from villages.regions.zones import zones_of_new
from villages.states import ChangeKind, RegionLevel

SHOWN = 20
RENAMES = 10
WAYS_OUT = "Say --partial for a part, --accept-gone when they really are gone."
WIDTH = 30
ZONES = {"WIB": Zone.WIB, "WITA": Zone.WITA, "WIT": Zone.WIT}


class Command(BaseCommand):
    """Load provinces, regencies, districts and villages from the published SQL file or from CSV `code,name`."""

    help = "Load the Kemendagri list of places from its SQL file or from CSV `code,name`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to treat it."""
        parser.add_argument("file", type=Path, help="the published wilayah.sql, or a CSV with the columns code,name")
        parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
        parser.add_argument("--partial", action="store_true", help="the file is a part of the list: nothing is gone")
        parser.add_argument("--accept-gone", action="store_true", help="believe a file that drops a tenth of the list")
        parser.add_argument(
            "--zone",
            choices=ZONES,
            help="time zone of a province so new that the file does not show where it came from",
        )
        parser.add_argument(
            "--edition", default="", help="the decree that published the list, when the file does not say"
        )

    @no_translations
    def handle(
        self,
        *,
        file: Path,
        dry_run: bool,
        partial: bool,
        accept_gone: bool,
        verbosity: int,
        edition: str = "",
        zone: str | None = None,
        **_: object,
    ) -> None:
        """Read, judge, compare, write; print what changed."""
        started = time.monotonic()
        bar = Bar(sys.stderr, shown=verbosity > 0)
        content = _content(file)
        places = self._places(file, content, bar, partial=partial, zone=zone)
        partial = partial or (not accept_gone and self._is_a_part(file, places))
        source = source_of(content, file_name=file.name, name=edition)
        how: Any = {"partial": partial, "accept_gone": accept_gone, "dry_run": dry_run}
        try:
            loaded = load_places(places, source=source, at=now(), progress=bar.show, **how)
        except CutOff as refusal:
            raise CommandError(f"{refusal} {WAYS_OUT}") from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        finally:
            bar.close()
        if verbosity:
            self._tell(places, loaded, time.monotonic() - started, dry_run=dry_run)

    def _places(self, file: Path, content: bytes, bar: "Bar", *, partial: bool, zone: str | None) -> list[Place]:
        reading = read_content(content, file_name=file.name, progress=bar.show)
        places = judge(reading, partial=partial, zones=zones_of_new(reading, said=ZONES[zone] if zone else None))
        if reading.troubles:
            bar.close()
            raise CommandError(_refusal(file, reading.troubles))
        return places

    def _is_a_part(self, file: Path, places: list[Place]) -> bool:
        """Take a CSV without some of the stored provinces as a part; the published SQL file is whole or cut off."""
        absent = absent_provinces(places)
        if absent and file.suffix.lower() != ".csv":
            raise CommandError(
                f"{file.name} is refused and nothing was loaded: it has nothing of the stored provinces"
                f" {', '.join(absent)}; it is cut off. Say --partial when it is meant to be a part."
            )
        if absent:
            self.stdout.write(f"Nothing of the provinces {', '.join(absent)}: taken as a part, nothing is gone.")
        return bool(absent)

    def _tell(self, places: list[Place], loaded: Loaded, seconds: float, *, dry_run: bool) -> None:
        levels = Counter(place.level for place in places)
        names = {1: "provinces", 2: "regencies and cities", 3: "districts", 4: "villages"}
        shape = ", ".join(f"{levels[level]:,} {names[level]}" for level in RegionLevel.values if levels[level])
        self.stdout.write(f"{len(places):,} places read: {shape}.")
        diff = loaded.diff
        for code, before, after in diff.renames[:RENAMES]:
            self.stdout.write(f"  {code}: {before} is now {after}")
        self._tell_moves(loaded)
        back = diff.count(ChangeKind.BACK)
        told = f"added {diff.count(ChangeKind.ADDED):,}, renamed {len(diff.renames):,}, gone {diff.gone:,}"
        told += f", back {back:,}" if back else ""
        self.stdout.write(f"{told}, unchanged {diff.unchanged:,} ({seconds:.1f} s)")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        elif loaded.edition:
            self.stdout.write(f"In force: {loaded.edition.name}, {loaded.edition.sha256[:12]}.")

    def _tell_moves(self, loaded: Loaded) -> None:
        """Say where places went, and what waits for a person."""
        kinds = (ChangeKind.RECODED, ChangeKind.SPLIT, ChangeKind.MERGED)
        counts = {kind: loaded.diff.count(kind) for kind in kinds}
        if any(counts.values()):
            self.stdout.write("  among them " + ", ".join(f"{kind} {count:,}" for kind, count in counts.items()))
        if loaded.waiting and loaded.edition:
            address = f"/regions/editions/{loaded.edition.pk}/"
            self.stdout.write(f"  {loaded.waiting:,} changes touch records and wait for a decision: {address}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None


def _refusal(file: Path, troubles: list[Trouble]) -> str:
    lines = [f"  {trouble}" for trouble in troubles[:SHOWN]]
    if len(troubles) > SHOWN:
        lines.append(f"  and {len(troubles) - SHOWN:,} more")
    return "\n".join([f"{file.name} is refused and nothing was loaded:", *lines])


class Bar:
    """A line on a terminal that grows; on anything else, one line per finished stage."""

    def __init__(self, stream: TextIO, *, shown: bool) -> None:
        """Draw on `stream`, or nowhere."""
        self.stream = stream
        self.shown = shown
        self.alive = shown and stream.isatty()
        self.told = ""

    def show(self, stage: str, done: int, total: int) -> None:
        """Say how far this stage is."""
        full = done >= total
        if self.alive:
            filled = WIDTH * done // total if total else WIDTH
            self.stream.write(f"\r{stage:<8} [{'#' * filled}{'.' * (WIDTH - filled)}] {100 * done // (total or 1):3}%")
            self.stream.flush()
        elif self.shown and full and stage != self.told:
            self.stream.write(f"{stage} [{'#' * WIDTH}] 100%\n")
            self.told = stage

    def close(self) -> None:
        """Leave the line to whatever is printed next."""
        if self.alive:
            self.stream.write("\n")
            self.alive = False
