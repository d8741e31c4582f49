"""The result of `run` in a terminal."""

from typing import Any

from interlingua.cli.run_page import text_of


def interval(mean: float, half: float) -> dict[str, float]:
    """A mean with an interval around it."""
    return {"mean": mean, "low": mean - half, "high": mean + half}


def language(name: str, seen: bool, base: float, tuned: float) -> dict[str, Any]:
    """One language of a result."""
    return {
        "name": name, "seen": seen, "base": interval(base, 0.1), "tuned": interval(tuned, 0.1),
        "gain": interval(tuned - base, 0.05),
    }  # fmt: skip


RESULT: dict[str, Any] = {
    "pivot": "eng_Latn",
    "saved": "runs/run-1/model",
    "modes": {
        "direct": {
            "chance": 0.25,
            "languages": {
                "eng_Latn": language("English", False, 0.75, 0.75),
                "deu_Latn": language("German", True, 0.5, 0.625),
                "tha_Thai": language("Thai", False, 0.25, 0.5),
            },
            "gain_seen": {"mean": 0.125},
            "gain_unseen": interval(0.25, 0.125),
        }
    },
}


def test_unseen_languages_first_and_the_pivot_last() -> None:
    lines = text_of(RESULT).splitlines()
    assert lines[0] == "Direct answers, in percent; chance 25.0"
    rows = [line.split() for line in lines if "_" in line]
    assert rows == [
        ["Thai", "tha_Thai", "no", "25.0", "50.0", "+25.0", "+20.0", "+30.0"],
        ["German", "deu_Latn", "yes", "50.0", "62.5", "+12.5", "+7.5", "+17.5"],
        ["English", "eng_Latn", "pivot", "75.0", "75.0", "0.0", "\N{MINUS SIGN}5.0", "+5.0"],
    ]


def test_means_with_their_intervals_where_there_are_any() -> None:
    told = text_of(RESULT)
    assert "Mean gain in languages never tuned on: +25.0 points (95% +12.5 to +37.5)" in told
    assert "Mean gain in languages tuned on: +12.5 points (95% no interval)" in told
    assert told.endswith("Model: runs/run-1/model")


def test_a_group_without_languages_is_left_out() -> None:
    direct = {**RESULT["modes"]["direct"], "gain_unseen": None}
    assert "never tuned on" not in text_of({**RESULT, "modes": {"direct": direct}})


def test_numbers_without_accuracies_and_the_languages_that_have_none() -> None:
    lacks = {"bits_per_byte": {"mri_Latn": "12% of its tokens are unknown to the tokenizer", "deu_Latn": ""}}
    found = {
        **RESULT, "modes": {}, "numbers": {"bits_per_byte": {"swh_Latn": 0.71}}, "numbers_before": {},
        "left_out": {"afrisenti": "it cannot be asked in eng_Latn, the pivot"},
        "not_measured": {"after": lacks, "before": {"bits_per_byte": {"swh_Latn": ""}}},
    }  # fmt: skip
    lines = text_of(found).splitlines()
    assert lines[0] == "afrisenti is left out: it cannot be asked in eng_Latn, the pivot."
    assert lines[1].startswith("No task to measure accuracy on")
    assert any(line.split() == ["bits_per_byte", "swh_Latn", "0.71"] for line in lines)
    assert lines[-4:-2] == [
        "bits_per_byte: no number for mri_Latn (12% of its tokens are unknown to the tokenizer), deu_Latn",
        "bits_per_byte before: no number for swh_Latn",
    ]
    assert "No task" not in text_of({**found, "modes": RESULT["modes"]})
    assert "No task" not in text_of({**found, "saved": None, "folder": "runs/run-2"})
