"""Calendar blocks: the days that are kept free, or nearly so."""

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from almanac.actions import change_block, create_block, delete_block
from almanac.filters import CalendarBlockFilter
from almanac.models import CalendarBlock
from almanac.rules import Can
from api.base import ScopedViewSet
from api.fields import ScopedRelatedField
from api.shapes import Input, Output
from villages.models import Region

COLUMNS = [
    *("name", "kind", "starts_on", "ends_on", "recurrence", "weekday", "pasaran", "from_time", "until_time"),
    *("region", "effect", "estimated", "source"),
]


class CalendarBlockOut(Output[CalendarBlock]):
    """Days that are kept free; `weekday` counts from Monday, 1; hours are those of the place."""

    when = serializers.CharField(read_only=True, help_text="Its days and hours in words.")

    class Meta:
        model = CalendarBlock
        fields = ["id", *COLUMNS, "when"]


class CalendarBlockIn(Input[CalendarBlock]):
    """Days to keep free."""

    region = ScopedRelatedField(Region, required=False, allow_null=True)

    class Meta:
        model = CalendarBlock
        fields = COLUMNS


class CalendarBlockViewSet(ScopedViewSet[CalendarBlock]):
    """Calendar blocks."""

    model = CalendarBlock
    serializer_class = CalendarBlockOut
    filterset_class = CalendarBlockFilter
    abilities = {
        "list": Can.READ_BLOCK,
        "retrieve": Can.READ_BLOCK,
        "create": Can.ADD_BLOCK,
        "partial_update": Can.CHANGE_BLOCK,
        "destroy": Can.CHANGE_BLOCK,
    }
    orderings = ("starts_on", "name")

    @extend_schema(request=CalendarBlockIn, responses={201: CalendarBlockOut})
    def create(self, _request: Request) -> Response:
        """Keep days free; a mentor does so for places of their own villages."""
        block = create_block(**self.heard(CalendarBlockIn), by=self.user, at=now())
        return self.shown(block, status=status.HTTP_201_CREATED)

    @extend_schema(request=CalendarBlockIn)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Change a block; what is not named stays."""
        block = self.get_object()
        change_block(block, **self.heard(CalendarBlockIn), by=self.user, at=now())
        return self.shown(block)

    def destroy(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give the days back."""
        delete_block(self.get_object(), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)
