"""Lists of programs and villages with their progress, and a village's page."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from django.db import models
from django.db.models import F, Min
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.timezone import now

from common.dates import local_date
from common.pages import ListPage, Page, is_narrowed
from common.zones import Zone
from exports.models import ExportTransaction
from exports.states import TransactionState
from mentoring.models import ActionItem, Assignment, Visit, VisitPlan
from mentoring.rules import Can as CanMentor
from programs.filters import ProgramFilter
from programs.models import Cohort, Program, Session
from programs.rules import Can as CanProgram
from progress.matrix import amount_of, rows_url
from progress.summary import Cell, VillageProgress, cohorts_progress, grouped, programs_progress, village_progress
from villages.comparison import latest
from villages.filters import VillageFilter
from villages.models import Assessment, BusinessUnit, Village
from villages.rules import Can as CanVillage
from villages.states import StageGroup, VillageStage

NEXT_SESSIONS, LAST_VISITS, MOST_ITEMS = 5, 5, 30


class ProgramList(ListPage[Program]):
    """Programs, the latest first, with how far they are."""

    ability = CanProgram.READ_PROGRAM
    model = Program
    template = "progress/program_list.html"
    filterset_class = ProgramFilter
    order = ("-starts_on", "-pk")

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Count for the programs of this page only."""
        shown = getattr(context.get("page"), "rows", [])
        progress = programs_progress(self.rows().filter(pk__in=[program.pk for program in shown]), at=now())
        return super().show(status=status, progress=progress, active=narrowed(self.request), **context)


class VillageList(ListPage[Village]):
    """Villages by name, each with its programs."""

    ability = CanVillage.READ_VILLAGE
    model = Village
    template = "progress/village_list.html"
    filterset_class = VillageFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[Village]:
        """Read along the place."""
        return super().rows().select_related("region__parent__parent")

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Count for the villages of this page only."""
        shown: Sequence[Village] = getattr(context.get("page"), "rows", [])
        cohorts = Cohort.objects.visible_to(self.reader).filter(village__in=[village.pk for village in shown])
        of: dict[int, list[tuple[Program, VillageProgress]]] = {village.pk: [] for village in shown}
        for program, villages in grouped(cohorts_progress(cohorts, at=now())):
            for each in villages:
                of[each.village.pk].append((program, each))
        rows = [(village, of[village.pk]) for village in shown]
        return super().show(status=status, rows=rows, active=narrowed(self.request), **context)

    def context(self) -> dict[str, object]:
        """Count each group of stages apart, within everything else that is filtered."""
        asked = self.request.GET.copy()
        for name in ("stage", "stage_group", "cursor"):
            asked.pop(name, None)
        wide = VillageFilter(asked, queryset=Village.objects.visible_to(self.reader), request=self.request)
        counts = wide.qs.by_group() if wide.is_valid() else dict.fromkeys(StageGroup.values, 0)
        return {"groups": [(group, counts[group.value], _narrowed_to(group, asked)) for group in StageGroup]}


def _narrowed_to(group: StageGroup, asked: QueryDict) -> str:
    """Address the villages of one group, with the other filters as they are."""
    narrow = asked.copy()
    narrow["stage_group"] = group.value
    return f"?{narrow.urlencode()}"


class VillageDetail(Page[Village]):
    """One village: where it stands, what it got, what comes next."""

    ability = CanVillage.READ_VILLAGE
    model = Village
    template = "progress/village_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show everything about the village that the reader sees."""
        village = self.rows().select_related("region__parent__parent").get(pk=self.row().pk)
        programs = village_progress(village, Cohort.objects.visible_to(self.reader), at=now())
        return self.show(
            village=village,
            regions=village.coverage.filter(left_on__isnull=True).select_related("region").order_by("region"),
            programs=[(program, each, _lines(program, each)) for program, each in programs],
            sessions=self._sessions(village),
            visits=self._visits(village),
            plans=self._plans(village),
            tasks=self._tasks(village),
            letters=self._letters(village),
            comparison=latest(Assessment.objects.visible_to(self.reader), village=village),
            units=BusinessUnit.objects.visible_to(self.reader).filter(village=village).tally(),
            first_export=self._first_export(village),
            settles=self.reader.has_perm(CanMentor.SETTLE_ACTION),
        )

    def _first_export(self, village: Village) -> date | None:
        """Name the day of the earliest verified export while the village is still to move to that stage."""
        if village.stage != VillageStage.ACTIVE:
            return None
        rows = ExportTransaction.objects.visible_to(self.reader).filter(business_unit__village=village)
        verified = rows.filter(state=TransactionState.VERIFIED)
        first: date | None = verified.aggregate(first=Min("exported_on"))["first"]
        return first

    def _sessions(self, village: Village) -> models.QuerySet[Session]:
        rows = Session.objects.visible_to(self.reader).upcoming(now()).filter(cohorts__village=village).distinct()
        return rows.select_related("module", "venue").order_by("starts_at", "pk")[:NEXT_SESSIONS]

    def _visits(self, village: Village) -> models.QuerySet[Visit]:
        rows = (
            Visit.objects.visible_to(self.reader).filter(village=village).select_related("village__region", "program")
        )
        return rows.order_by("-visited_at", "-pk")[:LAST_VISITS]

    def _plans(self, village: Village) -> models.QuerySet[VisitPlan]:
        rows = VisitPlan.objects.visible_to(self.reader).filter(village=village).open().marked(now())
        return rows.select_related("village__region").order_by("planned_at", "pk")[:LAST_VISITS]

    def _tasks(self, village: Village) -> list[tuple[ActionItem, bool]]:
        rows = ActionItem.objects.visible_to(self.reader).open().filter(village=village).select_related("visit")
        today = local_date(now(), Zone.WIB)
        items = rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ITEMS]
        return [(item, item.due_on is not None and item.due_on < today) for item in items]

    def _letters(self, village: Village) -> models.QuerySet[Assignment]:
        rows = Assignment.objects.visible_to(self.reader).filter(village=village)
        return rows.current(local_date(now(), Zone.WIB)).select_related("mentor").order_by("starts_on", "pk")


def _lines(program: Program, each: VillageProgress) -> list[tuple[Cell, str, str]]:
    """Say of each module how much, and where its rows are."""
    return [
        (cell, amount_of(cell), rows_url(program=program.pk, village=each.village.pk, module=cell.module))
        for cell in each.modules
    ]


def narrowed(request: HttpRequest) -> bool:
    """Tell whether the list is filtered."""
    return is_narrowed(request)
