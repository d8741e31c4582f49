"""Aligning: a saved model that plain libraries load, that says what it was tuned on, and that resumes."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from interlingua.core.errors import BadInput, UnknownName
from interlingua.models.lm import load
from interlingua.studies import resolve
from interlingua.studies.aligning import align
from interlingua.studies.measuring import measure


@pytest.fixture
def tuned(tiny_base, tmp_path: Path):
    """`tuned(merge=True)`: a short tuning on the tiny world."""

    def made(**changes):
        usual = {"on": "lab:tiny", "changes": {"steps": 6}, "device": "cpu", "root": tmp_path}
        return align(**{**usual, **changes})

    return made


def test_an_adapter_with_its_card_in_the_ordinary_layout(tuned, tmp_path: Path, same_logits) -> None:
    found = tuned(out=tmp_path / "out", lang=("qab",))
    assert found["saved"] == str(tmp_path / "out")
    assert (tmp_path / "out" / "adapter_config.json").is_file()
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "- **tuned on**: qab_Cyrl" in card
    assert "arXiv:2405.13816" in card
    facts = json.loads((tmp_path / "out" / "interlingua.json").read_text(encoding="utf-8"))
    assert facts["tuned_on"] == ["qab_Cyrl"]
    again = resolve.model(str(tmp_path / "out"), "lab:tiny", "cpu")
    assert again.fingerprint() == found["fingerprint"]
    assert again.card["tuned_on"] == ["qab_Cyrl"]


def test_a_merged_model_gives_the_adapters_logits_in_plain_transformers(tuned, tmp_path: Path) -> None:
    tuned(out=tmp_path / "adapter")
    tuned(out=tmp_path / "whole", merge=True)
    adapter = resolve.model(str(tmp_path / "adapter"), "lab:tiny", "cpu")
    plain = AutoModelForCausalLM.from_pretrained(tmp_path / "whole")
    ids = torch.arange(20)[None]
    with torch.no_grad():
        torch.testing.assert_close(plain(ids).logits, adapter.model(ids).logits, rtol=1e-4, atol=1e-4)
    assert load(tmp_path / "whole", "cpu").card["tuned_on"]


def test_measuring_the_tuned_model_knows_the_languages_it_was_tuned_on(tuned, tmp_path: Path) -> None:
    saved = tuned(lang=("qac",))["saved"]
    found = measure(saved, "lab:tiny", limit=4, sentences=0, device="cpu", root=tmp_path)
    assert found["tuned_languages"] == ["qac_Arab"]
    assert [lang for lang, told in found["languages"].items() if told["seen"]] == ["qac_Arab"]


def test_the_same_call_trains_nothing_again(tuned, monkeypatch) -> None:
    before = tuned()
    monkeypatch.setattr("torch.optim.AdamW.step", lambda *_: pytest.fail("a step was taken again"))
    assert tuned()["fingerprint"] == before["fingerprint"]


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"lang": ("qaa",)}, BadInput, "target language"),
        ({"lang": ("sw",)}, UnknownName, "swh_Latn"),
        ({"control": "shufled"}, UnknownName, "Did you mean shuffled"),
        ({"changes": {"stps": 1}}, UnknownName, "Did you mean steps"),
        ({"preset": "smal"}, BadInput, "no preset"),
    ],
)
def test_bad_input_is_one_clear_line(tuned, changes, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        tuned(**changes)
