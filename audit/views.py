"""The page of who read or took out personal data."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from audit.filters import AccessFilter
from audit.lists import lines_of
from audit.models import Access
from audit.rules import Can
from common.pages import ListPage, is_narrowed
from common.zones import Zone


class AccessList(ListPage[Access]):
    """Every reading of numbers and names, the latest first."""

    ability = Can.READ_AUDIT
    model = Access
    template = "audit/access_list.html"
    filterset_class = AccessFilter
    order = ("-pk",)

    def rows(self) -> models.QuerySet[Access]:
        """Read along who it was."""
        return super().rows().select_related("by")

    def show(self, **context: Any) -> HttpResponse:
        """Write the rows of the page out."""
        page = context.get("page")
        lines = lines_of(page.rows, user=self.reader) if page else []
        return super().show(**context, lines=lines)

    def context(self) -> dict[str, Any]:
        """Say whether anything is filtered."""
        request: HttpRequest = self.request
        return {"active": is_narrowed(request), "zone": Zone.WIB}
