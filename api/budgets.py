"""What programs pay towards samples, what is left of it, and the lines that led there."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Day, Named, ScopedRelatedField, visible
from api.shapes import Input, Output
from exports.actions import change_scheme, create_scheme, move_scheme
from exports.filters import SchemeFilter
from exports.limits import most_claimable
from exports.models import Budget, BudgetEntry, Shipment, SubsidyScheme
from exports.rules import Can
from exports.states import SchemeState
from programs.models import Program

RUPIAH: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class InRupiah(serializers.Serializer[Any]):
    """Amounts in rupiah."""

    currency = serializers.SerializerMethodField()

    def get_currency(self, _row: object) -> str:
        """Every amount of the subsidy is in rupiah."""
        return "IDR"


class LimitsOut(InRupiah):
    """What bounds one claim; `most` is the smallest of them, `deadline` the last day to hand it in."""

    share_of_cost = serializers.DecimalField(**RUPIAH)
    ceiling_per_claim = serializers.DecimalField(**RUPIAH)
    left_of_year = serializers.DecimalField(**RUPIAH)
    left_of_budget = serializers.DecimalField(**RUPIAH)
    most = serializers.DecimalField(**RUPIAH)
    deadline = Day()


class SchemeOut(InRupiah, Output[SubsidyScheme]):
    """Which share of the cost a program pays, up to what, until when, and shown by what."""

    class Meta:
        model = SubsidyScheme
        fields = [
            *("id", "program", "name", "share", "ceiling_per_claim", "ceiling_per_unit", "currency"),
            *("window_days", "documents", "state"),
        ]


class SchemeChange(Input[SubsidyScheme]):
    """Its terms."""

    class Meta:
        model = SubsidyScheme
        fields = ["name", "share", "ceiling_per_claim", "ceiling_per_unit", "window_days", "documents"]


class SchemeIn(SchemeChange):
    """The same, and whose it is."""

    program = ScopedRelatedField(Program)

    class Meta(SchemeChange.Meta):
        fields = ["program", *SchemeChange.Meta.fields]


class WhichParcel(serializers.Serializer[Any]):
    """The parcel that somebody thinks of claiming for."""

    shipment = ScopedRelatedField(Shipment)


class SchemeViewSet(ScopedViewSet[SubsidyScheme]):
    """Schemes of the sample-shipping subsidy."""

    model = SubsidyScheme
    serializer_class = SchemeOut
    filterset_class = SchemeFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve", "limits"), Can.READ_SCHEME),
        **dict.fromkeys(("create", "partial_update", "open", "close"), Can.CHANGE_SCHEME),
    }
    orderings = ("name",)

    @extend_schema(request=SchemeIn, responses={201: SchemeOut})
    def create(self, _request: Request) -> Response:
        """Draft a scheme; nobody claims by it until it is open."""
        scheme = create_scheme(**self.heard(SchemeIn), by=self.user, at=now())
        return self.shown(scheme, status=status.HTTP_201_CREATED)

    @extend_schema(request=SchemeChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Change its terms; claims that are not approved yet are decided by the new ones."""
        scheme = self.get_object()
        change_scheme(scheme, **self.heard(SchemeChange), by=self.user, at=now())
        return self.shown(scheme)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def open(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Open it for claims."""
        scheme = self.get_object()
        move_scheme(scheme, to=SchemeState.OPEN, by=self.user, at=now())
        return self.shown(scheme)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take no more claims; what was handed in goes on."""
        scheme = self.get_object()
        move_scheme(scheme, to=SchemeState.CLOSED, by=self.user, at=now())
        return self.shown(scheme)

    @extend_schema(
        operation_id="v1_subsidy_schemes_limits",
        parameters=[OpenApiParameter("shipment", int, required=True)],
        responses=LimitsOut,
    )
    @action(detail=True, methods=["get"])
    def limits(self, request: Request, pk: str) -> Response:
        """Say how much may be claimed for a parcel, and until when."""
        scheme = get_object_or_404(self.get_queryset(), pk=pk)  # the parcel is no filter of a list
        asked = WhichParcel(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return Response(LimitsOut(most_claimable(scheme, asked.validated_data["shipment"])).data)


class BudgetOut(InRupiah, Output[Budget]):
    """A program's subsidy: `committed` is approved and not yet paid, `spent` is paid, `left` is neither."""

    id = serializers.IntegerField(source="pk", read_only=True)
    program = Named()
    ceiling = serializers.DecimalField(source="program.subsidy_ceiling", read_only=True, **RUPIAH)
    left = serializers.DecimalField(read_only=True, **RUPIAH)

    class Meta:
        model = Budget
        fields = ["id", "program", "ceiling", "committed", "spent", "left", "currency"]


class EntryOut(InRupiah, Output[BudgetEntry]):
    """One line of the ledger; never changed."""

    by = Named()

    class Meta:
        model = BudgetEntry
        fields = ["id", "claim", "kind", "amount", "currency", "at", "by"]


OF_PROGRAM = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The program's key.")


@extend_schema_view(retrieve=extend_schema(parameters=[OF_PROGRAM]))
class BudgetViewSet(ScopedViewSet[Budget]):
    """Budgets of programs, under the program's key; they follow their ledger and are written by nobody."""

    model = Budget
    serializer_class = BudgetOut
    abilities = dict.fromkeys(("list", "retrieve", "entries"), Can.READ_BUDGET)
    orderings = ("-program__starts_on", "program__name")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the program along, for its ceiling."""
        return rows.select_related("program")

    @extend_schema(parameters=[OF_PROGRAM], responses=EntryOut(many=True))
    @action(detail=True, methods=["get"])
    def entries(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """List the lines that led to the balance, the latest first."""
        lines = visible(BudgetEntry, self.user).filter(program=self.get_object().pk).select_related("by")
        return self.paged(lines, EntryOut, orderings=("-at",))
