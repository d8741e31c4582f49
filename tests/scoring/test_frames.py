"""Frames of the pivot."""

from types import SimpleNamespace
from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice
from interlingua.scoring.frames import pivot_frames
from interlingua.scoring.restate import Frame


def source(banks: dict[str, list[Choice]]) -> Any:
    """A source of these test items, all of the pivot."""

    def task(name: str, lang: str, split: str) -> list[Choice]:
        assert (lang, split) == ("eng_Latn", "test")
        return banks[name]

    return SimpleNamespace(name="toy", pivot="eng_Latn", tasks=tuple(banks), task=task)


def test_a_task_is_framed_as_its_first_item_in_the_pivot() -> None:
    asked = Choice("0", "even", "test", "eng_Latn", "2?", (" no", " yes"), 1, "0", "0", "1? no\n")
    other = Choice("0", "odd", "test", "eng_Latn", "2?", (" a", " b"), 1, "0", "0")
    assert pivot_frames(source({"even": [asked], "odd": [other]})) == {
        "even": Frame("1? no\n", (" no", " yes")),
        "odd": Frame("", (" a", " b")),
    }


def test_a_task_whose_items_have_options_of_their_own_has_none_in_its_frame() -> None:
    one, two = (
        Choice(f"{n}", "sum", "test", "eng_Latn", "2?", (f"{n}", "7"), 1, f"{n}", f"{n}") for n in (3, 4)
    )
    assert pivot_frames(source({"sum": [one, two]})) == {"sum": Frame("", ())}


def test_a_task_without_items_in_the_pivot_is_named() -> None:
    with pytest.raises(MissingResource, match="toy has no test item of even in eng_Latn, its pivot"):
        pivot_frames(source({"even": []}))
