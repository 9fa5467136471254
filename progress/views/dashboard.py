"""The dashboard of a scope, and the rows behind each of its figures."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now

from common.keyset import page
from common.pages import Page, is_narrowed
from programs.models import Program
from progress.board import board_of
from progress.filters import DashboardFilter
from progress.rules import Can
from progress.sources import SOURCES, Scope
from progress.views.addresses import said, whole_number
from villages.models import Village


class Narrowed(Page[Program]):
    """A page about a scope: the villages and cohorts that the filters of its address leave."""

    ability = Can.READ_PROGRESS
    model = Program

    def asked(self, request: HttpRequest) -> DashboardFilter:
        """Read the filters; without any the latest program is asked for, and a program that is not seen is 404."""
        data = request.GET.copy()
        programs = self.rows().order_by("-starts_on", "-pk").values_list("pk", flat=True)
        if "program" not in data and (latest := programs.first()):
            data["program"] = str(latest)
        elif data.get("program") and not programs.filter(pk=whole_number(str(data["program"]))).exists():
            raise Http404
        return DashboardFilter(data, Village.objects.visible_to(self.reader), request=request)


class Progress(Narrowed):
    """What came of it and how far everyone is, of the villages that the reader sees."""

    template = "progress/progress.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one scope; a wrong filter is said beside its field."""
        chosen, at = self.asked(request), now()
        active = is_narrowed(request)
        if not chosen.is_valid():
            return self.show(filter=chosen, active=True, status=HTTPStatus.BAD_REQUEST)
        try:
            board = board_of(chosen, at=at, cursor=request.GET.get("cursor"))
        except ValidationError as error:
            return self._refused(error.messages[0])
        return self.show(filter=chosen, active=active, **vars(board))


class Figures(Narrowed):
    """The rows behind one figure of a scope; together they are the figure."""

    template = "progress/figure_rows.html"

    def get(self, request: HttpRequest, figure: str) -> HttpResponse:
        """Show one page of the rows, the sum of all of them, and how much this reader does not open."""
        source, chosen = SOURCES.get(figure), self.asked(request)
        if source is None or not chosen.is_valid():
            raise Http404
        scope = Scope(self.reader, chosen.qs, chosen.cohorts, chosen.period, now())
        seen = source.seen(scope)
        try:
            found = page(seen, order=source.order, cursor=request.GET.get("cursor"))
        except ValidationError as error:
            return self._refused(error.messages[0])
        whole = source.total(source.rows(scope))
        return self.show(
            source=source,
            page=found,
            lines=[source.line(row, scope.period.zone) for row in found.rows],
            whole=source.write(whole),
            measure=source.measure,
            unseen=source.say_unseen(whole - source.total(seen)),
            lead=said(scope.period),
            back=urlencode({name: value for name, value in request.GET.items() if name != "cursor"}),
        )
