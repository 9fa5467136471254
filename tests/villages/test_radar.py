"""The web of eight criteria: where everything lies, and that nothing leaves the drawing."""

from math import hypot

import pytest
from django.utils import translation

from villages.radar import CENTRE, HEIGHT, RADIUS, WIDTH, Radar, at_distance, radar_of, reach
from villages.states import SHORT_CRITERIA, Criterion

NAMES = {code: str(code) for code in Criterion.values}
SCALE = range(1, 6)


def far(point: tuple[float, float]) -> float:
    return hypot(point[0] - CENTRE[0], point[1] - CENTRE[1])


def drawn(now: int = 3, before: int | None = None) -> Radar:
    earlier = dict.fromkeys(NAMES, before) if before else None
    return radar_of(NAMES, scale=SCALE, now=dict.fromkeys(NAMES, now), before=earlier)


def test_axes_begin_half_a_step_right_of_upright_and_go_round() -> None:
    first, last = at_distance(0, 8, 100), at_distance(7, 8, 100)
    assert first == (218.3, 53.6)
    assert last == (141.7, 53.6)
    assert at_distance(3, 8, 100) == (218.3, 238.4)


def test_lowest_value_stands_off_the_centre_and_the_highest_at_the_rim() -> None:
    assert reach(1, SCALE) == pytest.approx(RADIUS / 5)
    assert reach(5, SCALE) == pytest.approx(RADIUS)
    assert reach(0, range(4)) == pytest.approx(RADIUS / 4)


@pytest.mark.parametrize("value", SCALE)
def test_marks_lie_on_the_ring_of_their_value(value: int) -> None:
    [shape] = drawn(value).shapes
    assert len(shape.marks) == 8
    assert all(far(mark) == pytest.approx(reach(value, SCALE), abs=0.2) for mark in shape.marks)
    assert shape.points == drawn(value).rings[value - 1].points


def test_the_later_one_lies_above_the_earlier() -> None:
    assert [shape.look for shape in drawn(4, before=2).shapes] == ["before", "now"]
    assert [axis.figures for axis in drawn(4, before=2).axes] == ["2 → 4"] * 8
    assert [axis.figures for axis in drawn(4).axes] == ["4"] * 8


def test_a_criterion_without_a_value_lies_in_the_centre() -> None:
    radar = radar_of(NAMES, scale=SCALE, now={Criterion.QUALITY: 5})
    assert [round(far(mark)) for mark in radar.shapes[0].marks] == [0, round(RADIUS), 0, 0, 0, 0, 0, 0]
    assert radar.axes[0].figures == "–"


@pytest.mark.parametrize("language", ["id", "en"])
def test_words_stay_within_the_drawing_and_clear_of_each_other(language: str) -> None:
    with translation.override(language):
        names = {code.value: str(label) for code, label in SHORT_CRITERIA.items()}
    full = dict.fromkeys(names, 5)
    boxes = []
    for axis in radar_of(names, scale=SCALE, now=full, before=full).axes:
        left, right = axis.span
        top, foot = axis.at[1] - 13, axis.below + 4
        assert 0 <= left < right <= WIDTH, axis
        assert 0 <= top < foot <= HEIGHT, axis
        boxes.append((left, right, top, foot))
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (one, other)
