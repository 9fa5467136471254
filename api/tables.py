"""Lists as tables: the same rows by the same filters, streamed as CSV or as a workbook to who asks for that form."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.http import StreamingHttpResponse
from django.utils.timezone import now
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request

from api.paging import order_of
from api.renderers import CsvRenderer, XlsxRenderer
from common.dates import local_date
from common.zones import Zone
from downloads.actions import note_export
from downloads.columns import Asked, Table
from downloads.lists import TABLES
from downloads.states import Form
from downloads.writing import MEDIA_TYPES, Taken, written

TABLE_SCHEMAS: Final = {
    CsvRenderer.media_type: {"type": "string"},
    XlsxRenderer.media_type: {"type": "string", "format": "binary"},
}
FORMS: Final = {CsvRenderer.format: Form.CSV, XlsxRenderer.format: Form.XLSX}


class TableSchema(AutoSchema):
    """Describes a list by what its view is, and its tables as what they are: text and a file."""

    def get_description(self) -> str:  # type: ignore[override]  # the maker of the schema calls it so
        """Read the view's own words for its list."""
        if getattr(self.view, "action", "") == "list":
            return inspect.getdoc(type(self.view)) or ""
        return str(super().get_description())

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


def asked_as_table(view: Any, request: Request) -> StreamingHttpResponse | None:
    """Answer with the table when that is asked for, and note who took how many rows; a view of figures counts them."""
    form = FORMS.get(getattr(request.accepted_renderer, "format", ""))
    if form is None or view.table is None:
        return None
    at, asked = now(), Asked(view.user)
    rows = view.filter_queryset(view.get_queryset())
    rows = rows.order_by(*order_of(request.query_params.get("ordering", ""), view.orderings))
    noted = note_export(view.table, rows=rows.count(), form=form, by=view.user, at=at)
    figures: Callable[[list[Any]], Iterable[object]] | None = getattr(view, "figures", None)
    table = replace(view.table, counted=lambda found, *_given: figures(found)) if figures else view.table
    chunks = table.read(rows, asked=asked, at=at, given=request.query_params.dict())
    lines = written(table, chunks, form=form, taken=Taken(by=view.user.name, at=at, rows=noted))
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    name = f"{table.key}-{local_date(at, Zone.WIB).isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
