"""Pages of downloads: asked for on a list, watched while it is written, fetched by its owner."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language

from common.dates import local_date
from common.pages import ListPage, Page
from common.zones import Zone
from downloads.actions import ask_download, note_fetched, take_download
from downloads.columns import NoFilter
from downloads.desk import write_one
from downloads.lists import TABLES
from downloads.models import Download
from downloads.rules import Can
from downloads.writing import MEDIA_TYPES

AT_ONCE = 2_000  # rows that are written while one waits for the answer


class DownloadPage(Page[Download]):
    """A page about downloads, each its owner's."""

    ability = Can.TAKE_LIST
    model = Download
    template = "downloads/download_detail.html"


class DownloadAsk(DownloadPage):
    """Asking for a list; a small one comes at once."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write it now, or show how far it is."""
        asked = {name: request.POST.get(name, "") for name in ("table", "query", "form")}
        language = get_language() or "id"
        try:
            download = ask_download(**asked, language=language, by=self.reader, at=now())
        except ValidationError as error:
            return self._refused(error.messages[0])
        if download.total > AT_ONCE:
            return redirect("download-detail", download.pk)
        if taken := take_download(only=download):
            write_one(taken)
        download.refresh_from_db()
        return redirect("download-file" if download.is_ready else "download-detail", download.pk)


class DownloadList(ListPage[Download]):
    """One's own downloads, the latest first."""

    ability = Can.TAKE_LIST
    model = Download
    template = "downloads/download_list.html"
    filterset_class = NoFilter
    order = ("-asked_at", "-pk")

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Name the list of each."""
        shown = getattr(context.get("page"), "rows", [])
        return super().show(status=status, rows=[(each, named(each)) for each in shown], **context)


class DownloadDetail(DownloadPage):
    """How far one is; a script asks again and again, and without one the page does."""

    def get(self, request: Any, **_kwargs: object) -> HttpResponse:
        """Show it, or only the part that changes."""
        download = self.row()
        template = "downloads/download_state.html" if request.htmx else self.template
        return render(request, template, {"download": download, "name": named(download)})


class DownloadFile(DownloadPage):
    """The file itself."""

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponseBase:
        """Hand it to its owner, who may still read the list; that it was taken is noted."""
        download = self.row()
        note_fetched(download, by=self.reader, at=now())
        return as_file(download)


def as_file(download: Download) -> FileResponse:
    """Answer with the file, which no cache keeps."""
    name = f"{download.table}-{local_date(download.asked_at, Zone.WIB).isoformat()}.{download.form}"
    kind: Any = download.form
    response = FileResponse(
        default_storage.open(download.file), as_attachment=True, filename=name, content_type=MEDIA_TYPES[kind]
    )
    response["Cache-Control"] = "no-store"
    return response


def named(download: Download) -> str:
    """Name its list in the reader's language."""
    table = TABLES.get(download.table)
    return table.name if table else download.table
