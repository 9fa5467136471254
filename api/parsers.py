"""Reads JSON bodies and pictures, and nothing that the database, the clock or the stack could choke on."""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from common.images import LARGEST as LARGEST_PHOTO
from common.sheets import LARGEST as LARGEST_LIST

LARGEST_FORM = LARGEST_LIST + 1024 * 1024  # bytes: the largest list with what stands around it
LARGEST_PART = 64 * 1024
LARGEST = 2 * 1024 * 1024  # bytes: fifty visits of a day offline with room to spare
DEEPEST = 32
SURROGATES = range(0xD800, 0xE000)


class TooLarge(APIException):
    """The body is longer than anything this API takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("This is too large. Send it in smaller parts.")


class GuardedJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, finite numbers, each key once, at most 32 levels."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002  the signature is DRF's
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the parsed body; anything doubtful is a ParseError (400), a long body TooLarge (413)."""
        body = stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise TooLarge
        try:
            data = json.loads(body.decode(), parse_constant=_refuse, object_pairs_hook=_once)
        except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
            raise ParseError(_("This is not JSON in UTF-8.")) from None
        _walk(data)
        return data


class ImageParser(BaseParser):
    """A picture as it is; what it is, whoever decodes it finds out."""

    media_type = "image/*"
    largest = LARGEST_PHOTO

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002  the signature is DRF's
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the bytes; more than a photo may have is TooLarge (413)."""
        body = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise TooLarge
        return body


class PartParser(ImageParser):
    """A part of a photo, as it is."""

    media_type = "application/octet-stream"
    largest = LARGEST_PART


def bytes_of(request: Request) -> bytes:
    """Give the bytes that came; a body of another form is UnsupportedMediaType (415)."""
    sent: object = request.data
    if not isinstance(sent, bytes):
        raise UnsupportedMediaType(request.content_type)
    return sent


@contextmanager
def told_as_http() -> Iterator[None]:
    """Tell what is wrong with a picture by the status that programs know: 413, 415, or 400 when it is damaged."""
    try:
        yield
    except ValidationError as error:
        code = getattr(error, "code", "")
        if code == "size":
            raise TooLarge(error.messages[0]) from None
        if code == "kind":
            raise UnsupportedMediaType("", detail=error.messages[0]) from None
        raise


def _refuse(_name: str) -> None:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _walk(data: object) -> None:
    """Look at every value without recursion."""
    level: list[object] = [data]
    for _depth in range(DEEPEST + 1):
        if not level:
            return
        level = [inner for value in level for inner in _look(value)]
    raise ParseError(_("This is nested too deeply."))


def _look(value: object) -> Iterator[object]:
    """Refuse a bad scalar, open a container."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ParseError(_("This number is too large."))
    if isinstance(value, str):
        keepable(value)
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from value
        yield from value.values()


def keepable(text: str) -> None:
    """Refuse a text that PostgreSQL cannot keep."""
    if "\0" in text or any(ord(sign) in SURROGATES for sign in text):
        raise ParseError(_("This text has characters that cannot be kept."))


class GuardedMultiPartParser(MultiPartParser):
    """A form with a file, within bounds, and with nothing in its fields that cannot be kept."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return fields and files; a long body is TooLarge (413)."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_FORM:
            raise TooLarge
        found = super().parse(stream, media_type, dict(parser_context or {}))
        for name, values in found.data.lists():
            keepable(name)
            for value in values:
                keepable(value)
        return found
