"""Sentence folder: its files, that it is still a model, and that sentence-transformers loads it."""

import json

import pytest
import torch

from interlingua.core.errors import ModelError
from interlingua.models.adapters import with_lora
from interlingua.models.lm import load
from interlingua.models.sentence_folder import save_sentence_encoder
from interlingua.scoring.sentence_vectors import encoded

TEXTS = ["is the river long ? yes", "der fluss", "这 条 河 很 长"]


@pytest.fixture
def padded(tiny_lm):
    """A tiny model whose tokenizer can fill rows."""
    lm = tiny_lm("llama")
    lm.tokenizer.pad_token = lm.tokenizer.pad_token or lm.tokenizer.eos_token
    return lm


def test_the_folder_says_what_the_encoder_is(padded, tmp_path):
    folder = save_sentence_encoder(padded, tmp_path / "encoder")
    modules = json.loads((folder / "modules.json").read_text())
    assert [(one["path"], one["type"].rpartition(".")[2]) for one in modules] == [
        ("", "Transformer"), ("1_Pooling", "Pooling"),
    ]  # fmt: skip
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    assert pooling["word_embedding_dimension"] == padded.model.config.hidden_size
    assert [name for name, on in pooling.items() if on is True] == ["pooling_mode_mean_tokens"]
    assert json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"] == 128


def test_it_is_the_same_model_with_adapters_merged(padded, tmp_path):
    lm = with_lora(padded, ["q_proj"], 2, 4)
    again = load(save_sentence_encoder(lm, tmp_path / "encoder"))
    assert not again.adapted
    torch.testing.assert_close(torch.tensor(encoded(again, TEXTS)), torch.tensor(encoded(lm, TEXTS)))
    save_sentence_encoder(padded, tmp_path / "encoder")  # written over
    assert (tmp_path / "encoder" / "1_Pooling" / "config.json").exists()


def test_a_tokenizer_that_cannot_fill_rows_is_refused(padded, tmp_path):
    padded.tokenizer.pad_token = None
    with pytest.raises(ModelError, match="no padding token"):
        save_sentence_encoder(padded, tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
@pytest.mark.parametrize("head", [True, False])
def test_sentence_transformers_gives_the_vectors_of_an_encoder(random_encoder, kind, head, tmp_path):
    theirs = pytest.importorskip("sentence_transformers", reason="needs the extra referee")
    lm = load(random_encoder(kind, TEXTS, head), encoders=True)
    encoder = theirs.SentenceTransformer(str(save_sentence_encoder(lm, tmp_path / "encoder")), device="cpu")
    assert encoder.max_seq_length == 32
    texts = [*TEXTS, "der fluss " * 40]
    ours = torch.tensor(encoded(lm, texts))
    torch.testing.assert_close(torch.tensor(encoder.encode(texts)), ours, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2", "adapted"])
def test_sentence_transformers_gives_the_same_vectors(tiny_lm, stirred, kind, tmp_path):
    theirs = pytest.importorskip("sentence_transformers", reason="needs the extra referee")
    lm = tiny_lm("llama" if kind == "adapted" else kind)
    lm.tokenizer.pad_token = lm.tokenizer.pad_token or lm.tokenizer.eos_token
    plain = torch.tensor(encoded(lm, TEXTS))
    if kind == "adapted":
        lm = stirred(with_lora(lm, ["q_proj"], 2, 4))
        assert (torch.tensor(encoded(lm, TEXTS)) - plain).abs().max() > 1e-3
    encoder = theirs.SentenceTransformer(str(save_sentence_encoder(lm, tmp_path / "encoder")), device="cpu")
    assert encoder.max_seq_length == 128
    ours = torch.tensor(encoded(lm, TEXTS))
    torch.testing.assert_close(torch.tensor(encoder.encode(TEXTS)), ours, rtol=1e-4, atol=1e-5)
    alone = torch.cat([torch.tensor(encoder.encode([text])) for text in TEXTS])  # without padding
    torch.testing.assert_close(alone, ours, rtol=1e-4, atol=1e-5)
    likeness = torch.nn.functional.cosine_similarity(ours[0], ours[1], dim=0).item()
    assert encoder.similarity(*encoder.encode(TEXTS[:2])).item() == pytest.approx(likeness, abs=1e-5)
