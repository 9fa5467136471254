"""Attendance that was taken on phones: a batch of acts, and a verdict for each."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import AbleView
from api.fields import Key, Moment, PersonKey, Words
from api.visits import reasons
from attendance.actions import Kept, Verdict, keep_acts
from attendance.actions.phone import MOST
from attendance.content import ActContent
from attendance.pocket import plain_seat
from attendance.rules import Can
from attendance.states import ActKind
from programs.states import AttendanceState, Excuse
from villages.states import Sex


class MarkActIn(serializers.Serializer[Any]):
    """A mark on a seat; without minutes, who came stayed to the end."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[ActKind.MARK])
    session = Key()
    enrollment = Key()
    state = serializers.ChoiceField(choices=AttendanceState.choices)
    minutes = serializers.IntegerField(min_value=0, max_value=24 * 60, required=False, allow_null=True)
    excuse = serializers.ChoiceField(choices=Excuse.choices, required=False, allow_blank=True)
    made_at = Moment(help_text="By the phone's own clock.")


class WalkInActIn(serializers.Serializer[Any]):
    """Somebody who came unasked: known by key, or written by name and sex."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[ActKind.WALK_IN])
    session = Key()
    cohort = Key()
    person = PersonKey(required=False, allow_null=True)
    name = Words(max_length=120, required=False, allow_blank=True)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, allow_blank=True)
    made_at = Moment(help_text="By the phone's own clock.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take a person or a name."""
        if not attrs.get("person") and not attrs.get("name", "").strip():
            raise serializers.ValidationError({"name": _("Choose a person or write a name.")})
        return attrs


class ActIn(serializers.Serializer[Any]):
    """One act of either kind, as the schema shows it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ActKind.choices)
    session = Key()
    enrollment = Key(required=False)
    state = serializers.ChoiceField(choices=AttendanceState.choices, required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=24 * 60, required=False, allow_null=True)
    excuse = serializers.ChoiceField(choices=Excuse.choices, required=False, allow_blank=True)
    cohort = Key(required=False)
    person = Key(required=False, allow_null=True)
    name = Words(max_length=120, required=False, allow_blank=True)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, allow_blank=True)
    made_at = Moment(help_text="By the phone's own clock.")


class ActBatch(serializers.Serializer[Any]):
    """At most two hundred acts, each judged on its own."""

    sent_at = Moment(required=False, allow_null=True, help_text="By the phone's own clock, as it sends.")
    acts = serializers.ListField(child=serializers.JSONField(allow_null=True), max_length=MOST)


class ActBatchShape(serializers.Serializer[Any]):
    """The same, as the schema shows it."""

    sent_at = Moment(required=False, allow_null=True, help_text="By the phone's own clock, as it sends.")
    acts = ActIn(many=True)


class PhoneSeatOut(serializers.Serializer[Any]):
    """A seat as a phone keeps it."""

    enrollment = serializers.IntegerField()
    person = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    minutes = serializers.IntegerField()
    excuse = serializers.CharField()
    version = serializers.IntegerField()


class ActVerdictOut(serializers.Serializer[Any]):
    """What became of one act, in words where there is something to say, and the seat as it stands."""

    id = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(choices=[(verdict.value, verdict.value) for verdict in Verdict])
    detail = serializers.CharField()
    seat = PhoneSeatOut(allow_null=True)


class ActVerdictsOut(serializers.Serializer[Any]):
    """One verdict per act, in the order sent."""

    items = ActVerdictOut(many=True)


class AttendanceSync(AbleView):
    """What was marked without a signal."""

    abilities = {"post": Can.MARK_ATTENDANCE}

    @extend_schema(request=ActBatchShape, responses=ActVerdictsOut)
    def post(self, request: Request) -> Response:
        """Keep a batch; one bad act never blocks the others, and the latest act about a seat wins."""
        given = ActBatch(data=request.data)
        given.is_valid(raise_exception=True)
        heard = given.validated_data
        return Response({"items": judged_acts(heard["acts"], by=self.request.user, sent_at=heard.get("sent_at"))})


def judged_acts(items: list[Any], **sender: Any) -> list[dict[str, Any]]:
    """Keep what can be read of these acts, and write a verdict for each in their order."""
    read = [_read(item) for item in items]
    kept = iter(keep_acts([each for each in read if isinstance(each, ActContent)], at=now(), **sender))
    answers = [next(kept) if isinstance(each, ActContent) else each for each in read]
    return [_shown(_key(item), answer) for item, answer in zip(items, answers, strict=True)]


def _read(item: object) -> ActContent | Kept:
    """Read one act, or say what is wrong in it."""
    kind = item.get("kind") if isinstance(item, Mapping) else None
    serializer = WalkInActIn if kind == ActKind.WALK_IN else MarkActIn
    heard = serializer(data=item)
    try:
        if heard.is_valid():
            return ActContent(**heard.validated_data)
    except ValidationError as error:
        return Kept(Verdict.REFUSED, " ".join(error.messages))
    return Kept(Verdict.REFUSED, "; ".join(reasons(heard.errors)))


def _key(item: object) -> str | None:
    key = item.get("id") if isinstance(item, Mapping) else None
    return str(key)[:40] if key else None


def _shown(key: str | None, kept: Kept) -> dict[str, Any]:
    seat = plain_seat(kept.seat) if kept.seat else None
    return {"id": key, "verdict": str(kept.verdict), "detail": kept.detail, "seat": seat}
