"""What every request carries: an id for the log and the error page, and headers that close what pages do not need."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Respond = Callable[[HttpRequest], HttpResponse]
request_id: ContextVar[str] = ContextVar("request_id", default="-")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class RequestId:
    """Gives each request a random id, kept for the log lines and told in `X-Request-Id`."""

    def __init__(self, respond: Respond) -> None:
        """Wrap the rest of the house."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id in the header."""
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        token = request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.respond(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class SecurityHeaders:
    """Adds the strict content policy; a page that needs an exception sets its own header first."""

    def __init__(self, respond: Respond) -> None:
        """Wrap the rest of the house."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy."""
        response = self.respond(request)
        if not request.path.startswith(settings.STATIC_URL):  # no page, and each byte costs
            response.headers.setdefault("Content-Security-Policy", POLICY)
            response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        return response


class ChosenLanguage:
    """Speaks Indonesian until someone chooses otherwise; a cheap phone's browser language says nothing about its owner.

    A program that calls the API chooses by `Accept-Language`.
    """

    def __init__(self, respond: Respond) -> None:
        """Wrap the rest of the house."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language and say which it is."""
        language = self._chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.respond(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _chosen(request: HttpRequest) -> str:
        if request.path.startswith("/api/"):
            return translation.get_language_from_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class RequestIdFilter(logging.Filter):
    """Writes the request's id into each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a line."""
        record.request_id = request_id.get()
        return True
