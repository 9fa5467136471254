"""Figures that others published: each with its source and period, none added."""

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named, ScopedRelatedField
from api.shapes import Input, Output
from exports.actions import change_figure, enter_figure, withdraw_figure
from exports.filters.figure import FigureFilter
from exports.models import RegionFigure
from exports.rules import Can
from villages.models import Region

COLUMNS = [
    *("region", "starts_on", "ends_on", "value", "currency", "units", "centres", "countries", "continents", "products"),
    *("population", "source", "source_url", "remark"),
]


class FigureOut(Output[RegionFigure]):
    """What one source says of one region and period; `population` says whose exports it speaks of."""

    entered_by = Named()
    withdrawn_by = Named(allow_null=True)

    class Meta:
        model = RegionFigure
        fields = ["id", *COLUMNS, "entered_at", "entered_by", "withdrawn_at", "withdrawn_by"]


class FigureIn(Input[RegionFigure]):
    """What was published, as it was published."""

    region = ScopedRelatedField(Region)

    class Meta:
        model = RegionFigure
        fields = COLUMNS


class FigureViewSet(ScopedViewSet[RegionFigure]):
    """Published figures; those taken back only with `withdrawn=true`."""

    model = RegionFigure
    serializer_class = FigureOut
    filterset_class = FigureFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_FIGURE),
        **dict.fromkeys(("create", "partial_update", "withdraw"), Can.CHANGE_FIGURE),
    }
    orderings = ("region", "-starts_on")

    def shape(self, rows: models.QuerySet[RegionFigure]) -> models.QuerySet[RegionFigure]:
        """Read along who entered it."""
        return rows.select_related("entered_by", "withdrawn_by")

    @extend_schema(request=FigureIn, responses={201: FigureOut})
    def create(self, _request: Request) -> Response:
        """Enter a figure."""
        figure = enter_figure(**self.heard(FigureIn), by=self.user, at=now())
        return self.shown(figure, status=status.HTTP_201_CREATED)

    @extend_schema(request=FigureIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct what was copied wrongly; what is not named stays."""
        figure = self.get_object()
        change_figure(figure, **self.heard(FigureIn), by=self.user, at=now())
        return self.shown(figure)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it back as a mistake."""
        figure = self.get_object()
        withdraw_figure(figure, by=self.user, at=now())
        return self.shown(figure)
