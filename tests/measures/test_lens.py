"""Curves of the lens: means, intervals and leading layers worked by hand; before and after paired."""

import json
from dataclasses import replace

import numpy as np
import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.lens_read import LensRead
from interlingua.measures.lens import first_lead, lens, lens_change


def read(
    group: str,
    leads: list[int],
    lang: str = "swh_Latn",
    *,
    right: float = 0.5,
    task: str = "topic",
    cluster: str = "",
    native: bool = True,
) -> LensRead:
    """Gold is option 1, in English of probability `right` in the last layer and 0 before; the other 0.1."""
    layers = len(leads)
    english = np.full((layers, 2), 0.1)
    english[:, 1] = [*[0.0] * (layers - 1), right]
    return LensRead(
        group, task, "test", lang, group, cluster or group, 1, -1,
        options=english, english=english, native=english / 2 if native else None,
        shared=np.full(layers, 0.05) if native else None, entropy=np.arange(layers, dtype=float),
        leads={"options": np.array(leads), "english": np.array(leads[::-1])},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("leads", "first"),
    [
        ([0, 1, 1], 1), ([1, 1, 1], 0), ([1, 0, 1], 2), ([1, 1, 0], None), ([0, 0, 0], None),
        ([-1, 1, -1, 1], 3), ([1, -1], None), ([1], 0), ([0], None),
    ],
)  # fmt: skip
def test_the_layer_from_which_the_right_answer_leads(leads: list[int], first: int | None) -> None:
    assert first_lead(leads, 1) == first


def test_means_over_items() -> None:
    """Items lead from layers 1, 2 and 0; one never does."""
    reads = [read("a", [0, 1, 1], right=0.2), read("b", [1, 0, 1], right=0.4)]
    reads += [read("c", [1, 1, 1], right=0.6), read("d", [1, 1, 0], right=0.8)]
    found = lens(reads)["swh_Latn"]
    assert [one.mean for one in found.english] == [0, 0, 0.5]
    assert [one.mean for one in found.native] == [0, 0, 0.25]
    assert [one.mean for one in found.shared] == [0.05] * 3
    assert [one.mean for one in found.entropy] == [0, 1, 2]
    assert [one.mean for one in found.leading] == [0.75, 0.75, 0.75]
    assert (found.lead.mean, found.lead.n, found.never, found.n) == (1, 3, 1, 4)
    assert 0 <= found.lead.low < 1 < found.lead.high <= 2
    assert 0.2 <= found.english[2].low < 0.5 < found.english[2].high <= 0.8
    assert found.english[2].n == 4
    every = lens(reads, counted="all")["swh_Latn"]
    assert [one.mean for one in every.english] == pytest.approx([0.1, 0.1, 0.6])
    english = lens(reads, words="english")["swh_Latn"]
    assert (english.lead.mean, english.never) == (1, 1)  # layers 2, 0 and 1


def test_items_of_a_cluster_are_drawn_together() -> None:
    """Ten items in two clusters that agree within: as uncertain as two items are."""
    many = [read(f"{n}", [0, 1], right=0.2 + 0.6 * (n % 2), cluster=f"{n % 2}") for n in range(10)]
    apart = [replace(one, cluster=one.group) for one in many]
    joined, single = (lens(reads)["swh_Latn"].english[1] for reads in (many, apart))
    assert joined.mean == single.mean == pytest.approx(0.5)
    assert (joined.low, joined.high) == pytest.approx((0.2, 0.8))
    assert single.low > 0.25


def test_languages_and_tasks() -> None:
    """Tasks weigh the same: two items at 0.2 and four at 0.8 give 0.5."""
    reads = [read(f"{n}", [0, 1], right=0.2, task="one") for n in range(2)]
    reads += [read(f"{n}", [0, 1], right=0.8, task="two") for n in range(4)]
    reads += [read(f"{n}", [0, 0], "tha_Thai", native=False) for n in range(3)]
    found = lens(reads)
    assert list(found) == ["swh_Latn", "tha_Thai"]
    assert found["swh_Latn"].english[1].mean == pytest.approx(0.5)
    thai = found["tha_Thai"]
    assert (thai.native, thai.shared, thai.lead, thai.never, thai.n) == (None, None, None, 3, 3)


def test_what_some_items_lack_is_not_averaged_over_the_others() -> None:
    reads = [read("a", [0, 1]), read("b", [0, 1], native=False), replace(read("c", [0, 1]), leads={})]
    found = lens(reads)["swh_Latn"]
    assert (found.native, found.shared, found.leading) == (None, None, None)
    assert (found.lead.mean, found.lead.n, found.never) == (1, 2, 1)
    assert len(found.english) == 2
    assert lens([read("a", [0, 1]), read("b", [0, 0])])["swh_Latn"].lead is None


def test_order_of_the_reads_is_irrelevant() -> None:
    reads = [read(str(n), [n % 3 != 0, n % 2], lang, right=n / 20) for n in range(9) for lang in ("a", "b")]
    assert lens(reads[::-1]) == {lang: own for lang, own in lens(reads).items()}


def test_before_and_after_are_paired() -> None:
    """Every item gains 0.3 in the last layer and leads one layer earlier: no doubt about either."""
    before = [read(str(n), [0, 0, 1], right=n / 20) for n in range(6)]
    after = [read(str(n), [0, 1, 1], right=n / 20 + 0.3) for n in range(6)]
    found = lens_change(before, after[::-1])["swh_Latn"]
    assert [(one.mean, one.low, one.high) for one in found.english] == [(0, 0, 0), (0, 0, 0), (0.3, 0.3, 0.3)]
    assert found.english[2].p < 0.01
    assert found.english[0].p == 1
    assert [one.mean for one in found.leading] == [0, 1, 0]
    assert (found.lead.mean, found.lead.low, found.lead.high, found.never) == (-1, -1, -1, 0)
    assert [one.mean for one in found.entropy] == [0, 0, 0]


def test_only_items_that_lead_on_both_sides_have_a_change_of_layer() -> None:
    before = [read("a", [1, 1]), read("b", [0, 1]), read("c", [1, 0]), read("d", [0, 1])]
    after = [read("a", [0, 1]), read("b", [0, 1]), read("c", [1, 1]), read("d", [0, 0])]
    found = lens_change(before, after)["swh_Latn"]
    assert (found.lead.mean, found.lead.n, found.never) == (0.5, 2, 2)


def test_plain_values() -> None:
    found = lens([read("a", [0, 1], native=False), read("b", [0, 1], native=False)])["swh_Latn"].as_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["english"] == [[0, 0, 0], [0.5, 0.5, 0.5]]
    assert (found["native"], found["never"], found["n"]) == (None, 0, 2)
    assert (found["lead"]["mean"], found["lead"]["low"], found["lead"]["high"]) == (1, 1, 1)


def test_bad_input_is_one_clear_line() -> None:
    two = [read("a", [0, 1]), read("b", [0, 1])]
    for reads, told in (
        ([], "no reads through the lens"),
        ([*two, replace(two[0], position=-2)], "Two reads are of item 'a' .* at positions -1 and -2"),
        ([*two, read("c", [0, 1, 1])], r"The reads have \[2, 3\] layers"),
        (two[:1], "Task 'topic' has a single cluster in swh_Latn"),
    ):
        with pytest.raises(BadInput, match=told) as error:
            lens(reads)
        assert "\n" not in str(error.value)
    with pytest.raises(BadInput, match="2 items were read on one side only, first item 'b' of 'topic'"):
        lens_change(two, [two[0], read("c", [0, 1])])
    deep = [read("a", [0, 1, 1]), read("b", [0, 1, 1])]
    with pytest.raises(BadInput, match="The models have 2 and 3 layers"):
        lens_change(two, deep)
    with pytest.raises(UnknownName, match="No words called 'french'"):
        lens(two, words="french")
    with pytest.raises(UnknownName, match="No count called 'wrong'"):
        lens(two, counted="wrong")
