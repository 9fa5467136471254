"""The schedule: a month as a grid, and the same days as an agenda."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from almanac.reading import almanac_for
from common.dates import local_date
from common.pages import Page
from common.zones import Zone
from programs.filters import ScheduleFilter
from programs.models import Session
from programs.month import Month
from programs.rules import Can
from villages.models import Village

MOST_SHOWN = 600


class Schedule(Page[Session]):
    """One month of sessions, narrowed by the address."""

    ability = Can.READ_SCHEDULE
    model = Session
    template = "programs/schedule.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month; a wrong filter is said beside its field."""
        today = local_date(now(), Zone.WIB)
        month = Month.read(request.GET.get("month", ""), today)
        chosen = ScheduleFilter(request.GET, queryset=self.rows(), request=request)
        valid = chosen.is_valid()
        shown = chosen.qs.between(*month.span) if valid else self.rows().none()
        rows = shown.select_related("module", "venue").prefetch_related("cohorts__village").order_by("starts_at", "pk")
        sessions = list(rows[: MOST_SHOWN + 1])
        almanac = almanac_for(*month.days, regions=self._regions(chosen))
        return self.show(
            filter=chosen,
            month=month,
            weeks=month.weeks(sessions[:MOST_SHOWN], today=today, almanac=almanac),
            cut=len(sessions) > MOST_SHOWN,
            busy=bool(sessions),
            kept=self._kept(),
            plans=self.reader.has_perm(Can.PLAN_SESSION),
            status=HTTPStatus.OK if valid else HTTPStatus.BAD_REQUEST,
        )

    def _regions(self, chosen: ScheduleFilter) -> set[str]:
        """Collect the places of the villages that are shown: all of this user's, or the one that was chosen."""
        villages = Village.objects.visible_to(self.reader)
        if village := chosen.form.cleaned_data.get("village"):
            villages = villages.filter(pk=village.pk)
        elif program := chosen.form.cleaned_data.get("program"):
            villages = villages.filter(cohorts__program=program)
        pairs = villages.order_by().values_list("region_id", "regions").distinct()
        return {code for pair in pairs for code in pair if code}

    def _kept(self) -> str:
        """Keep the filters in the addresses of the neighbouring months."""
        kept = self.request.GET.copy()
        kept.pop("month", None)
        return kept.urlencode()
