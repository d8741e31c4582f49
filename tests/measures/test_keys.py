"""Rows by what they answer."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.keys import by_key
from interlingua.measures.measure import example_row

ROW = example_row("topic", "g1", "swh_Latn", 0)


def test_task_split_group_and_language_make_the_key() -> None:
    others = [replace(ROW, **{what: "other"}) for what in ("task", "split", "group", "lang")]
    table = by_key([ROW, *others])
    assert len(table) == 5
    assert table["topic", "test", "g1", "swh_Latn"] is ROW


def test_two_rows_of_one_question_are_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"'g1' of task 'topic'.* in swh_Latn, of modes direct and restate"):
        by_key([ROW, replace(ROW, mode="restate", id="another")])


def test_no_rows_are_refused() -> None:
    with pytest.raises(BadInput, match="No rows"):
        by_key([])
