"""Certificates: who may get one, issuing, revoking, correcting, and the paper itself."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpResponse
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Scoped, ScopedViewSet
from api.fields import Day, Named, ScopedRows, Words
from api.renderers import PdfRenderer
from api.shapes import Output, Reason
from common.dates import local_date
from papers.actions import Signature, issue_certificates, note_named_paper, reissue_certificate, revoke_certificate
from papers.certificate import face_of, pdf_of
from papers.eligibility import eligibility_of
from papers.filters import CertificateFilter
from papers.models import Certificate
from papers.rules import Can
from programs.models import Cohort, Enrollment
from programs.states import ModuleCode
from progress.summary import training_hours

ALONG = ("enrollment__person", "enrollment__cohort", "issued_by", "revoked_by")


class CountedMinutes(serializers.Serializer[Any]):
    """One module as it was when the certificate was issued."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    attended = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # a field of ours, not DRF's switch
    minimum = serializers.IntegerField()


class CertificateOut(Output[Certificate]):
    """One certificate: what is printed on it, frozen when it was issued, and whether it holds."""

    person = Named(source="enrollment.person")
    cohort = serializers.IntegerField(source="enrollment.cohort_id", read_only=True)
    program = serializers.IntegerField(source="enrollment.cohort.program_id", read_only=True)
    village = serializers.IntegerField(source="enrollment.cohort.village_id", read_only=True)
    name = serializers.CharField(source="printed_name", read_only=True)
    course = serializers.CharField(source="facts.program", read_only=True)
    first_on = Day(source="facts.first_on", read_only=True)
    last_on = Day(source="facts.last_on", read_only=True)
    minutes = serializers.IntegerField(source="facts.minutes", read_only=True)
    training_hours = serializers.SerializerMethodField()
    modules = CountedMinutes(source="facts.modules", many=True, read_only=True)
    issued_by = Named()
    revoked_by = Named()

    class Meta:
        model = Certificate
        fields = [
            *("id", "number", "state", "enrollment", "person", "cohort", "program", "village"),
            *("name", "course", "first_on", "last_on", "minutes", "training_hours", "modules"),
            *("given_in", "given_on", "signer", "position", "signer_number"),
            *("issued_at", "issued_by", "revoked_at", "revoked_by", "reason", "replaces"),
        ]

    def get_training_hours(self, certificate: Certificate) -> int:
        """Whole hours of 45 minutes."""
        return training_hours(certificate.facts["minutes"])


class CertificateViewSet(ScopedViewSet[Certificate]):
    """Certificates; a number is public, names are for who works with the cohort."""

    model = Certificate
    serializer_class = CertificateOut
    filterset_class = CertificateFilter
    abilities = dict.fromkeys(("list", "retrieve", "pdf"), Can.READ_CERTIFICATE) | dict.fromkeys(
        ("revoke", "reissue"), Can.REVOKE_CERTIFICATE
    )
    orderings = ("-number",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the people along."""
        return rows.select_related(*ALONG)

    @extend_schema(request=Reason)
    @action(detail=True, methods=["post"])
    def revoke(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that it no longer holds, and why."""
        certificate = self.get_object()
        revoke_certificate(certificate, **self.heard(Reason), by=self.user, at=now())
        return self.shown(certificate)

    @extend_schema(request=None, responses={201: CertificateOut})
    @action(detail=True, methods=["post"])
    def reissue(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Print it anew with what was corrected; the old number is revoked."""
        made = reissue_certificate(self.get_object(), by=self.user, at=now())
        return self.shown(made, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, _request: Request, pk: str) -> HttpResponse:  # noqa: ARG002
        """Hand out the paper."""
        certificate = self.get_object()
        note_named_paper(certificate, by=self.user, at=now())
        face = face_of(certificate, base_url=settings.BASE_URL)
        headers = {"Content-Disposition": f'attachment; filename="{face.number}.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(pdf_of(face), content_type="application/pdf", headers=headers)


class AskedOut(serializers.Serializer[Any]):
    """What is asked for of one training module."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    required = serializers.IntegerField()  # type: ignore[assignment]
    minimum = serializers.IntegerField()
    needed = serializers.IntegerField()


class StandingOut(AskedOut):
    """How far someone is in it."""

    attended = serializers.IntegerField()
    reached = serializers.BooleanField()


class CandidateOut(serializers.Serializer[Any]):
    """One participant: whether they may get a certificate, what is missing in words, and the one they have."""

    enrollment = serializers.IntegerField(source="enrollment.pk")
    person = Named(source="enrollment.person")
    eligible = serializers.BooleanField()
    lacks = serializers.ListField(child=serializers.CharField())
    modules = StandingOut(source="progress.required", many=True)
    certificate = serializers.IntegerField(source="certificate.pk", allow_null=True, default=None)


class EligibilityOut(serializers.Serializer[Any]):
    """The rule and the participants of one cohort."""

    asked = AskedOut(many=True)
    rule = serializers.ListField(child=serializers.CharField())
    candidates = CandidateOut(many=True)


class IssueIn(serializers.Serializer[Any]):
    """Who gets one; the foot of the paper is as last time in the program, where nothing else is said."""

    enrollments = ScopedRows(Enrollment)
    given_in = Words(max_length=80, required=False)
    given_on = Day(required=False)
    signer = Words(max_length=120, required=False)
    position = Words(max_length=160, required=False)
    signer_number = Words(max_length=60, required=False, allow_blank=True)


class IssuedOut(serializers.Serializer[Any]):
    """The new certificates, and those that were there already."""

    made = CertificateOut(many=True)
    had = CertificateOut(many=True)


class CohortCertificateViewSet(Scoped[Cohort]):
    """The certificates of one cohort."""

    model = Cohort
    serializer_class = EligibilityOut
    abilities = {"eligible": Can.READ_CERTIFICATE, "certificates": Can.ISSUE_CERTIFICATE}

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along what is printed."""
        return rows.select_related("program__letterhead", "village__region__parent__parent")

    @extend_schema(responses=EligibilityOut)
    @action(detail=True, url_path="certificates/eligible")
    def eligible(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say who may get a certificate, and what the others lack."""
        found = eligibility_of(self.get_object(), at=now())
        return Response(EligibilityOut(found, context=self.get_serializer_context()).data)

    @extend_schema(request=IssueIn, responses={201: IssuedOut, 200: IssuedOut})
    @action(detail=True, methods=["post"])
    def certificates(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give each of them a certificate, or none; who has one keeps it: 201 when any is new."""
        cohort, given, at = self.get_object(), self.heard(IssueIn), now()
        people = given.pop("enrollments")
        usual = Signature.usual(cohort, on=local_date(at, cohort.village.zone))
        signature = Signature(**{**asdict(usual), **given})
        issued = issue_certificates(cohort, enrollments=people, signature=signature, by=self.user, at=at)
        said = IssuedOut(issued, context=self.get_serializer_context()).data
        return Response(said, status=status.HTTP_201_CREATED if issued.made else status.HTTP_200_OK)
