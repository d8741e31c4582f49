"""Direct preference optimisation: the preferred answer gains on the other, measured from a reference model.

It needs batches of pairs of answers and stands on no shelf of objectives for rows of text.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.training.loss import IGNORE, Batch, Loss, Objective, by_row
from interlingua.training.objectives.next_token import logits_at

SIDES = ("chosen", "rejected")


def dpo_loss(policy: Tensor, reference: Tensor, beta: float = 0.1) -> Tensor:
    """Mean of -log sigmoid(beta * (gain of the chosen answer - gain of the rejected answer)), in nats.

    `policy` and `reference`, (batch, 2): log-probabilities in nats of the chosen and the rejected answer; a
    gain is `policy` - `reference`.
    Source: Rafailov et al. 2023, arXiv:2305.18290, equation 7.
    """
    return -F.logsigmoid(beta * _margins(policy, reference)).mean()


def dpo(beta: float = 0.1) -> Objective:
    """`dpo_loss` of a batch of pairs; a unit is a pair.

    `chosen_ids`, `chosen_mask`, `chosen_labels` (batch, pos), the same of `rejected`, labels unshifted and
    -100 at prompt and padding; `reference` (batch, 2) as `with_reference` makes it. Parts: `margin`, the mean
    in nats of beta times what the chosen answer gained on the other, and `preferred`, the share of pairs in
    which it gained. Raises `BadInput` for a beta that is not above 0, for a batch without `reference`, and
    for an answer without labels.
    """
    if not beta > 0:
        raise BadInput(f"beta must be above 0, not {beta}.")

    @by_row
    def objective(lm: LM, batch: Batch) -> Loss:
        if "reference" not in batch:
            raise BadInput("The batch has no log-probabilities of a reference; add them by with_reference.")
        policy, reference = answer_log_probs(lm, batch), batch["reference"]
        margins = _margins(policy.detach(), reference)
        parts = {"margin": beta * float(margins.mean()), "preferred": float((margins > 0).float().mean())}
        return Loss(dpo_loss(policy, reference, beta), parts, float(len(margins)))

    objective.__qualname__ = f"dpo({beta})"  # a checkpoint of another beta is another training
    return objective


def with_reference(lm: LM, batch: Batch) -> Batch:
    """The batch with `reference`: what `lm`, as it is before tuning, gives both answers, without gradients.

    Raises `BadInput` for an answer without labels.
    """
    with torch.no_grad():
        return {**batch, "reference": answer_log_probs(lm, batch)}


def answer_log_probs(lm: LM, batch: Batch) -> Tensor:
    """Log-probabilities in nats of the labelled tokens of each answer, added up: (batch, 2), float32.

    Raises `BadInput` for an answer without labels.
    """
    return torch.stack([_log_probs(lm, batch, side) for side in SIDES], 1)


def _log_probs(lm: LM, batch: Batch, side: str) -> Tensor:
    """The sums of one side: (batch,)."""
    labels = batch[f"{side}_labels"][:, 1:]
    wanted = labels != IGNORE
    if not wanted.any(1).all():
        raise BadInput(f"A {side} answer has no labelled token; lengthen max_tokens or drop empty answers.")
    rows = {"input_ids": batch[f"{side}_ids"], "attention_mask": batch[f"{side}_mask"]}
    logits = logits_at(lm, rows, F.pad(wanted, (0, 1))).float()
    each = -F.cross_entropy(logits, labels[wanted], reduction="none")
    return each.new_zeros(wanted.shape).masked_scatter(wanted, each).sum(1)


def _margins(policy: Tensor, reference: Tensor) -> Tensor:
    """What the chosen answer gained on the rejected one, in nats: (batch,)."""
    gained = policy - reference
    return gained[:, 0] - gained[:, 1]
