"""Sentence vectors: pooled as MEXA pools, whatever the batch."""

import numpy as np
import pytest
import torch

from interlingua.core.errors import BadInput, UnknownName
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring.hidden import Pool, sentence_vectors

TEXTS = ["is the river long ?", "да", "这 条 河 很 长", "แม่น้ำ ยาว คำตอบ"]


def by_hand(lm: LM, text: str, pool: Pool) -> np.ndarray:
    ids = torch.tensor([lm.tokenizer(text)["input_ids"]])
    with torch.inference_mode():
        states = lm.model(input_ids=ids, output_hidden_states=True).hidden_states
    layers = np.stack([state[0].numpy() for state in states]).astype(np.float64)
    steps = np.arange(1, ids.shape[1] + 1)
    weights = {"weighted": steps, "mean": np.ones_like(steps), "last": steps == steps[-1]}[pool]
    return np.einsum("p,lpd->ld", weights / weights.sum(), layers)


@pytest.mark.parametrize("pool", ["weighted", "last", "mean"])
def test_vectors_are_those_of_the_text_alone(any_lm: LM, pool: Pool) -> None:
    vectors = sentence_vectors(any_lm, TEXTS, pool)
    assert vectors.shape == (3, len(TEXTS), 32)
    assert vectors.dtype == np.float32
    for place, text in enumerate(TEXTS):
        np.testing.assert_allclose(vectors[:, place], by_hand(any_lm, text, pool), atol=2e-5)
    np.testing.assert_allclose(vectors, sentence_vectors(any_lm, TEXTS, pool, batch_tokens=1), atol=2e-5)


def test_layer_0_is_the_embedding(lm: LM) -> None:
    table = lm.model.get_input_embeddings().weight.detach().numpy()
    ids = lm.tokenizer("да")["input_ids"]
    np.testing.assert_allclose(sentence_vectors(lm, ["да"], "mean")[0, 0], table[ids].mean(0), atol=1e-6)


def test_a_fresh_adapter_changes_no_vector(lm: LM) -> None:
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    np.testing.assert_allclose(sentence_vectors(lm, TEXTS), sentence_vectors(adapted, TEXTS), atol=1e-6)


def test_refusals(lm: LM) -> None:
    with pytest.raises(UnknownName, match="No position called 'max'. Did you mean mean"):
        sentence_vectors(lm, TEXTS, "max")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no texts"):
        sentence_vectors(lm, [])
