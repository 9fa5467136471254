"""How far every program, village, cohort and person is; the numbers of the pages, from the one place that counts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import models
from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.accounts import NamedPlace
from api.base import ScopedList
from api.fields import Named, visible
from api.tables import asked_as_table
from programs.models import Cohort, Enrollment, Program
from programs.states import EnrollmentState, Mode, ModuleCode
from progress.filters import CohortFigures, PersonFigures, ProgramFigures, VillageFigures, narrowing
from progress.period import Period
from progress.rules import Can
from progress.summary import (
    CellState,
    CohortProgress,
    VillageProgress,
    cohorts_progress,
    enrollments_progress,
    programs_progress,
)
from villages.models import Village


class CellOut(serializers.Serializer[Any]):
    """One module: minutes, visits or claims by its mode."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    mode = serializers.ChoiceField(choices=Mode.choices)
    required = serializers.IntegerField()  # type: ignore[assignment]  # a field of ours, not DRF's switch
    delivered = serializers.IntegerField()
    planned = serializers.IntegerField()
    pending = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=[(str(state), str(state)) for state in CellState])
    behind = serializers.BooleanField()


class Rates(serializers.Serializer[Any]):
    """Who came, in percent of the seats of held and closed sessions."""

    percent = serializers.IntegerField(allow_null=True)
    attendance = serializers.IntegerField(allow_null=True, source="seats.attendance")
    commitment = serializers.IntegerField(allow_null=True, source="seats.commitment")


class VillageRow(Rates):
    """One village in one program, with a cell per module."""

    village = NamedPlace()
    program = serializers.SerializerMethodField()
    behind = serializers.BooleanField()
    modules = CellOut(many=True)

    def get_program(self, row: VillageProgress) -> int:
        """Name the program of its cohorts."""
        return row.cohorts[0].cohort.program_id


class CohortRow(Rates):
    """One cohort, with a cell per module."""

    cohort = Named()
    program = serializers.IntegerField(source="cohort.program_id")
    village = NamedPlace(source="cohort.village")
    modules = CellOut(many=True)


class ProgramRow(Rates):
    """One program over all its villages."""

    program = Named()
    villages = serializers.SerializerMethodField()

    def get_villages(self, row: Any) -> int:
        """Count the villages that take part."""
        return len(row.villages)


class PersonCellOut(serializers.Serializer[Any]):
    """One training module of one person, in minutes; `needed` is what is enough."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    attended = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # a field of ours, not DRF's switch
    needed = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    reached = serializers.BooleanField()


class PersonRow(Rates):
    """One person in one cohort."""

    enrollment = serializers.IntegerField(source="enrollment.pk")
    person = Named(source="enrollment.person")
    cohort = serializers.IntegerField(source="enrollment.cohort_id")
    completed = serializers.BooleanField()
    modules = PersonCellOut(many=True)


class Counted(TypedDict):
    """What a count is narrowed to."""

    at: datetime
    period: Period
    modules: tuple[str, ...]


class Figures(ScopedList[Any]):
    """A page of rows, each with its figures; the same number of queries for one and for two hundred.

    `from` and `to` keep what happened on these days (sessions by their end), `module` one of the eleven cells.
    """

    abilities = {"list": Can.READ_PROGRESS, "retrieve": Can.READ_PROGRESS}

    def asked(self) -> Counted:
        """Say of which module and days figures are asked for; the filters have let them pass."""
        narrowed = narrowing(self.request.query_params if self.action == "list" else {})
        narrowed.is_valid()
        return {"at": now(), "period": narrowed.period, "modules": narrowed.modules}

    def figures(self, rows: list[Any]) -> Iterable[object]:
        """Count for these rows, in their order."""
        raise NotImplementedError

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002  the signature is DRF's
        """Show one page, or the table that is asked for."""
        if table := asked_as_table(self, request):
            return table
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.get_serializer(self.figures([*rows]), many=True).data)


class FiguresOfEach(Figures):
    """Such rows, also one at a time."""

    def retrieve(self, _request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Show one row."""
        [row] = self.figures([self.get_object()])
        return Response(self.get_serializer(row).data)


class ProgramProgressViewSet(FiguresOfEach):
    """Programs, with the mean of their villages."""

    model = Program
    serializer_class = ProgramRow
    filterset_class = ProgramFigures
    orderings = ("-starts_on", "name")

    def figures(self, rows: list[Any]) -> Iterable[object]:
        """Count for these programs."""
        keys = [row.pk for row in rows]
        counted = programs_progress(visible(Program, self.user).filter(pk__in=keys), **self.asked())
        return sorted(counted, key=lambda each: keys.index(each.program.pk))


class VillageProgressViewSet(Figures):
    """Villages, with one cell per module; a village in two programs has two rows unless one program is asked for."""

    model = Village
    serializer_class = VillageRow
    filterset_class = VillageFigures
    orderings = ("name",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Leave out villages that take part in nothing this user sees."""
        return rows.filter(pk__in=visible(Cohort, self.user).values("village"))

    def figures(self, rows: list[Any]) -> Iterable[object]:
        """Count for these villages, program by program."""
        cohorts = visible(Cohort, self.user).filter(village__in=[row.pk for row in rows])
        if program := self.request.query_params.get("program"):
            cohorts = cohorts.filter(program=int(Decimal(program)))  # the filter has let it pass: `5.0` is 5
        counted = _by_village_and_program(cohorts_progress(cohorts, **self.asked()))
        keys = [row.pk for row in rows]
        return sorted(counted, key=lambda each: keys.index(each.village.pk))


def _by_village_and_program(counted: Iterable[CohortProgress]) -> list[VillageProgress]:
    groups: dict[tuple[int, int], list[CohortProgress]] = defaultdict(list)
    for each in counted:
        groups[each.cohort.village_id, each.cohort.program_id].append(each)
    return [VillageProgress(group[0].cohort.village, tuple(group)) for group in groups.values()]


class CohortProgressViewSet(FiguresOfEach):
    """Cohorts, with one cell per module."""

    model = Cohort
    serializer_class = CohortRow
    filterset_class = CohortFigures
    orderings = ("-starts_on", "name")

    def figures(self, rows: list[Any]) -> Iterable[object]:
        """Count for these cohorts."""
        keys = [row.pk for row in rows]
        counted = cohorts_progress(visible(Cohort, self.user).filter(pk__in=keys), **self.asked())
        return sorted(counted, key=lambda each: keys.index(each.cohort.pk))


class PersonProgressViewSet(Figures):
    """People in their cohorts, with one cell per training module; who withdrew is left out."""

    model = Enrollment
    serializer_class = PersonRow
    filterset_class = PersonFigures
    abilities = {"list": Can.READ_PEOPLE}
    orderings = ("person__name",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the names along, for the order."""
        return rows.exclude(state=EnrollmentState.WITHDRAWN).select_related("person")

    def figures(self, rows: list[Any]) -> Iterable[object]:
        """Count for these people."""
        keys = [row.pk for row in rows]
        counted = enrollments_progress(visible(Enrollment, self.user).filter(pk__in=keys), **self.asked())
        return sorted(counted, key=lambda each: keys.index(each.enrollment.pk))
