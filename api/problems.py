"""Errors as problem+json (RFC 9457): what is wrong, in words for people and a stable code for machines."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.exceptions import PermissionDenied as NotAllowed
from rest_framework.exceptions import ValidationError as InvalidInput
from rest_framework.response import Response

from common.constraints import sentence_of
from common.errors import Refused, RowMoved
from common.middleware import request_id

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 3  # seconds
WHOLE = "non_field_errors"

TITLES: dict[str, Promise] = {
    "invalid": _("Some of this is not right"),
    "parse_error": _("This cannot be read"),
    "not_authenticated": _("Sign in first"),
    "authentication_failed": _("Sign-in failed"),
    "permission_denied": _("You may not do this"),
    "not_found": _("There is no such thing here"),
    "method_not_allowed": _("This cannot be done here"),
    "not_acceptable": _("This cannot be given in that form"),
    "refused": _("This cannot be done now"),
    "stale": _("Someone else was faster"),
    "conflict": _("This does not fit what is recorded"),
    "too_large": _("This is too large"),
    "unsupported_media_type": _("This cannot be read in that form"),
    "throttled": _("Too many attempts"),
    "error": _("Something broke on our side"),
    "unavailable": _("Busy, try again"),
}


class Problem(NamedTuple):
    """What one exception says to the caller."""

    status: int
    code: str
    detail: str
    errors: dict[str, list[str]] | None = None
    headers: Mapping[str, str] | None = None


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answer every exception as a problem; an unknown one is logged and told to whoever watches."""
    problem = _problem_of(error)
    request = context.get("request")
    if problem.status == status.HTTP_503_SERVICE_UNAVAILABLE:
        log.warning("the database was not there in time", exc_info=error)
    if problem.status == status.HTTP_500_INTERNAL_SERVER_ERROR:
        log.error("unexpected in the api", exc_info=error)
        got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return as_response(problem, instance=request.path if request else "")


def as_response(problem: Problem, *, instance: str) -> Response:
    """Write a problem down."""
    return Response(
        problem_json(problem, instance=instance),
        status=problem.status,
        headers=dict(problem.headers or {}),
        content_type=MEDIA_TYPE,
    )


def problem_json(problem: Problem, *, instance: str) -> dict[str, object]:
    """Give the members of RFC 9457, and ours: code, errors per field, request_id."""
    body: dict[str, object] = {
        "type": f"urn:desa-devisa:problem:{problem.code}",
        "title": str(TITLES[problem.code]),
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "code": problem.code,
        "request_id": request_id.get(),
    }
    return body if problem.errors is None else {**body, "errors": problem.errors}


def _problem_of(error: Exception) -> Problem:
    match error:
        case APIException() | Http404() | PermissionDenied():
            return _of_api(error)
        case ValidationError():
            return _of_validation(error)
        case RequestDataTooBig():
            return Problem(413, "too_large", str(TITLES["too_large"]))
        case SuspiciousOperation() | DataError() | OverflowError():
            return Problem(400, "invalid", str(_("A value is out of bounds.")))
        case _:
            return _of_house(error)


def _of_house(error: Exception) -> Problem:
    """Read what an action or the database refused; whatever else it is, is our mistake."""
    match error:
        case RowMoved():
            return Problem(409, "stale", str(error))
        case Refused():
            return Problem(409, "refused", str(error))
        case IntegrityError():
            return Problem(409, "conflict", sentence_of(error))
        case ProtectedError() | RestrictedError():
            return Problem(409, "conflict", str(_("Something else still depends on this.")))
        case OperationalError() | InterfaceError():  # a lock not had in time, a deadlock, a database that is away
            wait = {"Retry-After": str(RETRY_AFTER)}
            return Problem(503, "unavailable", str(_("Try again in a moment.")), headers=wait)
        case _:
            return Problem(500, "error", str(_("We have been told. Give us the request id if you write to us.")))


def _of_validation(error: ValidationError) -> Problem:
    """Read what an action or a model refused."""
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return _invalid({WHOLE if name == NON_FIELD_ERRORS else name: [*map(str, said)] for name, said in found.items()})


def _invalid(found: dict[str, list[str]]) -> Problem:
    whole = " ".join(found.get(WHOLE, []))
    return Problem(400, "invalid", whole or str(_("Look at the errors of each field.")), errors=found)


def _of_api(error: Exception) -> Problem:
    """Read what DRF raised, or Django in its place; codes are kept where we have a title for them."""
    if not isinstance(error, APIException):
        error = NotFound() if isinstance(error, Http404) else NotAllowed()
    if isinstance(error, InvalidInput):
        return _invalid(dict(flat(error.detail)))
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    code = error.default_code if error.default_code in TITLES else "invalid"
    return Problem(error.status_code, code, str(error.detail), headers=headers)


def flat(detail: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name each field by its path: `rows.0.minutes`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        for index, inner in enumerate(detail):
            yield from flat(inner, f"{path}.{index}" if path else str(index))
    elif detail:
        said = detail if isinstance(detail, list) else [detail]
        yield _trim(path), list(map(str, said))


def _trim(path: str) -> str:
    """Let an error about a whole row carry the row's own path."""
    return path.removesuffix(f".{WHOLE}") or WHOLE
