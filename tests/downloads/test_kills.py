"""A killed writer loses nothing: its list is taken up again and finished once. Writers side by side write each once."""

import csv
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from common.models import Event
from config.environment import BASE_DIR
from downloads import actions, desk
from downloads.desk import Desk, write_waiting
from downloads.lists import TABLES
from downloads.models import Download
from downloads.states import DownloadState
from programs.models import Cohort
from tests import factories
from tests.downloads.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_killed_writer_is_followed_by_another_and_the_list_is_written_once(
    sari: User, cohort: Cohort, at: datetime, tmp_path: Path, form: str
) -> None:
    for n in range(5):
        factories.PersonFactory.create(village=cohort.village, name=f"Penenun {n}")
    ask(sari, at=at, form=form)
    done = subprocess.run(
        [sys.executable, "-m", "tests.downloads.killed_writers", "2", str(tmp_path)],
        cwd=BASE_DIR,
        env={**os.environ, "TEST_CONNECT_TO": str(connection.settings_dict["NAME"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 2
    download = Download.objects.get()
    assert (download.state, download.attempt, download.done) == (DownloadState.READY, 3, 5)
    assert Event.objects.filter(verb="exported").count() == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [str(path.relative_to(tmp_path)) for path in files] == [download.file]
    assert files[0].stat().st_size == download.size
    if form == "csv":
        assert len(list(csv.DictReader(StringIO(files[0].read_text(encoding="utf-8"), newline="")))) == 5


def side_by_side(writers: int) -> None:
    def one(_: int) -> None:
        try:
            write_waiting()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(one, range(writers)))


def test_writers_side_by_side_write_each_once(sari: User, admin: User, cohort: Cohort, at: datetime) -> None:
    for by in (sari, admin):
        for _ in range(5):
            ask(by, at=at, table="village")
    side_by_side(4)
    assert set(Download.objects.values_list("state", "attempt")) == {("ready", 1)}
    assert Event.objects.filter(verb="exported").count() == 10


def test_writers_side_by_side_take_the_same_without_the_lock(
    sari: User, cohort: Cohort, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        ask(sari, at=at, table="village")

    def unlocked() -> Download | None:
        found = (
            Download.objects.filter(state__in=("waiting", "writing"), attempt__lt=3).order_by("asked_at", "pk").first()
        )
        if found is None:
            return None
        time.sleep(0.05)
        held = {"attempt": F("attempt") + 1, "lease_until": Now() + actions.LEASE, "state": "writing"}
        Download.objects.filter(pk=found.pk, state__in=("waiting", "writing")).update(**held)
        return Download.objects.select_related("owner").get(pk=found.pk)

    monkeypatch.setattr(desk, "take_download", unlocked)
    side_by_side(4)
    assert max(Download.objects.values_list("attempt", flat=True)) > 1


def test_desk_writes_beside_the_tick_that_found_it(sari: User, cohort: Cohort, at: datetime) -> None:
    place = Desk()
    place.look(at)
    assert place._thread is None  # noqa: SLF001  nothing waits
    ask(sari, at=at, table="village")
    place.look(at)
    deadline = time.monotonic() + 20
    while not Download.objects.filter(state=DownloadState.READY).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert TABLES["village"].key == Download.objects.get().table
