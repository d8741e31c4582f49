"""Models merged as a configuration says, saved with card and configuration; what cannot be is told first."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import yaml

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.card import read_facts
from interlingua.models.lm import LM, load, save
from interlingua.models.surgery.layers import even_plan, swap_layers, swap_plan
from interlingua.models.surgery.mergekit import MergeConfig
from interlingua.models.surgery.ties import ties
from interlingua.studies import merging
from interlingua.studies.merging import CONFIG, merge, swap

LINES = ["is the river long ? yes", "der fluss ist lang . ja"] * 4


def expert(seed: int, layers: int = 4, dtype: torch.dtype = torch.float32, **card: list[str]) -> LM:
    """A tiny model of one shape and tokenizer, its weights drawn by the seed."""
    lm = tiny_model("llama", small_tokenizer(LINES, 300), num_hidden_layers=layers)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in lm.model.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return LM(lm.model.to(dtype), lm.tokenizer, "base", dict(card))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base, two experts and a shorter model in folders of those names; the folder above is here."""
    monkeypatch.chdir(tmp_path)
    save(expert(0), "base")
    save(expert(1, tuned_on=["eng_Latn"], results=[]), "task")
    save(expert(2, tuned_on=["swh_Latn", "eng_Latn"]), "language")
    save(expert(3, layers=3), "short")
    return tmp_path


def written(text: str, name: str = "merge.yml") -> Path:
    """A configuration in a file."""
    place = Path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


SWAP = """
slices:
  - sources: [{model: language, layer_range: [0, 1]}]
  - sources: [{model: task, layer_range: [1, 3]}]
  - sources: [{model: language, layer_range: [3, 4]}]
merge_method: passthrough
"""
SOUP = """
models: [{model: task, parameters: {weight: 3}}, {model: language, parameters: {weight: 1}}]
merge_method: linear
"""
TIES = """
models:
  - {model: base}
  - {model: task, parameters: {weight: 1, density: 0.3}}
  - {model: language, parameters: {weight: 1, density: 0.3}}
base_model: base
merge_method: ties
parameters: {lambda: 0.8, normalize: true, int8_mask: true}
"""
MADE: dict[str, Callable[[LM, LM, LM], LM]] = {
    SWAP: lambda base, task, language: swap_layers(task, language, plan=swap_plan(4, 1, 1)),
    SOUP: lambda base, task, language: swap_layers(task, language, plan=even_plan(4, (0.75, 0.25))),
    TIES: lambda base, task, language: ties(base, [task, language], density=0.3, scale=0.8, within="tensor"),
}


def opened() -> list[LM]:
    """Base and experts."""
    return [load(name, "cpu") for name in ("base", "task", "language")]


@pytest.mark.parametrize("text", MADE, ids=["swap", "soup", "ties"])
def test_a_configuration_makes_its_model_and_the_one_beside_it_the_same_again(
    folders: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = merge(written(text), "merged")
    ours = MADE[text](*opened())
    assert load("merged", "cpu").fingerprint() == told["fingerprint"] == ours.fingerprint()
    assert told["config"] == f"merged/{CONFIG}"
    monkeypatch.chdir(folders / "base")  # its names hold from anywhere
    again = merge(folders / "merged" / CONFIG, folders / "again")
    assert again["fingerprint"] == told["fingerprint"]


def test_the_card_names_all_models_and_no_result_of_one(folders: Path) -> None:
    merge(written(SWAP), "merged")
    facts = read_facts(Path("merged"))
    assert facts["merged_from"] == ["language", "task"]
    assert facts["tuned_on"] == ["swh_Latn", "eng_Latn"]
    assert facts["made_from"] == "language"
    assert "results" not in facts
    assert "Made with Interlingua from `language`" in Path("merged/README.md").read_text(encoding="utf-8")


def test_a_swap_is_the_method_and_writes_its_configuration(folders: Path) -> None:
    told = swap("task", "language", "merged", bottom=1, top=1, transition=0, embeddings="task")
    _, task, language = opened()
    plan = swap_plan(4, 1, 1, 0, embeddings=(1.0, 0.0))
    assert told["fingerprint"] == swap_layers(task, language, plan=plan).fingerprint()
    assert "&" not in Path("merged", CONFIG).read_text()
    assert merge(f"merged/{CONFIG}", "again")["fingerprint"] == told["fingerprint"]
    usual = swap("task", "language", "usual")
    assert usual["fingerprint"] == swap_layers(task, language, plan=swap_plan(4)).fingerprint()


def test_models_lie_beside_the_configuration_or_here(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = written(SOUP)
    (folders / "elsewhere").mkdir()
    monkeypatch.chdir(folders / "elsewhere")
    assert merge(place.resolve() if place.is_absolute() else folders / place, "merged")["seconds"] >= 0


def test_numbers_are_those_of_the_files_or_of_dtype(folders: Path) -> None:
    for name, seed in (("half-task", 1), ("half-language", 2)):
        save(expert(seed, dtype=torch.bfloat16), name)
    halves = SOUP.replace("model: ", "model: half-")
    merge(written(halves), "as-stored")
    merge(written(halves + "dtype: float32\n"), "as-said")
    found = {
        name: json.loads(Path(name, "config.json").read_text())["dtype"] for name in ("as-stored", "as-said")
    }
    assert found == {"as-stored": "bfloat16", "as-said": "float32"}
    assert yaml.safe_load(Path("as-said", CONFIG).read_text())["dtype"] == "float32"


def test_names_on_the_hub_are_read_as_mergekit_writes_them(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def opener(names: list[str], dtype: str | None) -> list[LM]:
        asked.extend(names)
        return opened()[1:]

    monkeypatch.setattr(merging, "_opened", opener)
    text = SOUP.replace("model: task", "model: org/task@v1").replace(
        "model: language", "model: hf:org/language"
    )
    merge(written(text), "merged")
    assert asked == ["hf:org/task@v1", "hf:org/language"]
    told = yaml.safe_load(Path("merged", CONFIG).read_text())
    assert [one["model"] for one in told["slices"][0]["sources"]] == ["org/task@v1", "org/language"]


REFUSED = {
    "merges by 'slerp'": SOUP.replace("linear", "slerp"),
    "no configuration of mergekit": "just words",
    "dtype to 'float8'": SOUP + "dtype: float8",
    "task and short cannot be merged": SOUP.replace("language", "short"),
    "at least two models, not 1": SWAP.replace("model: language", "model: task"),
    "a base and an adapter in one name": SOUP.replace("model: task", "model: task+lora"),
    "ties needs base_model": TIES.replace("base_model: base", ""),
    "different density": TIES.replace("density: 0.3", "density: 0.5", 1),
    "different weight": TIES.replace("weight: 1", "weight: 2", 1),
    "ties needs weights above 0": TIES.replace("normalize: true", "normalize: false"),
    "density as [0.3, 1]": TIES.replace("density: 0.3", "density: [0.3, 1]"),
    "sets 'gamma'": TIES.replace("lambda: 0.8", "gamma: 0.8"),
    "above 0 and up to 1, not 3": TIES.replace("density: 0.3", "density: 3"),
    "gives weight as None": TIES.replace("weight: 1, ", ""),
    "names no model beside base_model": TIES.replace("model: task", "model: base", 1).replace(
        "model: language", "model: base"
    ),
    "names a model twice": TIES.replace("model: language", "model: task"),
    "has a model that cannot be read": TIES.replace("{model: base}", "base"),
    "lambda as inf": TIES.replace("lambda: 0.8", "lambda: .inf"),
    "density as nan": TIES.replace("density: 0.3", "density: .nan"),
    "weight as nan": SOUP.replace("weight: 3", "weight: .nan"),
    "sets 'wieght'": SOUP.replace("weight: 3", "wieght: 3"),
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_cannot_be_merged_is_one_line_and_leaves_nothing(folders: Path, says: str) -> None:
    with pytest.raises(BadInput) as error:
        merge(written(REFUSED[says]), "merged")
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert not Path("merged").exists()


def test_what_fails_leaves_no_folder_above_its_place(folders: Path) -> None:
    with pytest.raises(BadInput, match="cannot be merged"):
        merge(written(SOUP.replace("language", "short")), "new/deep/merged")
    with pytest.raises(ModelError, match="No model folder 'gone'"):
        swap("task", "gone", "new/deep/merged")
    assert not Path("new").exists()


def test_numbers_that_are_not_finite_are_not_saved(folders: Path) -> None:
    with pytest.raises(ModelError, match=r"would have weights in .* that are no finite numbers"):
        merge(written(TIES.replace("lambda: 0.8", "lambda: 1e+39")), "merged")
    assert not Path("merged").exists()


def test_one_folder_by_two_names_is_told_before_merging(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MergeConfig, "merge", None)
    with pytest.raises(BadInput, match="are not all different"):
        merge(written(SOUP.replace("model: language", "model: ./task")), "merged")


def test_what_is_not_there_is_named(folders: Path) -> None:
    with pytest.raises(BadInput, match=r"Cannot read gone\.yml: No such file"):
        merge("gone.yml", "merged")
    with pytest.raises(ModelError, match="No model folder 'gone'"):
        merge(written(SOUP.replace("model: task", "model: gone")), "merged")
    with pytest.raises(ModelError, match="No model folder 'base/gone'"):
        merge(written(SOUP.replace("model: task", "model: base/gone")), "merged")
    with pytest.raises(ModelError, match="No model folder 'org/gone'"):
        swap("task", "org/gone", "merged")
    with pytest.raises(BadInput, match="leave no middle in 4 layers"):
        swap("task", "language", "merged", bottom=3, top=3)


def test_the_place_is_looked_at_before_any_model(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_opened", None)
    for out in ("base", "base/config.json"):
        with pytest.raises(BadInput, match=f"{out} exists and is not an empty folder"):
            merge(written(SOUP), out)
    with pytest.raises(BadInput, match=r"Cannot write to .*config\.json: it is no folder"):
        swap("task", "language", "base/config.json/merged")
    with pytest.raises(BadInput, match=r"Cannot write to x+/merged: File name too long"):
        swap("task", "language", f"{'x' * 300}/merged")
    monkeypatch.setattr(merging.os, "access", lambda place, mode: False)
    with pytest.raises(BadInput, match=r"Cannot write to .*; give another place"):
        merge(written(SOUP), "new/merged")
    assert not Path("new").exists()


def test_a_folder_that_is_there_needs_a_place_above_it_that_can_be_written(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_opened", None)
    Path("closed/empty").mkdir(parents=True)
    monkeypatch.setattr(merging.os, "access", lambda place, mode: Path(place).name != "closed")
    with pytest.raises(BadInput, match=r"Cannot write to .*closed: it is closed"):
        merge(written(SOUP), "closed/empty")


@pytest.mark.parametrize("out", [".", "../here", "there/.."])
def test_the_folder_one_is_in_is_refused_before_any_model(
    folders: Path, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_opened", None)
    place = written(SOUP).resolve()
    Path("here").mkdir()
    monkeypatch.chdir("here")
    with pytest.raises(BadInput, match=f"^{out} is the folder that you are in; give a new one"):
        merge(place, out)


def test_a_disk_of_its_own_is_refused_before_any_model(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_opened", None)
    monkeypatch.setattr(merging.os.path, "ismount", lambda place: True)
    Path("disk").mkdir()
    with pytest.raises(BadInput, match="disk is a disk of its own; give a new folder in it"):
        merge(written(SOUP), "disk")


@pytest.mark.parametrize("there", [True, False], ids=["empty", "gone"])
def test_a_link_leads_to_the_model(folders: Path, there: bool) -> None:
    if there:
        Path("far/away").mkdir(parents=True)
    Path("link").symlink_to("far/away")
    told = merge(written(SOUP), "link")
    assert (told["saved"], told["config"]) == ("link", f"link/{CONFIG}")
    assert Path("link").is_symlink()
    assert load("far/away", "cpu").fingerprint() == told["fingerprint"]
    assert {path.name for path in Path("far").iterdir()} == {"away"}
    with pytest.raises(BadInput, match="link exists and is not an empty folder"):
        merge(written(SOUP), "link")


def test_a_link_to_itself_is_refused(folders: Path) -> None:
    Path("loop").symlink_to("loop")
    with pytest.raises(BadInput, match="loop exists and is not an empty folder"):
        merge(written(SOUP), "loop")


def test_a_place_behind_a_folder_not_there_is_found(folders: Path) -> None:
    assert merge(written(SOUP), "new/../merged")["saved"] == "new/../merged"
    assert Path("merged", CONFIG).is_file()
    assert not Path("new").exists()


def test_the_settings_are_those_of_base_model(folders: Path) -> None:
    merge(written(SOUP + "base_model: language\n"), "merged")
    assert read_facts(Path("merged"))["made_from"] == "language"
