"""Row: a frozen fact."""

from dataclasses import FrozenInstanceError, replace

import pytest

from interlingua.core.rows import Row

ROW = Row(
    model="base", task="topic", split="test", id="7", group="7", cluster="7", lang="qab_Cyrl", mode="direct",
    prediction=2, gold=1, scores=(-3.0, -2.0, -1.0), question="?", options=("a", "b", "c"),
)  # fmt: skip


def test_correct_compares_prediction_with_gold():
    assert not ROW.correct
    assert replace(ROW, prediction=1).correct


def test_a_row_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        ROW.gold = 2


def test_rows_do_not_share_their_extra():
    assert replace(ROW, extra={"restated": "x"}).extra == {"restated": "x"}
    assert ROW.extra == {}
