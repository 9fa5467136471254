"""The room of reports: what there is, and what was frozen last."""

from django.http import HttpRequest, HttpResponse

from common.pages import Page
from reports.models import RegionReport
from reports.rules import Can

LAST = 5


class ReportIndex(Page[RegionReport]):
    """One door to each kind of report."""

    ability = Can.OPEN_REPORTS
    model = RegionReport
    template = "reports/index.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the kinds that this reader may open, and the latest frozen ones that they see."""
        rows = self.rows().with_names().defer("facts")  # type: ignore[attr-defined]
        return self.show(frozen=rows.order_by("-frozen_at", "-pk")[:LAST])
