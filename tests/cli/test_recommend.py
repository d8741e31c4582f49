"""`interlingua recommend`: a ranking for people and programs, costs for this machine."""

import pytest

from interlingua.cli import estimate
from interlingua.cli.recommend import text_of
from interlingua.recipes.recipe import RECIPES


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
        (["--have", "text", "--budget", ""], "A budget is a number and a unit"),
        (["--have", "text", "--lang", ""], "No language given"),
    ],
)
def test_bad_words_are_refused_in_one_line(run, words: list[str], told: str) -> None:
    done = run("recommend", "--lang", "sw", *words)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {told}")


def test_help_names_every_need_of_the_catalogue(run) -> None:
    shown = " ".join(run("recommend", "--help").stdout.split())
    needs = sorted({need for name in RECIPES.names() for need in RECIPES.get(name).needs})
    assert "steps" in needs
    assert f"separated by commas: {', '.join(needs)}." in shown


@pytest.mark.parametrize("have", ["", " , "])
def test_no_data_is_wrong_usage(run, have: str) -> None:
    done = run("recommend", "--lang", "sw", "--have", have)
    assert done.exit_code == 2
    assert f"{have!r} names nothing. Name some of dictionary, pairs," in done.stderr


def test_a_model_per_language_is_paid_once(run_json) -> None:
    told = run_json("recommend", "--lang", "sw", "--have", "text,pairs")
    tokens = {entry["recipe"]: entry["tokens"] for entry in told["ranked"]}
    assert tokens["trans_tokenization"] == 2000 * 16 * 512  # the lab paid it for each of two languages


def test_without_any_recipe_it_says_so() -> None:
    nothing = {
        "language": {"name": "x", "code": "y"}, "have": ["text"], "parameters": 1e9, "budget": None,
        "ranked": [], "to_look_with": [], "lacking": [], "assumed": {"tokens_per_row": 64},
    }  # fmt: skip
    assert "No recipe can do with this data alone." in text_of(nothing)
