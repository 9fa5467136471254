"""Every list can be taken along: each list page offers a table, and each table that is offered exists."""

import re

import pytest

import config.urls  # noqa: F401  every page is a class of some room that the addresses know
from api.urls import router
from common.pages import ListPage
from downloads.lists import TABLES
from tests.house.tree import ROOT, templates

OFFERED = re.compile(r'components/download\.html" with table="([a-z-]+)"')
# Worklists that hold numbers to call, the reader's own downloads, gaps that are worked off, not taken along, and the
# villages from which one takes a card: each card is a file of its own, and the villages are a list of their own.
KEPT = {"HandList", "CallList", "ConsentGaps", "DownloadList", "CardList"}


def _below(page: type[ListPage]) -> set[type[ListPage]]:  # type: ignore[type-arg]
    return {page, *(each for below in page.__subclasses__() for each in _below(below))}


PAGES = sorted((page for page in _below(ListPage) if hasattr(page, "template")), key=lambda page: page.__name__)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_list_page_offers_its_table(page: type[ListPage]) -> None:  # type: ignore[type-arg]
    if page.__name__ in KEPT:
        return
    found = OFFERED.search((ROOT / "templates" / page.template).read_text())
    assert found, f"{page.template} includes no components/download.html"
    table = TABLES[found[1]]
    assert table.model is page.model
    assert table.ability == page.ability


def test_offered_tables_exist() -> None:
    offered = {name for path in templates() for name in OFFERED.findall(path.read_text())}
    assert offered <= set(TABLES)


def test_every_list_of_the_api_has_a_table() -> None:
    lists = {base.removeprefix("api-") for _prefix, view, base in router.registry if hasattr(view, "list")}
    assert not lists - set(TABLES)
