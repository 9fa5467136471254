"""Exports: reported, shown by documents, verified by another hand; totals never mix the two."""

from typing import Any

from django.db import models
from django.http import FileResponse, Http404
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import NAMED, Named, ScopedRelatedField, Words, named, visible
from api.parsers import GuardedJSONParser, GuardedMultiPartParser, told_as_http
from api.shapes import Input, Output
from api.visits import IF_MATCH, key_of, version_of
from common.events import note_reading
from common.handing import hand_out
from common.images import LARGEST
from exports.actions import (
    add_paper,
    change_transaction,
    evidence_transaction,
    remove_paper,
    report_transaction,
    verify_transaction,
    withdraw_transaction,
)
from exports.filters.export import TransactionFilter
from exports.models import Buyer, ExportTransaction, TransactionDocument
from exports.money import totals_of
from exports.origin import cautions_of, origin_named
from exports.rules import Can
from exports.states import DocumentKind
from villages.models import BusinessUnit

COLUMNS = [
    *("route", "via", "buyer", "exported_on", "product", "nomenclature", "hs_code", "country", "quantity", "unit"),
    *("value", "currency", "rate", "rate_source", "reference", "source"),
]
PAPER = OpenApiParameter("paper", OpenApiTypes.UUID, OpenApiParameter.PATH)
ONE = r"documents/(?P<paper>[0-9a-fA-F-]{1,40})"


class PaperOut(Output[TransactionDocument]):
    """One document that shows an export; its bytes are at its address."""

    by = Named()

    class Meta:
        model = TransactionDocument
        fields = ["id", "kind", "media_type", "size", "sha256", "at", "by"]


class TransactionOut(Output[ExportTransaction]):
    """One sale abroad, at its unit of origin; `rupiah` is value times rate, `pieces` is null where no lot says them."""

    business_unit = serializers.SerializerMethodField()
    village = serializers.IntegerField(source="business_unit.village_id", read_only=True, allow_null=True)
    buyer = serializers.SerializerMethodField()
    via = serializers.SerializerMethodField()
    rupiah = serializers.DecimalField(max_digits=24, decimal_places=2, read_only=True)
    documents = serializers.SerializerMethodField(help_text="How many documents show it.")
    reported_by = serializers.SerializerMethodField()
    verified_by = serializers.SerializerMethodField()

    class Meta:
        model = ExportTransaction
        fields = [
            *(
                "id",
                "business_unit",
                "village",
                *COLUMNS,
                "pieces",
                "rupiah",
                "state",
                "comment",
                "documents",
                "version",
            ),
            *("reported_at", "reported_by", "verified_at", "verified_by"),
        ]

    @property
    def _works(self) -> bool:
        """Tell whether who asks works with exports; who only reads is shown no buyers and no colleagues."""
        return bool(self.context["request"].user.has_perm(Can.REPORT_TRANSACTION))

    @extend_schema_field(NAMED)
    def get_business_unit(self, export: ExportTransaction) -> dict[str, object]:
        """Name the unit; a household's name is a person's and is kept from who only reads."""
        unit = export.business_unit
        return {"id": unit.pk, "name": origin_named(unit, self.context["request"].user)}

    @extend_schema_field({**NAMED, "nullable": True})
    def get_via(self, export: ExportTransaction) -> dict[str, object] | None:
        """Name the exporter it went through."""
        via, reader = export.via, self.context["request"].user
        return {"id": via.pk, "name": origin_named(via, reader)} if via else None

    @extend_schema_field({**NAMED, "nullable": True})
    def get_buyer(self, export: ExportTransaction) -> dict[str, object] | None:
        """Name the buyer."""
        return named(export.buyer) if export.buyer and self._works else None

    @extend_schema_field({**NAMED, "nullable": True})
    def get_reported_by(self, export: ExportTransaction) -> dict[str, object] | None:
        """Name who reported it."""
        return named(export.reported_by) if self._works else None

    @extend_schema_field({**NAMED, "nullable": True})
    def get_verified_by(self, export: ExportTransaction) -> dict[str, object] | None:
        """Name who verified it."""
        return named(export.verified_by) if export.verified_by and self._works else None

    def get_documents(self, export: Any) -> int:
        """Count them."""
        return int(export.shown_by)


class TransactionIn(Input[ExportTransaction]):
    """What was sold abroad; `rate` and `rate_source` may be left out for rupiah, `hs_code` may have its dots."""

    via = ScopedRelatedField(BusinessUnit, required=False, allow_null=True)
    buyer = ScopedRelatedField(Buyer, required=False, allow_null=True)
    hs_code = Words(max_length=12)
    rate = serializers.DecimalField(max_digits=16, decimal_places=6, required=False)
    rate_source = Words(max_length=120, required=False, allow_blank=True)

    class Meta:
        model = ExportTransaction
        fields = COLUMNS


class NewTransactionIn(TransactionIn):
    """The same, and whose it is."""

    business_unit = ScopedRelatedField(BusinessUnit)

    class Meta(TransactionIn.Meta):
        fields = ["business_unit", *COLUMNS]


class PaperIn(serializers.Serializer[Any]):
    """A document: PDF, JPEG, PNG or WebP."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(max_length=255)


class WithdrawIn(serializers.Serializer[Any]):
    """Why it counts no longer."""

    comment = Words(max_length=300)


class TotalsOut(serializers.Serializer[Any]):
    """Rupiah of what is verified, and beside it of what is only reported; never one sum."""

    currency = serializers.CharField(default="IDR")
    verified = serializers.DecimalField(max_digits=26, decimal_places=2)
    verified_count = serializers.IntegerField()
    reported = serializers.DecimalField(max_digits=26, decimal_places=2)
    reported_count = serializers.IntegerField()


class CautionsOut(serializers.Serializer[Any]):
    """What should be looked at twice; nothing of it was refused."""

    cautions = serializers.ListField(child=serializers.CharField())


class TransactionViewSet(ScopedViewSet[ExportTransaction]):
    """Exports; who only reads sees what is verified."""

    model = ExportTransaction
    serializer_class = TransactionOut
    filterset_class = TransactionFilter
    parser_classes = (GuardedJSONParser, GuardedMultiPartParser)
    abilities = {
        **dict.fromkeys(("list", "retrieve", "totals"), Can.READ_TRANSACTION),
        **dict.fromkeys(("documents", "document", "cautions"), Can.REPORT_TRANSACTION),
        **dict.fromkeys(("create", "partial_update", "evidence"), Can.REPORT_TRANSACTION),
        **dict.fromkeys(("add_document", "remove_document"), Can.REPORT_TRANSACTION),
        "verify": Can.VERIFY_TRANSACTION,
        "withdraw": Can.WITHDRAW_TRANSACTION,
    }
    orderings = ("-exported_on", "rupiah")
    also_filtered = ("totals",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along whom it names, and count its documents."""
        read = ("business_unit__region", "via", "buyer", "reported_by", "verified_by")
        counted: models.QuerySet[Any] = rows.select_related(*read).annotate(shown_by=models.Count("papers"))
        return counted

    @extend_schema(request=NewTransactionIn, responses={201: TransactionOut})
    def create(self, _request: Request) -> Response:
        """Report an export; a document number that counts already is refused and the other export named."""
        export = report_transaction(**self.heard(NewTransactionIn), by=self.user, at=now())
        return self.shown(export, status=status.HTTP_201_CREATED)

    @extend_schema(request=TransactionIn, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct what nobody has verified; what is not named stays."""
        export, given = self.get_object(), self.heard(TransactionIn)
        change_transaction(export, version=version_of(request), **given, by=self.user, at=now())
        return self.shown(export)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def evidence(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that the documents show the export as it is written now."""
        export = self.get_object()
        evidence_transaction(export, by=self.user, at=now())
        return self.shown(export)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it into the totals: by another hand than those that wrote it."""
        export = self.get_object()
        verify_transaction(export, version=version_of(request), by=self.user, at=now())
        return self.shown(export)

    @extend_schema(request=WithdrawIn)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it out of every total, and say why."""
        export = self.get_object()
        withdraw_transaction(export, **self.heard(WithdrawIn), by=self.user, at=now())
        return self.shown(export)

    @extend_schema(responses=CautionsOut)
    @action(detail=True, methods=["get"])
    def cautions(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say what should be looked at twice."""
        return Response({"cautions": cautions_of(self.get_object())})

    @extend_schema(responses=TotalsOut, filters=True)
    @action(detail=False, methods=["get"])
    def totals(self, _request: Request) -> Response:
        """Add up what the filters keep: verified, and beside it reported."""
        return Response(TotalsOut(totals_of(self.filter_queryset(self._unshaped()))).data)

    @extend_schema(operation_id="v1_export_transactions_documents", responses=PaperOut(many=True))
    @action(detail=True, methods=["get"])
    def documents(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """List the documents that show it."""
        papers = visible(TransactionDocument, self.user).filter(transaction=self.get_object()).select_related("by")
        return self.paged(papers, PaperOut, orderings=("at",))

    @extend_schema(
        operation_id="v1_export_transactions_documents_create",
        request={"multipart/form-data": PaperIn},
        responses={201: PaperOut},
    )
    @documents.mapping.post
    def add_document(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Keep a document: 413 too large, 415 no such form, 400 damaged or able to act."""
        export, given = self.get_object(), self.heard(PaperIn)
        file = given["file"]
        sent = {"content": file.read(LARGEST + 1), "media_type": file.content_type or ""}
        with told_as_http():
            paper = add_paper(export, kind=given["kind"], **sent, by=self.user, at=now())
        return Response(PaperOut(paper, context=self.get_serializer_context()).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="v1_export_transactions_document_file",
        parameters=[PAPER],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=ONE)
    def document(self, _request: Request, pk: str, paper: str) -> FileResponse:  # noqa: ARG002
        """Give a document's bytes, to be saved and not to be run."""
        found = self._paper(paper)
        note_reading(found, verb="document_read", by=self.user, at=now())
        return hand_out(found.opened(), media_type=found.media_type, name=str(found.pk), to_save=True)

    @extend_schema(operation_id="v1_export_transactions_document_remove", parameters=[PAPER], responses={204: None})
    @document.mapping.delete
    def remove_document(self, _request: Request, pk: str, paper: str) -> Response:  # noqa: ARG002
        """Take a document out before anybody verified the export."""
        remove_paper(self._paper(paper), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _paper(self, key: str) -> TransactionDocument:
        papers = visible(TransactionDocument, self.user).filter(transaction=self.get_object(), pk=key_of(key))
        found = papers.select_related("transaction").first()
        if found is None:
            raise Http404
        return found

    def _unshaped(self) -> models.QuerySet[ExportTransaction]:
        """Read the rows alone, so that nothing multiplies in a sum."""
        return visible(ExportTransaction, self.user)
