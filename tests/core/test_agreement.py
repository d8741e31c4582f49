"""Agreement: rounding is no difference, everything else is."""

from dataclasses import fields, replace

import pytest

from interlingua.core.agreement import difference
from interlingua.core.rows import Row

ROW = Row(
    model="base", task="topic", split="test", id="7", group="g7", cluster="c7", lang="qab_Cyrl",
    mode="restate", prediction=1, gold=0, scores=(-3.5, -0.125, float("-inf")), question="?",
    options=("a", "b", "c"), tokens=31, seed=2, extra={"restated": "what?", "word_accuracy": 0.25},
)  # fmt: skip


def test_rounding_and_cost_are_no_difference():
    other = replace(
        ROW,
        tokens=60,
        scores=(-3.50009, -0.125, float("-inf")),
        extra={"word_accuracy": 0.25, "restated": "what?"},
    )
    assert difference(ROW, ROW) is difference(ROW, other) is None
    long = replace(ROW, scores=(-1000.0, -900.0, -2000.0))
    assert difference(long, replace(long, scores=(-1000.0009, -900.0, -2000.0))) is None


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Row)} - {"tokens"}))
def test_every_other_field_counts(name):
    changed = {
        "prediction": 0, "gold": 1, "seed": 3, "options": ("a", "b"),
        "scores": (-3.5002, -0.125, float("-inf")),
        "extra": {"restated": "what else?", "word_accuracy": 0.25},
    }  # fmt: skip
    assert difference(ROW, replace(ROW, **{name: changed.get(name, "other")})) == name


def test_scores_that_are_missing_or_impossible_differ():
    assert difference(ROW, replace(ROW, scores=(-3.5, -0.125))) == "scores"
    assert difference(ROW, replace(ROW, scores=(-3.5, -0.125, -4.0))) == "scores"
    assert difference(ROW, replace(ROW, extra={"restated": "what?"})) == "extra"


def test_a_near_tie_may_be_answered_either_way():
    tied = replace(ROW, scores=(-0.1251, -0.125, -9.0))
    other = replace(ROW, scores=(-0.12505, -0.12507, -9.0), prediction=0)
    assert difference(tied, other) is None
    written = replace(ROW, scores=(), prediction=1)
    assert difference(written, replace(written, prediction=0)) == "prediction"
