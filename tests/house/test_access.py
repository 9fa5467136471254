"""Every page and API action names an ability, and every ability is registered and used."""

import re
from enum import StrEnum
from importlib import import_module

import pytest
import rules
from django.urls import URLPattern, URLResolver, get_resolver

from common.pages import ListPage, Page
from tests.house.tree import APPS, ROOT, named, sources, templates

OPEN = re.compile(
    r"^(health/|accounts/|language/|d/|s/|static/|webhooks/|api/(schema|docs)/|api/v1/auth/|calendar/|v/|metrics|help/|m/(worker|manifest))"
)
ABILITIES = [
    member
    for app in APPS
    if (ROOT / app / "rules.py").exists()
    for thing in vars(import_module(f"{app}.rules")).values()
    if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == f"{app}.rules"
    for member in thing
]


def _addresses(resolver: URLResolver, before: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        found += _addresses(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


ADDRESSES = _addresses(get_resolver())


@pytest.mark.parametrize("ability", ABILITIES, ids=str)
def test_ability_is_registered_and_used(ability: StrEnum) -> None:
    assert rules.perm_exists(str(ability))
    use = f"{type(ability).__name__}.{ability.name}"
    code = [path.read_text() for path in sources() if path.stem != "rules"]
    assert any(use in text for text in code) or any(str(ability) in path.read_text() for path in templates())


@pytest.mark.parametrize(("path", "entry"), ADDRESSES, ids=[path or "/" for path, _ in ADDRESSES])
def test_address_names_its_ability(path: str, entry: URLPattern) -> None:
    if OPEN.match(path) or path.startswith("api/"):
        return  # open by decision, or held by the API's own matrix
    page = getattr(entry.callback, "view_class", None)
    assert page is not None
    assert issubclass(page, Page), f"{path} is no Page"
    assert rules.perm_exists(str(page.ability))


def test_lists_are_ordered_to_the_last_row() -> None:
    loose = [
        page.__name__
        for page in ListPage.__subclasses__()
        if page.order[-1].lstrip("-") not in {"pk", "id", page.model._meta.pk.name}
    ]
    assert not loose


def test_models_have_no_default_order() -> None:
    assert not [
        named(path)
        for path in sources()
        if path.stem != "test"
        and re.search(r"^\s+ordering\s*=\s*\[", path.read_text(), re.MULTILINE)
        and "models" in named(path)
    ]
