"""Labels take free places only."""

from interlingua.report.labels import beside, box, over

INSIDE = (0.0, 0.0, 200.0, 100.0)


def test_the_first_place_is_to_the_right() -> None:
    (place,) = beside([(50, 50, "swh")], [], INSIDE)
    assert place is not None
    assert (place.x, place.y, place.anchor) == (59, 54, "start")


def test_a_taken_place_is_avoided_and_a_label_without_room_is_left_out() -> None:
    (place,) = beside([(50, 50, "swh")], [(55, 40, 90, 60)], INSIDE)
    assert place is not None
    assert place.anchor == "end"
    assert beside([(50, 50, "swh")], [INSIDE], INSIDE) == [None]


def test_labels_do_not_cover_each_other() -> None:
    words = [(100.0, 50.0, f"lang{n}") for n in range(9)]
    for placing in (lambda: beside(words, [], INSIDE), lambda: over(words, INSIDE)):
        boxes = [box(at.x, at.y, "lang0", at.anchor) for at in placing() if at]
        assert len(boxes) >= 5
        for n, a in enumerate(boxes):
            for b in boxes[n + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
