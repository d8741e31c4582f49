"""Tokenizers by name and folder: whole models, tokenizers alone, adapters with and without their own."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants
from tokenizers import Tokenizer as Backend
from tokenizers.models import Unigram, WordLevel

from interlingua.core.errors import ModelError
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM, save
from interlingua.scoring.tokenizers import Tokenizer, load_tokenizer

TEXT = "is the river long"


@pytest.fixture
def folder(lm: LM, tmp_path: Path) -> Path:
    """A saved model."""
    return save(lm, tmp_path / "model")


def ids(tokenizer: Any) -> list[int]:
    """What the tokenizer makes of a text."""
    return list(tokenizer(TEXT)["input_ids"])


@pytest.mark.parametrize("kind", ["llama", "gpt2", "bloom", "gemma3", "mistral"])
def test_a_model_folder_gives_tokenizer_and_context_without_reading_weights(
    kind: str, tiny_lm, tmp_path: Path
) -> None:
    lm = tiny_lm(kind)
    folder = save(lm, tmp_path / kind)
    for weights in folder.glob("*.safetensors"):
        weights.unlink()
    found = load_tokenizer(str(folder))
    assert (found.name, found.context) == (str(folder), lm.context)
    assert ids(found.tokenizer) == ids(lm.tokenizer)


def test_settings_of_the_language_part_are_those_that_count(folder: Path) -> None:
    (folder / "config.json").write_text('{"text_config": {"max_position_embeddings": 77}}')
    assert load_tokenizer(str(folder)).context == 77


def test_a_folder_with_a_tokenizer_alone(lm: LM, tmp_path: Path) -> None:
    lm.tokenizer.save_pretrained(tmp_path)
    assert load_tokenizer(str(tmp_path)).context is None
    lm.tokenizer.model_max_length = 99
    lm.tokenizer.save_pretrained(tmp_path)
    found = load_tokenizer(str(tmp_path))
    assert found.context == 99
    assert ids(found.tokenizer) == ids(lm.tokenizer)


@pytest.mark.parametrize(
    "model",
    [WordLevel({"<unk>": 0, TEXT: 1}, unk_token="<unk>"), Unigram([("<unk>", 0.0), (TEXT, -1.0)], unk_id=0)],
    ids=["by name", "by number"],
)
def test_tokenizer_json_and_nothing_else(model: Any, tmp_path: Path) -> None:
    """The unknown token is known from the model's own part of the file."""
    Backend(model).save(str(tmp_path / "tokenizer.json"))
    found = load_tokenizer(str(tmp_path))
    assert (ids(found.tokenizer), found.context) == ([1], None)
    assert (found.tokenizer("龙")["input_ids"], found.tokenizer.unk_token_id) == ([0], 0)


def test_what_an_adapter_lacks_comes_from_its_base(lm: LM, folder: Path, tmp_path: Path) -> None:
    adapter = save(with_lora(LM(lm.model, lm.tokenizer, str(folder)), "all-linear", 2, 4), tmp_path / "a")
    settings = adapter / "adapter_config.json"
    told = json.loads(settings.read_text())
    settings.write_text(json.dumps(told | {"base_model_name_or_path": "../model"}))
    assert load_tokenizer(str(adapter)).context == lm.context
    for file in adapter.glob("tokenizer*"):
        file.unlink()
    found = load_tokenizer(str(adapter))
    assert (found.name, found.context, ids(found.tokenizer)) == (str(adapter), lm.context, ids(lm.tokenizer))

    settings.write_text(json.dumps(told | {"base_model_name_or_path": "lab:tiny"}))
    asked = []

    def find(name: str) -> Tokenizer:
        asked.append(name)
        return Tokenizer(name, lm.tokenizer, 5)

    assert load_tokenizer(str(adapter), find).context == 5
    assert asked == ["lab:tiny"]
    with pytest.raises(ModelError, match="No folder 'lab:tiny' with a tokenizer"):
        load_tokenizer(str(adapter))


def test_an_adapter_with_its_own_tokenizer_needs_no_base(lm: LM, folder: Path, tmp_path: Path) -> None:
    adapter = save(with_lora(LM(lm.model, lm.tokenizer, str(folder)), "all-linear", 2, 4), tmp_path / "a")
    shutil.rmtree(folder)
    settings = adapter / "adapter_config.json"
    settings.write_text(
        json.dumps(json.loads(settings.read_text()) | {"base_model_name_or_path": "gone/away"})
    )
    found = load_tokenizer(str(adapter))
    assert (found.context, ids(found.tokenizer)) == (None, ids(lm.tokenizer))


def test_a_hub_name_from_the_local_cache(folder: Path, lm: LM, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    commit = "1" * 40
    place = tmp_path / "hub" / "models--org--name"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(commit)
    shutil.copytree(folder, place / "snapshots" / commit)
    found = load_tokenizer("hf:org/name")
    assert (found.context, ids(found.tokenizer)) == (lm.context, ids(lm.tokenizer))


def test_fingerprints_tell_tokenizers_apart(folder: Path, lm: LM) -> None:
    found = load_tokenizer(str(folder))
    assert found.fingerprint() == Tokenizer("other name", lm.tokenizer).fingerprint()
    lm.tokenizer.add_tokens(["river"])
    assert found.fingerprint() != Tokenizer("other name", lm.tokenizer).fingerprint()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "has no tokenizer: none of tokenizer.json"),
        ({"config.json": '{"model_type": "llama"}'}, "has no tokenizer: none of tokenizer.json"),
        ({"tokenizer.json": "x{"}, r"tokenizer\.json of .* is damaged"),
        ({"tokenizer.json": '{"version": 1}'}, "Cannot load the tokenizer of .*"),
        ({"tokenizer.json": "{}", "config.json": "x{"}, r"config\.json of .* is damaged"),
        ({"adapter_config.json": "[1]"}, r"adapter_config\.json of .* is damaged"),
        ({"tokenizer_config.json": "{}"}, "Cannot load the tokenizer of "),
    ],
)
def test_a_folder_without_a_usable_tokenizer_is_one_clear_line(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ModelError, match=told) as error:
        load_tokenizer(str(tmp_path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", "No folder 'nowhere' with a tokenizer; give one that exists"),
        ("hf:no/where", "Cannot load the tokenizer of hf:no/where: "),
    ],
)
def test_names_that_lead_nowhere(name: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        load_tokenizer(name)
