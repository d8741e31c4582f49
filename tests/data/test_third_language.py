"""A third language: the first that has pairs, never the pivot, nothing that was seen."""

from typing import Any

from interlingua.core.errors import MissingResource
from interlingua.data.items import Pair
from interlingua.data.third_language import from_third_language


class Toy:
    """Pairs of all languages but `x` with any other."""

    pivot, languages = "p", ("p", "x", "y", "z", "new")

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        if a == "x":
            raise MissingResource("none")
        return [Pair(f"{at}", a, b, f"{a}{at}", f"{b}{at}") for at in range(4)]


def sources(**more: Any) -> list[str]:
    """The sources of the pairs that are found into `new`."""
    given: dict[str, Any] = {"without": (), "seen": (), "count": 9, **more}
    source: Any = Toy()
    found = from_third_language(source, "new", **given)
    assert {pair.target_lang for pair in found} <= {"new"}
    return [pair.source for pair in found]


def test_the_first_language_with_pairs_that_may_be_taken() -> None:
    assert sources() == ["y0", "y1", "y2", "y3"]
    assert sources(without=("y",)) == ["z0", "z1", "z2", "z3"]
    assert sources(without=("y", "z")) == []


def test_seen_texts_are_left_out_before_they_are_counted() -> None:
    assert sources(seen={"new0", "new2", "y1"}, count=2) == ["y1", "y3"]
    assert sources(seen={f"new{at}" for at in range(4)}) == []
