"""Results in the card of a saved model."""

from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.card import FACTS, read_facts
from interlingua.models.lm import LM, load, save
from interlingua.studies.carded import add_results, card_folder, card_rows


def explained(**changes: Any) -> dict[str, Any]:
    """Two languages of a task, Swahili tuned on, before and after."""
    old, new = {"mean": 0.5, "n": 40}, {"mean": 0.75, "n": 40}
    gain = {"mean": 0.25, "low": 0.1, "high": 0.4, "p": 0.01}
    both = {"before": old, "after": new, "gain": gain}
    return {
        "source": "these", "source_fingerprint": "f00d",
        "languages": {"swh_Latn": {"seen": True}, "tha_Thai": {"seen": False}},
        "accuracy": {"direct": {"tasks": ["xnli"], "languages": {"swh_Latn": both, "tha_Thai": both}}},
        **changes,
    }  # fmt: skip


def test_rows_of_a_pair_and_of_a_single_model() -> None:
    row = card_rows(explained()["accuracy"], ("swh_Latn",))[0]
    assert row == {
        "task": "xnli", "mode": "direct", "lang": "swh_Latn", "n": 40, "before": 0.5, "after": 0.75,
        "gain": 0.25, "low": 0.1, "high": 0.4, "seen": True,
    }  # fmt: skip
    single = {"direct": {"tasks": ["xnli"], "languages": {"tha_Thai": {"before": {"mean": 0.5, "n": 4}}}}}
    (row,) = card_rows(single, ())
    assert (row["before"], row["after"], row["gain"], row["seen"]) == (None, 0.5, None, False)


def test_the_card_keeps_what_it_said_and_gains_the_results(tiny_base: LM, tmp_path: Path) -> None:
    tuned = LM(tiny_base.model, tiny_base.tokenizer, "some/base", {"tuned_on": ["swh_Latn"], "seed": 3})
    folder = save(tuned, tmp_path / "tuned", merge=True)
    before = load(folder, device="cpu").fingerprint()
    add_results(folder, explained())
    assert card_folder(str(folder)) == folder
    card = (folder / "README.md").read_text(encoding="utf-8")
    for told in ("model-index:", "Languages never tuned on", "Thai (tha_Thai)", "+25.0 (+10.0 to +40.0)"):
        assert told in card
    assert read_facts(folder)["seed"] == 3
    assert "Made with Interlingua from `some/base`" in card
    assert load(folder, device="cpu").fingerprint() == before


def test_what_has_no_card_or_no_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--card writes into a saved model's folder, and lab:tiny is none"):
        card_folder("lab:tiny")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BadInput, match="was not saved by us, or long ago"):
        card_folder(str(tmp_path))
    with pytest.raises(ModelError, match=f"has no {FACTS} that says what it was made from"):
        add_results(tmp_path, explained())
    with pytest.raises(BadInput, match="There are no accuracies to put into a card"):
        add_results(tmp_path, explained(accuracy={}))
