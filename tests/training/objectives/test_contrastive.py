"""Contrastive losses: worked by hand, against sentence-transformers, and what batches they take."""

import importlib
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.models.pooling import mean_states
from interlingua.models.sentence_folder import save_sentence_encoder
from interlingua.training.objectives.contrastive import likeness, likeness_loss, ranking, ranking_loss
from interlingua.training.sentence_batches import Row, sentence_batches

ROWS: list[Row] = [
    ("a0 a1", "a0", "b3 b4 b5", 1.0), ("b1", "b2 b1", "", 0.5), ("c1 c2 c3", "c1", "d1", 0.0),
]  # fmt: skip


def test_ranking_is_the_share_of_the_own_positive() -> None:
    anchors = torch.tensor([[2.0, 0.0], [0.0, 3.0]])
    positives = torch.tensor([[1.0, 0.0], [0.6, 0.8]])  # cosines: 1 and .6; 0 and .8
    by_hand = (math.log(1 + math.exp(2 * (0.6 - 1))) + math.log(1 + math.exp(2 * (0.0 - 0.8)))) / 2
    assert ranking_loss(anchors, positives, scale=2.0).item() == pytest.approx(by_hand, rel=1e-6)


def test_hard_negatives_stand_beside_the_positives_of_all_anchors() -> None:
    anchors, positives = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    negative = torch.tensor([[0.8, 0.6]])
    first, second = (math.log(1 + math.exp(-20.0) + math.exp(20 * (cos - 1))) for cos in (0.8, 0.6))
    assert ranking_loss(anchors, positives, negative).item() == pytest.approx((first + second) / 2, rel=1e-5)


def test_likeness_is_the_squared_error_of_the_cosine() -> None:
    first, second = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    loss = likeness_loss(first, second, torch.tensor([1.0, 0.5]))  # cosines .6 and 1
    assert loss.item() == pytest.approx((0.4**2 + 0.5**2) / 2, rel=1e-6)


@pytest.fixture
def losses() -> Any:
    """The losses of sentence-transformers."""
    pytest.importorskip("sentence_transformers", reason="needs the extra referee")
    return importlib.import_module("sentence_transformers.sentence_transformer.losses")


def test_sentence_transformers_says_the_same_of_vectors(losses: Any) -> None:
    generator = torch.Generator().manual_seed(0)
    sides = [torch.randn(5, 7, generator=generator, requires_grad=True) for _ in range(3)]
    grades = torch.tensor([0.0, 0.2, 0.5, 0.9, 1.0])

    def given(features: dict[str, Any]) -> dict[str, Any]:
        return {"sentence_embedding": features["vectors"]}

    def same(ours: torch.Tensor, loss: Any, count: int, labels: torch.Tensor | None = None) -> None:
        theirs = loss([{"vectors": side} for side in sides[:count]], labels)
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
        gradients = (torch.autograd.grad(value, sides[:count]) for value in (ours, theirs))
        for mine, other in zip(*gradients, strict=True):
            assert other.abs().max() > 1e-4
            torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-6)

    for scale in (20.0, 5.0):
        theirs = losses.MultipleNegativesRankingLoss(given, scale=scale)
        same(ranking_loss(*sides[:2], scale=scale), theirs, 2)
        same(ranking_loss(*sides, scale=scale), theirs, 3)
    same(likeness_loss(*sides[:2], grades), losses.CosineSimilarityLoss(given), 2, grades)


FULL: list[Row] = [
    ("a0 a1", "a0", "b3 b4 b5", 1.0), ("b1", "b2 b1", "d2", 0.5), ("c1 c2 c3", "c1", "d1 d3", 0.0),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["ranking", "likeness"])
def test_it_says_the_same_of_the_same_model(kind: str, losses: Any, lm: LM, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(save_sentence_encoder(lm, tmp_path / "encoder")), device="cpu").eval()
    batches = sentence_batches(lm, FULL, 3, 1, 0)
    rows = [FULL[at] for at in batches.indices(0)]
    features = [encoder.preprocess([row[side] for row in rows]) for side in range(3)]
    if kind == "ranking":
        theirs = losses.MultipleNegativesRankingLoss(encoder, scale=20.0)(features, None)
    else:
        grades = torch.tensor([row[3] for row in rows])
        theirs = losses.CosineSimilarityLoss(encoder)(features[:2], grades)
    ours = (ranking() if kind == "ranking" else likeness)(lm, batches[0]).value
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    ours.backward()
    theirs.backward()
    others = {name: other.grad for name, other in encoder[0].auto_model.named_parameters()}
    mine = {name.removeprefix("model."): p.grad for name, p in lm.model.named_parameters()}
    assert mine.pop("lm_head.weight") is None
    assert mine.keys() == others.keys()
    for name, gradient in mine.items():
        assert gradient.abs().max() > 0
        torch.testing.assert_close(gradient, others[name], rtol=1e-4, atol=1e-5)


def test_a_batch_gives_the_loss_of_its_vectors(lm: LM) -> None:
    batch = sentence_batches(lm, ROWS, 3, 1, 0)[0]
    first, second = (
        mean_states(lm, batch[f"{side}_ids"], batch[f"{side}_mask"]) for side in ("first", "second")
    )
    there = batch["third_mask"].any(1)
    assert int(there.sum()) == 2
    third = mean_states(lm, batch["third_ids"][there], batch["third_mask"][there])
    loss = ranking(5.0)(lm, batch)
    torch.testing.assert_close(loss.value, ranking_loss(first, second, third, 5.0))
    assert loss.weight == 3
    assert 0 <= loss.parts["found"] <= 1
    torch.testing.assert_close(likeness(lm, batch).value, likeness_loss(first, second, batch["grade"]))


@pytest.mark.parametrize("objective", [ranking(), likeness])
def test_padding_and_the_order_of_rows_change_nothing_and_gradients_flow(objective: Any, lm: LM) -> None:
    batch = sentence_batches(lm, ROWS, 3, 1, 0)[0]
    value = objective(lm, batch).value
    wider = {
        key: tensor if key == "grade" else torch.nn.functional.pad(tensor, (0, 4))
        for key, tensor in batch.items()
    }
    torch.testing.assert_close(objective(lm, wider).value, value)
    turned = {key: tensor.flip(0) for key, tensor in batch.items()}
    torch.testing.assert_close(objective(lm, turned).value, value)
    value.backward()
    assert all(
        (parameter.grad is None) == name.startswith("lm_head")
        for name, parameter in lm.model.named_parameters()
    )


def test_one_pair_alone_teaches_nothing(lm: LM) -> None:
    with pytest.raises(BadInput, match="one pair"):
        ranking()(lm, sentence_batches(lm, ROWS[1:2], 3, 1, 0)[0])
    assert ranking()(lm, sentence_batches(lm, ROWS[:1], 3, 1, 0)[0]).value > 0
