"""`interlingua recommend`: a ranking for people and programs, costs for this machine."""

from typing import Any

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
    words = "languages unseen in tuning are aligned with English too (abstract)"
    claim = "direct answers, never tuned on: higher than the base"
    assert f"   paper  {words}; looked for in the lab: {claim}\n" in shown
    assert "   from   arXiv:2405.13816, faithful\n" in shown


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


ENTRY: dict[str, Any] = {
    "recipe": "swap", "blurb": "What it does.", "seconds": 60.0, "fits": True, "judged_on": "New ones",
    "paper": "arXiv:1", "standing": "faithful", "claims": [], "lab": None,
}  # fmt: skip
LAB: dict[str, Any] = {
    "file": "f.json", "worlds": 5, "gains": [], "pivot_loses": False, "falls_short": "",
    "pivot_change": {"mean": -0.591, "low": -0.613, "high": -0.57},
}  # fmt: skip


def shown_of(**more: Any) -> list[str]:
    """The lines of one ranked recipe below its name and blurb."""
    result = {
        "language": {"name": "x", "code": "y"}, "have": ["text"], "parameters": 1e9, "budget": None,
        "ranked": [{**ENTRY, **more}], "to_look_with": [], "lacking": [], "assumed": {"tokens_per_row": 64},
    }  # fmt: skip
    return text_of(result).split("\n\n")[1].splitlines()[2:]


def test_the_words_of_a_paper_are_told_once_and_nothing_else_as_its_words() -> None:
    claims = [{"claim": f"answers: higher than {arm}", "paper": "+10% (abstract)"} for arm in ("a", "b")]
    claims += [{"claim": f"answers: higher than {arm}", "paper": f"better ({arm})"} for arm in ("c", "d")]
    assert shown_of(claims=claims) == [
        "   lab    not run yet",
        "   paper  +10% (abstract); looked for in the lab: answers: higher than a",
        "   paper  better (c); looked for in the lab: answers: higher than c",
        "   from   arXiv:1, faithful",
    ]
    assert shown_of() == ["   lab    not run yet", "   from   arXiv:1, faithful"]


def test_what_the_pivot_lost_and_what_falls_short_are_told() -> None:
    pivot = "          pivot −59.1 points (95% −61.3 to −57.0), on the tasks that the base had learned"
    worlds = "          5 worlds, f.json; new ones"
    short = "          not reproduced at lab scale; why: interlingua recipes swap"
    lost = {**LAB, "pivot_loses": True, "falls_short": "not reproduced at lab scale"}
    assert shown_of(lab=lost)[:-1] == [pivot, worlds, short]
    assert shown_of(lab=LAB)[:-1] == [worlds]


def test_without_any_recipe_it_says_so() -> None:
    nothing = {
        "language": {"name": "x", "code": "y"}, "have": ["text"], "parameters": 1e9, "budget": None,
        "ranked": [], "to_look_with": [], "lacking": [], "assumed": {"tokens_per_row": 64},
    }  # fmt: skip
    assert "No recipe can do with this data alone." in text_of(nothing)
