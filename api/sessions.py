"""Sessions: planned, changed, scheduled, rescheduled, cancelled, held, closed; their revisions and messages."""

from typing import Any

from django.db import models
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedList
from api.fields import Moment, Named, ScopedRelatedField, ScopedRows, Words, visible
from api.planning import SessionPlanning
from api.reminders import MessageOut, with_people
from api.shapes import Input, Output, Reason
from api.sheets import SheetViewSet
from api.visits import IF_MATCH, version_of
from attendance.actions import close_session, hold_session
from attendance.rules import Can as CanAttend
from common.errors import RowMoved
from programs.actions import (
    assign_trainers,
    cancel_session,
    change_session,
    plan_session,
    reschedule_session,
    schedule_session,
)
from programs.cautions import cautions_of
from programs.filters import SessionFilter
from programs.models import Booking, Cohort, Module, Program, Session, SessionRevision, Trainer, Venue
from programs.rules import Can
from reminders.models import Message
from reminders.rules import Can as CanInReminders


class SessionOut(Output[Session]):
    """One meeting of one module for one or more cohorts; `zone` is the zone of the place."""

    cohorts = serializers.SerializerMethodField()
    trainers = serializers.SerializerMethodField()
    minutes = serializers.IntegerField(read_only=True)

    class Meta:
        model = Session
        fields = [
            *("id", "program", "module", "topic", "cohorts", "trainers", "venue", "zone", "mode", "capacity"),
            *("starts_at", "ends_at", "minutes", "revision", "state", "reason", "override_reason", "nobody_came"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_cohorts(self, session: Session) -> list[int]:
        """List ids."""
        return sorted(booking.cohort_id for booking in session.bookings.all() if booking.cohort_id)

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_trainers(self, session: Session) -> list[int]:
        """List ids."""
        return sorted(booking.trainer_id for booking in session.bookings.all() if booking.trainer_id)


class SessionAnswer(SessionOut):
    """A session as it was just written, with what speaks against its time."""

    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(SessionOut.Meta):
        fields = [*SessionOut.Meta.fields, "warnings"]


class SessionIn(Input[Session]):
    """A session to plan; a warning does not stop it, and a reason given is kept with it."""

    program = ScopedRelatedField(Program)
    module = ScopedRelatedField(Module)
    cohorts = ScopedRows(Cohort)
    trainers = ScopedRows(Trainer, required=False)
    venue = ScopedRelatedField(Venue, required=False, allow_null=True)
    override_reason = Words(max_length=300, required=False)

    class Meta:
        model = Session
        fields = [
            *("program", "module", "cohorts", "trainers", "venue", "mode"),
            *("starts_at", "ends_at", "capacity", "topic", "override_reason"),
        ]


class SessionChange(SessionIn):
    """What may be changed in a draft: all but its program."""

    program = None  # type: ignore[assignment]

    class Meta(SessionIn.Meta):
        fields = [name for name in SessionIn.Meta.fields if name != "program"]


class Rescheduling(serializers.Serializer[Any]):
    """The new time, and why; the venue stays unless given."""

    starts_at = Moment()
    ends_at = Moment()
    venue = ScopedRelatedField(Venue, required=False, allow_null=True)
    reason = Words(max_length=300)
    override_reason = Words(max_length=300, required=False)
    took_place = serializers.BooleanField(
        allow_null=True, default=None, help_text="Of a time that has passed: false refuses it; nobody is told of one."
    )


class Scheduling(serializers.Serializer[Any]):
    """Why it is held in spite of a warning; what was said with the draft stays unless given."""

    override_reason = Words(max_length=300, required=False)


class Teaching(serializers.Serializer[Any]):
    """Who teaches."""

    trainers = ScopedRows(Trainer)


class Holding(serializers.Serializer[Any]):
    """Whether nobody came at all."""

    nobody_came = serializers.BooleanField(default=False)


class RevisionOut(Output[SessionRevision]):
    """What was promised at one time."""

    by = Named()

    class Meta:
        model = SessionRevision
        fields = ["number", "starts_at", "ends_at", "venue", "reason", "override_reason", "by", "at"]


def with_bookings(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Read trainers and cohorts along with one query."""
    return rows.prefetch_related(models.Prefetch("bookings", Booking._default_manager.order_by("pk")))


class SessionViewSet(SessionPlanning, SheetViewSet):
    """Sessions."""

    model = Session
    serializer_class = SessionOut
    filterset_class = SessionFilter
    abilities = {
        **SheetViewSet.abilities,
        "list": Can.READ_SCHEDULE,
        "retrieve": Can.READ_SCHEDULE,
        "revisions": Can.READ_SCHEDULE,
        "create": Can.PLAN_SESSION,
        "partial_update": Can.PLAN_SESSION,
        "destroy": Can.PLAN_SESSION,
        "free_slots": Can.PLAN_SESSION,
        "shift": Can.RESCHEDULE_SESSION,
        "schedule": Can.SCHEDULE_SESSION,
        "reschedule": Can.RESCHEDULE_SESSION,
        "cancel": Can.CANCEL_SESSION,
        "trainers": Can.PLAN_SESSION,
        "hold": CanAttend.CLOSE_SESSION,
        "close": CanAttend.CLOSE_SESSION,
        "messages": CanInReminders.READ_MESSAGE,
    }
    orderings = ("starts_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read trainers and cohorts along."""
        return with_bookings(rows)

    def answered(self, session: Session, *, status: int = status.HTTP_200_OK) -> Response:
        """Answer with a session as it now stands, and with what speaks against its time."""
        response = self.shown(session, status=status)
        if response.data is not None:
            response.data["warnings"] = [caution.sentence for caution in cautions_of(session, by=self.user)]
        return response

    def planned(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Read what the action takes; a program that gives no reason has not looked."""
        given = self.heard(shape)
        return {"override": given.pop("override_reason", None), **given}

    @extend_schema(request=SessionIn, responses={201: SessionAnswer})
    def create(self, _request: Request) -> Response:
        """Plan a session; it is a draft until it is scheduled."""
        given = {"trainers": [], "venue": None, **self.planned(SessionIn)}
        session = plan_session(**given, by=self.user, at=now())
        return self.answered(session, status=status.HTTP_201_CREATED)

    @extend_schema(request=SessionChange, responses=SessionAnswer)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Change a draft; what is not named stays."""
        session = self.get_object()
        kept: dict[str, Any] = {name: getattr(session, name) for name in SessionChange.Meta.fields}
        kept |= {"cohorts": [*session.cohorts.all()], "trainers": [*session.trainers.all()]}
        given = {**kept, **self.heard(SessionChange)}
        given["override"] = given.pop("override_reason") or None
        change_session(session, **given, by=self.user, at=now())
        return self.answered(session)

    @extend_schema(request=Scheduling, responses=SessionAnswer)
    @action(detail=True, methods=["post"])
    def schedule(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Put it on the calendar: seats are given, messages planned."""
        session = self.get_object()
        schedule_session(session, **self.planned(Scheduling), by=self.user, at=now())
        return self.answered(session)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one, with its revision as ETag."""
        response = super().retrieve(request, *args, **kwargs)
        response["ETag"] = f'"{response.data["revision"]}"'
        return response

    def seen(self, request: Request) -> Session:
        """Read the session; a caller who names a revision that is gone is told so."""
        session = self.get_object()
        if version_of(request) not in (None, session.revision):
            raise RowMoved(session)
        return session

    @extend_schema(request=Rescheduling, parameters=[IF_MATCH], responses=SessionAnswer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Move it; everyone who was told is told of the change."""
        session = self.seen(request)
        reschedule_session(session, **self.planned(Rescheduling), by=self.user, at=now())
        return self.answered(session)

    @extend_schema(request=Reason, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Call it off, and say why."""
        session = self.seen(request)
        cancel_session(session, **self.heard(Reason), by=self.user, at=now())
        return self.shown(session)

    @extend_schema(request=Teaching)
    @action(detail=True, methods=["put"])
    def trainers(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say who teaches; time and place stay as they were promised."""
        session = self.get_object()
        assign_trainers(session, **self.heard(Teaching), by=self.user, at=now())
        return self.shown(session)

    @extend_schema(request=Holding)
    @action(detail=True, methods=["post"])
    def hold(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say that it took place."""
        session = self.get_object()
        hold_session(session, **self.heard(Holding), by=self.user, at=now())
        return self.shown(session)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Close the sheet."""
        session = self.get_object()
        close_session(session, by=self.user, at=now())
        return self.shown(session)

    @extend_schema(responses=RevisionOut(many=True))
    @action(detail=True, methods=["get"])
    def revisions(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Show what was promised, in order."""
        rows = visible(SessionRevision, self.user).filter(session=self.get_object()).select_related("by")
        return self.paged(rows, RevisionOut, orderings=("number",))

    @extend_schema(responses=MessageOut(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Show what was told about it, and what will be."""
        rows = with_people(visible(Message, self.user).filter(session=self.get_object()), self.user)
        return self.paged(rows, MessageOut, orderings=("due_at",))


class MySchedule(ScopedList[Session]):
    """What lies ahead of the signed-in person: the sessions in their scope that are not over."""

    model = Session
    serializer_class = SessionOut
    filterset_class = SessionFilter
    abilities = {"list": Can.READ_SCHEDULE}
    orderings = ("starts_at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Keep what is scheduled and not yet over."""
        ahead = Session.objects.visible_to(self.user).upcoming(now())
        return with_bookings(rows.filter(pk__in=ahead.values("pk")))
