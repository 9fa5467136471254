"""Lists as tables: the same rows by the same filters, streamed as CSV or as a workbook to who asks for that form."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.paging import KeysetPagination, order_of
from api.renderers import CsvRenderer, XlsxRenderer
from common.dates import local_date
from common.errors import Refused
from common.zones import Zone
from downloads.actions import ask_download, note_export
from downloads.columns import Asked, Table
from downloads.lists import TABLES
from downloads.states import Form
from downloads.writing import MEDIA_TYPES, Taken, written

TABLE_SCHEMAS: Final = {
    CsvRenderer.media_type: {"type": "string"},
    XlsxRenderer.media_type: {"type": "string", "format": "binary"},
}
AT_ONCE: Final = 5_000  # rows of a workbook that are written while the caller waits
LATER: Final = "The workbook is long and being written; `Location` is the download to look at."
FORMS: Final = {CsvRenderer.format: Form.CSV, XlsxRenderer.format: Form.XLSX}


class TableSchema(AutoSchema):
    """Describes a list by what its view is, and its tables as what they are: text and a file."""

    def get_description(self) -> str:  # type: ignore[override]  # the maker of the schema calls it so
        """Read the view's own words for its list."""
        if getattr(self.view, "action", "") == "list":
            return inspect.getdoc(type(self.view)) or ""
        return str(super().get_description())

    def _get_response_bodies(self, *given: Any, **named: Any) -> dict[str, Any]:
        said: dict[str, Any] = super()._get_response_bodies(*given, **named)
        if any(media_type in body.get("content", {}) for body in said.values() for media_type in TABLE_SCHEMAS):
            said["202"] = {"description": LATER}
        return said

    def _get_response_for_code(self, *given: Any, **named: Any) -> dict[str, Any]:
        said: dict[str, Any] = super()._get_response_for_code(*given, **named)  # type: ignore[no-untyped-call]
        for media_type, schema in TABLE_SCHEMAS.items():
            if media_type in said.get("content", {}):
                said["content"][media_type] = {"schema": schema}
        return said


class Tabled:
    """A list that is also given as a table; a mixin of views."""

    schema: Any = TableSchema()
    table_renderers: ClassVar = (CsvRenderer, XlsxRenderer)

    @property
    def table(self) -> Table | None:
        """Find the table of this resource."""
        return TABLES.get(str(getattr(self, "basename", "")).removeprefix("api-"))

    def get_renderers(self) -> list[Any]:
        """Offer tables beside JSON where rows are listed."""
        given: list[Any] = super().get_renderers()  # type: ignore[misc]
        offered = getattr(self, "action", "") == "list" and self.table is not None
        return [*given, *(renderer() for renderer in self.table_renderers)] if offered else given


def asked_as_table(view: Any, request: Request) -> HttpResponseBase | None:
    """Answer with the table when that is asked for, and note who took how many rows; a view of figures counts them.

    CSV leaves while it is read. A workbook is whole before it leaves: a long one is written in the background.
    """
    form = FORMS.get(getattr(request.accepted_renderer, "format", ""))
    if form is None or view.table is None:
        return None
    rows = view.filter_queryset(view.get_queryset())
    rows = rows.order_by(*order_of(request.query_params.get("ordering", ""), view.orderings))
    count = rows.count()
    if form == Form.XLSX and count > AT_ONCE:
        return _later(view, request)
    return _now(view, request, rows, form=form, count=count)


def _now(view: Any, request: Request, rows: QuerySet[Any], *, form: Form, count: int) -> StreamingHttpResponse:
    at, asked = now(), Asked(view.user)
    noted = note_export(view.table, rows=count, form=form, by=view.user, at=at)
    figures: Callable[[list[Any]], Iterable[object]] | None = getattr(view, "figures", None)
    table = replace(view.table, counted=lambda found, *_given: figures(found)) if figures else view.table
    chunks = table.read(rows, asked=asked, at=at, given=request.query_params.dict())
    lines = written(table, chunks, form=form, taken=Taken(by=view.user.name, at=at, rows=noted))
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    name = f"{table.key}-{local_date(at, Zone.WIB).isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _later(view: Any, request: Request) -> Response:
    """Ask for the list by the same filters, in the order of its page, and say where it will be."""
    if getattr(view, "filterset_class", None) is not view.table.filterset:
        raise Refused(_("This list is too long for a workbook. Filter it, or take it as CSV."))
    query = request.query_params.copy()
    for name in KeysetPagination.understood:
        query.pop(name, None)
    language = get_language() or "id"
    asked = {"table": view.table.key, "query": query.urlencode(), "form": Form.XLSX, "language": language}
    download = ask_download(**asked, by=view.user, at=now())
    address = reverse("api-download-detail", args=[download.pk], request=request)
    request.accepted_renderer = JSONRenderer()
    body = {"id": str(download.pk), "total": download.total, "address": address}
    return Response(
        body, status=status.HTTP_202_ACCEPTED, headers={"Location": address}, content_type="application/json"
    )
