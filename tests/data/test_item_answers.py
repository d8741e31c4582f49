"""Options, gold answers and accepted texts of a row."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.item_answers import gold_of, options_of, texts_of


def test_options_from_columns_or_a_list():
    assert options_of({"a": "x", "b": 2}, ["a", "b"], "", "here") == (("x", "2"), "")
    assert options_of({"o": ["x", "y"]}, ["o"], "AB", "here") == (("x", "y"), "A. x\nB. y")


@pytest.mark.parametrize(
    ("row", "columns", "letters", "message"),
    [
        ({"a": "x", "b": None}, ["a", "b"], "", "here: option 'b' is empty."),
        ({"o": ["x", " "]}, ["o"], "", "here: option 'o (2)' is empty."),
        ({"o": []}, ["o"], "", "here: a list of 0 options leaves no choice; two are needed."),
        ({"o": ["x"]}, ["o"], "", "here: a list of 1 options leaves no choice; two are needed."),
        ({"o": None}, ["o"], "", "here: column 'o' of options is empty."),
        ({"o": "x, y"}, ["o"], "", "here: column 'o' of options is 'x, y', no list."),
        ({"o": ["x", "y", "z"]}, ["o"], "AB", "here: 3 options for the letters AB; give more letters."),
    ],
)
def test_unusable_options_are_refused(row, columns, letters, message):
    with pytest.raises(BadInput) as refusal:
        options_of(row, columns, letters, "here")
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("label", "label_is", "gold"),
    [
        (0, "index", 0),
        ("2", "index", 2),
        (1, "number", 0),
        ("b", "letter", 1),
        ("C", "letter", 2),
        ("z", "text", 2),
    ],
)
def test_which_option_is_right(label, label_is, gold):
    assert gold_of(label, label_is, ("x", "y", " z"), "here") == gold


@pytest.mark.parametrize(
    ("label", "label_is", "message"),
    [
        (3, "index", "here has label 3; its 3 options count from 0."),
        (-1, "index", "here has label -1; its 3 options count from 0."),
        (0, "number", "here has label 0; its 3 options count from 1."),
        ("D", "letter", "here has label 'D'; letters run from A to C."),
        ("", "letter", "here has label ''; letters run from A to C."),
        ("w", "text", "here has label 'w', which is none of its options x, y, z."),
    ],
)
def test_labels_outside_the_options_are_refused(label, label_is, message):
    with pytest.raises(BadInput) as refusal:
        gold_of(label, label_is, ("x", "y", "z"), "here")
    assert str(refusal.value) == message


def test_accepted_answers():
    assert texts_of({"a": ["x ", "y", "x"], "b": None}, ["a", "b"], "text", "here") == ("x", "y")
    assert texts_of({"a": "1,200.0"}, ["a"], "number", "here") == ("1200",)
    assert texts_of({"a": 2.5}, ["a"], "number", "here") == ("2.5",)
    with pytest.raises(BadInput, match="here: column 'a' holds no answer"):
        texts_of({"a": " "}, ["a"], "text", "here")
    with pytest.raises(BadInput, match="here: the answer 'two' is no number"):
        texts_of({"a": "two"}, ["a"], "number", "here")
