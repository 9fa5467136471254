"""Keyset pages: `{"next", "previous", "results"}`, and `count` for whoever asks."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from common.keyset import LARGEST, SIZE, Keyset, page


class KeysetPagination(BasePagination):
    """Pages over the view's own order; the thousandth costs what the first one costs."""

    parameters: ClassVar = ("cursor", "page_size", "count", "ordering")
    understood: ClassVar = (*parameters, "format")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Read one page; a wrong cursor, size or order is a ValidationError."""
        asked = request.query_params
        self.request = request
        self.count = queryset.count() if _flag(asked.get("count", "false")) else None
        self.found: Keyset[Any] = page(
            queryset,
            order=order_of(asked.get("ordering", ""), view.orderings),
            cursor=asked.get("cursor"),
            size=_size(asked.get("page_size", str(SIZE))),
        )
        return self.found.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Answer with the page and the addresses of its neighbours."""
        counted = {} if self.count is None else {"count": self.count}
        return Response(
            {
                "next": self._address(self.found.next),
                "previous": self._address(self.found.previous),
                **counted,
                "results": data,
            }
        )

    def _address(self, cursor: str | None) -> str | None:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "count": {"type": "integer"}, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe what a caller may ask of a page."""
        kinds = {
            "cursor": {"type": "string", "maxLength": 500},
            "page_size": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE},
            "count": {"type": "boolean", "default": False},
            "ordering": {"type": "string", "enum": list(offered(view.orderings))},
        }
        return [{"name": name, "in": "query", "required": False, "schema": kinds[name]} for name in self.parameters]


def offered(orderings: tuple[str, ...]) -> tuple[str, ...]:
    """List each order and its reverse, the default first."""
    return tuple(dict.fromkeys(turned for name in orderings for turned in (name, _turn(name))))


def _turn(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def order_of(asked: str, orderings: tuple[str, ...]) -> list[str]:
    """Complete an order from the allow-list by the key, in the same direction, so that it is unique."""
    chosen = asked or orderings[0]
    if chosen not in offered(orderings):
        raise ValidationError({"ordering": [_("Choose one of: %(names)s.") % {"names": ", ".join(offered(orderings))}]})
    if chosen.removeprefix("-") == "pk":
        return [chosen]
    return [chosen, "-pk" if chosen.startswith("-") else "pk"]


def _size(asked: str) -> int:
    size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= len(str(LARGEST)) else 0
    if not 1 <= size <= LARGEST:
        raise ValidationError({"page_size": [_("Ask for 1 to %(most)d rows.") % {"most": LARGEST}]})
    return size


def _flag(asked: str) -> bool:
    if asked not in ("true", "false"):
        raise ValidationError({"count": [_("Write true or false.")]})
    return asked == "true"
