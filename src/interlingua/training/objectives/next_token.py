"""Next-token cross-entropy on the labelled tokens: language modelling and supervised tuning alike."""

from typing import Any

import torch.nn.functional as F
from torch import Tensor

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM
from interlingua.training.loss import IGNORE, Batch, Loss, by_row
from interlingua.training.pieces import right_padded


@by_row
def next_token(lm: LM, batch: Batch) -> Loss:
    """Mean negative log-likelihood in nats of every labelled token given what stands before it.

    `input_ids`, `attention_mask`, `labels`: (batch, pos), `labels` unshifted and -100 where there is
    nothing to learn. `weights`, of the same shape, says how much each label counts. Logits are computed only
    where a label is read. Raises `BadInput` without labels.
    """
    labels = batch["labels"][:, 1:]
    wanted = labels != IGNORE
    targets = labels[wanted]
    if not len(targets):
        raise BadInput("The batch has no labelled token; lengthen max_tokens or drop empty targets.")
    logits = logits_at(lm, batch, F.pad(wanted, (0, 1)))
    if "weights" not in batch:
        return Loss(F.cross_entropy(logits.float(), targets), {}, float(len(targets)))
    weights = batch["weights"][:, 1:][wanted]
    total = weights.sum()
    value = (F.cross_entropy(logits.float(), targets, reduction="none") * weights).sum() / total
    return Loss(value, {}, float(total))


def logits_at(lm: LM, batch: Batch, wanted: Tensor) -> Tensor:
    """Logits (n, vocab) at the positions where `wanted` (batch, pos) is true.

    The output head is handed only those positions by a hook, so the model's own forward stays in charge
    of adapters, scaling and soft caps; a model that does not name its head computes all logits. Padding on
    the right needs no mask, because a causal model never looks there: without one, attention takes its
    faster causal path.
    """
    inputs: dict[str, Any] = {"input_ids": batch["input_ids"], "use_cache": False}
    if not right_padded(batch["attention_mask"]):
        inputs["attention_mask"] = batch["attention_mask"]
    head = lm.model.get_output_embeddings()
    if head is None:
        return lm.model(**inputs).logits[wanted]  # type: ignore[no-any-return]
    handle = head.register_forward_pre_hook(lambda module, args: (args[0][wanted].unsqueeze(0),))
    try:
        logits: Tensor = lm.model(**inputs).logits
    finally:
        handle.remove()
    if logits.shape[:2] != (1, int(wanted.sum())):
        raise ModelError(f"{lm.name} reshapes hidden states before its head; next_token cannot read it.")
    return logits[0]


OBJECTIVE = next_token
