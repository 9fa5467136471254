"""Claims of the sample-shipping subsidy, from the first receipt to the closed file, and what shows them."""

from collections.abc import Callable
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
from api.budgets import RUPIAH, InRupiah, LimitsOut
from api.fields import Day, Named, ScopedRelatedField, Words, visible
from api.parsers import GuardedJSONParser, GuardedMultiPartParser, told_as_http
from api.shapes import Output
from api.visits import key_of
from common.events import note_reading
from common.handing import hand_out
from common.images import LARGEST
from exports.actions import (
    add_document,
    approve_claim,
    cancel_claim,
    change_claim,
    close_claim,
    pay_claim,
    reject_claim,
    remove_document,
    return_claim,
    start_claim,
    submit_claim,
    verify_claim,
)
from exports.filters import ClaimFilter
from exports.limits import limits_of
from exports.models import ClaimDocument, Shipment, SubsidyClaim, SubsidyScheme
from exports.rules import Can
from exports.states import DocumentKind
from programs.models import Cohort

DOCUMENT = OpenApiParameter("document", OpenApiTypes.UUID, OpenApiParameter.PATH)
ONE = r"documents/(?P<document>[0-9a-fA-F-]{1,40})"


class DocumentOut(Output[ClaimDocument]):
    """One document; `sha256` is of the file as it was sent, its bytes are at its address."""

    by = Named()

    class Meta:
        model = ClaimDocument
        fields = ["id", "kind", "media_type", "size", "sha256", "live", "at", "by"]


class ClaimOut(InRupiah, Output[SubsidyClaim]):
    """A claim; `missing` are the documents that its scheme still asks for, `moved_at` is when it came to its state."""

    business_unit = Named()
    documents = DocumentOut(source="papers", many=True, read_only=True)
    missing = serializers.SerializerMethodField()
    started_by = Named()
    submitted_by = Named(allow_null=True)
    verified_by = Named(allow_null=True)
    approved_by = Named(allow_null=True)
    paid_by = Named(allow_null=True)
    closed_by = Named(allow_null=True)

    class Meta:
        model = SubsidyClaim
        fields = [
            *("id", "program", "cohort", "scheme", "shipment", "business_unit", "year"),
            *("requested", "approved_amount", "currency", "state", "moved_at", "comment"),
            *("documents", "missing", "paid_on", "payment_reference", "started_at", "started_by"),
            *(
                f"{hand}_{what}"
                for hand in ("submitted", "verified", "approved", "paid", "closed")
                for what in ("at", "by")
            ),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=DocumentKind.choices)))
    def get_missing(self, claim: SubsidyClaim) -> list[str]:
        """Compare what is there with what is asked for."""
        here = {paper.kind for paper in claim.papers.all()}
        return [kind for kind in claim.scheme.documents if kind not in here]


class ClaimChange(serializers.Serializer[Any]):
    """How much is asked for."""

    requested = serializers.DecimalField(**RUPIAH)


class ClaimIn(serializers.Serializer[Any]):
    """A claim to begin; it asks for the most that it may be, and serves the cohort that ran when the parcel left."""

    scheme = ScopedRelatedField(SubsidyScheme)
    shipment = ScopedRelatedField(Shipment)
    requested = serializers.DecimalField(required=False, allow_null=True, **RUPIAH)
    cohort = ScopedRelatedField(Cohort, required=False, allow_null=True)


class CommentIn(serializers.Serializer[Any]):
    """Why; the one who handed it in reads it."""

    comment = Words(max_length=600)


class ApproveIn(serializers.Serializer[Any]):
    """How much is approved; all that was asked for when nothing is said."""

    amount = serializers.DecimalField(required=False, allow_null=True, **RUPIAH)


class PayIn(serializers.Serializer[Any]):
    """On which day it was paid, and under which reference."""

    paid_on = Day()
    payment_reference = Words(max_length=80)


class DocumentIn(serializers.Serializer[Any]):
    """A document: PDF, JPEG, PNG or WebP."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(max_length=255)


class ClaimViewSet(ScopedViewSet[SubsidyClaim]):
    """Claims."""

    model = SubsidyClaim
    serializer_class = ClaimOut
    filterset_class = ClaimFilter
    parser_classes = (GuardedJSONParser, GuardedMultiPartParser)
    abilities = {
        **dict.fromkeys(("list", "retrieve", "limits", "documents", "document"), Can.READ_CLAIM),
        **dict.fromkeys(("create", "partial_update", "submit", "cancel"), Can.WRITE_CLAIM),
        **dict.fromkeys(("add_document", "remove_document"), Can.WRITE_CLAIM),
        **dict.fromkeys(("verify", "give_back", "reject"), Can.VERIFY_CLAIM),
        "approve": Can.APPROVE_CLAIM,
        **dict.fromkeys(("pay", "close"), Can.PAY_CLAIM),
    }
    orderings = ("-started_at", "moved_at")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along its terms, its unit, its documents and every hand."""
        hands = ("started_by", "submitted_by", "verified_by", "approved_by", "paid_by", "closed_by")
        papers = models.Prefetch("papers", ClaimDocument._default_manager.select_related("by").order_by("at", "pk"))
        return rows.select_related("scheme", "business_unit__region", *hands).prefetch_related(papers)

    @extend_schema(request=ClaimIn, responses={201: ClaimOut})
    def create(self, _request: Request) -> Response:
        """Begin a claim for one parcel; 409 names the claim that has its waybill already."""
        claim = start_claim(**self.heard(ClaimIn), by=self.user, at=now())
        return self.shown(claim, status=status.HTTP_201_CREATED)

    @extend_schema(request=ClaimChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Ask for another amount, while it is a draft or was returned."""
        return self._done(change_claim, ClaimChange)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Hand it in with every document that is asked for."""
        return self._done(submit_claim)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def verify(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that the papers show it; not by who handed it in."""
        return self._done(verify_claim)

    @extend_schema(request=CommentIn)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give it back, and say what to put right."""
        return self._done(return_claim, CommentIn)

    @extend_schema(request=ApproveIn)
    @action(detail=True, methods=["post"])
    def approve(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Commit money to it; 409 says what is left when it does not fit."""
        return self._done(approve_claim, ApproveIn)

    @extend_schema(request=PayIn)
    @action(detail=True, methods=["post"])
    def pay(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down that it was paid; by a third hand."""
        return self._done(pay_claim, PayIn)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Close the file."""
        return self._done(close_claim)

    @extend_schema(request=CommentIn)
    @action(detail=True, methods=["post"])
    def reject(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Refuse it for good, and say why; waybill, documents and money are free again."""
        return self._done(reject_claim, CommentIn)

    @extend_schema(request=CommentIn)
    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it back, and say why; waybill, documents and money are free again."""
        return self._done(cancel_claim, CommentIn)

    @extend_schema(operation_id="v1_claims_limits", responses=LimitsOut)
    @action(detail=True, methods=["get"])
    def limits(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say how much it may be as things stand, and until when it is handed in."""
        return Response(LimitsOut(limits_of(self.get_object())).data)

    @extend_schema(operation_id="v1_claims_documents", responses=DocumentOut(many=True))
    @action(detail=True, methods=["get"])
    def documents(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """List the documents that show it."""
        papers = visible(ClaimDocument, self.user).filter(claim=self.get_object()).select_related("by")
        return self.paged(papers, DocumentOut, orderings=("at",))

    @extend_schema(
        operation_id="v1_claims_documents_create",
        request={"multipart/form-data": DocumentIn},
        responses={201: DocumentOut},
    )
    @documents.mapping.post
    def add_document(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Keep a document: 413 too large, 415 no such form, 400 damaged or able to act, 409 part of another claim."""
        claim, given = self.get_object(), self.heard(DocumentIn)
        file = given["file"]
        sent = {"content": file.read(LARGEST + 1), "media_type": file.content_type or ""}
        with told_as_http():
            paper = add_document(claim, kind=given["kind"], **sent, by=self.user, at=now())
        return Response(DocumentOut(paper, context=self.get_serializer_context()).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="v1_claims_document_file",
        parameters=[DOCUMENT],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=ONE)
    def document(self, _request: Request, pk: str, document: str) -> FileResponse:  # noqa: ARG002
        """Give a document's bytes, to be saved and not to be run."""
        found = self._document(document)
        note_reading(found, verb="document_read", by=self.user, at=now())
        return hand_out(found.opened(), media_type=found.media_type, name=str(found.pk), to_save=True)

    @extend_schema(operation_id="v1_claims_document_remove", parameters=[DOCUMENT], responses={204: None})
    @document.mapping.delete
    def remove_document(self, _request: Request, pk: str, document: str) -> Response:  # noqa: ARG002
        """Take a document out, while the claim is a draft or was returned."""
        remove_document(self._document(document), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _done(self, act: Callable[..., None], body: type[serializers.Serializer[Any]] | None = None) -> Response:
        """Do one thing to the claim of this address, as the body says, and show how it stands then."""
        claim = self.get_object()
        given = self.heard(body, whole=True) if body else {}
        act(claim, **given, by=self.user, at=now())
        return self.shown(claim)

    def _document(self, key: str) -> ClaimDocument:
        papers = visible(ClaimDocument, self.user).filter(claim=self.get_object(), pk=key_of(key))
        found = papers.select_related("claim").first()
        if found is None:
            raise Http404
        return found
