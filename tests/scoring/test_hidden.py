"""Sentence vectors: pooled as MEXA pools, whatever the batch."""

import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch

from interlingua.core.errors import BadInput, UnknownName
from interlingua.models.adapters import with_lora
from interlingua.models.anatomy import watched
from interlingua.models.libraries import quiet
from interlingua.models.lm import LM
from interlingua.scoring import hidden
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.hidden import Position, sentence_vectors

TEXTS = ["is the river long ?", "да", "这 条 河 很 长", "แม่น้ำ ยาว คำตอบ"]


def by_hand(lm: LM, text: str, pool: Position) -> np.ndarray:
    ids = torch.tensor([lm.tokenizer(text)["input_ids"]])
    with torch.inference_mode():
        states = lm.model(input_ids=ids, output_hidden_states=True).hidden_states
    layers = np.stack([state[0].numpy() for state in states]).astype(np.float64)
    steps = np.arange(1, ids.shape[1] + 1)
    weights = {"weighted": steps, "mean": np.ones_like(steps), "last": steps == steps[-1]}[pool]
    return np.einsum("p,lpd->ld", weights / weights.sum(), layers)


@pytest.mark.parametrize("pool", ["weighted", "last", "mean"])
def test_vectors_are_those_of_the_text_alone(any_lm: LM, pool: Position) -> None:
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


def test_the_states_of_one_layer_are_let_go_before_the_next_but_one(
    tiny_lm: Callable[..., LM], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All layers of a batch at once, as `output_hidden_states` holds them, would outgrow everything else."""
    held: list[weakref.ref[torch.Tensor]] = []
    alive: list[int] = []

    @contextmanager
    def counted(lm: LM, take: Callable[[int, torch.Tensor], None]) -> Iterator[None]:
        def also(layer: int, states: torch.Tensor) -> None:
            held.append(weakref.ref(states))
            alive.append(sum(one() is not None for one in held))
            take(layer, states)

        with watched(lm, also):
            yield

    monkeypatch.setattr(hidden, "watched", counted)
    sentence_vectors(tiny_lm(num_hidden_layers=8), TEXTS)
    assert len(alive) == 3 * 9  # two passes ask whether neighbours matter
    assert max(alive) <= 2


def test_rotations_that_grow_with_the_longest_row_are_noticed(tiny_lm: Callable[..., LM]) -> None:
    rope = {
        "rope_type": "longrope", "rope_theta": 10000.0, "factor": 4.0,
        "short_factor": [1.0] * 4, "long_factor": [4.0] * 4, "original_max_position_embeddings": 12,
    }  # fmt: skip
    lm = tiny_lm(rope_parameters=rope)
    texts = [*TEXTS, "the river is long " * 8]
    with pytest.warns(ScoringWarning, match="A longer neighbour changes states of tiny-llama.*one by one"):
        vectors = sentence_vectors(lm, texts, "mean")
    for place, text in enumerate(texts):
        np.testing.assert_allclose(vectors[:, place], by_hand(lm, text, "mean"), atol=2e-5)


def test_virtual_tokens_of_an_adapter_lie_in_front_and_do_not_count(lm: LM) -> None:
    peft = pytest.importorskip("peft")
    with quiet(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Position ids are not supported", UserWarning)
        wrapped = peft.get_peft_model(
            lm.model, peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)
        )
        adapted = LM(wrapped.eval(), lm.tokenizer, "prompted")
        vectors = sentence_vectors(adapted, TEXTS, "mean")
        one = sentence_vectors(adapted, TEXTS[:1], "mean")
    np.testing.assert_allclose(vectors[:, :1], one, atol=2e-5)
    table = lm.model.get_input_embeddings().weight.detach().numpy()
    ids = lm.tokenizer(TEXTS[0])["input_ids"]
    np.testing.assert_allclose(vectors[0, 0], table[ids].mean(0), atol=1e-6)


def test_refusals(lm: LM) -> None:
    with pytest.raises(UnknownName, match=r"No position called 'max'\. Did you mean mean"):
        sentence_vectors(lm, TEXTS, "max")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no texts"):
        sentence_vectors(lm, [])
