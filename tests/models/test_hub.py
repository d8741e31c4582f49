"""Names on the hub: revisions, adapters, and what the local cache gives without a network."""

import shutil

import pytest
import torch
from huggingface_hub import constants

from interlingua.core.errors import ModelError
from interlingua.models.adapters import with_lora
from interlingua.models.hub import hub_name, split_name
from interlingua.models.lm import LM, load, save


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """`publish(lm, "ORG/NAME", "v1")`: puts a model where the hub's cache would keep that revision of it."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))

    def published(lm, repository, revision):
        commit = revision.encode().hex().ljust(40, "0")
        place = tmp_path / "hub" / f"models--{repository.replace('/', '--')}"
        (place / "refs").mkdir(parents=True, exist_ok=True)
        (place / "refs" / revision).write_text(commit)
        shutil.copytree(save(lm, tmp_path / "saved"), place / "snapshots" / commit)

    return published


@pytest.mark.parametrize(
    ("name", "parts"), [("hf:org/name", ("org/name", None)), ("hf:org/name@v1.0", ("org/name", "v1.0"))]
)
def test_names_and_revisions(name, parts):
    assert split_name(name) == parts
    assert hub_name(*parts) == name


def test_each_revision_is_its_own_model(tiny_lm, publish):
    publish(tiny_lm(), "org/name", "main")
    publish(tiny_lm(seed=1), "org/name", "v1")
    plain, tagged = load("hf:org/name"), load("hf:org/name@v1")
    assert plain.fingerprint() == tiny_lm().fingerprint()
    assert tagged.fingerprint() == tiny_lm(seed=1).fingerprint() != plain.fingerprint()
    assert (plain.name, tagged.name) == ("hf:org/name", "hf:org/name@v1")
    with pytest.raises(ModelError, match="Cannot load hf:org/name@v2: "):
        load("hf:org/name@v2")


def test_an_adapter_finds_its_base_and_revision_on_the_hub(tiny_lm, logits, stirred, publish, tmp_path):
    publish(tiny_lm(), "org/name", "main")
    publish(tiny_lm(seed=1), "org/name", "v1")
    tuned = stirred(with_lora(load("hf:org/name@v1"), "all-linear", 2, 4))
    local = load(save(tuned, tmp_path / "adapter"))
    publish(tuned, "org/tuned", "main")
    remote = load("hf:org/tuned")
    for lm in (local, remote):
        assert lm.adapted
        assert torch.equal(logits(lm), logits(tuned))
        assert lm.fingerprint() == tuned.fingerprint()
    assert remote.name == "hf:org/tuned"


def test_the_card_names_the_repository(lm, tmp_path):
    text = (save(LM(lm.model, lm.tokenizer, "hf:org/name@v1"), tmp_path / "m") / "README.md").read_text()
    assert 'base_model: "org/name"\n' in text
    assert "Made with Interlingua from `hf:org/name@v1`." in text


@pytest.mark.parametrize("name", ["hf:nobody/nothing", "hf:nobody/nothing@v1", "hf:", "hf:a/b/c"])
def test_names_that_lead_nowhere(name):
    with pytest.raises(ModelError, match=f"Cannot load {name}: ") as error:
        load(name)
    assert "\n" not in str(error.value)
