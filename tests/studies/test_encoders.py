"""The recipe that runs on encoders, on XLM-R and BERT in folders; every other study refuses them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from transformers import AutoModel, AutoTokenizer, MT5Config, MT5ForConditionalGeneration

from interlingua.cli.main import main
from interlingua.cli.run_page import text_of
from interlingua.core.errors import ModelError
from interlingua.data.source import DataWarning
from interlingua.models.lm import LM
from interlingua.models.sentence_folder import save_sentence_encoder
from interlingua.recipes.recipe import RECIPES
from interlingua.scoring.sentence_vectors import encoded
from interlingua.studies import resolve
from interlingua.studies.measuring import measure
from interlingua.studies.prepared import own_numbers
from interlingua.studies.single import run_recipe

NUMBERS = {
    "en": ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"),
    "de": ("Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht"),
    "sw": ("Moja", "Mbili", "Tatu", "Nne", "Tano", "Sita", "Saba", "Nane"),
}
TEXTS = [f"{word} birds ." for words in NUMBERS.values() for word in words]
SPEC = """
name = "counting"
pivot = "en"
[pairs]
file = "long.csv"
[questions]
file = "long.csv"
[tasks.parity]
files = { train = "taught.csv", test = "long.csv" }
question = "{text} Odd or even? "
labels = { odd = "odd", even = "even" }
"""
QUICK = {"steps": "3", "batch_size": "4", "sentences": "8"}
KIND = pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])


@pytest.fixture
def counting(tmp_path: Path) -> Path:
    """Eight numbers in three languages, parallel and with the answer whether they are odd."""
    for name, times in (("long", 1), ("taught", 2)):  # no sentence is learned and measured on
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as table:
            rows = csv.writer(table)
            rows.writerow(("id", "lang", "text", "label"))
            for lang, words in NUMBERS.items():
                for n, word in enumerate(words, 1):
                    rows.writerow(
                        (n, lang, f"{' '.join([word] * times)} birds .", "odd" if n % 2 else "even")
                    )
    spec = tmp_path / "counting.toml"
    spec.write_text(SPEC)
    return spec


def run(
    root: Path, model: Path, spec: Path, recipe: str = "sentence_embeddings", **more: Any
) -> dict[str, Any]:
    """Three steps on both languages."""
    return run_recipe(recipe, str(model), str(spec), ("de", "sw"), device="cpu", root=root, **more)


def mean_states(folder: Path) -> torch.Tensor:
    """Means over the last layer, as plain transformers makes them of the model in `folder`."""
    model, tokenizer = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        return torch.cat(
            [model(**tokenizer(text, return_tensors="pt")).last_hidden_state.mean(1) for text in TEXTS]
        )


@KIND
@pytest.mark.parametrize("head", [True, False])
def test_an_encoder_is_tuned_measured_and_saved(
    random_encoder: Callable[..., Path], kind: str, head: bool, counting: Path, tmp_path: Path
) -> None:
    folder = random_encoder(kind, TEXTS, head)
    with pytest.warns(DataWarning, match="parity of counting is left out: the model is an encoder, which"):
        told = run(tmp_path / "runs", folder, counting, changes=QUICK)
    assert (told["preset"], told["modes"], told["tasks"]) == ("small", {}, [])
    assert told["left_out"] == {"parity": "the model is an encoder, which answers no questions"}
    others = {"deu_Latn", "swh_Latn"}
    for numbers in (told["numbers"], told["numbers_before"]):
        assert {name: set(values) for name, values in numbers.items()} == {
            "retrieval": others, "retrieval_between": others, "similarity": {*others, "eng_Latn"},
            "similarity_across": others,
        }  # fmt: skip
    assert told["numbers"] != told["numbers_before"]
    assert told["not_measured"] == {"after": {}, "before": {}}
    assert "No task to measure accuracy on" in text_of(told)
    saved = Path(told["saved"])
    tuned, base = (resolve.model(str(place), "", "cpu", encoders=True) for place in (saved, folder))
    assert type(tuned.model) is type(base.model)
    vectors = torch.tensor(encoded(tuned, TEXTS))
    assert (vectors - torch.tensor(encoded(base, TEXTS))).abs().max() > 1e-3
    torch.testing.assert_close(mean_states(saved), vectors, rtol=1e-4, atol=1e-5)
    beside = Path(told["folder"], "stages", "sentence-encoder-mixed")
    torch.testing.assert_close(mean_states(beside), vectors, rtol=1e-4, atol=1e-5)
    card = (saved / "README.md").read_text(encoding="utf-8")
    assert "pipeline_tag: feature-extraction" in card
    assert "- **measured**: retrieval " in card


@KIND
def test_the_folder_loads_in_sentence_transformers(
    random_encoder: Callable[..., Path], kind: str, counting: Path, tmp_path: Path
) -> None:
    theirs = pytest.importorskip("sentence_transformers", reason="needs the extra referee")
    with pytest.warns(DataWarning, match="is left out"):
        told = run(tmp_path / "runs", random_encoder(kind, TEXTS), counting, changes=QUICK)
    tuned = resolve.model(told["saved"], "", "cpu", encoders=True)
    place = Path(told["folder"], "stages", "sentence-encoder-mixed")
    encoder = theirs.SentenceTransformer(str(place), device="cpu")
    ours = torch.tensor(encoded(tuned, TEXTS))
    torch.testing.assert_close(torch.tensor(encoder.encode(TEXTS)), ours, rtol=1e-4, atol=1e-5)
    again = save_sentence_encoder(tuned, tmp_path / "again")  # a tuned model is a base like any other
    assert resolve.model(str(again), "", "cpu", encoders=True).fingerprint() == tuned.fingerprint()


@pytest.mark.filterwarnings("always::interlingua.data.source.DataWarning")
@KIND
def test_the_command_tunes_an_encoder_and_says_what_it_costs(
    random_encoder: Callable[..., Path], kind: str, counting: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    folder = random_encoder(kind, TEXTS)
    words = ["run", "sentence_embeddings", "--model", str(folder), "--on", str(counting), "--lang", "de,sw"]
    words += [word for knob, value in QUICK.items() for word in ("--set", f"{knob}={value}")]
    work = CliRunner().invoke(main, [*words, "--dry-run", "--json"])
    assert work.exit_code == 0, work.stderr
    cost = json.loads(work.stdout)
    assert (cost["answers"], cost["models_measured"], cost["models_tuned"]) == (0, 1, 1)
    assert cost["parameters"] == sum(
        weight.numel() for weight in resolve.model(str(folder), "", "cpu", encoders=True).model.parameters()
    )
    assert cost["tokens_tuned"] > 0
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.stderr
    assert "parity of counting is left out: the model is an encoder" in done.stderr
    assert "parity is left out: the model is an encoder, which answers no questions." in done.stdout
    assert "retrieval_between" in done.stdout
    saved = done.stdout.splitlines()[-1].removeprefix("Model: ")
    assert resolve.model(saved, "", "cpu", encoders=True).encoder
    other = CliRunner().invoke(main, [words[0], "xcot", *words[2:8]])
    assert (other.exit_code, other.stdout) == (1, "")
    assert "is an encoder, not a causal language model; give one such as Llama or Qwen." in other.stderr
    assert CliRunner().invoke(main, [words[0], "xcot", *words[2:8], "--dry-run"]).stderr == other.stderr


def test_nothing_else_takes_an_encoder(
    random_encoder: Callable[..., Path], counting: Path, tmp_path: Path
) -> None:
    folder = random_encoder("xlm_roberta", TEXTS)
    others = [name for name in RECIPES.names() if not RECIPES.get(name).encoders]
    assert len(others) == len(RECIPES.names()) - 1
    line = r"\(xlm-roberta\) is an encoder, not a causal language model; give one such as Llama or Qwen\.$"
    for recipe in ("mexa", "language_ranker", "multilingual_profile", "question_translation"):
        with pytest.raises(ModelError, match=line):
            run(tmp_path / "runs", folder, counting, recipe)
    with pytest.raises(ModelError, match=line):
        measure(str(folder), str(counting), device="cpu", root=tmp_path / "runs")
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").glob("*/model"))


def test_an_encoder_decoder_and_a_truncated_encoder_are_refused(
    random_encoder: Callable[..., Path], counting: Path, tmp_path: Path
) -> None:
    folder = random_encoder("bert", TEXTS)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-500])
    with pytest.raises(ModelError, match=r"its weights are damaged \(.*\); save or fetch them anew\.$"):
        run(tmp_path / "runs", folder, counting)
    shape = {"vocab_size": 64, "d_model": 16, "d_ff": 16, "d_kv": 8, "num_layers": 1, "num_heads": 2}
    MT5ForConditionalGeneration(MT5Config(**shape)).save_pretrained(folder)
    with pytest.raises(ModelError, match=r"\(mt5\) is an encoder-decoder, neither a causal .* XLM-R\.$"):
        run(tmp_path / "runs", folder, counting)
    assert not (tmp_path / "runs").exists()


def test_a_recipe_that_takes_encoders_measures_them_itself(tiny_base: LM) -> None:
    assert not tiny_base.encoder
    taking = [name for name in RECIPES.names() if RECIPES.get(name).encoders]
    assert taking == ["sentence_embeddings"]
    assert all(own_numbers(RECIPES.get(name)) for name in taking)
