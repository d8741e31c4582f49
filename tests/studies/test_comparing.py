"""Comparing two sets of answers, from run folders, samples files and sample logs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.rows import Row
from interlingua.core.runs import RunFolder
from interlingua.studies.comparing import compare
from interlingua.studies.samples import read_samples, write_samples

LANGS = ("eng_Latn", "swh_Latn", "tha_Thai")


def rows(
    model: str, rights: Sequence[Sequence[int]], langs: Sequence[str] = LANGS, mode: str = "direct"
) -> list[Row]:
    """One row per language and question; `rights[l][q]` is 1 where question q is answered rightly."""
    return [
        Row(
            model, "topic", "test", f"{lang}-{at}", str(at), str(at), lang, mode, 1 - right, 0,
            (-1.0, -2.0) if right else (-2.0, -1.0), f"question {at}", (" yes", " no"),
        )
        for lang, answers in zip(langs, rights, strict=True)
        for at, right in enumerate(answers)
    ]  # fmt: skip


OLD = rows("old", [[1, 1, 1, 0] * 3, [0, 0, 0, 1] * 3, [0, 0, 1, 1] * 3])
NEW = rows("new", [[1, 1, 1, 0] * 3, [1, 1, 0, 1] * 3, [0, 1, 1, 0] * 3])


@pytest.fixture
def saved(tmp_path: Path):
    """`saved("old", rows)`: a samples file."""
    return lambda name, some: write_samples(some, tmp_path / f"{name}.parquet")


def test_gains_per_language_and_jointly_with_seen_and_unseen_apart(saved) -> None:
    found = compare(saved("old", OLD), saved("new", NEW), seen=["sw"], pivot="English")
    told = found["modes"]["direct"]
    assert (found["pivot"], found["tuned_languages"]) == ("eng_Latn", ["swh_Latn"])
    assert {lang: one["gain"]["mean"] for lang, one in told["languages"].items()} == {
        "eng_Latn": 0.0, "swh_Latn": 0.5, "tha_Thai": 0.0,
    }  # fmt: skip
    swahili = told["languages"]["swh_Latn"]
    assert (swahili["better"], swahili["worse"], swahili["seen"]) == (6, 0, True)
    assert (swahili["before"]["mean"], swahili["after"]["mean"]) == (0.25, 0.75)
    assert swahili["gain"]["p"] == 2 * 0.5**6  # McNemar: six changes, all better
    assert (told["gain_seen"]["mean"], told["gain_unseen"]["mean"]) == (0.5, 0.0)
    assert told["gain_joint"]["mean"] == 0.25
    assert told["gain_joint"]["resampled"]["mean"] == 0.25


def test_the_items_that_changed_are_listed_with_what_was_said(saved) -> None:
    told = compare(saved("old", OLD), saved("new", NEW))["modes"]["direct"]["changed"]
    assert [(one["lang"], one["id"], one["better"]) for one in told if int(one["id"].split("-")[1]) < 4] == [
        ("swh_Latn", "swh_Latn-0", True), ("swh_Latn", "swh_Latn-1", True),
        ("tha_Thai", "tha_Thai-1", True), ("tha_Thai", "tha_Thai-3", False),
    ]  # fmt: skip
    assert told[0] == {
        "task": "topic", "id": "swh_Latn-0", "lang": "swh_Latn", "better": True, "question": "question 0",
        "gold": "yes", "before": "no", "after": "yes",
    }  # fmt: skip


def test_run_folders_know_pivot_and_tuned_languages(tmp_path: Path) -> None:
    for name, some in (("before", OLD), ("after", NEW)):
        with RunFolder.open("measure", {"name": name}, root=tmp_path, name=name) as folder:
            folder.record(pivot="eng_Latn", tuned_on=("tha_Thai",) if name == "after" else ())
            folder.ledger.put_many((f"{row.lang}{row.id}", row) for row in some)
            folder.finish()
    found = compare(tmp_path / "before", tmp_path / "after")
    assert (found["pivot"], found["tuned_languages"]) == ("eng_Latn", ["tha_Thai"])
    assert found["modes"]["direct"]["gain_unseen"]["mean"] == 0.5


def test_what_only_one_side_has_is_left_out_and_told(saved) -> None:
    told = compare(saved("old", [row for row in OLD if row.lang != "tha_Thai"]), saved("new", NEW))
    told = told["modes"]["direct"]
    assert set(told["languages"]) == {"eng_Latn", "swh_Latn"}
    assert told["left_out"] == [{"task": "topic", "split": "test", "lang": "tha_Thai", "only": "after"}]


def test_other_items_of_a_language_are_refused_unless_only_common_ones_are_wanted(saved) -> None:
    old, new = saved("old", OLD), saved("new", [row for row in NEW if row.id != "swh_Latn-3"])
    with pytest.raises(BadInput, match="1 of 36 rows before have no partner"):
        compare(old, new)
    told = compare(old, new, common=True)["modes"]["direct"]
    assert told["languages"]["swh_Latn"]["before"]["n"] == 11
    assert told["left_out"] == [
        {"task": "topic", "split": "test", "lang": "swh_Latn", "only": "before", "items": 1}
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ([], NEW, "holds no answers yet"),
        ([*OLD, *rows("other", [[1, 1]], ["deu_Latn"])], NEW, "holds answers of 2 models"),
        (rows("old", [[1, 0]], ["deu_Latn"]), NEW, "no task and language in common"),
        (rows("old", [[1, 0]], ["swh_Latn"], "restate"), NEW, "none in common"),
    ],
)
def test_sides_that_cannot_be_compared_are_one_clear_line(saved, old, new, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        compare(saved("old", old), saved("new", new))


def test_missing_places_and_unknown_languages_are_refused(saved, tmp_path: Path) -> None:
    there = saved("old", OLD)
    with pytest.raises(BadInput, match="does not exist"):
        compare(there, tmp_path / "nowhere")
    with pytest.raises(UnknownName, match="hin_Deva"):
        compare(there, saved("new", NEW), seen=["hi"])
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 not really")
    with pytest.raises(BadInput, match="cannot be read as Parquet"):
        compare(there, broken)


def test_samples_come_back_as_they_were(saved) -> None:
    assert read_samples(saved("old", OLD)) == OLD
