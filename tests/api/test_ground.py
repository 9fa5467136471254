"""What every endpoint stands on: problems, pages, bodies, schema, docs."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import Http404
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from api.parsers import LARGEST
from api.problems import problem_response
from common.errors import MoveRefused, Refused, RowMoved
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.factories import CohortFactory, SessionFactory

V1 = "/api/v1"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("No."), 409, "refused"),
        (MoveRefused("No."), 409, "refused"),
        (RowMoved(User()), 409, "stale"),
        (ValidationError("No."), 400, "invalid"),
        (ValidationError({"name": ["No."]}), 400, "invalid"),
        (OverflowError(), 400, "invalid"),
        (IntegrityError(), 409, "conflict"),
        (OperationalError(), 503, "unavailable"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (RuntimeError("a mistake of ours"), 500, "error"),
    ],
)
def test_every_error_is_a_problem(error: Exception, status: int, code: str) -> None:
    answer = problem_response(error, {})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.data["code"] == code
    assert answer.data["type"] == f"urn:desa-devisa:problem:{code}"
    assert set(answer.data) >= {"type", "title", "status", "detail", "instance", "request_id"}
    assert "a mistake of ours" not in str(answer.data)


def test_problem_carries_the_request_id_of_the_header(ask: Caller, sari: User) -> None:
    answer = ask(sari).get(f"{V1}/nothing/")
    assert answer.status_code == 404
    assert answer.json()["request_id"] == answer["X-Request-Id"]
    assert answer.json()["instance"] == f"{V1}/nothing/"


def test_problems_speak_the_callers_language(ask: Caller, sari: User) -> None:
    answer = ask(sari).get(f"{V1}/sessions/", {"page_size": "0"}, headers={"Accept-Language": "id"})
    assert answer["Content-Language"] == "id"


@pytest.mark.usefixtures("cohort")
def test_constraint_answers_with_its_sentence(ask: Caller, sari: User, cohort: Cohort) -> None:
    other = CohortFactory.create(program=cohort.program, village=cohort.village)
    taken = SessionFactory.create(program=cohort.program, cohorts=[other])
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        SessionFactory.create(program=cohort.program, cohorts=[other], starts_at=taken.starts_at)
    with override("en"):
        answer = problem_response(caught.value, {})
    assert answer.data["detail"] == "This cohort already has a session at that time."


@pytest.mark.django_db(transaction=True)
def test_lock_that_is_not_had_in_time_asks_to_try_again(ask: Caller, sari: User, cohort: Cohort) -> None:
    body = {"program": cohort.program_id, "module": "design", "cohorts": [cohort.pk], "mode": "online"}
    body |= {"starts_at": "2027-01-01T02:00:00Z", "ends_at": "2027-01-01T04:00:00Z"}
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM programs_cohort WHERE id = %s FOR UPDATE", [cohort.pk])
            with connection.cursor() as mine:
                mine.execute("SET lock_timeout = '200ms'")
            answer = ask(sari).post(f"{V1}/sessions/", body)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
        with connection.cursor() as mine:
            mine.execute("SET lock_timeout = 0")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")


def test_methods_kinds_and_sizes_are_told(ask: Caller, sari: User, cohort: Cohort) -> None:
    client = ask(sari)
    assert client.delete(f"{V1}/cohorts/{cohort.pk}/").status_code == 405
    assert client.options(f"{V1}/cohorts/").status_code == 405
    assert client.get(f"{V1}/cohorts/", headers={"Accept": "text/html"}).status_code == 406
    assert client.post(f"{V1}/cohorts/", "a=1", content_type="text/plain").status_code == 415
    large = client.generic("POST", f"{V1}/cohorts/", "x" * (LARGEST + 1), content_type="application/json")
    assert large.status_code == 413
    assert client.head(f"{V1}/cohorts/").status_code == 200


def test_forgotten_slash_is_sent_on_with_method_and_body(ask: Caller, sari: User, cohort: Cohort) -> None:
    client = ask(sari)
    assert client.get(f"{V1}/cohorts")["Location"] == f"{V1}/cohorts/"
    sent_on = client.post(f"{V1}/people", {"name": "x"})
    assert (sent_on.status_code, sent_on["Location"]) == (308, f"{V1}/people/")
    assert client.post(f"{V1}/nothing", {}).status_code == 404
    assert client.get("/api/nothing/").status_code == 404


def test_what_names_no_ability_is_closed(ask: Caller, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = ask(admin)
    assert client.get(f"{V1}/villages/").status_code == 200
    monkeypatch.setattr("api.villages.VillageViewSet.abilities", {})
    assert client.get(f"{V1}/villages/").status_code == 403


def test_page_counts_only_when_asked(ask: Caller, sari: User, cohort: Cohort) -> None:
    client = ask(sari)
    assert set(client.get(f"{V1}/cohorts/").data) == {"next", "previous", "results"}
    assert client.get(f"{V1}/cohorts/", {"count": "true"}).data["count"] == 1
    assert client.get(f"{V1}/cohorts/")["Cache-Control"] == "no-store"


def test_pages_lead_forward_and_back_under_the_same_filters(ask: Caller, sari: User, cohort: Cohort) -> None:
    for number in range(5):
        CohortFactory.create(program=cohort.program, village=cohort.village, name=f"Group {number}")
    client = ask(sari)
    first = client.get(f"{V1}/cohorts/?search=group&ordering=name&page_size=2").data
    second = client.get(first["next"]).data
    assert first["previous"] is None
    assert [row["name"] for row in second["results"]] == ["Group 2", "Group 3"]
    assert client.get(second["previous"]).data["results"] == first["results"]
    other = client.get(second["next"].replace("ordering=name", "ordering=-name"))
    assert other.status_code == 400  # a cursor belongs to its order


def test_schema_is_clean_and_valid(db: None) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_schema_and_docs_are_open(client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200
    docs = client.get("/api/docs/")
    assert docs.status_code == 200
    assert "script-src 'self';" in docs["Content-Security-Policy"]
    assert b"<script>" not in docs.content
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")


def test_schema_names_every_address_of_the_contract(client: Client) -> None:
    answer = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    known: dict[str, Any] = answer.json()["paths"]
    missing = [
        f"{method} {path}"
        for path, methods in CONTRACT.items()
        for method in methods.split()
        if method not in known.get(path, {})
    ]
    assert not missing


CONTRACT = {
    f"{V1}/{path}/": methods
    for path, methods in {
        "auth/login": "post",
        "auth/logout": "post",
        "me": "get",
        "me/schedule": "get",
        "regions": "get",
        "villages": "get post",
        "villages/{id}": "get patch",
        "people": "get post",
        "people/{id}/anonymise": "post",
        "contact-points": "get post",
        "modules": "get",
        "programs": "get post",
        "cohorts": "get post",
        "requirements": "get post",
        "enrollments": "get post",
        "trainers": "get post",
        "venues": "get post",
        "sessions": "get post",
        "sessions/{id}": "get patch",
        "sessions/{id}/schedule": "post",
        "sessions/{id}/reschedule": "post",
        "sessions/{id}/cancel": "post",
        "sessions/{id}/hold": "post",
        "sessions/{id}/close": "post",
        "sessions/{id}/attendance": "get put",
        "sessions/{id}/revisions": "get",
        "sessions/{id}/messages": "get",
        "assignments": "get post",
        "visits": "get",
        "visits/{id}": "get put",
        "visits/sync": "post",
        "visits/{id}/submit": "post",
        "visits/{id}/approve": "post",
        "visits/{id}/return": "post",
        "action-items": "get",
        "messages": "get",
        "messages/{id}/retry": "post",
        "messages/{id}/told": "post",
        "messages/{id}/settle": "post",
        "messages/costs": "get",
        "progress/programs": "get",
        "progress/villages": "get",
        "progress/cohorts/{id}": "get",
        "progress/people": "get",
    }.items()
}
