"""Two plain answers for whoever watches the servers."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration."""
    trouble = database_trouble()
    return HttpResponse(f"{trouble or 'ok'}\n", content_type="text/plain", status=503 if trouble else 200)


def database_trouble() -> str:
    """Return in words what is missing, or nothing when all is well."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return "database does not answer"
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(behind)} migrations are waiting" if behind else ""
