"""Log lines: one line each, nothing forged, no key to anybody's schedule."""

import json
import logging
import sys

import pytest

from config.logs import JsonLine


def line(text: str, *values: object) -> str:
    return JsonLine().format(logging.LogRecord("a", logging.WARNING, "", 0, text, values, None))


def test_line_is_json_with_its_request() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Not found: %s", ("/x",), None)
    record.request_id = "abc"
    found = json.loads(JsonLine().format(record))
    assert found.pop("at").endswith("+00:00")
    assert found == {"level": "ERROR", "logger": "django.request", "request": "abc", "text": "Not found: /x"}


def test_line_break_in_a_text_forges_nothing() -> None:
    assert len(line("Name: %s", 'a\n{"level": "INFO"}\u2028\x85b').splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Not Found: /s/AbC-123_x", "Not Found: /s/..."),
        ("Not Found: /s/AbC-123/answer/7/", "Not Found: /s/.../answer/7/"),
        ("Not Found: /calendar/AbC123.ics", "Not Found: /calendar/....ics"),
        ("GET /people/?search=Lidia&page=2 done", "GET /people/?... done"),
        ("/sessions/12/ and /static/s/", "/sessions/12/ and /static/s/"),
    ],
)
def test_line_holds_no_token_and_no_query(text: str, shown: str) -> None:
    assert json.loads(line(text))["text"] == shown


def test_line_carries_the_trace() -> None:
    try:
        raise ValueError("/s/secret")  # noqa: TRY301
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    found = json.loads(JsonLine().format(record))
    assert "ValueError: /s/..." in found["trace"]
