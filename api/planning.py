"""Planning at large: what is free for everything at once, a whole series, and a whole row shifted."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import EARLIEST, LATEST, Day, Moment, ScopedRelatedField, ScopedRows, Words
from common.dates import local_moment
from common.errors import RowMoved
from common.zones import Zone
from programs.actions import discard_session, look_at_shift, plan_series, shift_sessions
from programs.actions.shift import FARTHEST, Move
from programs.impact import Impact, impact_of
from programs.models import Cohort, Module, Program, Session, Trainer, Venue
from programs.series import MOST, Series, Span
from programs.slots import LONGEST, SHORTEST, ahead_of, check_window, diary_of, free_slots, shared_diary
from programs.states import SessionMode
from programs.taken import Taken

FORTNIGHT: Final = timedelta(days=14)
DEFAULT_MINUTES: Final = 120
DRY_RUN = OpenApiParameter("dry_run", bool, description="Answer what would happen; nothing is written.")
IDS: Final[dict[str, Any]] = {"many": True, "description": "Several are free together."}


class SlotOut(serializers.Serializer[Any]):
    """A time at which everything asked for is free, with what is warned of."""

    starts_at = Moment(source="span.starts_at")
    ends_at = Moment(source="span.ends_at")
    warnings = serializers.ListField(child=serializers.CharField())


class SlotsAsked(serializers.Serializer[Any]):
    """For whom and where, and how long."""

    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=DEFAULT_MINUTES)
    trainer = ScopedRows(Trainer, default=list)
    venue = ScopedRows(Venue, default=list)
    cohort = ScopedRows(Cohort, default=list)


class TimeOut(serializers.Serializer[Any]):
    """One time of a series as it would be: what takes something of it, what is warned of, and a better one."""

    starts_at = Moment(source="look.span.starts_at")
    ends_at = Moment(source="look.span.ends_at")
    possible = serializers.SerializerMethodField()
    clashes = serializers.ListField(child=serializers.CharField(), source="look.clashes")
    warnings = serializers.SerializerMethodField()
    nearest = SlotOut(source="slot", allow_null=True)

    def get_possible(self, line: Any) -> bool:
        """Tell whether a reason is enough, or none is needed."""
        return not line.look.impossible

    def get_warnings(self, line: Any) -> list[str]:
        """Say what speaks against it."""
        return [caution.sentence for caution in line.look.cautions]


class SeriesOut(serializers.Serializer[Any]):
    """The sessions that were planned, or the times as they would be."""

    sessions = serializers.ListField(child=serializers.IntegerField())
    times = TimeOut(many=True)


class TimeIn(serializers.Serializer[Any]):
    """One time, where the series is given time by time."""

    starts_at = Moment()
    ends_at = Moment()


class SeriesIn(serializers.Serializer[Any]):
    """A series: weekdays (Monday is 1) and hours of the place, counted or until a day; or `times` one by one."""

    module = ScopedRelatedField(Module)
    topic = Words(max_length=160, required=False, allow_blank=True, default="")
    cohorts = ScopedRows(Cohort, default=list, help_text="Other cohorts of the program that take part too.")
    trainers = ScopedRows(Trainer, default=list)
    venue = ScopedRelatedField(Venue, allow_null=True, default=None)
    mode = serializers.ChoiceField(choices=SessionMode.choices, default=SessionMode.IN_PERSON)
    capacity = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True, default=None)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), max_length=7, default=list
    )
    locals()["from"] = Day(required=False)  # a word of Python's own
    starts = serializers.TimeField(required=False)
    ends = serializers.TimeField(required=False)
    count = serializers.IntegerField(min_value=1, max_value=MOST, allow_null=True, default=None)
    until = Day(allow_null=True, default=None)
    times = serializers.ListField(child=TimeIn(), required=False, max_length=MOST)
    override_reason = Words(max_length=300, required=False)
    schedule = serializers.BooleanField(default=False)


class ShiftIn(serializers.Serializer[Any]):
    """What moves, by how many days or to which hour, and why; `revisions` refuses what is no longer as it was seen."""

    program = ScopedRelatedField(Program)
    cohorts = ScopedRows(Cohort, default=list)
    locals()["from"] = Day()
    days = serializers.IntegerField(min_value=-FARTHEST, max_value=FARTHEST, default=0)
    clock = serializers.TimeField(allow_null=True, default=None)
    reason = Words(max_length=300)
    override_reason = Words(max_length=300, required=False)
    revisions = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)


class MoveOut(serializers.Serializer[Any]):
    """One session and where it goes."""

    session = serializers.IntegerField(source="session.pk")
    told = serializers.BooleanField()
    starts_at = Moment(source="goal.span.starts_at")
    ends_at = Moment(source="goal.span.ends_at")
    possible = serializers.SerializerMethodField()
    clashes = serializers.ListField(child=serializers.CharField(), source="goal.clashes")
    warnings = serializers.SerializerMethodField()

    def get_possible(self, move: Move) -> bool:
        """Tell whether a reason is enough, or none is needed."""
        return not move.goal.impossible

    def get_warnings(self, move: Move) -> list[str]:
        """Say what speaks against it."""
        return [caution.sentence for caution in move.goal.cautions]


class ShiftOut(serializers.Serializer[Any]):
    """Every move, and who hears of it."""

    moves = MoveOut(many=True)
    people = serializers.IntegerField()
    numbers = serializers.IntegerField()
    unreached = serializers.IntegerField()


class SessionPlanning(ScopedViewSet[Session]):
    """What sessions can do together, and the end of a draft."""

    def destroy(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Discard a draft; anything that was promised is cancelled instead."""
        discard_session(self.get_object(), by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="A day, or a moment with its offset; now by default."),
            OpenApiParameter("to", str, description="A day (included) or a moment, at most 92 days on."),
            OpenApiParameter("minutes", int, description="How long; 120 by default."),
            *(OpenApiParameter(name, int, **IDS) for name in ("trainer", "venue", "cohort")),
        ],
        responses=SlotOut(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], url_path="free-slots", pagination_class=None, filter_backends=())
    def free_slots(self, request: Request) -> Response:
        """List the times at which all of these are free, by time: half-hours of working days of the place."""
        asked = self._slots_asked(request)
        start, end = _window(request, _zone(asked))
        check_window(start, end, asked["minutes"])
        what = {f"{name}s": asked[name] for name in ("trainer", "venue", "cohort")}
        diary = shared_diary(**what, start=start, end=end, by=self.user)
        found = free_slots(diary, start=start, end=end, minutes=asked["minutes"])
        return Response(SlotOut(found, many=True).data)

    def _slots_asked(self, request: Request) -> dict[str, Any]:
        names = ("trainer", "venue", "cohort")
        for name in request.query_params:
            if name not in {"from", "to", "minutes", *names}:
                raise serializers.ValidationError({name[:80]: [_("There is no such filter.")]})
        data: dict[str, Any] = {name: request.query_params.getlist(name) for name in names}
        data |= {"minutes": request.query_params["minutes"]} if "minutes" in request.query_params else {}
        asked = SlotsAsked(data=data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        if not any(asked.validated_data[name] for name in names):
            raise serializers.ValidationError({"cohort": [_("Name a trainer, a venue or a cohort.")]})
        return dict(asked.validated_data)

    @extend_schema(request=ShiftIn, parameters=[DRY_RUN], responses=ShiftOut)
    @action(detail=False, methods=["post"])
    def shift(self, request: Request) -> Response:
        """Move everything that a program has ahead from a day on; all of it or nothing."""
        heard, dry = self.heard(ShiftIn), _is_dry(request)
        sessions = self._shiftable(heard)
        how = {name: heard[name] for name in ("days", "clock")}
        moves = look_at_shift(sessions, **how, by=self.user, at=now())
        told = [move.session for move in moves if move.told]
        impact = impact_of(told, [move.taken for move in moves])
        if not dry:
            how |= {"reason": heard["reason"], "override": heard.get("override_reason")}
            shift_sessions(sessions, **how, by=self.user, at=now())
        return Response(_shift_out(moves, impact))

    def _shiftable(self, heard: dict[str, Any]) -> list[Session]:
        """Read what moves; where the caller says what was seen, exactly that."""
        rows = Session.objects.visible_to(self.user).filter(program=heard["program"])
        rows = rows.from_day(heard["from"]).shiftable(now()).select_related("program", "module", "venue")
        if heard["cohorts"]:
            rows = rows.filter(cohorts__in=heard["cohorts"]).distinct()
        sessions = list(rows.order_by("starts_at", "pk")[:201])
        if "revisions" in heard and heard["revisions"] != {str(row.pk): row.revision for row in sessions}:
            raise RowMoved(heard["program"])
        return sessions


class CohortPlanning(ScopedViewSet[Cohort]):
    """What is planned for a cohort at large."""

    @extend_schema(request=SeriesIn, parameters=[DRY_RUN], responses={200: SeriesOut, 201: SeriesOut})
    @action(detail=True, methods=["post"], filter_backends=())
    def series(self, request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Plan a series for this cohort, all of it or nothing; a dry run tells what each time meets."""
        cohort, heard, dry = self.get_object(), self.heard(SeriesIn), _is_dry(request)
        taken = Taken([cohort, *(row for row in heard["cohorts"] if row != cohort)], heard["trainers"], heard["venue"])
        spans = _spans(heard, taken.zone)
        if dry:
            window, capacity = ahead_of(spans, taken.zone), heard["capacity"]
            diary = diary_of(cohort.program, taken, *window, by=self.user, capacity=capacity)
            return Response(SeriesOut({"sessions": [], "times": diary.lines(spans, after=now())}).data)
        names = ("module", "topic", "trainers", "venue", "mode", "capacity", "schedule")
        what = {"program": cohort.program, "cohorts": taken.cohorts, **{name: heard[name] for name in names}}
        what |= {"override": heard.get("override_reason")}
        planned = plan_series(spans=spans, **what, by=self.user, at=now())
        keys = {"sessions": [row.pk for row in planned], "times": []}
        return Response(SeriesOut(keys).data, status=status.HTTP_201_CREATED)


def _is_dry(request: Request) -> bool:
    """Read whether only a look is asked for; a word that is neither yes nor no is never taken for a no."""
    try:
        return bool(serializers.BooleanField().run_validation(request.query_params.get("dry_run", False)))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"dry_run": error.detail}) from None


def _spans(heard: dict[str, Any], zone: str) -> list[Span]:
    """Read the times one by one, or count the series out."""
    if heard.get("times"):
        return [Span(row["starts_at"], row["ends_at"]) for row in heard["times"]]
    missing = [name for name in ("from", "starts", "ends") if heard.get(name) is None]
    if missing:
        raise serializers.ValidationError({name: [_("This is needed for a series.")] for name in missing})
    days = {name: heard[name] for name in ("starts", "ends", "count", "until")}
    try:
        return Series(first=heard["from"], weekdays=frozenset(heard["weekdays"]), zone=zone, **days).spans()
    except ValidationError as error:
        raise serializers.ValidationError({error.code or "series": error.messages}) from None


def _shift_out(moves: Sequence[Move], impact: Impact) -> Any:
    shown = {"people": len(impact.people), "numbers": impact.numbers, "unreached": len(impact.unreached)}
    return ShiftOut({"moves": moves, **shown}).data


def _zone(asked: dict[str, Any]) -> str:
    for venue in asked["venue"]:
        return str(venue.zone)
    for cohort in asked["cohort"]:
        return str(cohort.village.zone)
    return Zone.WIB


def _window(request: Request, zone: str) -> tuple[datetime, datetime]:
    """Read from when until when is searched; a day is one of the place."""
    start = _moment(request, "from", zone) or now()
    return start, _moment(request, "to", zone) or start + FORTNIGHT


def _moment(request: Request, name: str, zone: str) -> datetime | None:
    text = request.query_params.get(name, "").strip().replace(" ", "+")  # a plus in an address is read as a space
    if not text:
        return None
    day, moment = _read(parse_date, text), _read(parse_datetime, text)
    if day is not None and EARLIEST <= day.year < LATEST:
        return local_moment(day + timedelta(days=name == "to"), time.min, zone)
    if isinstance(moment, datetime) and moment.tzinfo and EARLIEST <= moment.year < LATEST:
        return moment
    said = _("Write a day, 2026-10-01, or a moment with its offset, 2026-10-01T09:00:00+07:00.")
    raise serializers.ValidationError({name: [said]})


def _read(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None
