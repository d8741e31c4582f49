"""Adapt: a LoRA tuning at stated cost; controls match labelled tokens."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.adapt import Adapted, Lora, adapt, mean_label_tokens, steps_for
from interlingua.training.budget import Budget

LORA, BUDGET = Lora(("all-linear",), 2, 4.0), Budget(6, 1e-2)


def changed(lm: LM) -> bool:
    """Whether an adapter has learned anything."""
    return any(p.abs().sum() > 0 for name, p in lm.model.named_parameters() if "lora_B" in name)


def test_it_tunes_an_adapter_and_leaves_the_model_alone(lm: LM, examples: list[Example]) -> None:
    before = lm.fingerprint()
    done = adapt(lm, examples, LORA, BUDGET, 4)
    assert done.lm.adapted
    assert changed(done.lm)
    assert not lm.adapted
    assert LM(lm.model, lm.tokenizer, lm.name).fingerprint() == before


def test_targets_are_the_named_modules(lm: LM, examples: list[Example]) -> None:
    done = adapt(lm, examples, Lora(("q_proj", "v_proj"), 2, 4.0), Budget(1, 1e-2), 2)
    names = {
        name.split(".lora_")[0].rpartition(".")[2]
        for name, _ in done.lm.model.named_parameters()
        if "lora_" in name
    }
    assert names == {"q_proj", "v_proj"}


def test_without_lora_every_weight_is_tuned(lm: LM, examples: list[Example]) -> None:
    before = {name: weight.detach().clone() for name, weight in lm.model.named_parameters()}
    done = adapt(lm, examples, None, BUDGET, 4)
    assert not done.lm.adapted
    assert all(torch.equal(before[name], weight) for name, weight in lm.model.named_parameters())
    assert not any(torch.equal(before[name], weight) for name, weight in done.lm.model.named_parameters())


def test_a_second_stage_goes_on_with_the_first_ones_adapter(lm: LM, examples: list[Example]) -> None:
    first = adapt(lm, examples, LORA, BUDGET, 4)
    second = adapt(first.lm, examples, Lora(("q_proj",), 8, 1.0), Budget(2, 1e-2), 4)
    assert second.lm.model.peft_config["default"].r == 2
    assert second.lm.fingerprint() != first.lm.fingerprint()
    assert first.cost(second)["steps"] == 8


def test_the_same_seed_gives_the_same_adapter(lm: LM, examples: list[Example]) -> None:
    one, same, other = (adapt(lm, examples, LORA, BUDGET, 4, seed=seed).lm for seed in (1, 1, 2))
    assert one.fingerprint() == same.fingerprint() != other.fingerprint()


def test_what_it_costs_by_hand(lm: LM) -> None:
    rows = [Example("a0 ", "b0 b1"), Example("a0 a1 ", "b0 b1")]  # with the end token three labels each
    done = adapt(lm, rows, LORA, Budget(2, 1e-2, accumulate=2), 2)
    assert (done.steps, done.label_tokens, done.tokens) == (2, 4 * 2 * 3, 4 * (4 + 5))
    assert done.cost() == {"steps": 2.0, "label_tokens": 24.0, "tokens": 36.0}
    assert done.cost(Adapted(lm, 1, 2, 3)) == {"steps": 3.0, "label_tokens": 26.0, "tokens": 39.0}
    assert adapt(lm, rows, LORA, Budget(2, 1e-2), 2, end="none").label_tokens == 2 * 2 * 2


def test_a_control_takes_as_many_rows_as_make_its_labels_equal(lm: LM) -> None:
    long = [Example("a0 ", "b0 b1 b2 b3 b4", lang="x")] * 8
    short = [Example("a0 ", "b0", lang="x")] * 8
    assert (mean_label_tokens(lm, long), mean_label_tokens(lm, short)) == (6.0, 2.0)
    method = adapt(lm, long, LORA, BUDGET, 4)
    control = adapt(lm, short, LORA, BUDGET, 4, like=long)
    assert control.label_tokens == method.label_tokens
    between = [Example("a0 ", "b0 b1 b2", lang="x")] * 8  # 24 labels a step are 6 rows of 4
    assert adapt(lm, between, LORA, BUDGET, 4, like=long).label_tokens == method.label_tokens


def test_no_examples_are_refused(lm: LM) -> None:
    with pytest.raises(BadInput, match="Tuning on nothing: no examples"):
        adapt(lm, [], LORA, BUDGET, 4, title="Tuning on nothing")


@pytest.mark.parametrize(
    ("rows", "epochs", "steps"), [(16, 3.0, 6), (17, 1.0, 3), (1, 0.1, 1), (20_000, 3.0, 7500)]
)
def test_steps_that_read_the_rows_so_often(rows: int, epochs: float, steps: int) -> None:
    assert steps_for(rows, epochs, 8) == steps


def test_generators_of_torch_are_left_as_they_were(lm: LM, examples: list[Example]) -> None:
    state = torch.get_rng_state()
    adapt(lm, examples, LORA, Budget(1, 1e-2), 2)
    assert torch.equal(torch.get_rng_state(), state)
