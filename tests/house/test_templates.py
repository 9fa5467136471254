"""Templates are all used, hold nothing inline, and decide nothing about roles."""

import re

from tests.house.tree import ROOT, named, sources, templates

INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)|<style|javascript:""", re.IGNORECASE)
FOREIGN = re.compile(r"""<(?!a\s)[^>]*\s(?:src|href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)
GIVEN = ("account/", "allauth/", "django/", "400.html", "403.html", "403_csrf.html", "404.html", "500.html")


def test_templates_hold_nothing_inline() -> None:
    assert not [named(path) for path in templates() if INLINE.search(path.read_text())]


def test_templates_load_nothing_from_elsewhere() -> None:
    assert not [named(path) for path in templates() if FOREIGN.search(path.read_text())]


def test_templates_test_no_role() -> None:
    assert not [named(path) for path in templates() if re.search(r"\brole\s*==|\.role\b\s*(==|in)", path.read_text())]


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text() for path in [*sources(), *templates()])
    names = [str(path.relative_to(ROOT / "templates")) for path in templates()]
    assert not [name for name in names if name not in code and not name.startswith(GIVEN)]


def test_no_form_loses_the_token_that_lets_it_be_sent() -> None:
    """A form included with `only` sees no token: its button would be refused in every browser."""
    forms = {str(path.relative_to(ROOT / "templates")) for path in templates() if "csrf_token" in path.read_text()}
    alone = re.compile(r'{% include "([^"]+)"[^%]* only %}')
    assert not [named(path) for path in templates() if forms & set(alone.findall(path.read_text()))]
