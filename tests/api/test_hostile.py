"""Bad input of every kind, at every list, filter and body: refused or understood, never an error of ours."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.models import User
from api.base import ScopedList
from api.urls import router
from programs.models import Cohort
from tests.api.conftest import Caller
from tests.api.world import LISTS, ROUTES, ROWS, WHO, Route
from tests.factories import EnrollmentFactory

VALUES = [
    "",
    "0",
    "9" * 30,
    "9" * 5000,
    "1e999",
    "NaN",
    "a",
    "1,,2",
    "(",
    "\\",
    "\x00",
    "\ud800",
    "'; DROP TABLE programs_session; --",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-12:00",
    "2026-01-01T00:00:00+19:18",
    "٣",
    "word " * 3000,
    "true",
    "35.24.10.2009.1",
    "00000000-0000-0000-0000-000000000000",
]
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"1",
    b"{",
    b"{}",
    b"\xff\xfe",
    b'{"a": 1e999}',
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": "\\u0000"}',
    b'{"\\u0000": 1}',
    b'{"a": "\\ud800"}',
    b'{"a": 1, "a": 2}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 40 + b"1" + b"}" * 40,
    b'{"rows": {"0": 1}, "items": {"id": 1}}',
]
FIELDS: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    " ",
    "x",
    "x" * 100_000,
    "bell \x07",
    "0001-01-01",
    "9999-12-31T23:59:59+00:00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-01-01T00:00:00+99:99",
    [],
    [[]],
    [None],
    [{}],
    ["x"] * 300,
    [10**400],
    {},
    {"id": None},
    {"id": {"id": 1}},
    {"lat": 10**400, "lon": "nan", "accuracy": -1},
    {"lat": "infinity", "lon": 0, "accuracy": 1},
]
FILTERED = list({getattr(route.cls, "filterset_class", None): route for route in LISTS}.values())  # each FilterSet once
WRITES = [route for route in ROUTES if route.method != "get"]
KINDS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/xml")
SLY = [
    2**31 - 1,
    2**31,
    2**63 - 1,
    "x" * 80,
    "1900-01-01",
    "2200-12-31",
    "2200-12-31T23:59:59Z",
    [2**63 - 1],
    None,
    -0.5,
]
BROKEN = 500


def names(route: Route) -> list[str]:
    """List every query parameter of a list, and one that it does not know."""
    filters = getattr(route.cls, "filterset_class", None)
    return [*(filters.base_filters if filters else ()), "cursor", "page_size", "count", "ordering", "format", "unknown"]


@pytest.mark.parametrize("route", FILTERED, ids=[route.name for route in FILTERED])
def test_no_filter_breaks(route: Route, ask: Caller, admin: User, cohort: Cohort) -> None:
    ROWS[route.basename](cohort)
    client = ask(admin)
    for name in names(route):
        for value in VALUES:
            answer = client.get(route.address(), query_params={name: value.encode("utf-8", "surrogatepass")})
            assert answer.status_code in {200, 400, 404}, (name, value[:40], answer.status_code)
            if answer.status_code == 400:
                assert answer["Content-Type"] == "application/problem+json"
    assert issubclass(route.cls, ScopedList)


@pytest.fixture
def caller(ask: Caller, sari: User, made: User) -> Callable[[Route], Any]:
    """Give someone who may call a route."""
    return lambda route: ask(sari if "C" in WHO[route.basename][route.action] else made)


@pytest.mark.parametrize("route", WRITES, ids=[f"{route.method} {route.name}" for route in WRITES])
def test_no_body_breaks(route: Route, caller: Callable[[Route], Any], cohort: Cohort) -> None:
    client, address = caller(route), route.address(ROWS[route.basename](cohort) if route.detail else None)
    for body in BODIES:
        answer = client.generic(route.method, address, body, content_type="application/json")
        assert answer.status_code < BROKEN, body[:40]
    for kind in KINDS:
        answer = client.generic(route.method, address, b"a=1", content_type=kind)
        assert answer.status_code < BROKEN, kind


@pytest.mark.parametrize("route", WRITES, ids=[f"{route.method} {route.name}" for route in WRITES])
def test_no_field_breaks(route: Route, caller: Callable[[Route], Any], cohort: Cohort) -> None:
    client, good = caller(route), sample(cohort)
    address = route.address(ROWS[route.basename](cohort) if route.detail else None)
    fields = asked(route)
    bodies = [dict.fromkeys(fields, wrong) for wrong in FIELDS]
    bodies += [{**good, field: wrong} for field in fields for wrong in SLY]
    for body in bodies:
        content = json.dumps(body) if route.action != "sync" else json.dumps({"items": [{"id": str(uuid4()), **body}]})
        answer = client.generic(route.method, address, content, content_type="application/json")
        assert answer.status_code < BROKEN, content[:200]


def test_every_list_still_reads_after_all_that(ask: Caller, admin: User) -> None:
    for route in LISTS:
        assert ask(admin).get(route.address()).status_code == 200


MAPPED = {  # actions that share the address of another
    "mark": "attendance",
    "put_photo": "photo",
    "leave_out": "photo",
    "remove_licence": "licence",
    "remove_lot": "lot",
    "add_document": "documents",
    "remove_document": "document",
}


@cache
def operations() -> dict[tuple[str, str], list[str]]:
    """Read from the schema which fields each address takes."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            found[path, method] = list(schema["components"]["schemas"].get(name, {}).get("properties", {}))
    return found


def asked(route: Route) -> list[str]:
    """List the fields that an address takes."""
    prefix = next(prefix for prefix, cls, _base in router.registry if cls is route.cls)
    path = f"/api/v1/{prefix}/" + ("{id}/" if route.detail else "")
    if route.action not in {"create", "update", "partial_update", "destroy"}:
        path += f"{getattr(route.cls, MAPPED.get(route.action, route.action)).url_path}/"
        path = re.sub(r"\(\?P<(\w+)>\[.*?\][^)]*\)", r"{\1}", path)
    fields = operations()[path, route.method]
    return operations()["/api/v1/visits/{id}/", "put"] if fields == ["items"] else fields


def sample(cohort: Cohort) -> dict[str, object]:
    """Write a body that most addresses understand."""
    person = cohort.people.first() or EnrollmentFactory.create(cohort=cohort).person
    return {
        "program": cohort.program_id,
        "village": cohort.village_id,
        "cohort": cohort.pk,
        "cohorts": [cohort.pk],
        "person": person.pk,
        "module": "design",
        "mode": "online",
        "starts_at": "2027-01-01T02:00:00Z",
        "ends_at": "2027-01-01T04:00:00Z",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "visited_at": "2026-01-01T02:00:00Z",
        "name": f"Name {uuid4()}",
        "organiser": "Disperindag",
        "fiscal_year": 2026,
        "region": cohort.village.region_id,
        "commodity": "Ikat",
        "sex": "female",
        "reason": "Because",
        "comment": "Because",
        "required": 10,
        "number": "081234567890",
        "to": "proposed",
        "purpose": "messages",
        "how": "spoken",
        "text_version": "1",
    }
