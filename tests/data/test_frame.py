"""Frames: where the model stops to read, and what an answer begins with."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.frame import Frame


def test_spaces_before_the_answer_belong_to_it():
    frame = Frame.cut('{p}\nAnswer: {answer}"\n')
    assert (frame.places, frame.before, frame.gap, frame.close) == (("p",), "{p}\nAnswer:", " ", '"\n')
    assert frame.question({"p": "{answer} {p}"}) == "{answer} {p}\nAnswer:"
    assert frame.answered("yes", {"p": "x"}) == " yes"
    chinese = Frame.cut("{p}\n答案：{answer}")
    assert (chinese.question({"p": "x"}), chinese.answered("是", {})) == ("x\n答案：", "是")


def test_without_a_place_the_answer_follows_the_text_as_it_is():
    frame = Frame.cut("{p}? ")
    assert (frame.question({"p": "x"}), frame.answered("A", {}), frame.close) == ("x? ", "A", "")


def test_columns_behind_the_answer_are_scored():
    frame = Frame.cut("{p}, right? {answer}, {h}")
    values = {"p": "It rains", "h": "it is wet"}
    assert frame.places == ("p", "h")
    assert frame.question(values) + frame.answered("Yes", values) == "It rains, right? Yes, it is wet"
    assert frame.close == ""


def test_edits():
    frame = Frame.cut("{p|unstopped} because {answer|lowered}")
    assert frame.question({"p": "It rains. "}) == "It rains because"
    assert frame.answered("It does.", {}) == " it does."
    for text in ("雨が降る。", "बारिश।", "ዝናብ።"):
        assert Frame.cut("{p|unstopped}").question({"p": text}) == text[:-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{answer} or {answer}", "has 2 places {answer}"),
        ("{p|upper}", "no edit called 'upper'; there"),
    ],
)
def test_frames_that_make_no_sense_are_refused(text, message):
    with pytest.raises(BadInput) as refusal:
        Frame.cut(text)
    assert message in str(refusal.value)
