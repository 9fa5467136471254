"""What a period brought to some villages, as one answer: the figures of the dashboard and of the monthly report."""

from typing import Any

from django.utils.timezone import now
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Scoped
from progress.filters import ReachFilter
from progress.outcomes import outcomes
from progress.rules import Can
from villages.models import Village

RUPIAH = "IDR"


class Rupiah(serializers.DecimalField):
    """An amount in rupiah, as text."""

    def __init__(self, **options: Any) -> None:
        """Leave room for the sum of everything that is sold."""
        super().__init__(max_digits=30, decimal_places=2, **options)


class VillagesOut(serializers.Serializer[Any]):
    """Villages by how far they are: Desa Devisa and candidates are never one number."""

    desa_devisa = serializers.IntegerField()
    candidates = serializers.IntegerField()
    out = serializers.IntegerField()


class PeopleOut(serializers.Serializer[Any]):
    """People, each once, and the percent of them who are women."""

    trained = serializers.IntegerField()
    women = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)


class HoursOut(serializers.Serializer[Any]):
    """Training in minutes and in whole training hours of 45 minutes."""

    delivered_minutes = serializers.IntegerField()
    planned_minutes = serializers.IntegerField()
    delivered_jp = serializers.IntegerField()
    planned_jp = serializers.IntegerField()


class SeatsOut(serializers.Serializer[Any]):
    """Seats of held and closed sessions, and the rates in percent."""

    came = serializers.IntegerField()
    kept = serializers.IntegerField()
    seats = serializers.IntegerField()
    attendance = serializers.IntegerField(allow_null=True)
    commitment = serializers.IntegerField(allow_null=True)


class VillageVisitsOut(serializers.Serializer[Any]):
    """Visits to one village."""

    village = serializers.IntegerField()
    name = serializers.CharField()
    approved = serializers.IntegerField()
    pending = serializers.IntegerField()


class ItemsOut(serializers.Serializer[Any]):
    """Open action items by days since the visit."""

    within_30 = serializers.IntegerField()
    within_60 = serializers.IntegerField()
    within_90 = serializers.IntegerField()
    older = serializers.IntegerField()
    total = serializers.IntegerField()
    overdue = serializers.IntegerField()


class NewExporterOut(serializers.Serializer[Any]):
    """A unit whose first verified export lies in the period; a household's name is left empty."""

    unit = serializers.IntegerField()
    name = serializers.CharField()
    village = serializers.IntegerField()
    on = serializers.DateField()


class ShareOut(serializers.Serializer[Any]):
    """One year, product or country of the exports; `count` is of verified and reported ones."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not DRF's word
    verified = Rupiah()
    reported = Rupiah()
    count = serializers.IntegerField()


class ExportsOut(serializers.Serializer[Any]):
    """Verified is the total; reported stands beside and is never added to it."""

    currency = serializers.CharField(default=RUPIAH)
    verified = Rupiah()
    reported = Rupiah()
    count_verified = serializers.IntegerField()
    count_reported = serializers.IntegerField()
    by_year = ShareOut(many=True)
    by_product = ShareOut(many=True)
    by_country = ShareOut(many=True)


class ClaimsOut(serializers.Serializer[Any]):
    """Subsidy approved and paid in the period, and what is open at its end."""

    currency = serializers.CharField(default=RUPIAH)
    committed = Rupiah()
    paid = Rupiah()
    committed_count = serializers.IntegerField()
    paid_count = serializers.IntegerField()
    open_count = serializers.IntegerField()
    days_to_pay = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class PeriodOut(serializers.Serializer[Any]):
    """The first and the last day, both whole, by the clock of the zone; null where the period is open."""

    first = serializers.DateField(source="opens_on", allow_null=True)
    last = serializers.DateField(source="closes_on", allow_null=True)
    zone = serializers.CharField()


class OutcomesOut(serializers.Serializer[Any]):
    """Everything that a period brought."""

    period = PeriodOut()
    villages = VillagesOut()
    people = PeopleOut()
    hours = HoursOut()
    seats = SeatsOut()
    visits = VillageVisitsOut(many=True)
    items = ItemsOut()
    new_exporters = NewExporterOut(many=True)
    exports = ExportsOut()
    claims = ClaimsOut()


class OutcomesFilter(ReachFilter):
    """Villages and days; no module, because most figures have none."""

    module = None


class OutcomesView(Scoped[Any]):
    """What a period brought: people, training, visits, claims, exports; villages and cohorts as this user sees them."""

    model = Village
    abilities = {"list": Can.READ_PROGRESS}
    serializer_class = OutcomesOut
    filterset_class = OutcomesFilter
    pagination_class = None

    @extend_schema(
        responses=forced_singular_serializer(OutcomesOut),  # type: ignore[no-untyped-call]  # the library's own
        filters=True,
        operation_id="progress_outcomes_retrieve",
    )
    def list(self, request: Request) -> Response:
        """Count once for all of them."""
        villages = self.filter_queryset(self.get_queryset())
        asked = OutcomesFilter(request.query_params, self.get_queryset(), request=request)
        asked.is_valid()
        found = outcomes(villages, cohorts=asked.cohorts, period=asked.period, at=now())
        return Response(OutcomesOut(found).data)
