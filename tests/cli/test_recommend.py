"""`interlingua recommend`: a ranking for people and programs, costs for this machine."""

import pytest

from interlingua.cli import estimate
from interlingua.cli.recommend import text_of


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of known speed."""
    monkeypatch.setattr(estimate, "speed", lambda device: 4e12)


def test_recipes_that_fit_the_data_are_ranked_and_others_say_what_they_lack(run_json) -> None:
    told = run_json("recommend", "--lang", "sw", "--have", "questions", "--budget", "1h")
    assert told["language"]["code"] == "swh_Latn"
    assert (told["parameters"], told["budget"]) == (1_000_000_000, 3600.0)
    assert told["assumed"]["operations_per_second"] == 1e12
    ranked = {entry["recipe"]: entry for entry in told["ranked"]}
    assert ranked.keys() == {"question_translation"}
    cost = 1875 * 16 * 64  # three epochs of 10,000 questions by 16, rows of 64 tokens
    assert ranked["question_translation"]["tokens"] == cost
    assert ranked["question_translation"]["seconds"] == pytest.approx(6e9 * cost / 1e12)
    lacking = {entry["recipe"]: entry["lacking"] for entry in told["lacking"]}
    assert lacking["own_answers"] == ["tasks"]


def test_it_is_told_for_people(run) -> None:
    shown = run("recommend", "--lang", "Swahili", "--have", "questions,tasks", "--budget", "30s").stdout
    assert "Swahili (swh_Latn), with questions, tasks; no model named" in shown
    assert "more than there is" in shown
    assert "Not with this data:" in shown
    assert "paper  direct answers, never tuned on: higher than the base" in shown


def test_a_named_model_is_measured(run_json) -> None:
    told = run_json("recommend", "--lang", "sw", "--have", "questions", "--model", "lab:standard")
    assert 5e5 < told["parameters"] < 5e6
    small = next(entry for entry in told["ranked"] if entry["recipe"] == "question_translation")
    assert small["tokens"] == 600 * 16 * 64  # the preset for small models


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--have", "txt"], "No resource called 'txt'"),
        (["--have", "text", "--budget", "soon"], "A budget is a number and a unit"),
    ],
)
def test_bad_words_are_refused_in_one_line(run, words: list[str], told: str) -> None:
    done = run("recommend", "--lang", "sw", *words)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {told}")


def test_without_any_recipe_it_says_so() -> None:
    nothing = {
        "language": {"name": "x", "code": "y"}, "have": ["text"], "parameters": 1e9, "budget": None,
        "ranked": [], "to_look_with": [], "lacking": [], "assumed": {"tokens_per_row": 64},
    }  # fmt: skip
    assert "No recipe can do with this data alone." in text_of(nothing)
