"""Participants: who takes part in a cohort, who waits for a place, who withdrew."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Named, ScopedNamedField, ScopedRelatedField
from api.shapes import Output, Reason
from programs.actions import admit_enrollment, enroll_person, withdraw_enrollment
from programs.filters import EnrollmentFilter
from programs.models import Cohort, Enrollment
from programs.rules import Can
from programs.states import EnrollmentState
from villages.models import Person


class EnrollmentOut(Output[Enrollment]):
    """One person in one cohort."""

    person = Named()

    class Meta:
        model = Enrollment
        fields = ["id", "cohort", "person", "state", "reason", "enrolled_at"]


class EnrollmentIn(serializers.Serializer[Any]):
    """A person for a cohort."""

    cohort = ScopedRelatedField(Cohort)
    person = ScopedNamedField(Person)


class EnrollmentViewSet(ScopedViewSet[Enrollment]):
    """Who takes part."""

    model = Enrollment
    serializer_class = EnrollmentOut
    filterset_class = EnrollmentFilter
    abilities = {
        "list": Can.READ_PARTICIPANT,
        "retrieve": Can.READ_PARTICIPANT,
        "create": Can.ENROLL_PERSON,
        "admit": Can.ENROLL_PERSON,
        "withdraw": Can.ENROLL_PERSON,
    }
    orderings = ("person__name", "-enrolled_at")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the person along."""
        return rows.select_related("person")

    @extend_schema(request=EnrollmentIn, responses={201: EnrollmentOut})
    def create(self, _request: Request) -> Response:
        """Enroll a person; they get a seat in the cohort's coming sessions, or wait when every place is taken."""
        given = self.heard(EnrollmentIn)
        enrollment = enroll_person(given["cohort"], person=given["person"], by=self.user, at=now())
        return self.shown(enrollment, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def admit(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give a free place to someone who waits or applied."""
        enrollment = self.get_object()
        admit_enrollment(enrollment, to=EnrollmentState.ACCEPTED, by=self.user, at=now())
        return self.shown(enrollment)

    @extend_schema(request=Reason)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Let a person go, and say why."""
        enrollment = self.get_object()
        withdraw_enrollment(enrollment, **self.heard(Reason), by=self.user, at=now())
        return self.shown(enrollment)
