"""What a member of staff wants to be told of their own work."""

from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rules import Can
from api.base import AbleView
from reminders.actions import choose_notices
from reminders.states import NOTICES_OF, SWITCHABLE


class NoticeChoice(serializers.Serializer[Any]):
    """One kind of notice, and whether it is wanted."""

    kind = serializers.ChoiceField(choices=SWITCHABLE)
    name = serializers.CharField(read_only=True)
    wanted = serializers.BooleanField()


class NoticeChoices(serializers.Serializer[Any]):
    """The kinds that are sent to one's role; what is not named stays as it is."""

    kinds = NoticeChoice(many=True)


class MyMessages(AbleView):
    """Which notices I want."""

    abilities = {"get": Can.USE_OWN_ACCOUNT, "patch": Can.USE_OWN_ACCOUNT}

    @extend_schema(responses=NoticeChoices)
    def get(self, _request: Request) -> Response:
        """List what is sent to my role, and what of it I want."""
        wanted = _wanted(self.user)
        kinds = NOTICES_OF.get(self.user.role, ())
        lines = [{"kind": kind.value, "name": str(kind.label), "wanted": kind.value in wanted} for kind in kinds]
        return Response({"kinds": lines})

    @extend_schema(request=NoticeChoices, responses=NoticeChoices)
    def patch(self, request: Request) -> Response:
        """Switch kinds on or off."""
        given = NoticeChoices(data=request.data)
        given.is_valid(raise_exception=True)
        chosen = {line["kind"]: line["wanted"] for line in given.validated_data["kinds"]}
        before = _wanted(self.user)
        wanted = {kind for kind in SWITCHABLE if chosen.get(kind, kind in before)}
        choose_notices(self.user, wanted=wanted, by=self.user, at=now())
        return self.get(request)


def _wanted(user: User) -> set[str]:
    off = set(user.switched_off.values_list("kind", flat=True))
    return {kind.value for kind in NOTICES_OF.get(user.role, ())} - off
