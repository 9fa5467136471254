"""Totals of assessments: integers, halves up, one set only."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from villages.comparison import compared, percent, signed
from villages.scores import total, total_of, written
from villages.states import Criterion

EQUAL = dict.fromkeys(Criterion.values, 1250)


@pytest.mark.parametrize(
    ("values", "hundredths"),
    [((1,) * 8, 100), ((5,) * 8, 500), ((3, 2, 2, 3, 1, 3, 2, 3), 238), ((3, 3, 3, 3, 3, 3, 3, 4), 313)],
)
def test_total_of_equal_weights(values: tuple[int, ...], hundredths: int) -> None:
    assert total_of(EQUAL, dict(zip(Criterion.values, values, strict=True))) == hundredths


def test_total_waits_for_every_criterion() -> None:
    assert total_of(EQUAL, dict.fromkeys(Criterion.values[1:], 3)) is None
    assert total_of({}, {}) is None


@given(
    cuts=st.lists(st.integers(1, 9_999), min_size=7, max_size=7, unique=True),
    values=st.lists(st.integers(1, 5), min_size=8, max_size=8),
)
def test_total_is_the_weighted_mean_rounded_half_up(cuts: list[int], values: list[int]) -> None:
    edges = [0, *sorted(cuts), 10_000]
    weights = {code: edges[index + 1] - edges[index] for index, code in enumerate(Criterion.values)}
    scored = dict(zip(Criterion.values, values, strict=True))
    exact = sum(Decimal(weights[code]) / 10_000 * scored[code] for code in weights)
    assert total_of(weights, scored) == int((Decimal(exact) * 100).to_integral_value(ROUND_HALF_UP))


def test_figures_are_written_as_indonesians_read_them() -> None:
    assert [written(238), written(300), written(None)] == ["2,38", "3,00", "–"]
    assert [signed(2), signed(0), signed(-1), signed(None)] == ["+2", "0", "−1", "–"]
    assert [percent(1250), percent(10_000), percent(3333), percent(2000)] == ["12,5", "100", "33,33", "20"]


@pytest.mark.django_db
def test_two_of_one_set_are_compared_whole() -> None:
    before = factories.assessed(2, kind="mentor")
    now = factories.assessed({Criterion.FINANCE: 1, Criterion.MARKET: 5}, village=before.village, kind="lpei")
    both = compared(now, before)
    assert (total(before), total(now)) == (200, 300)
    assert both.words == ("3,00", "2,00", "+1,00")
    steps = {line.name: line.step for line in both.lines}
    assert (steps[str(Criterion.FINANCE.label)], steps[str(Criterion.MARKET.label)]) == ("−1", "+3")
    assert [shape.look for shape in both.radar.shapes] == ["before", "now"]
    assert both.weakest[0].name == str(Criterion.FINANCE.label)


@pytest.mark.django_db
def test_two_sets_are_drawn_and_never_totalled_together() -> None:
    before = factories.assessed(2)
    now = factories.assessed(4, village=before.village, kind="lpei", criteria_set=factories.next_criteria())
    both = compared(now, before)
    assert not both.of_one_set
    assert (both.total, both.total_before, both.change, both.words) == (400, None, None, ("4,00", "–", "–"))
    assert {line.step for line in both.lines} == {"–"}
    assert len(both.radar.shapes) == 2


@pytest.mark.django_db
def test_another_scale_is_not_drawn_into_the_same_web() -> None:
    before = factories.assessed(2)
    shorter = factories.next_criteria(highest=4)
    now = factories.assessed(4, village=before.village, kind="lpei", criteria_set=shorter)
    assert [shape.look for shape in compared(now, before).radar.shapes] == ["now"]
