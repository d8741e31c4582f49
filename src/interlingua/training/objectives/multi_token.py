"""Multi-token prediction: the next token and, by further heads, the tokens after it."""

import torch.nn.functional as F
from torch import Tensor

from interlingua.core.errors import ModelError
from interlingua.models.lm import LM
from interlingua.models.surgery.future_heads import future_heads
from interlingua.training.loss import IGNORE, Batch, Loss, by_row
from interlingua.training.objectives.next_token import next_token


@by_row
def multi_token(lm: LM, batch: Batch) -> Loss:
    """`next_token`, and the same for the token after the next by the first of the `future_heads`, and so on.

    The losses are added up, all divided by the number of next tokens, so a row that is too short for a head
    does not count less. A model without further heads learns the next token alone. Part `next` is
    the loss of its own head. `weights` of a batch count for that one only. Raises what `next_token` raises.
    Source: Gloeckle et al. 2024, arXiv:2404.19737; summed as in the code of arXiv:2406.11477.
    """
    seen: list[Tensor] = []
    head = lm.model.get_output_embeddings()
    if head is None:
        raise ModelError(f"{lm.name} names no head, so what enters it cannot be read; use next_token.")
    handle = head.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    try:
        loss = next_token(lm, batch)
    finally:
        handle.remove()
    value = loss.value
    count = (batch["labels"][:, 1:] != IGNORE).sum()
    for ahead, further in enumerate(future_heads(lm.model), 2):
        labels = batch["labels"][:, ahead:]
        wanted = labels != IGNORE
        states = seen[0][:, : max(0, seen[0].shape[1] - ahead)][wanted]
        value = value + F.cross_entropy(further(states).float(), labels[wanted], reduction="sum") / count
    return Loss(value, {"next": float(loss.value.detach())}, loss.weight)


OBJECTIVE = multi_token
