"""Programs, cohorts, what they are owed and who takes part."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ScopedViewSet
from api.fields import Day, ScopedPeople, ScopedRelatedField, visible
from api.planning import CohortPlanning
from api.shapes import Input, Output
from common.errors import Refused
from programs.actions import (
    change_cohort,
    change_program,
    close_period,
    create_cohort,
    create_program,
    reopen_period,
    set_requirements,
)
from programs.filters import (
    CohortFilter,
    ProgramFilter,
    RequirementFilter,
)
from programs.models import Cohort, Module, Program, Requirement
from programs.rules import Can
from programs.states import ModuleCode
from villages.models import Village


class ModuleOut(Output[Module]):
    """One of the eleven modules, named in the caller's language."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = Module
        fields = ["code", "name", "mode", "position"]


class ModuleViewSet(ScopedViewSet[Module]):
    """The eleven modules and how each is delivered."""

    model = Module
    serializer_class = ModuleOut
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_PROGRAM)
    orderings = ("position",)
    lookup_field = "code"


class ProgramOut(Output[Program]):
    """One year's support by one organiser."""

    currency = serializers.SerializerMethodField()
    coordinators = ScopedPeople(User, read_only=True)
    finance_officers = ScopedPeople(User, read_only=True)

    class Meta:
        model = Program
        fields = [
            *("id", "name", "organiser", "funding_source", "fiscal_year", "starts_on", "ends_on"),
            *("coordinators", "finance_officers", "subsidy_ceiling", "currency", "travel_buffer"),
            *("sends_invitation", "sends_h3", "sends_h1", "sends_h0", "closed_through"),
        ]

    def get_currency(self, _program: Program) -> str:
        """Ceilings are in rupiah."""
        return "IDR"


READ_ONLY = {"id", "currency", "finance_officers", "closed_through"}


class ProgramIn(Input[Program]):
    """A program to begin or to change."""

    coordinators = ScopedPeople(User, required=False)

    class Meta:
        model = Program
        fields = [name for name in ProgramOut.Meta.fields if name not in READ_ONLY]


class ClosePeriod(serializers.Serializer[Any]):
    """The last day that is accounted for."""

    through = Day()


class ProgramViewSet(ScopedViewSet[Program]):
    """Programs."""

    model = Program
    serializer_class = ProgramOut
    filterset_class = ProgramFilter
    abilities = {
        "list": Can.READ_PROGRAM,
        "retrieve": Can.READ_PROGRAM,
        "create": Can.CREATE_PROGRAM,
        "partial_update": Can.CHANGE_PROGRAM,
        "close_period": Can.CLOSE_PERIOD,
        "reopen_period": Can.CLOSE_PERIOD,
    }
    orderings = ("-starts_on", "name")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the people who run it along."""
        return rows.prefetch_related("coordinators", "finance_officers")

    @extend_schema(request=ProgramIn, responses={201: ProgramOut})
    def create(self, _request: Request) -> Response:
        """Begin a program."""
        program = create_program(**self.heard(ProgramIn), by=self.user, at=now())
        return self.shown(program, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProgramIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Change a program."""
        program = self.get_object()
        change_program(program, **self.heard(ProgramIn), by=self.user, at=now())
        return self.shown(program)

    @extend_schema(request=ClosePeriod)
    @action(detail=True, methods=["post"], url_path="close-period")
    def close_period(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Close it through a day; visits of days until then that come later are reviewed."""
        program = self.get_object()
        close_period(program, **self.heard(ClosePeriod), by=self.user, at=now())
        return self.shown(program)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="reopen-period")
    def reopen_period(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Open its past again."""
        program = self.get_object()
        reopen_period(program, by=self.user, at=now())
        return self.shown(program)


class RequirementOut(Output[Requirement]):
    """What one cohort is owed of one module: minutes, visits or claims by the module's mode."""

    class Meta:
        model = Requirement
        fields = ["id", "cohort", "module", "required", "minimum_attendance"]


class RequirementRow(serializers.Serializer[Any]):
    """What is owed of one module."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    required = serializers.IntegerField(min_value=1, max_value=1_000_000)  # type: ignore[assignment]
    minimum_attendance = serializers.IntegerField(min_value=0, max_value=100, default=80)


class RequirementsIn(serializers.Serializer[Any]):
    """All that a cohort is owed."""

    rows = serializers.ListField(child=RequirementRow(), max_length=len(ModuleCode))


class RequirementIn(RequirementRow):
    """One more thing that a cohort is owed."""

    cohort = ScopedRelatedField(Cohort)


class RequirementChange(serializers.Serializer[Any]):
    """Another amount."""

    required = serializers.IntegerField(min_value=1, max_value=1_000_000)  # type: ignore[assignment]
    minimum_attendance = serializers.IntegerField(min_value=0, max_value=100)


def _amount(row: Mapping[str, int]) -> tuple[int, int]:
    return row["required"], row["minimum_attendance"]


class CohortOut(Output[Cohort]):
    """One program's group in one village."""

    class Meta:
        model = Cohort
        fields = ["id", "program", "village", "name", "starts_on", "ends_on", "capacity"]


class CohortIn(Input[Cohort]):
    """A group to form."""

    program = ScopedRelatedField(Program)
    village = ScopedRelatedField(Village)

    class Meta:
        model = Cohort
        fields = ["program", "village", "name", "starts_on", "ends_on", "capacity"]


class CohortChange(Input[Cohort]):
    """What may be changed of a cohort; its program and village stay."""

    class Meta:
        model = Cohort
        fields = ["name", "starts_on", "ends_on", "capacity"]


class CohortViewSet(CohortPlanning):
    """Cohorts."""

    model = Cohort
    serializer_class = CohortOut
    filterset_class = CohortFilter
    abilities = {
        "list": Can.READ_COHORT,
        "retrieve": Can.READ_COHORT,
        "create": Can.PLAN_COHORT,
        "partial_update": Can.PLAN_COHORT,
        "requirements": Can.PLAN_COHORT,
        "series": Can.PLAN_SESSION,
    }
    orderings = ("-starts_on", "name")

    @extend_schema(request=CohortIn, responses={201: CohortOut})
    def create(self, _request: Request) -> Response:
        """Form a cohort."""
        cohort = create_cohort(**self.heard(CohortIn), by=self.user, at=now())
        return self.shown(cohort, status=status.HTTP_201_CREATED)

    @extend_schema(request=CohortChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Change its name, dates or places; new places go to who waits."""
        cohort = self.get_object()
        change_cohort(cohort, **self.heard(CohortChange), by=self.user, at=now())
        return self.shown(cohort)

    @extend_schema(request=RequirementsIn, responses=RequirementOut(many=True))
    @action(detail=True, methods=["put"])
    def requirements(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say all that the cohort is owed; a module left out is not required."""
        cohort = self.get_object()
        amounts = {row["module"]: _amount(row) for row in self.heard(RequirementsIn)["rows"]}
        set_requirements(cohort, requirements=amounts, by=self.user, at=now())
        rows = visible(Requirement, self.user).filter(cohort=cohort).order_by("module__position")
        return Response(RequirementOut(rows, many=True).data)


class RequirementViewSet(ScopedViewSet[Requirement]):
    """What cohorts are owed."""

    model = Requirement
    serializer_class = RequirementOut
    filterset_class = RequirementFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_COHORT) | dict.fromkeys(
        ("create", "partial_update", "destroy"), Can.PLAN_COHORT
    )

    @extend_schema(request=RequirementIn, responses={201: RequirementOut})
    def create(self, _request: Request) -> Response:
        """Require one more module of a cohort."""
        given = self.heard(RequirementIn)
        with self._changing(given["cohort"]) as amounts:
            if given["module"] in amounts:
                raise Refused(_("This cohort already has a requirement for this module."))
            amounts[given["module"]] = _amount(given)
        row = visible(Requirement, self.user).get(cohort=given["cohort"], module=given["module"])
        return self.shown(row, status=status.HTTP_201_CREATED)

    @extend_schema(request=RequirementChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Change the amount."""
        row = self.get_object()
        given = {
            "required": row.required,
            "minimum_attendance": row.minimum_attendance,
            **self.heard(RequirementChange),
        }
        with self._changing(row.cohort) as amounts:
            amounts[row.module_id] = _amount(given)
        return self.shown(row)

    def destroy(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Require it no longer."""
        row = self.get_object()
        with self._changing(row.cohort) as amounts:
            amounts.pop(row.module_id, None)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @contextmanager
    def _changing(self, cohort: Cohort) -> Iterator[dict[str, tuple[int, int]]]:
        """Hold the cohort while its requirements are read, changed and set anew."""
        with transaction.atomic():
            visible(Cohort, self.user).select_for_update(no_key=True, of=("self",)).get(pk=cohort.pk)
            rows = visible(Requirement, self.user).filter(cohort=cohort)
            amounts = {row.module_id: (row.required, row.minimum_attendance) for row in rows}
            yield amounts
            set_requirements(cohort, requirements=amounts, by=self.user, at=now())
