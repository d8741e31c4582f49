"""TRL's trainers say the same of the same rows: supervised loss and DPO, values and gradients."""

import copy
import warnings
from typing import Any

import pytest
import torch

from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.objectives.dpo import answer_log_probs, dpo, dpo_loss
from interlingua.training.objectives.next_token import next_token

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it warns of itself is none of ours
    trl = pytest.importorskip("trl", reason="needs the extra train")
    datasets = pytest.importorskip("datasets", reason="needs the extra hub")

pytestmark = pytest.mark.filterwarnings("ignore")
PROMPTS = ["a0 a1 ", "a2 ", "a3 a4 a5 "]
CHOSEN = ["b0 b1", "b2", "b3 b4 b5"]
REJECTED = ["c0", "c1 c2 c3", "c4"]
PLAIN = {"use_cpu": True, "report_to": "none", "per_device_train_batch_size": 3, "bf16": False}


def theirs_of(lm: LM) -> LM:
    """A copy for TRL, which changes the forward of the model it is given."""
    return LM(copy.deepcopy(lm.model), copy.deepcopy(lm.tokenizer), lm.name)


def same_gradients(ours: LM, mine: torch.Tensor, theirs: LM, other: torch.Tensor) -> None:
    """Gradients of both losses are equal in every parameter, and not zero."""
    mine.backward()
    other.backward()
    others = dict(theirs.model.named_parameters())
    assert others.keys() == dict(ours.model.named_parameters()).keys()
    for name, parameter in ours.model.named_parameters():
        assert parameter.grad.abs().max() > 0
        torch.testing.assert_close(parameter.grad, others[name].grad, rtol=1e-4, atol=1e-6)


def test_the_supervised_loss_is_that_on_completions(lm: LM, tmp_path: Any) -> None:
    other = theirs_of(lm)
    rows = datasets.Dataset.from_dict({"prompt": PROMPTS, "completion": CHOSEN})
    config = trl.SFTConfig(str(tmp_path), completion_only_loss=True, **PLAIN)
    trainer = trl.SFTTrainer(other.model, config, train_dataset=rows, processing_class=other.tokenizer)
    given = next(iter(trainer.get_train_dataloader()))
    loss = trainer.compute_loss(trainer.model, dict(given))

    examples = [Example(*row) for row in zip(PROMPTS, CHOSEN, strict=True)]
    batch = sft_batches(lm, examples, 3, 1, 0)[0]
    for name in ("input_ids", "labels"):
        both = [sorted(found[name].tolist()) for found in (batch, given)]
        assert both[0] == both[1]
    ours = next_token(lm, batch)
    assert ours.weight == 2 + 1 + 3 + 3
    torch.testing.assert_close(ours.value, loss, rtol=1e-5, atol=1e-6)
    same_gradients(lm, ours.value, other, loss)


def preferences(lm: LM, reference: LM, folder: Any, beta: float) -> tuple[Any, dict[str, Any]]:
    """TRL's trainer and its only batch, chosen answers above rejected ones."""
    rows = datasets.Dataset.from_dict({"prompt": PROMPTS, "chosen": CHOSEN, "rejected": REJECTED})
    config = trl.DPOConfig(str(folder), beta=beta, **PLAIN)
    trainer = trl.DPOTrainer(
        lm.model, reference.model, args=config, train_dataset=rows, processing_class=lm.tokenizer
    )
    return trainer, dict(next(iter(trainer.get_train_dataloader())))


@pytest.mark.parametrize("beta", [0.1, 2.0])
def test_dpo_is_theirs(lm: LM, tmp_path: Any, beta: float) -> None:
    reference, other = theirs_of(lm), theirs_of(lm)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in reference.model.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    plain = theirs_of(reference)
    trainer, given = preferences(other, reference, tmp_path, beta)
    loss = trainer.compute_loss(trainer.model, dict(given))

    labels = given["input_ids"].masked_fill(given["completion_mask"] == 0, -100)
    sides = {"ids": given["input_ids"], "mask": given["attention_mask"], "labels": labels}
    batch = {f"chosen_{name}": rows[:3] for name, rows in sides.items()}
    batch |= {f"rejected_{name}": rows[3:] for name, rows in sides.items()}
    with torch.no_grad():
        batch["reference"] = answer_log_probs(plain, batch)
        theirs = torch.stack(trainer.compute_ref_log_probs(reference.model, given), 1)
    torch.testing.assert_close(batch["reference"], theirs, rtol=1e-5, atol=1e-5)
    ours = dpo(beta)(lm, batch)
    assert abs(ours.value.item() - dpo_loss(theirs, theirs).item()) > 1e-3  # not what no tuning gives
    torch.testing.assert_close(ours.value, loss, rtol=1e-5, atol=1e-6)
    told = trainer._metrics["eval"]  # no dropout: the model is not in training mode
    assert ours.parts["margin"] == pytest.approx(told["rewards/margins"][0], rel=1e-4)
    assert ours.parts["preferred"] == pytest.approx(told["rewards/accuracies"][0])
    same_gradients(lm, ours.value, other, loss)
