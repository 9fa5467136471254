"""Plain answers for whoever watches the servers, given before hosts, sessions and languages matter."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from reminders.claims import database_clock
from reminders.metrics import exposition
from reminders.status import Tone, lines_of, vitals

AWAY = "the database does not answer"
MARKS = {Tone.GOOD: "ok", Tone.WARN: "look", Tone.BAD: "RED"}


class Health:
    """Answers /health/live (the process lives), /health/ready (the database is there and has every migration),
    /health/sending (messages leave) and /metrics (the figures behind it).
    """  # noqa: D205  four addresses do not fit one line

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/health/live": lambda _request: answer(""),
            "/health/ready": lambda _request: answer(database_trouble()),
            "/health/sending": lambda _request: sending(),
            "/metrics": metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ourselves, or pass the request on."""
        return self.answers.get(request.path, self.get_response)(request)


def answer(trouble: str) -> HttpResponse:
    """Say ok, or 503 with the trouble in words."""
    return plain(trouble or "ok", HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK)


def plain(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """Answer in plain text that nobody keeps."""
    return HttpResponse(
        f"{text}\n", content_type="text/plain; charset=utf-8", status=status, headers={"Cache-Control": "no-store"}
    )


def database_trouble() -> str:
    """Return in words what is missing, or nothing when all is well."""
    try:
        executor = MigrationExecutor(connection)
    except (DatabaseError, InterfaceError):
        return AWAY
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(behind)} migrations are waiting" if behind else ""


def sending() -> HttpResponse:
    """Say line by line how sending fares; 503 as soon as one line is red."""
    try:
        found = vitals(at=database_clock())
    except (DatabaseError, InterfaceError):
        return answer(AWAY)
    with translation.override("en"):
        lines = [f"{MARKS[line.tone]:<5}{line.name}: {line.text} {line.advice}".rstrip() for line in lines_of(found)]
    return plain("\n".join(lines), HTTPStatus.OK if found.is_well else HTTPStatus.SERVICE_UNAVAILABLE)


def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to who has the token; without one, to this machine only."""
    if not may_read_metrics(request):
        return plain("The figures are for this machine, or for who has METRICS_TOKEN.", HTTPStatus.FORBIDDEN)
    try:
        return plain(exposition(at=database_clock()).rstrip())
    except (DatabaseError, InterfaceError):
        return answer(AWAY)


def may_read_metrics(request: HttpRequest) -> bool:
    """Compare the token; without one, believe an address only when no proxy stands before us."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
