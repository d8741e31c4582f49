"""Contrastive learning of sentence vectors: the right one among those of a batch, or a given likeness.

Both need batches of sentences (`sentence_batches`) and stand on no shelf of objectives for rows of text.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.models.pooling import mean_states
from interlingua.training.loss import Batch, Loss, Objective


def ranking_loss(
    anchors: Tensor, positives: Tensor, negatives: Tensor | None = None, scale: float = 20.0
) -> Tensor:
    """-log of the share of each anchor's own positive in the softmax of `scale` times the cosines, in nats.

    `anchors`, `positives` (batch, d) and `negatives` (n, d): every anchor is held against the positives of
    all rows and against all negatives. The mean over anchors.
    Source: Henderson et al. 2017, arXiv:1705.00652; MultipleNegativesRankingLoss of sentence-transformers.
    """
    others = positives if negatives is None else torch.cat([positives, negatives])
    scores = scale * F.normalize(anchors, dim=-1) @ F.normalize(others, dim=-1).T
    return F.cross_entropy(scores, torch.arange(len(anchors), device=scores.device))


def likeness_loss(first: Tensor, second: Tensor, grades: Tensor) -> Tensor:
    """Mean of (cos(first, second) - grade)², vectors (batch, d), grades (batch,) from 0 to 1.

    Source: Sentence-BERT, arXiv:1908.10084; CosineSimilarityLoss of sentence-transformers.
    """
    return F.mse_loss(F.cosine_similarity(first, second), grades.to(first))


def ranking(scale: float = 20.0) -> Objective:
    """`ranking_loss` of a batch of sentences, thirds as hard negatives; a unit is an anchor.

    Part `found` is the share of anchors that are nearest to their own positive. Raises `BadInput` for a batch
    of one row without a third sentence, in which there is nothing to tell apart.
    """

    def objective(lm: LM, batch: Batch) -> Loss:
        there = batch["third_mask"].any(1)
        if len(there) + int(there.sum()) < 2:
            raise BadInput("A batch of one pair has nothing to tell apart; give more different sentences.")
        first, second = (_vectors(lm, batch, side) for side in ("first", "second"))
        third = _vectors(lm, batch, "third", there) if there.any() else None
        with torch.no_grad():
            cosines = F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).T
            nearest = cosines.argmax(1) == torch.arange(len(first), device=first.device)
        value = ranking_loss(first, second, third, scale)
        return Loss(value, {"found": float(nearest.float().mean())}, float(len(first)))

    objective.__qualname__ = f"ranking({scale})"  # a checkpoint of another scale is another training
    return objective


def likeness(lm: LM, batch: Batch) -> Loss:
    """`likeness_loss` of a batch of sentences; a unit is a pair."""
    first, second = (_vectors(lm, batch, side) for side in ("first", "second"))
    return Loss(likeness_loss(first, second, batch["grade"]), {}, float(len(first)))


def _vectors(lm: LM, batch: Batch, side: str, rows: Tensor | None = None) -> Tensor:
    """Vectors of one side's sentences, of all rows or of some."""
    ids, mask = batch[f"{side}_ids"], batch[f"{side}_mask"]
    return mean_states(lm, *((ids, mask) if rows is None else (ids[rows], mask[rows])))
