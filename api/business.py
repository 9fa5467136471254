"""Business units of the villages, with their papers and lots, and exporters outside them."""

from typing import Any

from django.db import models
from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from api.accounts import NamedPlace
from api.base import ScopedViewSet
from api.fields import Day, Named, ScopedRelatedField, Words, visible
from api.shapes import Input, Output, Reason
from common.dates import local_date
from villages.actions import (
    add_licence,
    add_product_unit,
    change_licence,
    change_product_unit,
    change_unit,
    dismiss_unit,
    register_unit,
    remove_licence,
    remove_product_unit,
    verify_unit,
)
from villages.filters import BusinessUnitFilter
from villages.legality import legality_of
from villages.models import BusinessUnit, Licence, ProductUnit, Region, Village
from villages.rules import Can
from villages.states import LegalityState

COLUMNS = [
    *("name", "kind", "region", "product_group", "products", "workers", "nib"),
    *("export_status", "first_export_on", "source"),
]
LARGEST = 2**31 - 1


class LicenceOut(Output[Licence]):
    """One paper of a unit; without `expires_on` it has no end."""

    class Meta:
        model = Licence
        fields = ["id", "kind", "number", "issued_on", "expires_on"]


class ProductUnitOut(Output[ProductUnit]):
    """A lot and how many pieces it is."""

    class Meta:
        model = ProductUnit
        fields = ["id", "name", "pieces"]


class LegalityOut(serializers.Serializer[Any]):
    """One line of the checklist as of today; `kind` is `nib` or that of a licence."""

    kind = serializers.CharField()
    needed = serializers.BooleanField(source="required")
    state = serializers.ChoiceField(choices=LegalityState.choices)
    number = serializers.CharField()
    expires_on = Day(allow_null=True)


class BusinessUnitOut(Output[BusinessUnit]):
    """A business: a lead until `inventory_state` is verified; what is lacking stands under `legality`."""

    village = NamedPlace(read_only=True, allow_null=True)
    licences = LicenceOut(many=True, read_only=True)
    product_units = ProductUnitOut(many=True, read_only=True)
    legality = serializers.SerializerMethodField()
    first_verified_on = Day(read_only=True, allow_null=True, help_text="The earliest export that was verified here.")
    registered_by = Named()
    settled_by = Named(allow_null=True)

    class Meta:
        model = BusinessUnit
        fields = [
            *("id", "village", *COLUMNS, "first_verified_on", "inventory_state", "reason"),
            *("registered_at", "registered_by", "settled_at", "settled_by", "legality", "licences", "product_units"),
        ]

    @extend_schema_field(LegalityOut(many=True))
    def get_legality(self, unit: BusinessUnit) -> Any:
        """Judge the papers as of today."""
        return LegalityOut(legality_of(unit, on=local_date(now(), unit.zone)), many=True).data


class BusinessUnitIn(Input[BusinessUnit]):
    """A business that somebody told of; `village` is left out only for an exporter outside the villages."""

    village = ScopedRelatedField(Village, required=False, allow_null=True)
    region = ScopedRelatedField(Region, required=False, help_text="Of the desa the village covers; the seat if none.")
    nib = Words(max_length=30, required=False, allow_blank=True, help_text="13 digits.")

    class Meta:
        model = BusinessUnit
        fields = ["village", *COLUMNS]


class BusinessUnitChange(BusinessUnitIn):
    """What may be corrected; the village stays."""

    class Meta:
        model = BusinessUnit
        fields = COLUMNS

    village = None  # type: ignore[assignment]


class LicenceIn(Input[Licence]):
    """A paper to write down."""

    class Meta:
        model = Licence
        fields = ["kind", "number", "issued_on", "expires_on"]


class ProductUnitIn(Input[ProductUnit]):
    """A lot to write down."""

    pieces = serializers.IntegerField(min_value=1, max_value=LARGEST)

    class Meta:
        model = ProductUnit
        fields = ["name", "pieces"]


class PiecesIn(serializers.Serializer[Any]):
    """The size of a lot."""

    pieces = serializers.IntegerField(min_value=1, max_value=LARGEST)


NUMBER = OpenApiParameter("number", OpenApiTypes.INT64, OpenApiParameter.PATH)
CHANGES = ("partial_update", "licences", "licence", "remove_licence", "lots", "lot", "remove_lot")


class BusinessUnitViewSet(ScopedViewSet[BusinessUnit]):
    """Business units: the inventory and what nobody has inventoried yet."""

    model = BusinessUnit
    serializer_class = BusinessUnitOut
    filterset_class = BusinessUnitFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_UNIT),
        "create": Can.REGISTER_UNIT,
        **dict.fromkeys(CHANGES, Can.CHANGE_UNIT),
        **dict.fromkeys(("verify", "dismiss"), Can.SETTLE_UNIT),
    }
    orderings = ("name", "-registered_at")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along the place, the papers, the lots, the hands, and the first verified export."""
        found: Any = rows.select_related("village__region__parent__parent", "region", "registered_by", "settled_by")
        papers = models.Prefetch("licences", Licence._default_manager.order_by("kind", "pk"))
        lots = models.Prefetch("product_units", ProductUnit._default_manager.order_by("name"))
        shaped: models.QuerySet[Any] = found.prefetch_related(papers, lots).with_first_export()
        return shaped

    @extend_schema(request=BusinessUnitIn, responses={201: BusinessUnitOut})
    def create(self, _request: Request) -> Response:
        """Write down a business as a lead; outside the villages the desk does."""
        given = {"village": None, **self.heard(BusinessUnitIn)}
        if given["village"] is None and not self.user.has_perm(Can.REGISTER_EXPORTER):
            raise PermissionDenied
        unit = register_unit(**given, by=self.user, at=now())
        return self.shown(unit, status=status.HTTP_201_CREATED)

    @extend_schema(request=BusinessUnitChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct what is known; of a unit that was left out, only its name."""
        unit = self.get_object()
        change_unit(unit, **self.heard(BusinessUnitChange), by=self.user, at=now())
        return self.shown(unit)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def verify(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take a lead into the inventory."""
        unit = self.get_object()
        verify_unit(unit, by=self.user, at=now())
        return self.shown(unit)

    @extend_schema(request=Reason)
    @action(detail=True, methods=["post"])
    def dismiss(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Leave it out of the inventory and say why; its NIB and name are free again."""
        unit = self.get_object()
        dismiss_unit(unit, **self.heard(Reason), by=self.user, at=now())
        return self.shown(unit)

    @extend_schema(request=LicenceIn, responses={201: BusinessUnitOut})
    @action(detail=True, methods=["post"])
    def licences(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down a paper."""
        unit = self.get_object()
        add_licence(unit, **self.heard(LicenceIn), by=self.user, at=now())
        return self.shown(unit, status=status.HTTP_201_CREATED)

    @extend_schema(request=LicenceIn, parameters=[NUMBER])
    @action(detail=True, methods=["patch"], url_path=r"licences/(?P<number>[0-9]{1,18})")
    def licence(self, _request: Request, pk: str, number: str) -> Response:  # noqa: ARG002
        """Correct a paper."""
        unit = self.get_object()
        change_licence(self._of(unit, Licence, number), **self.heard(LicenceIn), by=self.user, at=now())
        return self.shown(unit)

    @extend_schema(parameters=[NUMBER], responses={204: None})
    @licence.mapping.delete
    def remove_licence(self, _request: Request, pk: str, number: str) -> Response:  # noqa: ARG002
        """Take a paper off the list."""
        remove_licence(self._of(self.get_object(), Licence, number), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=ProductUnitIn, responses={201: BusinessUnitOut})
    @action(detail=True, methods=["post"], url_path="product-units")
    def lots(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say how many pieces a lot of this unit is."""
        unit = self.get_object()
        add_product_unit(unit, **self.heard(ProductUnitIn), by=self.user, at=now())
        return self.shown(unit, status=status.HTTP_201_CREATED)

    @extend_schema(request=PiecesIn, parameters=[NUMBER])
    @action(detail=True, methods=["patch"], url_path=r"product-units/(?P<number>[0-9]{1,18})")
    def lot(self, _request: Request, pk: str, number: str) -> Response:  # noqa: ARG002
        """Correct the size of a lot; what was counted in it is converted anew."""
        unit, given = self.get_object(), self.heard(PiecesIn)
        if given:
            change_product_unit(self._of(unit, ProductUnit, number), **given, by=self.user, at=now())
        return self.shown(unit)

    @extend_schema(parameters=[NUMBER], responses={204: None})
    @lot.mapping.delete
    def remove_lot(self, _request: Request, pk: str, number: str) -> Response:  # noqa: ARG002
        """Forget a lot; quantities in it are then not converted."""
        remove_product_unit(self._of(self.get_object(), ProductUnit, number), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _of(self, unit: BusinessUnit, model: Any, number: str) -> Any:
        """Find a paper or a lot of this very unit."""
        seen: models.QuerySet[Any] = visible(model, self.user)
        found = seen.filter(business_unit=unit, pk=int(number)).select_related("business_unit__region").first()
        if found is None:
            raise Http404
        return found
