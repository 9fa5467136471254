"""How fast a list leaves as a table, beside the least that it can be: a cursor on the server, and rows written as CSV.

The bare loop reads the same rows with one statement of its own, in chunks of the same size, and writes them with the
same csv module; nothing is escaped, translated or counted. Rounds of the one and the others take turns. A workbook is
written by the library into a file before its first bytes leave, so these come as late as the last.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.models import User
from bench import country
from downloads.columns import CHUNK, Asked
from downloads.lists import TABLES
from downloads.states import Form
from downloads.writing import Taken, written

BARE = {
    "person": """
        SELECT p.id, p.village_id, v.name, p.name, p.sex, p.birth_year, p.hamlet, p.craft,
            array(SELECT c.purpose FROM villages_consent c WHERE c.person_id = p.id AND c.withdrawn_at IS NULL),
            p.erased_at
        FROM villages_person p JOIN villages_village v ON v.id = p.village_id ORDER BY p.name, p.id
    """,
    "enrollment": """
        SELECT e.id, e.cohort_id, c.name, c.village_id, v.name, e.person_id, p.name, p.sex, e.state, e.reason,
            e.enrolled_at
        FROM programs_enrollment e JOIN programs_cohort c ON c.id = e.cohort_id
        JOIN villages_village v ON v.id = c.village_id JOIN villages_person p ON p.id = e.person_id
        ORDER BY p.name, e.id
    """,
}


def main(arguments: argparse.Namespace) -> None:
    """Print, for each table and form, rows a second, the ratio to the bare loop, the first bytes and the memory."""
    people = arguments.rows
    sizes = {"villages": max(people // 50, 1), "people": people, "sessions": 0, "attendance": 0}
    country.main(argparse.Namespace(**sizes))
    by = User.objects.get(email="admin@bench.test")
    for key, statement in BARE.items():
        runs: dict[str, Callable[[], Iterator[bytes]]] = {
            "bare": lambda statement=statement: _bare(statement),  # type: ignore[misc]
            "csv": lambda key=key: _table(key, Form.CSV, by),  # type: ignore[misc]
            "xlsx": lambda key=key: _table(key, Form.XLSX, by),  # type: ignore[misc]
        }
        rounds = [{name: _run(run) for name, run in runs.items()} for _ in range(arguments.rounds)]
        for name in runs:
            _say(key, name, people, rounds)


def _say(key: str, name: str, rows: int, rounds: list[dict[str, tuple[float, float, float]]]) -> None:
    seconds = median(each[name][0] for each in rounds)
    ratios = [each["bare"][0] / each[name][0] for each in rounds]
    first, grown = median(each[name][1] for each in rounds), max(each[name][2] for each in rounds)
    pace = f"{rows / seconds:>9.0f} rows/s  x {median(ratios):.2f}  ({min(ratios):.2f}-{max(ratios):.2f})"
    rest = f"first bytes {first * 1000:.0f} ms  memory +{grown:.1f} MB"
    sys.stdout.write(f"{key + ' ' + name:<22} {pace}  {rest}\n")


def _run(work: Callable[[], Iterator[bytes]]) -> tuple[float, float, float]:
    """Let it write to nowhere; seconds, seconds to the first bytes, and MB that the process grew by at most."""
    before, began, first, top = _resident(), time.perf_counter(), 0.0, 0.0
    with Path(os.devnull).open("wb") as nowhere:
        for number, part in enumerate(work()):
            nowhere.write(part)
            if number == 0:
                first = time.perf_counter() - began
            top = max(top, _resident())
    return time.perf_counter() - began, first, top - before


def _bare(statement: str) -> Iterator[bytes]:
    yield b"head"
    with transaction.atomic(), connection.connection.cursor("bare") as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            held = StringIO(newline="")
            csv.writer(held).writerows(rows)
            yield held.getvalue().encode()


def _table(key: str, form: Form, by: User) -> Iterator[bytes]:
    table, at = TABLES[key], now()
    rows = table.rows(Asked(by), at=at)
    chunks = table.read(rows, asked=Asked(by), at=at, given={})
    return written(table, chunks, form=form, taken=Taken(by=by.name, at=at, rows=rows.count()))


def _resident() -> float:
    """Return how much memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
