"""How fast lists come in, beside writing one person after the other with the same product's own actions."""

import argparse
import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from openpyxl import Workbook

from accounts.models import User
from programs.actions import create_cohort, enroll_person
from programs.actions.intake import check_import, commit_import, open_import
from programs.models import Cohort
from villages.actions import welcome_person
from villages.consents import VERSION

ONE_BY_ONE = 200  # people: enough to tell the pace


class Undo(Exception):
    """Takes back what a round wrote."""


def _list(count: int, start: int) -> bytes:
    """Write a list of people who can all be told apart."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Peserta")
    sheet.append(["No", "Nama", "L/P", "Tahun lahir", "Dusun", "No HP", "Pekerjaan", "Setuju"])
    for place in range(start, start + count):
        sheet.append([place, f"Peserta {place}", "P", 1980, "Krajan", 81300000000 + place, "tenun", "ya"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _import(count: int, cohort: Cohort, by: User) -> float:
    """Bring a list in; rows per second from the file to the seats."""
    data, at = _list(count, 0), now()
    began = time.perf_counter()
    batch = open_import(program=cohort.program, cohort=cohort, data=data, file_name="bench", by=by, at=at)
    check_import(batch, by=by, at=at)
    commit_import(batch, by=by, at=at, text_version=VERSION)
    return count / (time.perf_counter() - began)


def _one_by_one(cohort: Cohort, by: User) -> float:
    """Write people one after the other."""
    began, at = time.perf_counter(), now()
    for place in range(ONE_BY_ONE):
        person = welcome_person(
            village=cohort.village,
            by=by,
            at=at,
            number=f"0813{place:08}",
            relation="own",
            consent_how="paper",
            text_version=VERSION,
            name=f"Peserta {place}",
            sex="female",
            birth_year=1980,
            hamlet="Krajan",
            craft="tenun",
        )
        enroll_person(cohort, person=person, by=by, at=at)
    return ONE_BY_ONE / (time.perf_counter() - began)


def _new_cohort(like: Cohort, by: User) -> Cohort:
    """Open a cohort without sessions: the seats are measured elsewhere."""
    days: dict[str, Any] = {"starts_on": like.starts_on, "ends_on": like.ends_on}
    return create_cohort(program=like.program, village=like.village, name="Lists", **days, by=by, at=now())


def _round(rows: int, cohort: Cohort, by: User) -> tuple[float, float]:
    """Measure both ways, each taken back afterwards."""
    found = []
    ways: tuple[Callable[[Cohort], float], ...] = (lambda new: _import(rows, new, by), lambda new: _one_by_one(new, by))
    for measure in ways:
        try:
            with transaction.atomic():
                found.append(measure(_new_cohort(cohort, by)))
                raise Undo  # noqa: TRY301  the way out of the transaction
        except Undo:
            pass
    return found[0], found[1]


def main(arguments: argparse.Namespace) -> None:
    """Print rows per second and how many times faster a list is than its people one by one."""
    by = User.objects.get(email="admin@bench.test")
    cohort = Cohort.objects.select_related("program", "village").order_by("pk")[0]
    rounds = [_round(arguments.rows, cohort, by) for _ in range(arguments.rounds)]
    ratios = [listed / single for listed, single in rounds]
    listed = median(each for each, _single in rounds)
    sys.stdout.write(f"{'import of a list':<22} x {median(ratios):.1f}  ({min(ratios):.1f}-{max(ratios):.1f})")
    sys.stdout.write(f"  {listed:.0f} rows/s of {arguments.rows}\n")
