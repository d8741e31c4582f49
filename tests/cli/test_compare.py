"""The command `compare`, on a stand-in for the study."""

import json
from typing import Any

import pytest


def interval(mean: float, **more: Any) -> dict[str, Any]:
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1, **more}


def language(name: str, seen: bool, gain: float, p: float) -> dict[str, Any]:
    return {
        "name": name, "seen": seen, "chance": 0.5, "before": interval(0.5), "after": interval(0.5 + gain),
        "gain": interval(gain, p=p, p_holm=p), "better": 3, "worse": 1,
    }  # fmt: skip


RESULT = {
    "before": "runs/a", "after": "runs/b", "pivot": "eng_Latn", "tuned_languages": ["swh_Latn"],
    "modes": {
        "direct": {
            "tasks": ["topic"],
            "languages": {
                "eng_Latn": language("English", False, 0.0, 1.0),
                "swh_Latn": language("Swahili", True, 0.25, 0.0001),
                "hin_Deva": language("Hindi", False, 0.05, 0.5),
                "tha_Thai": language("Thai", False, 0.125, 0.03),
            },
            "gain_joint": interval(0.14, p=0.01), "gain_seen": interval(0.25, p=0.001),
            "gain_unseen": interval(0.09, p=0.02, resampled=interval(0.09)),
            "left_out": [{"task": "topic", "split": "test", "lang": "ben_Beng", "only": "after"}],
            "near_ties": 2,
            "changed": [
                {"task": "topic", "id": str(at), "lang": "tha_Thai", "better": at % 2 == 0,
                 "question": f"คำถาม {at}", "gold": "ใช่", "before": "ไม่", "after": "ใช่"}
                for at in range(10)
            ],
        }
    },
}  # fmt: skip


@pytest.fixture
def asked(stand_in) -> list[Any]:
    """What the study was asked for."""
    calls: list[Any] = []

    def compare(*places: str, **settings: Any) -> dict[str, Any]:
        calls.append((places, settings))
        return RESULT

    stand_in("interlingua.studies.comparing", compare=compare)
    return calls


def test_options_arrive(run, asked) -> None:
    assert run("compare", "a", "b", "--seen", "sw,de", "--pivot", "en", "--common").exit_code == 0
    assert asked == [(("a", "b"), {"seen": ("sw", "de"), "pivot": "en", "common": True})]


def test_json_is_the_result_alone(run, asked) -> None:
    assert json.loads(run("compare", "a", "b", "--json").stdout) == RESULT


def test_the_page_tells_unseen_languages_first_with_tests_and_what_changed(run, asked) -> None:
    lines = run("compare", "a", "b", "--changed", "2").stdout.splitlines()
    order = [line.split()[0] for line in lines if line.startswith(("English", "Swahili", "Hindi", "Thai"))]
    assert order == ["Thai", "Hindi", "Swahili", "English"]
    swahili = next(line for line in lines if line.startswith("Swahili"))
    assert swahili.split()[2:] == ["yes", "50.0", "75.0", "+25.0", "+15.0", "+35.0", "<0.001", "3", "1"]
    assert (
        "Mean gain in languages never tuned on: +9.0 points (95% −1.0 to +19.0, these languages; "
        "−1.0 to +19.0, languages like these), p 0.020" in lines
    )
    assert "Left out, as only one side has them: topic in ben_Beng (after)." in lines
    assert "2 of 10 answers that changed" in lines
    assert sum("now right" in line or "now wrong" in line for line in lines) == 2


def test_none_of_the_changed_answers_may_be_shown(run, asked) -> None:
    assert "answers that changed" not in run("compare", "a", "b", "--changed", "0").stdout
