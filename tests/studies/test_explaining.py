"""Explaining from end to end: the lab, copies and permutations whose truth is known, every architecture."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from interlingua.core.errors import BadInput, MissingResource, ModelError, UnknownName
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.models.lm import load, save
from interlingua.studies import explained_sides, explaining
from interlingua.studies.explained_sides import Look, check_states
from interlingua.studies.explaining import PARTS, command_of, explain
from interlingua.studies.parallel import Parallel
from interlingua.studies.shards import _model, _source

WORDS = (
    *("dog", "bird", "river", "stone", "bread", "salt", "old", "cold", "red", "green", "sees", "finds"),
    *("sells", "by", "and", "the", "a", "two", "nine", "house"),
)
SPEC = """
name = "counting"
pivot = "en"
[pairs]
file = "text.csv"
[tasks.parity]
file = "asked.csv"
question = "{text} Odd or even? "
labels = { odd = "odd", even = "even" }
"""
NUMBERS = {
    "en": ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"],
    "de": ["Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht"],
    "sw": ["Moja", "Mbili", "Tatu", "Nne", "Tano", "Sita", "Saba", "Nane"],
}


def sentences(count: int) -> list[str]:
    rng = random.Random(0)
    return [" ".join(rng.choices(WORDS, k=rng.randint(4, 9))) + f" {at}." for at in range(count)]


@pytest.fixture(autouse=True)
def forget_models():
    """Models and files of one test are not those of the next, though they may have one name."""
    yield
    _model.cache_clear()
    _source.cache_clear()


@pytest.fixture
def texts(tmp_path: Path) -> Callable[..., str]:
    """`texts(en=[...], de=[...])`: a folder with a text file per language."""

    def made(**languages: Sequence[str]) -> str:
        folder = tmp_path / f"texts-{len(list(tmp_path.glob('texts-*')))}"
        folder.mkdir()
        for lang, lines in languages.items():
            (folder / f"{lang}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(folder)

    return made


@pytest.fixture
def counting(tmp_path: Path) -> str:
    """A task and parallel text in three real languages, from files."""
    folder = tmp_path / "counting"
    folder.mkdir()
    rows = [(n, lang, word) for lang, words in NUMBERS.items() for n, word in enumerate(words, 1)]
    asked = [f"{n},{lang},{word}?,{'odd' if n % 2 else 'even'}" for n, lang, word in rows]
    (folder / "source.toml").write_text(SPEC)
    (folder / "asked.csv").write_text("\n".join(["id,lang,text,label", *asked]))
    said = [f"{n},{lang},{word} comes before the next." for n, lang, word in rows]
    (folder / "text.csv").write_text("\n".join(["id,lang,text", *said]))
    return str(folder)


def saved(kind: str, folder: Path, seed: int = 0) -> str:
    tokenizer = small_tokenizer([word for words in NUMBERS.values() for word in words] + list(WORDS))
    return str(save(tiny_model(kind, tokenizer, seed=seed), folder, merge=True))


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved("llama", tmp_path_factory.mktemp("models") / "llama")


def few(**changes: Any) -> dict[str, Any]:
    """Settings of a small call."""
    return {"limit": 8, "sentences": 8, "lens_items": 8, "device": "cpu", **changes}


def test_one_model_of_the_lab_is_told_in_all_parts(tiny_base, tmp_path: Path) -> None:
    found = explain(on="lab:tiny", root=tmp_path, **few())
    folder = Path(found["folder"])
    assert {"accuracy", "alignment", "lens", "geometry", "tokenizer"} <= found.keys()
    assert found["after"] is None
    assert json.loads((folder / "result.json").read_text()) == found
    page = (folder / "report.html").read_text()
    assert "Not in this result" not in page
    assert "lab:tiny" in page
    assert found["alignment"]["layers"] == 3
    assert [step["layer"] for step in found["geometry"]["probes"]["task"]["before"]] == [0, 1, 2]
    aligned = found["alignment"]["languages"]["qab_Cyrl"]["before"]["weighted"]
    pivot = found["accuracy"]["direct"]["languages"]["qaa_Latn"]["before"]["mean"]
    assert aligned["estimate"] == pytest.approx(aligned["mexa_mean"] * pivot)
    assert found["accuracy"]["direct"]["average"]["n"] == 3
    cost = found["tokenizer"]["lab:tiny"]["qab_Cyrl"]
    assert cost["ratio"]["mean"] > 0 < cost["bits_per_byte"]["mean"]
    assert not (folder / "states").exists()


def test_the_numbers_of_every_figure_lie_beside_the_page(tiny_base, tmp_path: Path) -> None:
    found = explain(on="lab:tiny", root=tmp_path, **few())
    lines = parquet.read_table(Path(found["folder"]) / "results.parquet").to_pylist()
    by_figure = {line["figure"] for line in lines}
    assert {"accuracy_direct", "alignment", "lens", "pca_points", "probes", "tokenizer"} <= by_figure
    shown = [line for line in lines if line["figure"] == "accuracy_direct" and line["column"] == "accuracy"]
    told = found["accuracy"]["direct"]["languages"]
    assert sorted(line["value"] for line in shown) == sorted(one["before"]["mean"] for one in told.values())


def test_the_same_call_computes_nothing_again_and_one_broken_off_goes_on(
    tiny_base, tmp_path: Path, monkeypatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(explained_sides, "geometry", stop)
        with pytest.raises(KeyboardInterrupt):
            explain(on="lab:tiny", root=tmp_path, **few())
    (folder,) = tmp_path.iterdir()
    assert not (folder / "result.json").exists()
    assert (folder / "parts" / "before-alignment.json").is_file()
    with monkeypatch.context() as patch:
        patch.setattr(explained_sides, "alignment_of", stop)
        patch.setattr(explained_sides, "lens_of", stop)
        first = explain(on="lab:tiny", root=tmp_path, **few())
    for name in ("geometry", "alignment_of", "lens_of", "read_states", "bits_of"):
        monkeypatch.setattr(explained_sides, name, stop)
    again = explain(on="lab:tiny", root=tmp_path, **few())
    moving = {"seconds", "commit"}
    assert {k: v for k, v in again.items() if k not in moving} == {
        k: v for k, v in first.items() if k not in moving
    }


def test_a_pair_is_compared_on_the_same_items_and_in_the_same_planes(
    llama: str, counting: str, tmp_path: Path
) -> None:
    other = saved("llama", tmp_path / "other", seed=1)
    found = explain(llama, counting, after=other, seen=("de",), root=tmp_path / "runs", **few(card=True))
    assert found["geometry"]["fit"] == "joint"
    assert found["tuned_languages"] == ["deu_Latn"]
    points = found["geometry"]["layers"]["0"]["points"]["swh_Latn"]
    assert len(points["before"]) == len(points["after"]) == 8
    told = found["accuracy"]["direct"]
    one = told["languages"]["swh_Latn"]
    assert one["gain"]["mean"] == pytest.approx(one["after"]["mean"] - one["before"]["mean"])
    assert told["gain_unseen"]["mean"] == pytest.approx(one["gain"]["mean"])
    changed = [item for item in found["changed"] if item["lang"] == "swh_Latn"]
    net = sum(1 if item["better"] else -1 for item in changed) / one["after"]["n"]
    assert net == pytest.approx(one["gain"]["mean"])
    assert {grid["side"] for grid in found["lens"]["grid"]} == {"before", "after"}
    card = (Path(other) / "README.md").read_text(encoding="utf-8")
    assert "### Languages never tuned on" in card
    assert "Swahili (swh_Latn)" in card
    assert "measured_on" not in card.split("---")[1]


def test_a_copy_of_the_pivot_is_aligned_in_full_and_no_probe_tells_it_apart(
    llama: str, texts, tmp_path: Path
) -> None:
    lines = sentences(60)
    found = explain(llama, texts(en=lines, de=lines), root=tmp_path / "runs", **few(sentences=60))
    told = found["alignment"]["languages"]["deu_Latn"]["before"]
    for position in ("weighted", "last"):
        assert told[position]["mexa"][1:] == [1.0] * (found["alignment"]["layers"] - 1)
        assert told[position]["ranker"] == pytest.approx([1.0] * found["alignment"]["layers"])
    for step in found["geometry"]["probes"]["language"]["before"]:
        assert step["accuracy"] <= 0.5
    assert found["geometry"]["variance_share"]["before"]["language"] == pytest.approx(
        [0.0] * found["alignment"]["layers"]
    )
    assert found["tokenizer"][llama]["deu_Latn"]["ratio"]["mean"] == pytest.approx(1.0)


def test_a_permuted_corpus_is_aligned_by_chance(llama: str, texts, tmp_path: Path) -> None:
    lines = sentences(80)
    mixed = random.Random(1).sample(lines, len(lines))
    found = explain(
        llama, texts(en=lines, de=mixed), root=tmp_path / "runs", **few(sentences=80, parts=("alignment",))
    )
    told = found["alignment"]["languages"]["deu_Latn"]["before"]["weighted"]
    assert told["mexa_max"] <= 0.05
    assert "geometry" not in found


def test_a_model_that_answers_is_seen_to_by_the_lens(tiny_base, tmp_path: Path) -> None:
    found = explain(on="lab:tiny", root=tmp_path, **few(parts=("accuracy", "lens"), how="constrained"))
    right = found["accuracy"]["direct"]["languages"]
    for lang, told in found["lens"]["languages"].items():
        led = 1 - told["before"]["never"] / told["before"]["n"]
        asked = found["lens"]["task"]
        assert led == pytest.approx(right[lang]["before"]["tasks"][asked], abs=0.13)  # one near-tie of eight
        assert told["before"]["leading"][-1][0] == pytest.approx(led)


def test_the_lens_is_held_where_and_on_what_one_asks(llama: str, counting: str, tmp_path: Path) -> None:
    said = "Two comes before the next."
    asked = few(parts=("lens",), lens_position=-2, lens_words="english", sentence=said)
    found = explain(llama, counting, root=tmp_path / "runs", **asked)
    assert (found["lens"]["position"], found["lens"]["words"]) == (-2, "english")
    assert found["lens"]["grid"][0]["text"] == said
    usual = explain(llama, counting, root=tmp_path / "runs", **few(parts=("lens",)))
    own, other = (one["lens"]["languages"]["deu_Latn"]["before"]["entropy"] for one in (found, usual))
    assert own != other
    for bad, told in (
        ({"lens_position": 0}, "counts tokens from the end"),
        ({"lens_words": "french"}, "No words of the lens called 'french'"),
        ({"sentence": " "}, "The sentence to read token by token is empty"),
    ):
        with pytest.raises((BadInput, UnknownName), match=told):
            explain(llama, counting, root=tmp_path / "runs", **few(**bad))


@pytest.mark.filterwarnings("ignore:.* reads prompt by prompt")  # BLOOM, as it should
@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_every_architecture_is_explained(kind: str, counting: str, tmp_path: Path) -> None:
    model = saved(kind, tmp_path / kind)
    found = explain(model, counting, root=tmp_path / "runs", **few(tuned_lens=kind == "llama"))
    assert {"accuracy", "alignment", "lens", "geometry", "tokenizer"} <= found.keys()
    assert found["lens"]["english"] == ["odd", "even"]
    layers = found["alignment"]["layers"]
    curve = found["lens"]["languages"]["deu_Latn"]["before"]["english"]
    assert len(curve) == layers == len(found["lens"]["grid"][0]["cells"][0])


def test_an_encoder_and_a_model_of_nan_are_refused_in_one_line(texts, tmp_path: Path, llama: str) -> None:
    lines = sentences(6)
    place = texts(en=lines, de=lines[::-1])
    config = BertConfig(
        vocab_size=600, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    BertForMaskedLM(config).save_pretrained(tmp_path / "bert")
    small_tokenizer(WORDS).save_pretrained(tmp_path / "bert")
    with pytest.raises(ModelError, match=r"bert.* is an encoder") as told:
        explain(str(tmp_path / "bert"), place, root=tmp_path / "runs", **few())
    assert "\n" not in str(told.value)
    broken = load(llama, device="cpu")
    with torch.no_grad():
        broken.model.get_input_embeddings().weight.fill_(float("nan"))
    save(broken, tmp_path / "broken", merge=True)
    with pytest.raises(BadInput, match="has nan in layer 0; check the weights"):
        explain(str(tmp_path / "broken"), place, root=tmp_path / "runs", **few(parts=("alignment",)))


def test_bad_input_is_told_before_any_work(texts, tmp_path: Path, llama: str) -> None:
    lines = sentences(6)
    root = tmp_path / "runs"
    with pytest.raises(BadInput, match=r"different lengths \(de\.txt 5, en\.txt 6\)"):
        explain(llama, texts(en=lines, de=lines[:5]), root=root, **few())
    with pytest.raises(BadInput, match="a single sentence"):
        explain(llama, texts(en=lines[:1], de=lines[:1]), root=root, **few())
    place = texts(en=lines, de=lines)
    with pytest.raises(MissingResource, match="has neither task nor text for lens; ask for other --parts"):
        explain(llama, place, root=root, **few(parts=("lens",)))
    with pytest.raises(UnknownName, match="No part to explain called 'story'"):
        explain(llama, place, root=root, **few(parts=("story",)))
    with pytest.raises(BadInput, match=r"What was .* tuned from\? It names no base"):
        explain(None, place, after=llama, root=root, **few())
    with pytest.raises(BadInput, match="--card writes into a saved model's folder, and hf:x/y is none"):
        explain("hf:x/y", place, root=root, **few(card=True))
    with pytest.raises(BadInput, match=r"above the budget of 1e-06 GB; .* raise --budget"):
        explain(llama, place, root=root, **few(budget=1e-6, parts=("alignment",)))
    with pytest.raises(BadInput, match="A joint PCA is of two models; name the second with --after"):
        explain(llama, place, root=root, **few(fit="joint"))
    with pytest.raises(BadInput, match="--card puts accuracies into the card, and none is measured"):
        explain(llama, place, root=root, **few(card=True))
    assert not root.exists()


def test_states_of_all_models_count_against_the_budget_and_unlike_models_have_no_plane() -> None:
    pair = Parallel("pairs", ("1", "2", "3"), {"en": ["a", "b", "c"], "de": ["d", "e", "f"]}, {})
    both = 2 * (2 * 6 * 3 * 32 * 4)  # models, positions, sentences, layers with embeddings, width, bytes
    look = Look(None, ("en", "de"), pair, pair, None, False, {}, None, both, False)
    check_states(look, [(3, 32), (3, 32)])
    with pytest.raises(BadInput, match="above the budget"):
        check_states(replace(look, budget=both - 1), [(3, 32), (3, 32)])
    with pytest.raises(BadInput, match="2 layers of 32 numbers and 4 layers of 32 numbers: no plane serves"):
        check_states(look, [(3, 32), (5, 32)])
    check_states(replace(look, geometry=None, budget=2 * both), [(3, 32), (5, 32)])


def test_languages_without_a_task_are_named_and_not_counted(
    llama: str, counting: str, tmp_path: Path
) -> None:
    with (Path(counting) / "text.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"\n{n},{lang},Number {n}." for lang in ("yo", "zu") for n in range(1, 9))
    found = explain(llama, counting, root=tmp_path / "runs", **few())
    assert found["left_out"] == [
        "accuracy in yor_Latn, zul_Latn: no task has questions there",
        "lens in yor_Latn, zul_Latn: parity has no questions there",
    ]
    assert found["accuracy"]["direct"]["languages"].keys() == {"eng_Latn", "deu_Latn", "swh_Latn"}
    assert found["alignment"]["languages"].keys() == {"deu_Latn", "swh_Latn", "yor_Latn", "zul_Latn"}


def test_the_command_says_what_is_not_usual() -> None:
    asked = {"model": "m", "on": "data", "tasks": ("a", "b"), "lang": ("all",), "card": True, "seed": 0,
             "parts": PARTS, "budget": 4.0, "modes": ("direct", "restate"), "shots": 0,
             "tuned_lens": False, "seen": ()}  # fmt: skip
    assert command_of(asked) == [
        "interlingua", "explain", "--model", "m", "--on", "data", "--task", "a,b", "--card",
        "--mode", "direct,restate", "--shots", "0",
    ]  # fmt: skip
    assert explaining.explain.__kwdefaults__["budget"] == 4.0
