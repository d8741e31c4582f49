"""Learning classes: a reader learns what a word tells, batches are a stream of epochs, the old one stays."""

from collections import Counter
from typing import get_args

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.data.items import Choice
from interlingua.models.classic import Kind, Reader, fresh_reader, units_of
from interlingua.scoring.classes import answers
from interlingua.training.budget import Budget
from interlingua.training.learn_classes import ClassBatches, learn_classes

TEXTS = [f"{'ab' if number % 2 else 'cd'}{'e' * (number % 5)}" for number in range(20)]
ITEMS = [
    Choice(str(n), "u", "train", "x", text, ("one", "two"), n % 2, str(n), str(n))
    for n, text in enumerate(TEXTS)
]


def reader(kind: Kind = "cnn") -> Reader:
    """One that knows nothing of two tasks, of which the second is asked."""
    return fresh_reader(kind, units_of(TEXTS), {"t": 3, "u": 2}, width=16, dropout=0.1)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_it_learns_what_a_text_tells_and_the_old_one_stays(kind: Kind) -> None:
    fresh = reader(kind)
    before = {key: tensor.clone() for key, tensor in fresh.net.state_dict().items()}
    taught = learn_classes(fresh, ITEMS, Budget(30, 1e-2), 10)
    assert answers(taught.reader, ITEMS) == [item.answer for item in ITEMS]
    assert all(torch.equal(tensor, before[key]) for key, tensor in fresh.net.state_dict().items())
    assert (taught.steps, taught.labels) == (30, 300)
    again = learn_classes(fresh, ITEMS, Budget(30, 1e-2), 10).reader.net.state_dict()
    assert all(torch.equal(tensor, again[key]) for key, tensor in taught.reader.net.state_dict().items())


def test_answers_are_options_of_the_task_asked() -> None:
    fresh = reader()
    with torch.no_grad():
        fresh.net.out.bias.copy_(torch.tensor([100.0, 0.0, 0.0, 0.0, 50.0]))
    assert answers(fresh, ITEMS, batch_size=3) == [1] * 20


def test_batches_are_an_endless_stream_of_epochs() -> None:
    batches = ClassBatches(reader(), ITEMS, 8, 5, 0)
    stream = [row for index in range(5) for row in batches.indices(index)]
    assert Counter(stream) == Counter({row: 2 for row in range(20)})
    assert Counter(stream[:20]) == Counter(range(20))
    assert stream[:20] != stream[20:]
    assert batches.units == 2 * sum(map(len, TEXTS))
    batch = batches[0]
    assert batch["classes"].tolist() == [3 + row % 2 for row in stream[:8]]  # behind the three of task t
    assert batches.fingerprint() != ClassBatches(reader(), ITEMS, 8, 5, 1).fingerprint()


def test_no_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="no questions"):
        learn_classes(reader(), [], Budget(1, 1e-2), 1)
