"""Packed points come back where they were; languages keep colour and shape."""

import pytest

from interlingua.report.plane import EDGE, SIZE, frames, shape, style, unpacked


def test_points_come_back_to_a_pixel_with_up_being_up() -> None:
    frame = frames({"before": {"a": [(-1.0, -1.0), (1.0, 1.0), (0.0, 0.5)]}})["before"]
    low, high, middle = unpacked(frame.points["a"])
    span = (SIZE - 2 * EDGE) / 1.04
    assert high[0] - low[0] == pytest.approx(span, abs=1)
    assert low[1] - high[1] == pytest.approx(span, abs=1)
    assert middle == pytest.approx((SIZE / 2, SIZE / 2 + 10 - span / 4), abs=1)


def test_both_sides_share_a_scale() -> None:
    sides = {"before": {"a": [(0.0, 0.0), (8.0, 0.0)]}, "after": {"a": [(0.0, 0.0), (2.0, 0.0)]}}
    ends = [unpacked(frame.points["a"]) for frame in frames(sides).values()]
    assert ends[0][0] == ends[1][0]
    before, after = (end[1][0] - end[0][0] for end in ends)
    assert before == pytest.approx(4 * after, abs=2)


def test_points_in_one_place_are_drawn_in_the_middle() -> None:
    frame = frames({"before": {"a": [(3.0, 3.0)] * 2}})["before"]
    assert frame.middles["a"] == (SIZE // 2, SIZE // 2 + 10)


def test_sixty_three_languages_look_different() -> None:
    assert len({(style(place), shape(place)) for place in range(63)}) == 63
