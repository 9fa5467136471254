"""What a visit looks like on its way in and out, as plain values in between; and a verdict as an answer."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Day, Key, Measure, Moment, Named, PersonKey, Words
from api.problems import Problem, as_response, flat
from api.shapes import Output
from mentoring.actions import Verdict
from mentoring.content import Agreed, Came, Followed, Found, Pictured, Spot, VisitContent
from mentoring.held import told
from mentoring.models import ActionItem, Attendee, Finding, FollowUp, Photo, Visit
from mentoring.models.photo import MOST_PHOTOS
from mentoring.states import SETTLED, ActionState, HeldReason, VisitMode, VisitState
from programs.states import ModuleCode
from villages.states import Criterion

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The version you read.")
ITEMS = 50  # per batch, and per list within one visit
BESIDE = {HeldReason.OTHER_VERSION, HeldReason.KEY_TAKEN}  # kept because other content has the key
TAG = re.compile(r'(?:W/)?"?([1-9][0-9]{0,8})"?')


class Place(serializers.Serializer[Any]):
    """Where the phone was: degrees, and metres of accuracy."""

    lat = Measure(min_value=-90, max_value=90)
    lon = Measure(min_value=-180, max_value=180)
    accuracy = Measure(min_value=0, max_value=1_000_000)


class AttendeeIn(serializers.Serializer[Any]):
    """A person of the village by key, or a walk-in by name."""

    person = PersonKey(required=False, allow_null=True)
    name = Words(max_length=120, required=False, allow_blank=True)


class AttendeeOut(Output[Attendee]):
    """Someone who was there."""

    person = Named()

    class Meta:
        model = Attendee
        fields = ["person", "name"]


class FindingIn(serializers.Serializer[Any]):
    """What was found about one module or one criterion."""

    module = serializers.ChoiceField(choices=ModuleCode.choices, required=False, allow_null=True, allow_blank=True)
    criterion = serializers.ChoiceField(choices=Criterion.choices, required=False, allow_null=True, allow_blank=True)
    text = Words(max_length=1000)


class FindingOut(Output[Finding]):
    """What was found."""

    class Meta:
        model = Finding
        fields = ["module", "criterion", "text"]


class AgreedIn(serializers.Serializer[Any]):
    """What was agreed, under a key chosen where it was written."""

    id = serializers.UUIDField()
    what = Words(max_length=300)
    owner = Words(max_length=120, required=False, allow_blank=True)
    due_on = Day(required=False, allow_null=True)


class AgreedOut(Output[ActionItem]):
    """What was agreed, in its visit."""

    class Meta:
        model = ActionItem
        fields = ["id", "what", "owner", "due_on", "state"]


class PictureIn(serializers.Serializer[Any]):
    """A photo that belongs to the visit; it comes by itself, before or after."""

    id = serializers.UUIDField()
    sha256 = serializers.RegexField(r"\A[0-9a-f]{64}\Z", help_text="Of the bytes that will be sent.")
    taken_at = Moment(required=False, allow_null=True)


class PictureOut(Output[Photo]):
    """A photo of a visit, and whether it is here."""

    arrived = serializers.BooleanField(read_only=True)

    class Meta:
        model = Photo
        fields = ["id", "sha256", "taken_at", "arrived"]


class FollowedIn(serializers.Serializer[Any]):
    """What became of an earlier action item: words show that it is done, or say why it is dropped."""

    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=[(state.value, state.label) for state in SETTLED])
    words = Words(max_length=300, required=False, allow_blank=True)
    due_on = Day(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask why something is dropped."""
        if attrs["outcome"] == ActionState.DROPPED and not attrs.get("words", "").strip():
            raise ValidationError({"words": [_("Say why it is dropped.")]})
        return attrs


class FollowedOut(Output[FollowUp]):
    """What a visit says of an earlier action item."""

    id = serializers.UUIDField(source="item", read_only=True)

    class Meta:
        model = FollowUp
        fields = ["id", "outcome", "words", "due_on"]


class VisitIn(serializers.Serializer[Any]):
    """One visit as a phone sends it; the mentor is who sends it, the cohort is chosen unless given."""

    village = Key()
    program = Key()
    cohort = Key(required=False, allow_null=True)
    visited_at = Moment()
    mode = serializers.ChoiceField(choices=VisitMode.choices, default=VisitMode.ON_SITE)
    modules = serializers.ListField(
        child=serializers.ChoiceField(choices=ModuleCode.choices), default=list, max_length=11
    )
    purpose = Words(max_length=200, required=False, allow_blank=True)
    summary = Words(max_length=4000, required=False, allow_blank=True)
    attendees = serializers.ListField(child=AttendeeIn(), required=False, max_length=4 * ITEMS)
    findings = serializers.ListField(child=FindingIn(), required=False, max_length=ITEMS)
    action_items = serializers.ListField(child=AgreedIn(), required=False, max_length=ITEMS)
    followed = serializers.ListField(child=FollowedIn(), required=False, max_length=2 * ITEMS)
    location = Place(required=False, allow_null=True)
    corrects = serializers.UUIDField(required=False, allow_null=True)
    photos = serializers.ListField(child=PictureIn(), required=False, max_length=MOST_PHOTOS)
    state = serializers.ChoiceField(choices=[VisitState.DRAFT, VisitState.SUBMITTED], default=VisitState.DRAFT)
    base_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1, help_text="As `If-Match`, for batches."
    )


class VisitPut(VisitIn):
    """One visit under the key of its address."""

    sent_at = Moment(required=False, allow_null=True, help_text="The phone's clock as it sends.")


class VisitItem(VisitIn):
    """One visit of a batch."""

    id = serializers.UUIDField()


class VisitBatch(serializers.Serializer[Any]):
    """At most fifty visits; each is judged on its own."""

    sent_at = Moment(required=False, allow_null=True)
    items = serializers.ListField(child=serializers.JSONField(), max_length=ITEMS)


class VisitBatchShape(serializers.Serializer[Any]):
    """The same, as the schema shows it."""

    sent_at = Moment(required=False, allow_null=True, help_text="The phone's clock as it sends.")
    items = VisitItem(many=True)


class VerdictOut(serializers.Serializer[Any]):
    """What became of one visit that was sent; a conflict is kept and waits for a person, for a `reason`."""

    id = serializers.UUIDField(allow_null=True)
    verdict = serializers.ChoiceField(choices=["stored", "had_it", "refused", "conflict"])
    detail = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    reason = serializers.ChoiceField(choices=[*HeldReason.values, ""])


class VerdictsOut(serializers.Serializer[Any]):
    """One verdict per item, in the order sent."""

    items = VerdictOut(many=True)


class VisitOut(Output[Visit]):
    """One visit."""

    mentor = Named()
    approved_by = Named()
    modules = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    attendees = AttendeeOut(many=True, read_only=True)
    findings = FindingOut(many=True, read_only=True)
    action_items = AgreedOut(many=True, read_only=True)
    photos = PictureOut(many=True, read_only=True)
    followed = FollowedOut(many=True, read_only=True)

    class Meta:
        model = Visit
        fields = [
            *("id", "mentor", "village", "program", "cohort", "modules", "mode", "purpose", "summary"),
            *(
                "visited_at",
                "received_at",
                "clock_skew",
                "location",
                "attendees",
                "findings",
                "action_items",
                "followed",
            ),
            "photos",
            *("state", "version", "comment", "submitted_at", "approved_at", "approved_by", "corrects"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_modules(self, visit: Visit) -> list[str]:
        """List codes in the programme's order."""
        return [module.code for module in visit.modules.all()]

    @extend_schema_field(Place(allow_null=True))
    def get_location(self, visit: Visit) -> dict[str, float | int] | None:
        """Show the place, or nothing."""
        if visit.latitude is None or visit.longitude is None or visit.accuracy is None:
            return None
        return {"lat": float(visit.latitude), "lon": float(visit.longitude), "accuracy": visit.accuracy}


def content_of(given: Mapping[str, Any]) -> VisitContent:
    """Take a validated body as the plain values that the action digests."""
    lists: dict[str, Any] = {
        "modules": tuple(given["modules"]),
        "attendees": tuple(Came(came.get("person"), came.get("name", "")) for came in given.get("attendees", ())),
        "findings": tuple(
            Found(found["text"], found.get("module") or "", found.get("criterion") or "")
            for found in given.get("findings", ())
        ),
        "action_items": tuple(Agreed(**item) for item in given.get("action_items", ())),
        "photos": tuple(Pictured(**photo) for photo in given.get("photos", ())),
        "followed": tuple(Followed(**item) for item in given.get("followed", ())),
    }
    plain: dict[str, Any] = {
        name: value
        for name, value in given.items()
        if name not in {*lists, "location", "base_version", "id", "sent_at"}
    }
    return VisitContent(**plain, **lists, location=_spot(given.get("location")))


def _spot(place: Mapping[str, float] | None) -> Spot | None:
    """Round to the five decimals that are kept: about a metre."""
    if place is None:
        return None
    return Spot(Decimal(f"{place['lat']:.5f}"), Decimal(f"{place['lon']:.5f}"), round(place["accuracy"]))


def key_of(text: str) -> UUID:
    """Read the key of an address; what is none is nowhere."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def version_of(request: Request) -> int | None:
    """Read the version in `If-Match`; None when there is none."""
    given = request.headers.get("If-Match")
    if given is None:
        return None
    if found := TAG.fullmatch(given.strip()):
        return int(found[1])
    raise ValidationError({"If-Match": [_("Write the version you read, for example 3.")]})


def held_back(verdict: Verdict, request: Request, key: UUID) -> Response:
    """Say that it is kept and waits: 409 beside other content (its ETag, unless it is a stranger's), else 202."""
    detail, version = detail_of(verdict), verdict.visit.version if verdict.visit else None
    headers = {"ETag": f'"{version}"'} if version else {}
    if verdict.reason not in BESIDE:
        said = judged(key, verdict.outcome, detail, version, verdict.reason)
        return Response(said, status=status.HTTP_202_ACCEPTED, headers=headers)
    response = as_response(Problem(409, "stale", detail, headers=headers), instance=request.path)
    response.data["reason"] = verdict.reason
    return response


def detail_of(verdict: Verdict) -> str:
    """Say in words what became of a visit."""
    return told(verdict.held) if verdict.held else ""


def judged(
    key: object, verdict: str, detail: str = "", version: int | None = None, reason: str = ""
) -> dict[str, object]:
    """Write one verdict."""
    named = str(key)[:40] if key else None
    return {"id": named, "verdict": str(verdict), "detail": detail, "version": version, "reason": reason}


def reasons(errors: object) -> Iterator[str]:
    """Name every field with what is wrong in it."""
    for name, said in flat(errors):
        yield f"{name}: {' '.join(said)}"
