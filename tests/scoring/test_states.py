"""States on disk: those of each text alone in every family, whatever was interrupted or damaged."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from interlingua.core.errors import (
    BadInput,
    InterlinguaError,
    ModelError,
    OutOfRoom,
    RunFolderError,
    UnknownName,
)
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring import states as module
from interlingua.scoring.hidden import POSITIONS, sentence_vectors
from interlingua.scoring.states import States, read_states

TEXTS = {
    "eng_Latn": ["is the river long ?", "yes", "the river is long", "no no no"],
    "rus_Cyrl": ["река длинная ?", "да", "река длинная . да", "нет"],
    "tha_Thai": ["แม่น้ำ ยาว", "ใช่", "แม่น้ำ ยาว ใช่ ไม่ใช่"],
}


@pytest.fixture(scope="module")
def tokenizer():
    return small_tokenizer([text for own in TEXTS.values() for text in own], 330)


@pytest.fixture
def lm(tokenizer) -> LM:
    return tiny_model("llama", tokenizer)


def by_hand(lm: LM, text: str) -> dict[str, np.ndarray]:
    """Vectors [layer, d_model] per position from `hidden_states` of the text alone."""
    ids = torch.tensor([lm.tokenizer(text)["input_ids"]])
    with torch.inference_mode():
        layers = lm.model(input_ids=ids, output_hidden_states=True).hidden_states
    own = np.stack([layer[0].numpy() for layer in layers]).astype(np.float64)
    steps = np.arange(1, ids.shape[1] + 1)
    return {
        "last": own[:, -1],
        "weighted": np.einsum("p,lpd->ld", steps / steps.sum(), own),
        "mean": own.mean(1),
    }


def content(states: States) -> dict[tuple[str, str], np.ndarray]:
    return {
        (lang, at): np.array(states.vectors(lang, at)) for lang in states.langs for at in states.positions
    }


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_states_are_those_of_each_text_alone(kind: str, tokenizer, tmp_path: Path) -> None:
    lm = tiny_model(kind, tokenizer)
    states = read_states(lm, TEXTS, tmp_path, positions=POSITIONS)
    assert (states.langs, states.positions, states.layers) == (tuple(TEXTS), POSITIONS, 3)
    for lang, own in TEXTS.items():
        for item, text in enumerate(own):
            for position, wanted in by_hand(lm, text).items():
                found = states.vectors(lang, position)
                assert isinstance(found, np.memmap)
                assert (found.dtype, found.shape) == (np.float32, (3, len(own), 32))
                np.testing.assert_allclose(found[:, item], wanted, atol=3e-5)


def test_an_adapter_and_half_precision(lm: LM, tmp_path: Path) -> None:
    adapted = read_states(with_lora(lm, "all-linear", rank=2, alpha=4), TEXTS, tmp_path / "adapted")
    plain = read_states(lm, TEXTS, tmp_path / "plain")
    for key, vectors in content(plain).items():
        np.testing.assert_allclose(content(adapted)[key], vectors, atol=1e-5)
    half = LM(lm.model.to(torch.bfloat16), lm.tokenizer, "half")
    found = read_states(half, TEXTS, tmp_path / "half").vectors("rus_Cyrl", "weighted")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0], plain.vectors("rus_Cyrl", "weighted")[0], atol=0.01)


def test_batches_change_nothing_and_the_same_call_reads_nothing_again(lm, tmp_path, monkeypatch) -> None:
    whole = content(read_states(lm, TEXTS, tmp_path / "whole"))
    single = content(read_states(lm, TEXTS, tmp_path / "single", batch_tokens=1))
    for key in whole:
        np.testing.assert_allclose(whole[key], single[key], atol=1e-5)
    monkeypatch.setattr(module, "pooled", None)
    again = read_states(lm, TEXTS, tmp_path / "whole", positions=("weighted", "last"))
    assert all(np.array_equal(again.vectors(*key), whole[key]) for key in whole)


def test_one_pass_serves_all_positions(lm, tmp_path) -> None:
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    vectors = sentence_vectors(lm, TEXTS["eng_Latn"], "mean")  # the model's anatomy is known from here on
    handle = lm.model.register_forward_hook(count)
    states = read_states(lm, {"eng_Latn": TEXTS["eng_Latn"]}, tmp_path, positions=POSITIONS)
    handle.remove()
    assert seen == 3  # two ask whether padding is harmless, one reads
    np.testing.assert_array_equal(states.vectors("eng_Latn", "mean"), vectors)


def test_an_interrupted_run_goes_on_and_ends_the_same(lm, tmp_path, monkeypatch) -> None:
    whole = content(read_states(lm, TEXTS, tmp_path / "whole"))
    read, calls = module.pooled, []

    def stops(lm, rows, *more):
        calls.append(rows)
        for batch in read(lm, rows, *more):
            yield batch
            if len(calls) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(module, "pooled", stops)
    with pytest.raises(KeyboardInterrupt):
        read_states(lm, TEXTS, tmp_path / "cut")
    names = {path.name for path in (tmp_path / "cut").iterdir()}
    assert names == {"states.json", "eng_Latn.last.npy", "eng_Latn.weighted.npy"}
    states = read_states(lm, TEXTS, tmp_path / "cut")
    assert len(calls) == 4
    assert all(np.array_equal(states.vectors(*key), whole[key]) for key in whole)


def test_languages_can_join_later(lm, tmp_path, monkeypatch) -> None:
    first = {"eng_Latn": TEXTS["eng_Latn"]}
    assert read_states(lm, first, tmp_path).langs == ("eng_Latn",)
    read_states(lm, TEXTS, tmp_path)
    monkeypatch.setattr(module, "pooled", None)
    assert read_states(lm, first, tmp_path).vectors("eng_Latn", "last").shape == (3, 4, 32)


def test_a_damaged_array_is_made_again(lm, tmp_path) -> None:
    whole = content(read_states(lm, TEXTS, tmp_path))
    cut, changed = tmp_path / "rus_Cyrl.last.npy", tmp_path / "tha_Thai.weighted.npy"
    cut.write_bytes(cut.read_bytes()[:-10])
    changed.write_bytes(changed.read_bytes()[:-1] + b"\x01")
    (tmp_path / "eng_Latn.last.npy").unlink()
    states = read_states(lm, TEXTS, tmp_path)
    assert all(np.array_equal(states.vectors(*key), whole[key]) for key in whole)


def test_a_folder_of_other_states_is_refused(lm, tokenizer, tmp_path) -> None:
    read_states(lm, TEXTS, tmp_path)
    before = (tmp_path / "states.json").read_bytes()

    def refused(told: str, lm: LM = lm, texts=TEXTS, **more) -> None:
        with pytest.raises(RunFolderError, match=told) as error:
            read_states(lm, texts, tmp_path, **more)
        assert "\n" not in str(error.value)

    refused("holds the states of another model; give another folder", tiny_model("llama", tokenizer, seed=1))
    other = TEXTS | {"rus_Cyrl": TEXTS["rus_Cyrl"][::-1]}
    refused("holds the states of other texts in rus_Cyrl", texts=other)
    refused("holds states at last, weighted, not mean; give", positions=("mean",))
    assert (tmp_path / "states.json").read_bytes() == before
    for damage in (
        before[:50],
        b"[]",
        b'{"version": 1}',
        b"\xff",
        before.replace(b'"cut": 0', b'"cut": "x"'),
    ):
        (tmp_path / "states.json").write_bytes(damage)
        refused("states.json is damaged; delete")
    (tmp_path / "states.json").write_text(json.dumps(json.loads(before) | {"version": 0}))
    refused("states.json is of another version")


def test_texts_longer_than_the_context_are_cut_and_counted(tokenizer, tmp_path) -> None:
    lm = tiny_model("llama", tokenizer, max_position_embeddings=12)
    long = " ".join(["river"] * 20)
    texts = {"eng_Latn": [long, "yes", long + " no"], "rus_Cyrl": ["да", "нет"]}
    states = read_states(lm, texts, tmp_path)
    assert states.cut == {"eng_Latn": 2, "rus_Cyrl": 0}
    assert read_states(lm, texts, tmp_path).cut == states.cut
    ids = lm.tokenizer(long)["input_ids"]
    kept = torch.tensor([[ids[0], *ids[-11:]]])
    with torch.inference_mode():
        wanted = lm.model(input_ids=kept, output_hidden_states=True).hidden_states[1][0, -1]
    np.testing.assert_allclose(states.vectors("eng_Latn", "last")[1, 0], wanted, atol=1e-5)


def test_more_than_the_budget_is_refused_before_anything_is_read(lm, tmp_path, monkeypatch) -> None:
    needed = 4 * 3 * 32 * 2 * 11
    read_states(lm, TEXTS, tmp_path / "fits", budget_bytes=needed)
    arrays = [path.stat().st_size - 128 for path in (tmp_path / "fits").glob("*.npy")]
    assert sum(arrays) == needed
    monkeypatch.setattr(module, "encode", None)
    told = r"11 texts need 8\.4 kB \(3 layers of 32 numbers at 2 positions\), above the budget of 8\.4 kB"
    with pytest.raises(BadInput, match=told + ".*`positions`.*`budget_bytes`"):
        read_states(lm, TEXTS, tmp_path / "not", budget_bytes=needed - 1)
    assert not (tmp_path / "not").exists()


def test_a_disk_too_small_is_told_and_leaves_nothing_behind(lm, tmp_path, monkeypatch) -> None:
    def full(descriptor: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "posix_fallocate", full)
    with pytest.raises(OutOfRoom, match="No disk space left"):
        read_states(lm, TEXTS, tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(module.shutil, "disk_usage", lambda place: type("Usage", (), {"free": 10}))
    with pytest.raises(OutOfRoom, match=r"has 0\.0 kB left and needs 1\.5 kB"):
        read_states(lm, TEXTS, tmp_path)


def test_states_that_are_no_numbers_are_refused(lm, tmp_path) -> None:
    row = lm.tokenizer("нет")["input_ids"][-1]
    with torch.no_grad():
        lm.model.get_input_embeddings().weight[row] = torch.nan
    with pytest.raises(BadInput, match=r"Text 3 in rus_Cyrl has nan in layer 0; check the weights, or load"):
        read_states(lm, TEXTS, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "states.json",
        "eng_Latn.last.npy",
        "eng_Latn.weighted.npy",
    }


def test_a_model_that_overflows_everywhere_is_refused_too(lm, tmp_path) -> None:
    with torch.no_grad():
        lm.model.model.layers[0].mlp.down_proj.weight.fill_(torch.inf)
    with pytest.raises(BadInput, match=r"Text \d in eng_Latn has (nan|-?inf) in layer 1; check the weights"):
        read_states(lm, TEXTS, tmp_path)


@pytest.mark.parametrize(
    ("texts", "positions", "kind", "told"),
    [
        ({}, ("last",), BadInput, "no texts"),
        ({"eng_Latn": ["one"]}, ("last",), BadInput, "eng_Latn needs 2 texts or more.*got 1"),
        (
            {"eng_Latn": ["one", "two"], "deu_Latn": ["eins", " \n"]},
            ("last",),
            BadInput,
            "Text 1 in deu_Latn is empty",
        ),
        ({"../eng": ["one", "two"]}, ("last",), BadInput, "'../eng' cannot name a file"),
        (
            {"eng_Latn": ["one", "two"]},
            (),
            BadInput,
            "need positions, each once; give some of last, weighted, mean",
        ),
        ({"eng_Latn": ["one", "two"]}, ("last", "last"), BadInput, "each once"),
        ({"eng_Latn": ["one", "two"]}, ("first",), UnknownName, "No position called 'first'"),
    ],
)
def test_bad_input_is_one_clear_line(lm, tmp_path, texts, positions, kind, told) -> None:
    with pytest.raises(kind, match=told) as error:
        read_states(lm, texts, tmp_path / "new", positions=positions)
    assert isinstance(error.value, InterlinguaError)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "new").exists()


def test_names_that_are_not_there(lm, tmp_path) -> None:
    states = read_states(lm, TEXTS, tmp_path, positions=("last",))
    with pytest.raises(UnknownName, match="No language called 'deu_Latn'"):
        states.vectors("deu_Latn", "last")
    with pytest.raises(UnknownName, match="No position called 'mean'"):
        states.vectors("eng_Latn", "mean")


def test_an_encoder_is_refused(lm, tmp_path) -> None:
    with pytest.raises(ModelError, match="no causal language model with an unembedding"):
        read_states(LM(lm.model.model, lm.tokenizer, "body"), TEXTS, tmp_path)
