"""The error tree: one base, one line, near names."""

import inspect

import pytest

from interlingua.core import errors
from interlingua.core.errors import InterlinguaError, UnknownName

TREE = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == errors.__name__
}


def test_every_error_is_ours_and_drawn_in_the_tree():
    drawn = inspect.getdoc(errors) or ""
    assert len(TREE) == 8
    for name, kind in TREE.items():
        assert issubclass(kind, InterlinguaError)
        assert name in drawn


def test_unknown_name_offers_near_names():
    error = UnknownName("recipe", "weschel", ["wechsel", "focus", "question_translation"])
    assert str(error) == "No recipe called 'weschel'. Did you mean wechsel?"
    assert error.near == ["wechsel"]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (["tiny", "standard"], "No world called 'zzz'. Known: standard, tiny."),
        ([], "No world called 'zzz'. Known: none."),
        (map(str, range(21)), "No world called 'zzz'. 21 are known."),
    ],
)
def test_unknown_name_without_near_names_lists_a_few_or_counts_many(known, told):
    assert str(UnknownName("world", "zzz", known)) == told


def test_unknown_name_ends_with_the_hint():
    error = UnknownName("task", "topc", ["topic"], hint="Tasks differ between worlds.")
    assert str(error) == "No task called 'topc'. Did you mean topic? Tasks differ between worlds."
