"""Cross-lingual distillation: a question in another language is answered as its twin in the pivot is.

Source: xCoT, arXiv:2401.07037, whose weighting is not published in what was read.
"""

import torch
import torch.nn.functional as F

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.training.loss import IGNORE, Batch, Loss, Objective
from interlingua.training.objectives.next_token import logits_at


def cross_lingual(weight: float = 1.0) -> Objective:
    """Next-token cross-entropy, and `weight` times the divergence from what the model says after the twin.

    At every aligned token KL(p || q) in nats, p after the twin's prompt and q after the row's own, is added
    to the token's negative log-likelihood; the mean is over all labelled tokens. The twin teaches and is not
    taught: no gradient flows through p. Batches are those of `twin_batches`; without twins it is `next_token`
    without weights of tokens. Raises `BadInput` without labels.
    """

    def objective(lm: LM, batch: Batch) -> Loss:
        labels = batch["labels"][:, 1:]
        wanted = labels != IGNORE
        logits = logits_at(lm, batch, F.pad(wanted, (0, 1))).float()
        if not (count := float(wanted.sum())):
            raise BadInput("The batch has no labelled token; lengthen max_tokens or drop empty targets.")
        likely = F.cross_entropy(logits, labels[wanted])
        if not weight or not (taught := _with_twin(batch)).any():
            return Loss(likely, {}, count)
        own = logits[batch["aligned"][:, 1:][wanted]].log_softmax(-1)
        divergence = F.kl_div(own, _said(lm, batch, taught), log_target=True, reduction="sum") / count
        return Loss(likely + weight * divergence, {"divergence": float(divergence.detach())}, count)

    objective.__qualname__ = f"cross_lingual({weight})"  # a checkpoint of another weight is another training
    return objective


def _with_twin(batch: Batch) -> torch.Tensor:
    """Which rows have a twin: (batch,) of bool."""
    if "twin_labels" not in batch:
        return torch.zeros(len(batch["labels"]), dtype=torch.bool)
    return (batch["twin_labels"] != IGNORE).any(1)


def _said(lm: LM, batch: Batch, rows: torch.Tensor) -> torch.Tensor:
    """Log-probabilities (n, vocab) after the twins' prompts, at the aligned tokens in the order of rows."""
    twins = {name: batch[f"twin_{name}"][rows] for name in ("input_ids", "attention_mask")}
    wanted = batch["twin_labels"][rows][:, 1:] != IGNORE
    with torch.no_grad():
        return logits_at(lm, twins, F.pad(wanted, (0, 1))).float().log_softmax(-1)


OBJECTIVE = cross_lingual()
