"""Taking a list along: asked for, taken up by one writer at a time, written once, deleted a day later."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.doorbell import ring
from common.errors import Refused
from common.events import record
from common.sheets import MOST_ROWS
from downloads.columns import Asked, NoFilter, Table
from downloads.lists import TABLES
from downloads.models import Download
from downloads.states import DownloadState, Failure, Form
from downloads.writing import Taken, columns_for, written

LIFE: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
MOST_OPEN: Final = 5  # of one person
MANY_PEOPLE: Final = 500
LONGEST_QUERY: Final = 2_000


class Lost(Exception):
    """Another writer has taken this download up."""


class Unwritable(Exception):
    """The list cannot be written for its owner any more."""

    def __init__(self, failure: Failure) -> None:
        """Keep why."""
        super().__init__(failure)
        self.failure = failure


def note_export(table: Table, *, rows: int, form: str, by: User, at: datetime, **facts: object) -> int:
    """Write down who took how many rows of which columns; more than a million are refused. Returns the number."""
    if rows > MOST_ROWS:
        raise Refused(Failure.SIZE.label)
    given: dict[str, Any] = {
        "table": table.key,
        "of": table.model._meta.label_lower,
        "rows": rows,
        "columns": [column.name for _place, column in columns_for(table, form)],
        "form": str(form),
        "many_people": table.personal and rows > MANY_PEOPLE,
        **facts,
    }
    record(by, verb="exported", by=by, at=at, **given)
    return rows


def rows_of(table: Table, query: str, *, by: User, at: datetime) -> "models.QuerySet[Any]":
    """Read what this person may see of a list, by the filters of its address; a wrong filter is a ValidationError."""
    if not by.has_perm(table.ability):
        raise PermissionDenied
    chosen = (table.filterset or NoFilter)(QueryDict(query), queryset=table.rows(Asked(by), at=at), request=Asked(by))
    if not chosen.is_valid():
        raise ValidationError(_("One of the filters is not right. Correct it before you download the list."))
    kept: models.QuerySet[Any] = chosen.qs
    return kept


@transaction.atomic
def ask_download(*, table: str, query: str, form: str, language: str, by: User, at: datetime) -> Download:
    """Ask for a list as its page shows it; who waits for too many already is refused."""
    wanted = TABLES.get(table)
    if wanted is None or form not in Form.values or len(query) > LONGEST_QUERY or "\0" in query:
        raise ValidationError(_("This list cannot be downloaded."))
    total = rows_of(wanted, query, by=by, at=at).count()
    if total > MOST_ROWS:
        raise Refused(Failure.SIZE.label)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Download.objects.visible_to(by).open().count() >= MOST_OPEN:
        raise Refused(_("Five of your downloads are still being written. Wait until one is ready."))
    download = Download.objects.create(
        owner=by, table=table, query=query, form=form, language=language, total=total, asked_at=at, expires_at=at + LIFE
    )
    record(download, verb="asked", by=by, at=at, table=table, form=form)
    ring()
    return download


@transaction.atomic
def take_download(*, only: Download | None = None) -> Download | None:
    """Take up what has waited longest, or what its writer left; the lease is by the clock of the database."""
    rows = Download.objects.takeable() if only is None else Download.objects.takeable().filter(pk=only.pk)
    found = rows.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at", "pk").first()
    if found is None:
        return None
    if found.state == DownloadState.WAITING:
        Download.objects.move(found, DownloadState.WRITING)
    held = {"attempt": F("attempt") + 1, "lease_until": Now() + LEASE, "done": 0}
    Download.objects.filter(pk=found.pk).update(**held)
    return Download.objects.select_related("owner").get(pk=found.pk)


def write_download(download: Download, *, at: datetime) -> None:
    """Write a list that was taken up: as its owner may see it now, once, whatever else happens."""
    table = TABLES[download.table]
    try:
        with translation.override(download.language), TemporaryFile() as file:
            rows = _write(download, table, file, at=at)
            file.seek(0)
            _finish(download, table, file, rows=rows, at=at)
    except Unwritable as trouble:
        fail_download(download, failure=trouble.failure, at=at)


def _write(download: Download, table: Table, file: IO[bytes], *, at: datetime) -> int:
    """Write the rows into a file that vanishes with its writer; tell how many there were."""
    owner, counted = User.objects.get(pk=download.owner_id), Tally()
    if not owner.is_active:
        raise Unwritable(Failure.RIGHT)
    try:
        rows = rows_of(table, download.query, by=owner, at=at)
    except PermissionDenied:
        raise Unwritable(Failure.RIGHT) from None
    except ValidationError:
        raise Unwritable(Failure.FILTERS) from None
    if (total := rows.count()) > MOST_ROWS:
        raise Unwritable(Failure.SIZE)
    given = QueryDict(download.query).dict()
    chunks = _told(download, counted.over(table.read(rows, asked=Asked(owner), at=at, given=given)), counted)
    for part in written(table, chunks, form=download.form, taken=Taken(by=owner.name, at=at, rows=total)):
        file.write(part)
    return counted.rows


class Tally:
    """Counts the rows that pass."""

    rows = 0

    def over(self, chunks: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Pass the chunks on."""
        for chunk in chunks:
            self.rows += len(chunk)
            yield chunk


def _told(download: Download, chunks: Iterable[Sequence[Any]], counted: Tally) -> Iterator[Sequence[Any]]:
    """Pass the chunks on; after each say how far it is and hold on to it, unless another has taken it up."""
    for chunk in chunks:
        yield chunk
        if not _own(download).update(done=counted.rows, lease_until=Now() + LEASE):
            raise Lost


def _own(download: Download) -> "models.QuerySet[Download]":
    """Find the row as long as this attempt is the latest."""
    return Download.objects.filter(pk=download.pk, state=DownloadState.WRITING, attempt=download.attempt)


def _finish(download: Download, table: Table, file: IO[bytes], *, rows: int, at: datetime) -> None:
    """Keep the file and say that it is ready; the file of one that was overtaken is deleted again."""
    size = file.seek(0, 2)
    file.seek(0)
    name = default_storage.save(file_name(download, download.attempt), File(file))
    try:
        _publish(download, table, rows=rows, at=at, file=name, size=size)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def _publish(download: Download, table: Table, *, rows: int, at: datetime, **facts: object) -> None:
    """Say that it is ready and note the export, both or neither, and only for the latest attempt."""
    held = _own(download).select_for_update().first()
    if held is None:
        raise Lost
    given = {"done": rows, "finished_at": at, "expires_at": at + LIFE, "lease_until": None, **facts}
    Download.objects.move(held, DownloadState.READY, **given)
    note_export(table, rows=rows, form=download.form, by=download.owner, at=at, download=str(download.pk))


def file_name(download: Download, attempt: int) -> str:
    """Name the file of one attempt; nothing can be read from it but the form."""
    return f"downloads/{download.pk}-{attempt}.{download.form}"


@transaction.atomic
def fail_download(download: Download, *, failure: Failure, at: datetime) -> None:
    """Say that it will not be written, and why."""
    held = _own(download).select_for_update().first()
    if held is None:
        return
    Download.objects.move(held, DownloadState.FAILED, failure=failure, finished_at=at, lease_until=None)
    record(held, verb="failed", by=None, at=at, reason=str(failure))


def note_fetched(download: Download, *, by: User, at: datetime) -> None:
    """Write down that its owner took the file, who may still read the list."""
    if download.state != DownloadState.READY or download.expires_at <= at:
        raise Refused(_("This file is no longer kept. Download the list anew."))
    if not by.has_perm(TABLES[download.table].ability):
        raise PermissionDenied
    record(download, verb="fetched", by=by, at=at)


def expire_downloads(*, at: datetime) -> int:
    """Delete the files whose day is over, with the filters; give up what was begun too often. Returns how many."""
    for download in Download.objects.given_up().order_by("pk"):
        fail_download(download, failure=Failure.BROKEN, at=at)
    past = list(Download.objects.past(at).order_by("pk"))
    for download in past:
        _expire(download, at=at)
    return len(past)


@transaction.atomic
def _expire(download: Download, *, at: datetime) -> None:
    Download.objects.move(download, DownloadState.EXPIRED, file="", query="", size=0)
    record(download, verb="expired", by=None, at=at)
    names = [file_name(download, attempt) for attempt in range(1, download.attempt + 1)]
    transaction.on_commit(lambda: _delete(names))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
