"""Direct preference optimisation: worked by hand, what batches it takes, and that it moves both ways."""

import math
from typing import Any

import pytest
import torch
from torch.nn.functional import pad

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.loop import everything, train
from interlingua.training.loss import Batch
from interlingua.training.objectives.dpo import SIDES, answer_log_probs, dpo, dpo_loss, with_reference

PROMPTS = ["a0 a1 ", "a2 ", "a3 a4 a5 "]
CHOSEN = ["b0 b1", "b2", "b3 b4 b5"]
REJECTED = ["c0", "c1 c2 c3", "c4"]


def pairs(lm: LM, chosen: list[str], rejected: list[str]) -> dict[str, torch.Tensor]:
    """A batch without a reference, its rows in the order of `PROMPTS`."""
    batch = {}
    for side, answers in zip(SIDES, (chosen, rejected), strict=True):
        examples = [Example(*row) for row in zip(PROMPTS, answers, strict=True)]
        batches = sft_batches(lm, examples, 3, 1, 0)
        back = torch.from_numpy(batches.indices(0)).argsort()
        rows = {name.removeprefix("input_"): tensor[back] for name, tensor in batches[0].items()}
        rows["mask"] = rows.pop("attention_mask")
        batch |= {f"{side}_{name}": tensor for name, tensor in rows.items()}
    return batch


class Same:
    """The same batch at every step."""

    def __init__(self, batch: Batch, steps: int) -> None:
        self.batch, self.steps = batch, steps

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, index: int, /) -> Batch:
        return self.batch

    def describe(self, index: int) -> str:
        return "the only batch"

    def fingerprint(self) -> str:
        return "the only batch"


@pytest.fixture
def batch(lm: LM) -> Batch:
    """Three pairs whose reference is a little off the model, so that no margin is 0."""
    reference = torch.tensor([[0.5, -0.5], [-1.0, 2.0], [3.0, 0.0]])
    found = with_reference(lm, pairs(lm, CHOSEN, REJECTED))
    return {**found, "reference": found["reference"] + reference}


def test_the_loss_by_hand() -> None:
    policy = torch.tensor([[-1.0, -3.0], [-2.0, -2.0]])
    reference = torch.tensor([[-2.0, -2.5], [-1.0, -5.0]])  # gained: 1 and -.5; -1 and 3
    by_hand = (math.log(1 + math.exp(-0.5 * 1.5)) + math.log(1 + math.exp(0.5 * 4))) / 2
    assert dpo_loss(policy, reference, 0.5).item() == pytest.approx(by_hand, rel=1e-6)
    assert dpo_loss(policy, policy).item() == pytest.approx(math.log(2), rel=1e-6)


def test_log_probs_are_those_of_the_answers_and_their_end(lm: LM) -> None:
    found = answer_log_probs(lm, pairs(lm, CHOSEN, REJECTED))
    for row, prompt in enumerate(PROMPTS):
        for side, answers in enumerate((CHOSEN, REJECTED)):
            ids = [*lm.tokenizer(prompt + answers[row]).input_ids, lm.tokenizer.eos_token_id]
            with torch.no_grad():
                said = lm.model(input_ids=torch.tensor([ids])).logits[0].log_softmax(-1)
            places = range(len(prompt.split()), len(ids))
            assert found[row, side].item() == pytest.approx(
                sum(said[place - 1, ids[place]].item() for place in places), rel=1e-5
            )


def test_a_batch_gives_the_loss_of_its_pairs(lm: LM, batch: Batch) -> None:
    loss = dpo(0.5)(lm, batch)
    torch.testing.assert_close(loss.value, dpo_loss(answer_log_probs(lm, batch), batch["reference"], 0.5))
    assert loss.weight == 3
    assert loss.parts["margin"] == pytest.approx(0.5 * (-1 + 3 - 3) / 3, rel=1e-4)
    assert loss.parts["preferred"] == pytest.approx(1 / 3)


def test_padding_and_the_order_of_rows_change_nothing(lm: LM, batch: Batch) -> None:
    value = dpo()(lm, batch).value
    fill = {"labels": -100, "ids": 0, "mask": 0}
    wider = {
        name: tensor if name == "reference" else pad(tensor, (0, 4), value=fill[name.partition("_")[2]])
        for name, tensor in batch.items()
    }
    torch.testing.assert_close(dpo()(lm, wider).value, value)
    torch.testing.assert_close(dpo()(lm, {name: rows.flip(0) for name, rows in batch.items()}).value, value)


@pytest.mark.parametrize("turned", [False, True])
def test_training_moves_the_preference_either_way(lm: LM, turned: bool) -> None:
    sides = (REJECTED, CHOSEN) if turned else (CHOSEN, REJECTED)
    batch = with_reference(lm, pairs(lm, *sides))
    facts: list[Any] = []
    tuned = train(
        lm, Same(batch, 20), dpo(0.1), Budget(20, 1e-2), learn=everything,
        on_step=lambda step, told: facts.append(dict(told)),
    )  # fmt: skip
    assert facts[0]["loss"] == pytest.approx(math.log(2), rel=1e-5)
    assert facts[0]["units"] == 3
    assert facts[-1]["loss"] < 0.6
    gained = answer_log_probs(tuned, batch) - answer_log_probs(lm, batch)
    assert (gained[:, 0] > gained[:, 1]).all()
    torch.testing.assert_close(answer_log_probs(lm, batch), batch["reference"])  # the reference stays


def test_what_cannot_be_compared_is_refused(lm: LM, batch: Batch) -> None:
    with pytest.raises(BadInput, match="with_reference"):
        dpo()(lm, {name: rows for name, rows in batch.items() if name != "reference"})
    labels = batch["rejected_labels"].clone()
    labels[1] = -100
    with pytest.raises(BadInput, match="rejected answer has no labelled token"):
        dpo()(lm, {**batch, "rejected_labels": labels})
    for beta in (0.0, -0.1, math.nan):
        with pytest.raises(BadInput, match="beta must be above 0"):
            dpo(beta)
