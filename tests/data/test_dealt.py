"""Dealt anew: groups keep their values, each has its own draw, and what is in none stays."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.dealt import dealt


def test_groups_keep_their_values_and_nothing_else_moves() -> None:
    values = [*"abcdefgh", "x"]
    groups = [("de", "topic")] * 4 + [("sw", "topic")] * 4 + [None]
    found = dealt(values, groups, 0, "labels")
    assert sorted(found[:4]) == [*"abcd"]
    assert sorted(found[4:8]) == [*"efgh"]
    assert found[8] == "x"
    assert found != values
    assert dealt(values, groups, 0, "labels") == found != dealt(values, groups, 1, "labels")
    assert dealt(values[:4], groups[:4], 0, "labels") == found[:4]  # other groups do not matter


def test_every_value_needs_a_group() -> None:
    with pytest.raises(BadInput, match="There are 1 groups for 2 values"):
        dealt([1, 2], [None], 0, "labels")
