"""The legality checklist: what each product needs, and how a paper stands on each of its days."""

from datetime import date, timedelta

import pytest

from villages.legality import SOON, Line, checklist, needed_by
from villages.models import Licence
from villages.states import LegalityState, LicenceKind, ProductGroup

TODAY = date(2026, 10, 1)
S = LegalityState


def paper(kind: str, ends: int | None = None, number: str = "1") -> Licence:
    return Licence(kind=kind, number=number, expires_on=None if ends is None else TODAY + timedelta(days=ends))


def lines(group: str = ProductGroup.TEXTILE, *licences: Licence, nib: str = "") -> dict[str, Line]:
    return {line.kind: line for line in checklist(product_group=group, nib=nib, licences=licences, on=TODAY)}


@pytest.mark.parametrize(
    ("group", "needs"),
    [
        (ProductGroup.FOOD, {"nib", "halal", "pirt", "brand"}),
        (ProductGroup.FISHERY, {"nib", "halal", "brand"}),
        (ProductGroup.WOOD, {"nib", "svlk", "brand"}),
        (ProductGroup.TEXTILE, {"nib", "brand"}),
        (ProductGroup.FOOTWEAR, {"nib", "brand"}),
        (ProductGroup.CRAFT, {"nib", "brand"}),
        (ProductGroup.FARM, {"nib", "brand"}),
    ],
)
def test_each_product_needs_its_papers(group: str, needs: set[str]) -> None:
    found = lines(group)
    assert {kind for kind, line in found.items() if line.required} == needs
    assert {kind for kind, line in found.items() if line.lacks} == needs
    assert {"nib", *needed_by(group)} == needs
    assert (found["gi"].required, found["gi"].lacks) == (False, False)  # shown, never required


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (None, S.PRESENT),
        (91, S.PRESENT),
        (90, S.EXPIRING),
        (1, S.EXPIRING),
        (0, S.EXPIRING),  # it holds through its last day
        (-1, S.EXPIRED),
        (-4000, S.EXPIRED),
    ],
)
def test_paper_is_judged_by_its_last_day(ends: int | None, state: str) -> None:
    line = lines(ProductGroup.TEXTILE, paper("brand", ends))["brand"]
    assert line.state == state
    assert (line.lacks, line.hurries) == (state == S.EXPIRED, state == S.EXPIRING)
    assert timedelta(days=90) == SOON


def test_longest_paper_of_a_kind_holds() -> None:
    given = [paper("halal", -3, "old"), paper("halal", 400, "new"), paper("halal", 20, "middle")]
    assert lines(ProductGroup.FOOD, *given)["halal"] == Line(
        "halal", required=True, state=S.PRESENT, number="new", expires_on=TODAY + timedelta(days=400)
    )
    assert lines(ProductGroup.FOOD, *given, paper("halal", None, "endless"))["halal"].number == "endless"


def test_papers_that_are_not_needed_are_shown_and_lack_nothing() -> None:
    found = checklist(
        product_group=ProductGroup.TEXTILE,
        nib="1234567890123",
        licences=[paper("other", -1, "a"), paper("other", None, "b"), paper("halal", -1)],
        on=TODAY,
    )
    assert [(line.kind, line.required, line.state) for line in found] == [
        ("nib", True, S.PRESENT),
        ("brand", True, S.MISSING),
        ("gi", False, S.MISSING),
        ("halal", False, S.EXPIRED),
        ("other", False, S.EXPIRED),
        ("other", False, S.PRESENT),
    ]
    assert [line.kind for line in found if line.lacks] == ["brand"]


def test_every_line_has_a_name() -> None:
    given = [paper(kind) for kind in LicenceKind]
    assert all(line.label for line in lines(ProductGroup.FOOD, *given).values())
