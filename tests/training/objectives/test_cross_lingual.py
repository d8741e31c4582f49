"""Cross-lingual distillation: the divergence by hand, and who learns from whom."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.budget import Budget
from interlingua.training.loop import everything, train
from interlingua.training.objectives.cross_lingual import cross_lingual
from interlingua.training.objectives.next_token import next_token
from interlingua.training.twins import twin_batches

ROWS = [Example("a0 a1 ", "b0 b1"), Example("a2 ", "b2"), Example("a3 ", "b3 b4 b5")]
TWINS = [Example("c0 ", "b0 b1"), None, Example("c0 c1 c2 ", "b3 b4 b5")]


def said(lm: LM, row: Example) -> torch.Tensor:
    """Log-probabilities (target and end, vocab) of a row alone."""
    ids = lm.tokenizer(row.prompt + row.target).input_ids
    learned = len(row.target.split()) + 1
    with torch.no_grad():
        logits = lm.model(input_ids=torch.tensor([[*ids, lm.tokenizer.eos_token_id]])).logits
    return logits[0, -learned - 1 : -1].log_softmax(-1)


def test_the_loss_by_hand(lm: LM) -> None:
    batch = twin_batches(lm, ROWS, TWINS, 3, 1, 0)[0]
    plain = next_token(lm, batch)
    divergence = 0.0
    for row, twin in zip(ROWS, TWINS, strict=True):
        if twin is not None:
            p, q = said(lm, twin), said(lm, row)
            divergence += float((p.exp() * (p - q)).sum())
    expected = divergence / 9  # labelled tokens: 3 + 2 + 4
    loss = cross_lingual(0.5)(lm, batch)
    assert loss.parts["divergence"] == pytest.approx(expected, rel=1e-4)
    assert loss.value.item() == pytest.approx(plain.value.item() + 0.5 * expected, rel=1e-4)
    assert loss.weight == plain.weight == 9


def test_without_twins_or_weight_it_is_next_token(lm: LM) -> None:
    bare, full = (twin_batches(lm, ROWS, twins, 3, 1, 0)[0] for twins in ([None] * 3, TWINS))
    expected = next_token(lm, bare).value
    for loss in (cross_lingual(1.0)(lm, bare), cross_lingual(0.0)(lm, full)):
        torch.testing.assert_close(loss.value, expected)
        assert loss.parts == {}


def test_the_same_prompt_has_no_divergence(lm: LM) -> None:
    batch = twin_batches(lm, ROWS, ROWS, 3, 1, 0)[0]
    assert cross_lingual()(lm, batch).parts["divergence"] == pytest.approx(0, abs=1e-6)


def test_no_gradient_reaches_the_twin(lm: LM) -> None:
    batch = twin_batches(lm, ROWS, TWINS, 3, 1, 0)[0]
    embeddings = lm.model.get_input_embeddings()
    embeddings.weight.requires_grad_(True)
    (cross_lingual(1.0)(lm, batch).value - next_token(lm, batch).value).backward()
    c0, a0 = lm.tokenizer.convert_tokens_to_ids(["c1", "a1"])  # read by a twin alone, by a row alone
    assert embeddings.weight.grad[c0].abs().sum() == 0
    assert embeddings.weight.grad[a0].abs().sum() > 0


def test_training_on_it_keeps_the_two_together(lm: LM) -> None:
    batches = twin_batches(lm, ROWS[::2], TWINS[::2], 2, 60, 0)
    apart = []
    for weight in (0.0, 4.0):
        tuned = train(lm, batches, cross_lingual(weight), Budget(60, 1e-2), learn=everything)
        apart.append(cross_lingual()(tuned, batches[0]).parts["divergence"])
    assert apart[1] < 0.5 * apart[0]


def test_a_batch_without_labels_is_refused(lm: LM) -> None:
    batch = dict(twin_batches(lm, ROWS, TWINS, 3, 1, 0)[0])
    batch["labels"] = torch.full_like(batch["labels"], -100)
    with pytest.raises(BadInput, match="no labelled token"):
        cross_lingual()(lm, batch)
