"""A visit's body into plain values, and a verdict into an answer."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import Problem, as_response, flat
from mentoring.actions import Outcome, Verdict
from mentoring.content import Agreed, Came, Found, Spot, VisitContent

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The version you read.")
TAG = re.compile(r'(?:W/)?"?([1-9][0-9]{0,8})"?')


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
    }
    plain: dict[str, Any] = {
        name: value for name, value in given.items() if name not in {*lists, "location", "base_version", "id"}
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


def conflict(verdict: Verdict, request: Request) -> Response:
    """Say that other content lies under this key, and at which version; a stranger's key says nothing more."""
    response = as_response(Problem(409, "stale", detail_of(verdict)), instance=request.path)
    if verdict.visit:
        response["ETag"] = f'"{verdict.visit.version}"'
    return response


def detail_of(verdict: Verdict) -> str:
    """Say in words what became of a visit."""
    if verdict.outcome == Outcome.CONFLICT:
        return _("Another version is already here. Yours is kept beside it until someone chooses.")
    return ""


def judged(key: object, verdict: str, detail: str = "", version: int | None = None) -> dict[str, object]:
    """Write one verdict of a batch."""
    return {"id": str(key)[:40] if key else None, "verdict": str(verdict), "detail": detail, "version": version}


def reasons(errors: object) -> Iterator[str]:
    """Name every field with what is wrong in it."""
    for name, said in flat(errors):
        yield f"{name}: {' '.join(said)}"
