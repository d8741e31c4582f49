"""Multi-token prediction: the sum over heads worked by hand, and further heads that learn."""

import pytest
import torch
import torch.nn.functional as F

from interlingua.models.surgery.future_heads import future_heads, with_future_heads
from interlingua.training.batches import sft_batches
from interlingua.training.objectives.multi_token import multi_token
from interlingua.training.objectives.next_token import next_token
from interlingua.training.pieces import pieces


@pytest.fixture
def batch(lm, examples):
    """Rows of different length."""
    return sft_batches(lm, examples, 6, 1, 0)[0]


def test_without_further_heads_it_is_next_token(lm, batch):
    ours, theirs = multi_token(lm, batch), next_token(lm, batch)
    assert torch.equal(ours.value, theirs.value)
    assert ours.weight == theirs.weight
    assert ours.parts == {"next": pytest.approx(float(theirs.value.detach()))}


def test_each_head_looks_one_token_further(lm, batch):
    carrier = with_future_heads(lm, 2)
    with torch.no_grad():
        for number, head in enumerate(future_heads(carrier.model)):
            head.weight *= 1.5 + number
        states = carrier.model.model(batch["input_ids"], attention_mask=batch["attention_mask"])[0]
        wanted, count = next_token(lm, batch).value, (batch["labels"][:, 1:] >= 0).sum()
        for ahead, head in enumerate(future_heads(carrier.model), 2):
            for row in range(len(states)):
                for place in range(states.shape[1] - ahead):
                    label = batch["labels"][row, place + ahead]
                    if label >= 0:
                        wanted += F.cross_entropy(head(states[row, place]), label) / count
    loss = multi_token(carrier, batch)
    torch.testing.assert_close(loss.value, wanted)
    loss.value.backward()
    assert all(head.weight.grad.abs().sum() > 0 for head in future_heads(carrier.model))


def test_parts_of_a_batch_add_up_to_the_whole(lm, batch):
    carrier = with_future_heads(lm, 1)
    whole, parts = multi_token(carrier, batch), [multi_token(carrier, one) for one in pieces(batch, 0.0)]
    assert len(parts) > 1
    assert sum(part.weight for part in parts) == whole.weight
    total = sum(part.value * part.weight for part in parts) / whole.weight
    torch.testing.assert_close(total, whole.value)
