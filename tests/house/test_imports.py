"""What import-linter does not see: imports in functions, escapes, and writes outside their door."""

import ast
import re

from tests.house.tree import named, parsed, sources

DOORS = ("views", "api")


def test_imports_stand_at_the_top() -> None:
    inner = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not [place for place in inner if not place.startswith("config/")]


def test_nobody_escapes_by_type_checking() -> None:
    assert not [named(path) for path in sources() if "TYPE_CHECKING" in path.read_text()]


def test_views_and_api_never_reach_for_objects() -> None:
    reached = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        if path.stem.startswith("views") or "views" in path.parts or "api" in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "objects" and not _scoped(path.read_text(), node)
    ]
    assert not reached


def _scoped(text: str, node: ast.Attribute) -> bool:
    line = text.splitlines()[(node.end_lineno or node.lineno) - 1][node.end_col_offset :]
    return line.startswith(".visible_to(")


def test_nobody_below_the_doors_asks_the_clock() -> None:
    floors = ("actions", "querysets", "models", "rules", "states", "measures", "summary", "planner", "reach")
    asked = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        if path.stem in floors or set(path.parts) & {"actions", "models"}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and _called(node) in {"now", "today", "utcnow", "localdate", "localtime"}
    ]
    assert not asked


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_celery_lives_in_tasks_and_config_only() -> None:
    users = [
        named(path)
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and "celery" in ast.unparse(node)
    ]
    assert not [path for path in users if not (path.endswith("/tasks.py") or path.startswith("config/"))]


def test_tasks_are_wrappers_of_at_most_ten_lines() -> None:
    long = [
        f"{named(path)}:{node.name}"
        for path in sources()
        if path.stem == "tasks"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or node.lineno) - node.lineno >= 10
    ]
    assert not long


def test_nothing_is_scheduled_ahead_by_the_broker() -> None:
    ahead = re.compile(r"\b(eta|countdown)\s*=|\.apply_async\(|\.delay\(|\.retry\(")
    assert not [named(path) for path in sources() if ahead.search(path.read_text())]
