"""The terminal summary."""

from typing import Any

from interlingua.report.reading import verdict
from interlingua.report.text import summary


def test_summary_holds_verdict_languages_gains_and_what_is_missing(result: dict[str, Any]) -> None:
    said = summary(result)
    assert " ".join(said.split()).startswith(verdict(result))
    lines = said.split("\n")
    assert max(map(len, lines)) <= 100
    for code in result["languages"]:
        assert sum(code in line for line in lines) == 1
    found = result["gain_unseen"]["restate"]
    row = next(line for line in lines if line.startswith("Restated answers  over base, never"))
    assert [round(float(word.replace("−", "-")) / 100, 3) for word in row.split()[-3:]] == [
        round(found[key], 3) for key in ("mean", "low", "high")
    ]
    assert "these languages, this seed" in said
    assert said.endswith("- Controls not run: general text.\n")


def test_summary_of_little(result: dict[str, Any]) -> None:
    bare = {"languages": {"qac_Grek": {"seen": False, "base": {"direct": 0.4}, "tuned": {"direct": 0.5}}}}
    said = summary(bare)
    assert "40.0" in said
    assert "own" not in said.split("Not in this result")[0]
    assert "there is no verdict" in said
