"""Declarations of tasks."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.asking import Asking
from interlingua.data.task import Task
from interlingua.data.words import FromJson


def test_the_kind_follows_from_what_answers():
    assert Task(question="{q}", labels={"a": "A", "b": "B"}).kind == "choice"
    assert Task(question="{q}", options="o").kind == "choice"
    assert Task(question="{q}", answer="a").kind == "open"
    assert Task(text="text").kind == "text"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"question": "{q}"}, "give one of them, not none"),
        ({"question": "{q}", "options": "o", "answer": "a"}, "give one of them, not options and answer"),
        ({"answer": "a"}, "A task needs a question"),
        ({"question": "{q}", "answer": "a", "letters": "AB"}, "Letters go with options"),
        (
            {"question": "{q}", "answer": "a", "beside": {"stop": FromJson(file="a", path="b")}},
            "Beside the data lie question, labels or shots, not stop",
        ),
    ],
)
def test_declarations_that_do_not_go_together_are_refused(settings, message):
    with pytest.raises(BadInput, match=message):
        Task(**settings)


def test_asking_is_checked():
    assert Asking() == Asking("native", None)
    with pytest.raises(BadInput, match="Prompt 'french' is neither native nor english"):
        Asking("french")
    with pytest.raises(BadInput, match="-1 shots cannot be given; write 0 for none"):
        Asking(shots=-1)
