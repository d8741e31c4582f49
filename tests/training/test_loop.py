"""The loop: equal steps however they are cut up, exact resume after kill -9, the given model untouched."""

import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from interlingua.core.errors import BadInput, RunFolderError, TrainingDiverged
from interlingua.models.adapters import with_lora
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.loop import adapters, train
from interlingua.training.loss import Loss, by_row
from interlingua.training.objectives.next_token import next_token

SCRIPT = Path(__file__).with_name("resumed_training.py")
BUDGET = Budget(steps=6, lr=1e-2)


def weights(lm):
    return {name: parameter.detach().clone() for name, parameter in lm.model.named_parameters()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_it_learns(lm, examples):
    losses = []
    tuned = train(
        lm,
        sft_batches(lm, examples, 8, 60, 0),
        next_token,
        Budget(60, 2e-2),
        on_step=lambda step, facts: losses.append(facts["loss"]),
    )
    assert losses[0] == pytest.approx(3.6, abs=0.3)  # ln 36: random weights
    assert losses[-1] < 1.5
    assert not tuned.model.training


@pytest.mark.parametrize("adapted", [False, True])
def test_the_given_model_stays_as_it_was(lm, examples, adapted):
    if adapted:
        lm = with_lora(lm, "all-linear", 2, 4, dropout=0.5)
    before, flags = weights(lm), [p.requires_grad for p in lm.model.parameters()]
    tuned = train(lm, sft_batches(lm, examples, 4, 6, 0), next_token, BUDGET)
    assert same(weights(lm), before)
    assert [p.requires_grad for p in lm.model.parameters()] == flags
    assert [p.requires_grad for p in tuned.model.parameters()] == flags
    assert not lm.model.training
    assert all(p.grad is None for p in (*lm.model.parameters(), *tuned.model.parameters()))
    changed = {name for name, value in weights(tuned).items() if not torch.equal(value, before[name])}
    assert changed == {name for name in before if adapters(name) or not adapted}


def test_what_is_not_learned_is_shared(lm, examples):
    tuned = train(
        lm, sft_batches(lm, examples, 4, 6, 0), next_token, BUDGET, learn=lambda name: "layers.1" in name
    )
    for (name, new), old in zip(tuned.model.named_parameters(), lm.model.parameters(), strict=True):
        assert (new.data_ptr() == old.data_ptr()) == ("layers.1" not in name)


def test_same_seed_same_bits_and_the_caller_s_randomness_stays(lm, examples):
    lm = with_lora(lm, "all-linear", 2, 4, dropout=0.5)
    batches = sft_batches(lm, examples, 4, 6, 0)
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    first = weights(train(lm, batches, next_token, BUDGET, seed=0))
    assert torch.equal(torch.rand(3), expected)
    assert same(weights(train(lm, batches, next_token, BUDGET, seed=0)), first)
    assert not same(weights(train(lm, batches, next_token, BUDGET, seed=1)), first)


def test_accumulated_small_batches_equal_large_ones(lm, examples):
    def tuned(size, accumulate):
        budget = Budget(3, 1e-2, accumulate=accumulate)
        return weights(
            train(lm, sft_batches(lm, examples, size, 3 * accumulate, 0, window=1), next_token, budget)
        )

    whole, halves = tuned(8, 1), tuned(4, 2)
    assert max((whole[name] - halves[name]).abs().max() for name in whole) < 1e-6


def test_one_step_worked_by_hand(lm, examples):
    """AdamW's first step moves every weight by the learning rate against its gradient's sign."""
    name = "model.norm.weight"
    batches = sft_batches(lm, examples, 8, 1, 0)
    facts = []
    tuned = train(
        lm,
        batches,
        next_token,
        Budget(1, 0.01, weight_decay=0.5),
        learn=lambda n: n == name,
        on_step=lambda step, given: facts.append((step, given)),
    )
    loss = lm.model(**batches[0]).loss
    gradient = torch.autograd.grad(loss, lm.model.model.norm.weight)[0]
    moved = weights(tuned)[name] - weights(lm)[name]
    torch.testing.assert_close(moved, -0.01 * gradient.sign(), atol=1e-5, rtol=1e-3)
    ((step, given),) = facts
    assert step == 0
    assert given["loss"] == pytest.approx(loss.item(), rel=1e-5)
    assert given["grad_norm"] == pytest.approx(gradient.norm().item(), rel=1e-4)
    assert given["units"] == batches.label_tokens
    assert given["lr"] == 0.01


def test_parts_are_averaged_by_weight(lm, examples):
    weight = iter([1.0, 3.0])

    def objective(lm, batch):
        units = next(weight)
        return Loss(next_token(lm, batch).value, {"part": 10 * units}, units)

    facts = {}
    train(
        lm,
        sft_batches(lm, examples, 4, 2, 0),
        objective,
        Budget(1, 0.01, accumulate=2),
        on_step=lambda step, given: facts.update(given),
    )
    assert facts["part"] == pytest.approx((1 * 10 + 3 * 30) / 4)


def test_clipping_bounds_the_step_of_plain_gradients(lm, examples):
    norms = {}
    for clip in (0.0, 1e-3):
        train(
            lm,
            sft_batches(lm, examples, 4, 1, 0),
            next_token,
            Budget(1, 1e-2, clip=clip),
            on_step=lambda step, given, clip=clip: norms.update({clip: given["grad_norm"]}),
        )
    assert norms[0.0] == norms[1e-3] > 1e-3


def test_bf16_trains_full_precision_weights(lm, examples):
    batches = sft_batches(lm, examples, 4, 6, 0)
    half = train(lm, batches, next_token, Budget(6, 1e-2, precision="bf16"))
    full = train(lm, batches, next_token, BUDGET)
    assert half.model.dtype == torch.float32
    gap = max((weights(half)[name] - weights(full)[name]).abs().max() for name in weights(full))
    assert 0 < gap < 0.05


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_bf16_model_comes_back_as_one(lm, examples, precision):
    lm.model.to(torch.bfloat16)
    tuned = train(lm, sft_batches(lm, examples, 4, 6, 0), next_token, Budget(6, 1e-2, precision=precision))
    assert {p.dtype for p in tuned.model.parameters()} == {torch.bfloat16}
    assert not same(weights(tuned), weights(lm))


def test_a_loss_that_is_no_number_names_step_and_batch(lm, examples):
    calls = []

    def third_time_unlucky(lm, batch):
        loss = next_token(lm, batch)
        calls.append(None)
        return Loss(loss.value * float("nan" if len(calls) == 6 else 1), loss.parts, loss.weight)

    batches = sft_batches(lm, examples, 4, 12, 0)
    with pytest.raises(TrainingDiverged) as error:
        train(lm, batches, third_time_unlucky, Budget(6, 1e-2, accumulate=2), title="Copying")
    told = str(error.value)
    assert told.startswith(
        f"Copying: the loss is nan at step 3 of 6, on {batches.describe(5)}. Lower lr (0.01)"
    )
    assert "\n" not in told


def test_an_endless_gradient_stops_before_it_reaches_the_weights(lm, examples):
    def steep(lm, batch):
        loss = next_token(lm, batch)
        root = (loss.value - loss.value).clamp(min=0).sqrt()  # value 0, slope without end
        return Loss(loss.value + root, {}, 1.0)

    with pytest.raises(TrainingDiverged, match="the gradient is nan at step 1"):
        train(lm, sft_batches(lm, examples, 4, 6, 0), steep, BUDGET)


def test_too_few_batches_and_nothing_to_learn_are_refused(lm, examples):
    batches = sft_batches(lm, examples, 4, 5, 0)
    with pytest.raises(BadInput, match="needs 6 batches for its budget, not 5"):
        train(lm, batches, next_token, BUDGET)
    with pytest.raises(BadInput, match="chooses no parameter of tiny"):
        train(lm, batches, next_token, Budget(5, 1e-2), learn=adapters)
    with pytest.raises(BadInput, match="nothing to learn"):
        train(lm, batches, lambda lm, batch: Loss(next_token(lm, batch).value, {}, 0.0), Budget(5, 1e-2))


def stop_at(wanted):
    """An `on_step` that stops training as Ctrl-C would."""

    def on_step(step, facts):
        if step == wanted:
            raise KeyboardInterrupt

    return on_step


def test_an_interrupted_training_goes_on_to_the_same_bits(lm, examples, tmp_path):
    lm = with_lora(lm, "all-linear", 2, 4, dropout=0.5)
    batches = sft_batches(lm, examples, 4, 6, 0)
    whole = train(lm, batches, next_token, BUDGET)
    with pytest.raises(KeyboardInterrupt):
        train(lm, batches, next_token, BUDGET, checkpoint=tmp_path, save_steps=2, on_step=stop_at(4))
    steps = []
    again = train(
        lm, batches, next_token, BUDGET, checkpoint=tmp_path, on_step=lambda step, facts: steps.append(step)
    )
    assert steps == [4, 5]
    assert same(weights(again), weights(whole))
    assert again.fingerprint() == whole.fingerprint()
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000006"]


def test_a_finished_training_is_read_back_without_a_step(lm, examples, tmp_path):
    batches = sft_batches(lm, examples, 4, 6, 0)
    first = train(lm, batches, next_token, BUDGET, checkpoint=tmp_path)
    second = train(lm, batches, next_token, BUDGET, checkpoint=tmp_path, on_step=stop_at(0))
    assert same(weights(second), weights(first))


def test_a_damaged_checkpoint_falls_back_to_the_one_before(lm, examples, tmp_path, caplog):
    batches = sft_batches(lm, examples, 4, 6, 0)
    whole = train(lm, batches, next_token, BUDGET)
    with pytest.raises(KeyboardInterrupt):
        train(lm, batches, next_token, BUDGET, checkpoint=tmp_path, save_steps=1, on_step=stop_at(4))
    (tmp_path / "step-00000004" / "weights.safetensors").write_bytes(b"damaged")
    again = train(lm, batches, next_token, BUDGET, checkpoint=tmp_path)
    assert "step-00000004 is damaged" in caplog.text
    assert same(weights(again), weights(whole))


@pytest.mark.parametrize("what", ["seed", "lr", "batches", "learn", "model"])
def test_a_checkpoint_of_another_training_is_refused(lm, examples, tmp_path, what):
    batches = sft_batches(lm, examples, 4, 6, 0)
    train(lm, batches, next_token, BUDGET, checkpoint=tmp_path)
    other = {
        "seed": {"seed": 1},
        "lr": {"budget": Budget(6, 2e-2)},
        "batches": {"batches": sft_batches(lm, examples, 4, 6, 1)},
        "learn": {"learn": lambda name: "q_proj" in name},
        "model": {"lm": train(lm, batches, next_token, BUDGET)},
    }[what]
    given = {"lm": lm, "batches": batches, "objective": next_token, "budget": BUDGET, **other}
    with pytest.raises(RunFolderError, match=r"of another training: (seed|lr|batches|learned|model) "):
        train(**given, checkpoint=tmp_path)


def test_kill_9_in_the_middle_changes_no_bit(lm, examples, tmp_path):
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    with process:
        for line in process.stdout:
            if line.startswith("step 7"):
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    script = runpy.run_path(str(SCRIPT))
    steps = []
    again = script["tuned"](lm, examples, tmp_path, lambda step, facts: steps.append(step))
    assert steps == list(range(6, 12)) or steps == list(range(9, 12))
    assert same(weights(again), weights(script["tuned"](lm, examples, tmp_path / "whole")))


def test_computing_in_pieces_changes_no_step(lm, examples, monkeypatch):
    """The same batches, whole and in parts of similar length: gradients differ by rounding alone."""
    batches, parts = sft_batches(lm, examples, 8, 6, 0, window=1), []
    whole = train(lm, batches, lambda lm, batch: next_token(lm, batch), BUDGET)

    @by_row
    def counted(lm, batch):
        parts.append(batch["input_ids"].shape)
        return next_token(lm, batch)

    monkeypatch.setattr("interlingua.training.loop.overhead", lambda lm: 1.0)
    losses = []
    cut = train(lm, batches, counted, BUDGET, on_step=lambda step, facts: losses.append(facts["loss"]))
    assert len(parts) > 6
    assert sum(rows for rows, _ in parts) == 48
    assert losses[0] == pytest.approx(next_token(lm, batches[0]).value.item(), rel=1e-6)
    assert max((weights(whole)[name] - weights(cut)[name]).abs().max() for name in weights(cut)) < 1e-6


def test_only_an_objective_that_is_a_mean_over_rows_is_computed_in_pieces(lm, examples, monkeypatch):
    monkeypatch.setattr("interlingua.training.loop.overhead", lambda lm: 1.0)
    rows = []

    def contrast(lm, batch):
        rows.append(len(batch["input_ids"]))
        return next_token(lm, batch)

    train(lm, sft_batches(lm, examples, 8, 6, 0, window=1), contrast, BUDGET)
    assert rows == [8] * 6


def test_a_model_remembers_that_its_weights_are_its_own(lm, examples):
    steps = sft_batches(lm, examples, 1, 1, 0)
    assert not lm.changed
    assert not train(with_lora(lm, ["q_proj"], 2, 4), steps, next_token, Budget(1, 1e-3)).changed
    whole = train(lm, steps, next_token, Budget(1, 1e-3))
    assert whole.changed
    assert train(with_lora(whole, ["q_proj"], 2, 4), steps, next_token, Budget(1, 1e-3)).changed
