"""Two plain answers for whoever watches the servers, given before hosts, sessions and languages matter."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class Health:
    """Answers /health/live (the process lives) and /health/ready (the database is there and has every migration)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ourselves, or pass the request on."""
        if request.path == "/health/live":
            return answer("")
        if request.path == "/health/ready":
            return answer(database_trouble())
        return self.get_response(request)


def answer(trouble: str) -> HttpResponse:
    """Say ok, or 503 with the trouble in words."""
    return HttpResponse(
        f"{trouble or 'ok'}\n",
        content_type="text/plain",
        status=503 if trouble else 200,
        headers={"Cache-Control": "no-store"},
    )


def database_trouble() -> str:
    """Return in words what is missing, or nothing when all is well."""
    try:
        executor = MigrationExecutor(connection)
    except (DatabaseError, InterfaceError):
        return "the database does not answer"
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(behind)} migrations are waiting" if behind else ""
