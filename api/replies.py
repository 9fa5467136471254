"""What people wrote: the inbox, read; closed, reopened, answered."""

from typing import Any

from django.db import models, transaction
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import NAMED, Named, Words, named, visible
from api.shapes import Output
from common.filters import FromDayFilter, IdFilter, ToDayFilter
from replies.actions import answer_reply, close_reply, reopen_reply
from replies.filters import ReplyFilter
from replies.models import LONGEST_ANSWER, Answer, Reply
from replies.reading import with_answers
from replies.rules import Can
from villages.models import Person


class AnswerOut(Output[Answer]):
    """What a member of staff wrote back."""

    by = Named()

    class Meta:
        model = Answer
        fields = ["id", "text", "by", "at"]


@extend_schema_field({"type": "array", "items": NAMED})
class WritersField(serializers.Field[Any, Any, Any, Any]):
    """The people whom a number reaches: `{id, name}`."""

    def to_representation(self, value: Any) -> list[dict[str, object]]:
        """Name each of them."""
        return [named(person) for person in value.writers]


class ReplyOut(Output[Reply]):
    """One thing that somebody wrote; the number itself is read elsewhere."""

    people = WritersField(read_only=True, source="contact_point", help_text="Who may have written, of whom you see.")
    answers = AnswerOut(many=True, read_only=True)

    class Meta:
        model = Reply
        fields = [
            *("id", "channel", "at", "received_at", "contact_point", "people", "text", "payload", "intent", "outcome"),
            *("state", "message", "session", "village", "answers", "closed_at"),
        ]


class AnswerIn(serializers.Serializer[Any]):
    """What to write back, and whether that settles it."""

    text = Words(max_length=LONGEST_ANSWER)
    close = serializers.BooleanField(default=False)


class ReplyRowFilter(ReplyFilter):
    """The page's filters under the API's names."""

    from_day = to_day = None  # a name set to None is no filter
    locals()["from"] = FromDayFilter(field_name="at")  # a word of Python's own
    to = ToDayFilter(field_name="at")
    contact_point = IdFilter(field_name="contact_point_id")


class ReplyViewSet(ScopedViewSet[Reply]):
    """The inbox."""

    model = Reply
    serializer_class = ReplyOut
    filterset_class = ReplyRowFilter
    abilities = {
        "list": Can.READ_REPLY,
        "retrieve": Can.READ_REPLY,
        "close": Can.ANSWER_REPLY,
        "reopen": Can.ANSWER_REPLY,
        "answer": Can.ANSWER_REPLY,
    }
    orderings = ("-at",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along who may have written and what was written back."""
        writers = visible(Person, self.user).present().order_by("name", "pk")  # type: ignore[attr-defined]
        people = models.Prefetch("contact_point__people", writers, to_attr="writers")
        return with_answers(rows.select_related("contact_point").prefetch_related(people))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Take it off the list of what waits."""
        reply = self.get_object()
        close_reply(reply, by=self.user, at=now())
        return self.shown(reply)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Put it on the list of what waits."""
        reply = self.get_object()
        reopen_reply(reply, by=self.user, at=now())
        return self.shown(reply)

    @extend_schema(request=AnswerIn)
    @action(detail=True, methods=["post"])
    def answer(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write back in one's own words, within a day of the last word that came."""
        reply, given = self.get_object(), self.heard(AnswerIn)
        with transaction.atomic():
            answer_reply(reply, text=given["text"], by=self.user, at=now())
            if given["close"]:
                close_reply(reply, by=self.user, at=now())
        return self.shown(reply)
