"""TIES, each step worked by hand on a few numbers, and the whole on tiny models."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models.surgery.ties import elected, ties, trim


def test_trimming_keeps_the_largest():
    change = torch.tensor([[0.1, -3.0], [2.0, -0.5]])
    assert trim(change, 0.5).tolist() == [[0.0, -3.0], [2.0, 0.0]]
    assert trim(change, 0.01).tolist() == [[0.0, -3.0], [0.0, 0.0]]
    assert torch.equal(trim(change, 1.0), change)


def test_the_elected_sign_decides_who_is_averaged():
    changes = torch.tensor([[1.0, 1.0, 0.0, 0.0, 2.0], [3.0, -4.0, -2.0, 0.0, -2.0]])
    # agree; outvoted; one alone; none; a draw
    assert elected(changes).tolist() == [2.0, -4.0, -2.0, 0.0, 0.0]
    three = torch.tensor([[4.0], [2.0], [-5.0]])
    assert elected(three).tolist() == [3.0]


def parameters(lm):
    """Parameters by name."""
    return dict(lm.model.named_parameters())


@pytest.mark.parametrize("within", ["model", "tensor"])
def test_the_model_is_the_base_plus_what_is_elected(made, within):
    base, task, language = made("qwen2", layers=2, tied=True)
    before = {name: weight.detach().clone() for name, weight in parameters(base).items()}
    found = parameters(ties(base, [task, language], density=0.5, scale=0.7, within=within))
    a, b, start = parameters(task), parameters(language), parameters(base)
    sizes = {}
    for which, expert in (("a", a), ("b", b)):
        everything = torch.cat([(expert[name] - start[name]).abs().reshape(-1) for name in start])
        sizes[which] = everything.median()
    for name, weight in found.items():
        changes = torch.stack([a[name] - start[name], b[name] - start[name]])
        if within == "tensor":
            kept = torch.stack([trim(change, 0.5) for change in changes])
        else:
            kept = torch.stack([c * (c.abs() > sizes[which]) for which, c in zip("ab", changes, strict=True)])
        torch.testing.assert_close(weight, start[name] + 0.7 * elected(kept))
    assert all(torch.equal(weight, before[name]) for name, weight in parameters(base).items())


def test_one_expert_untrimmed_is_that_expert(made):
    base, task, _ = made()
    merged = parameters(ties(base, [task], density=1.0))
    for name, weight in parameters(task).items():
        torch.testing.assert_close(merged[name], weight, rtol=1e-6, atol=1e-6)


def test_a_density_out_of_range_is_refused(made):
    base, task, language = made()
    for density in (0, 1.5):
        with pytest.raises(BadInput, match=r"above 0 and up to 1"):
            ties(base, [task, language], density=density)
    with pytest.raises(BadInput, match="at least two models, not 1"):
        ties(base, [])
