"""Rooms stay small enough to be read at one sitting."""

import ast
from statistics import median

from tests.house.tree import named, parsed, sources, templates

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION, LONGEST_TEMPLATE = 400, 40, 8, 120


def _functions() -> list[tuple[str, int]]:
    return [
        (f"{named(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
    ]


def test_files_stay_under_400_lines() -> None:
    long = {named(path): count for path in sources() if (count := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_functions_stay_under_40_lines() -> None:
    assert not {name: lines for name, lines in _functions() if lines > LONGEST_FUNCTION}


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert median(lines for _, lines in _functions()) <= MEDIAN_FUNCTION


def test_templates_stay_under_120_lines() -> None:
    long = {named(path): count for path in templates() if (count := len(path.read_text().splitlines())) > LONGEST_TEMPLATE}
    assert not long


def test_no_room_is_over_a_fifth_of_the_house() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in sources()}
    apps: dict[str, int] = {}
    for path, count in lines.items():
        apps[named(path).split("/", 1)[0]] = apps.get(named(path).split("/", 1)[0], 0) + count
    assert not {app: count for app, count in apps.items() if count > sum(lines.values()) / 5}
