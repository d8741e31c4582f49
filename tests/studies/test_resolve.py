"""What users type for models, sources and languages."""

import json
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, ModelError, UnknownName
from interlingua.lab.named import world
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM, save
from interlingua.studies import resolve


def test_sources_of_the_lab_and_of_files(tmp_path: Path) -> None:
    assert resolve.source("lab:tiny").name == "lab:tiny"
    (tmp_path / "long.csv").write_text("id,lang,text\n1,en,one\n1,de,eins\n")
    (tmp_path / "source.toml").write_text('name = "toy"\npivot = "en"\n[text]\nfile = "long.csv"\n')
    for name in (str(tmp_path), f"file:{tmp_path}/source.toml"):
        assert resolve.source(name).languages == ("eng_Latn", "deu_Latn")


def test_a_source_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match=r"No source 'gone\.toml': give a TOML file"):
        resolve.source("gone.toml")
    with pytest.raises(UnknownName, match=r"No world called 'lab:tinny'\. Did you mean lab:tiny"):
        resolve.source("lab:tinny")


def test_a_lab_source_brings_its_base_and_files_bring_none(tiny_base: LM) -> None:
    assert resolve.model(None, "lab:tiny", "cpu").fingerprint() == tiny_base.fingerprint()
    assert resolve.model("lab:tiny", "some.toml", "cpu").fingerprint() == tiny_base.fingerprint()
    with pytest.raises(BadInput, match=r"some\.toml brings no model; name one with --model"):
        resolve.model(None, "some.toml")


def test_an_adapter_finds_the_labs_base_by_its_name(tiny_base: LM, tmp_path: Path) -> None:
    tuned = with_lora(tiny_base, ["q_proj"], 2, 4)
    folder = save(tuned, tmp_path / "adapter")
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == "lab:tiny"
    assert resolve.model(str(folder), "some.toml", "cpu").fingerprint() == tuned.fingerprint()


@pytest.mark.parametrize("content", ["{", "[]", '{"base_model_name_or_path": null}'])
def test_a_damaged_adapter_is_told_by_loading(content: str, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(content)
    (tmp_path / "adapter_model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="adapter"):
        resolve.model(str(tmp_path), "some.toml", "cpu")


def test_languages_in_any_spelling_each_once() -> None:
    assert resolve.languages(("qab", "qad_Deva", "qab_Cyrl"), world("lab:tiny")) == ("qab_Cyrl", "qad_Deva")
    with pytest.raises(UnknownName):
        resolve.languages(("sw",), world("lab:tiny"))
