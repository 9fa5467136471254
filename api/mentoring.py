"""Who mentors which village, the visits, and what was agreed there."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ScopedViewSet
from api.fields import Day, Named, ScopedNamedField, ScopedRelatedField, Words
from api.shapes import Input, Output, Reason
from api.visits import (
    IF_MATCH,
    VerdictOut,
    VerdictsOut,
    VisitBatch,
    VisitBatchShape,
    VisitItem,
    VisitOut,
    VisitPut,
    content_of,
    detail_of,
    held_back,
    judged,
    key_of,
    reasons,
    version_of,
)
from common.constraints import sentence_of
from common.errors import Refused
from mentoring.actions import (
    Outcome,
    approve_visit,
    assign_mentor,
    carry_over_action,
    drop_action,
    end_assignment,
    finish_action,
    hand_in_visit,
    put_visit,
    return_visit,
)
from mentoring.filters import ActionItemFilter, AssignmentFilter, VisitRowFilter
from mentoring.models import ActionItem, Assignment, Attendee, Finding, FollowUp, Photo, Visit
from mentoring.querysets import NO_DAY
from mentoring.rules import Can
from programs.models import Module
from villages.models import Village
from villages.rules import Can as CanInVillages


class AssignmentOut(Output[Assignment]):
    """A mentor's letter for one village."""

    mentor = Named()

    class Meta:
        model = Assignment
        fields = ["id", "mentor", "village", "starts_on", "ends_on"]


class AssignmentIn(Input[Assignment]):
    """A village for a mentor."""

    mentor = ScopedNamedField(User)
    village = ScopedRelatedField(Village)

    class Meta:
        model = Assignment
        fields = ["mentor", "village", "starts_on"]


class AssignmentEnd(serializers.Serializer[Any]):
    """The last day."""

    ends_on = Day()


class AssignmentViewSet(ScopedViewSet[Assignment]):
    """Who mentors which village, from when until when."""

    model = Assignment
    serializer_class = AssignmentOut
    filterset_class = AssignmentFilter
    abilities = {
        "list": Can.READ_ASSIGNMENT,
        "retrieve": Can.READ_ASSIGNMENT,
        "create": Can.ASSIGN_MENTOR,
        "partial_update": Can.ASSIGN_MENTOR,
    }
    orderings = ("-starts_on", "pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the mentor along."""
        return rows.select_related("mentor")

    @extend_schema(request=AssignmentIn, responses={201: AssignmentOut})
    def create(self, _request: Request) -> Response:
        """Give a mentor a village."""
        assignment = assign_mentor(**self.heard(AssignmentIn), by=self.user, at=now())
        return self.shown(assignment, status=status.HTTP_201_CREATED)

    @extend_schema(request=AssignmentEnd)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """End it with a day."""
        assignment = self.get_object()
        given = self.heard(AssignmentEnd, whole=True)
        end_assignment(assignment, ends_on=given["ends_on"], by=self.user, at=now())
        return self.shown(assignment)


class Comment(serializers.Serializer[Any]):
    """What the mentor should change."""

    comment = Words(max_length=600)


class VisitViewSet(ScopedViewSet[Visit]):
    """Visits, under keys that phones choose: sending one again changes nothing."""

    model = Visit
    serializer_class = VisitOut
    filterset_class = VisitRowFilter
    abilities = {
        "list": Can.READ_VISIT,
        "retrieve": Can.READ_VISIT,
        "update": Can.LOG_VISIT,
        "sync": Can.LOG_VISIT,
        "submit": Can.SUBMIT_VISIT,
        "approve": Can.APPROVE_VISIT,
        "give_back": Can.APPROVE_VISIT,
    }
    orderings = ("-visited_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the rows below along; who may not read people is told of none."""
        attendees = Attendee._default_manager.select_related("person").order_by("pk")
        if not self.user.has_perm(CanInVillages.READ_PERSON):
            attendees = attendees.none()
        return rows.select_related("mentor", "approved_by").prefetch_related(
            Prefetch("modules", Module._default_manager.order_by("position")),
            Prefetch("attendees", attendees),
            Prefetch("findings", Finding._default_manager.order_by("pk")),
            Prefetch("followed", FollowUp._default_manager.order_by("pk")),
            Prefetch("action_items", ActionItem._default_manager.order_by("due_on", "pk")),
            Prefetch("photos", Photo._default_manager.standing().order_by("position", "pk")),
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one, with its version as ETag."""
        response = super().retrieve(request, *args, **kwargs)
        response["ETag"] = f'"{response.data["version"]}"'
        return response

    @extend_schema(request=VisitPut, parameters=[IF_MATCH], responses={200: VisitOut, 201: VisitOut, 202: VerdictOut})
    def update(self, request: Request, pk: str) -> Response:
        """Keep a visit: 201 when new, 200 when it was here or was changed from the version named.

        What may not simply be stored is kept until a person decides: 202, and 409 beside other content.
        """
        given, key = self.heard(VisitPut), key_of(pk)
        sent: dict[str, Any] = {name: given.get(name) for name in ("base_version", "sent_at")}
        sent["base_version"] = version_of(request) or sent["base_version"]
        verdict = put_visit(id=key, content=content_of(given), by=self.user, at=now(), **sent)
        if verdict.outcome == Outcome.CONFLICT or verdict.visit is None:
            return held_back(verdict, request, key)
        code = status.HTTP_201_CREATED if verdict.outcome == Outcome.STORED else status.HTTP_200_OK
        return self.shown(verdict.visit, status=code, ETag=f'"{verdict.visit.version}"')

    @extend_schema(request=VisitBatchShape, responses=VerdictsOut)
    @action(detail=False, methods=["post"])
    def sync(self, _request: Request) -> Response:
        """Keep a batch; one bad item never blocks the others."""
        given = self.heard(VisitBatch)
        return Response({"items": [self._judged(item, given.get("sent_at")) for item in given["items"]]})

    def _judged(self, item: object, sent_at: datetime | None) -> dict[str, object]:
        heard = VisitItem(data=item, context=self.get_serializer_context())
        if not heard.is_valid():
            key = item.get("id") if isinstance(item, dict) else None
            return judged(key, "refused", "; ".join(reasons(heard.errors)))
        given = dict(heard.validated_data)
        key, base = given["id"], given.get("base_version")
        try:
            verdict = put_visit(
                id=key, content=content_of(given), by=self.user, at=now(), base_version=base, sent_at=sent_at
            )
        except ValidationError as refused:
            return judged(key, "refused", "; ".join(refused.messages))
        except Refused as refused:
            return judged(key, "refused", str(refused))
        except IntegrityError as refused:
            return judged(key, "refused", sentence_of(refused))
        outcome = Outcome.STORED if verdict.outcome == Outcome.CHANGED else verdict.outcome
        version = verdict.visit.version if verdict.visit else None
        return judged(key, outcome, detail_of(verdict), version, verdict.reason)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Hand it to the coordinator: 200, or 202 where it is kept for review."""
        visit = self.get_object()
        verdict = hand_in_visit(visit, by=self.user, at=now())
        return held_back(verdict, request, visit.pk) if verdict.held else self.shown(visit)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it into the record."""
        visit = self.get_object()
        approve_visit(visit, by=self.user, at=now(), version=version_of(request))
        return self.shown(visit)

    @extend_schema(request=Comment, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give it back to the mentor with a comment."""
        visit = self.get_object()
        return_visit(visit, **self.heard(Comment), by=self.user, at=now(), version=version_of(request))
        return self.shown(visit)


class ActionItemOut(Output[ActionItem]):
    """What was agreed, and what became of it."""

    settled_by = Named()

    class Meta:
        model = ActionItem
        fields = [
            *("id", "village", "visit", "what", "owner", "due_on", "state"),
            *("reason", "evidence", "settled_at", "settled_by", "settled_in"),
        ]


class Evidence(serializers.Serializer[Any]):
    """What shows that it is done."""

    evidence = Words(max_length=300, required=False, allow_blank=True)


class CarryOver(serializers.Serializer[Any]):
    """The new day."""

    due_on = Day(allow_null=True)


class ActionItemViewSet(ScopedViewSet[ActionItem]):
    """What was agreed at visits."""

    model = ActionItem
    serializer_class = ActionItemOut
    filterset_class = ActionItemFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_ACTION) | dict.fromkeys(
        ("finish", "drop", "carry_over"), Can.SETTLE_ACTION
    )
    orderings = ("due",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read who settled it along, and give items without a day a place in the order: the last."""
        dated: models.QuerySet[Any] = rows.select_related("settled_by").annotate(due=Coalesce("due_on", NO_DAY))
        return dated

    @extend_schema(request=Evidence)
    @action(detail=True, methods=["post"])
    def finish(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that it is done, and what shows it."""
        item = self.get_object()
        finish_action(item, **self.heard(Evidence), by=self.user, at=now())
        return self.shown(item)

    @extend_schema(request=Reason)
    @action(detail=True, methods=["post"])
    def drop(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give it up, and say why."""
        item = self.get_object()
        drop_action(item, **self.heard(Reason), by=self.user, at=now())
        return self.shown(item)

    @extend_schema(request=CarryOver, responses={201: ActionItemOut})
    @action(detail=True, methods=["post"], url_path="carry-over")
    def carry_over(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Agree on the same again, with a new day; answers with the new item."""
        again = carry_over_action(self.get_object(), **self.heard(CarryOver), by=self.user, at=now())
        return self.shown(again, status=status.HTTP_201_CREATED)
