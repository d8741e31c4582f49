"""Muon: orthogonal directions, which parameters get them, and steps worked by hand."""

import pytest
import torch
from torch import nn

from interlingua.training.muon import Muon, orthogonal


def named(**parameters: torch.Tensor) -> list[tuple[str, nn.Parameter]]:
    """Parameters with a gradient of ones."""
    made = [(name, nn.Parameter(tensor.clone())) for name, tensor in parameters.items()]
    for _, parameter in made:
        parameter.grad = torch.ones_like(parameter)
    return made


@pytest.mark.parametrize("shape", [(1, 4, 4), (3, 5, 17)])
def test_singular_values_come_near_one_and_the_subspaces_stay(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    given = torch.randn(shape)
    found = orthogonal(given)
    assert found.shape == shape
    assert found.dtype == torch.float32
    values = torch.linalg.svdvals(found)
    assert values.min() > 0.6
    assert values.max() < 1.3
    left, _, right = torch.linalg.svd(given, full_matrices=False)
    assert torch.einsum("nij,nij->n", found, left @ right).min() > 0.8 * shape[1]  # the exact factor: rows


def test_scale_does_not_matter() -> None:
    torch.manual_seed(0)
    given = torch.randn(1, 4, 6)
    torch.testing.assert_close(orthogonal(given), orthogonal(given * 1024), rtol=0.02, atol=0.02)


def test_only_hidden_matrices_are_orthogonalised() -> None:
    square, line = torch.eye(2), torch.ones(2)
    optimizer = Muon(
        named(**{"layer.weight": square, "embed.weight": square, "lm_head.weight": square, "norm": line}), 0.1
    )
    sizes = {group["muon"]: len(group["params"]) for group in optimizer.param_groups}
    assert sizes == {True: 1, False: 3}


def test_a_first_step_by_hand() -> None:
    made = named(w=torch.eye(2), norm=torch.zeros(3))
    matrix, norm = (parameter for _, parameter in made)
    matrix.grad = torch.eye(2)
    Muon(made, 0.01, ratio=5.0, weight_decay=0.1).step()
    # Adam's first step is lr against the sign of the gradient.
    torch.testing.assert_close(norm.data, torch.full((3,), -0.01))
    # The matrix decays by lr * ratio * decay, then moves by lr * ratio along its direction, the identity.
    expected = torch.eye(2) * (1 - 0.05 * 0.1) - 0.05 * orthogonal(torch.eye(2)[None])[0]
    torch.testing.assert_close(matrix.data, expected)


def test_tall_matrices_move_by_the_root_of_their_shape_and_lie_the_right_way() -> None:
    torch.manual_seed(0)
    gradient = torch.randn(8, 2)
    moves = []
    for given in (gradient, gradient.T):
        parameter = nn.Parameter(torch.zeros_like(given))
        parameter.grad = given.clone()
        Muon([("w", parameter)], 0.1, ratio=1.0, weight_decay=0.0).step()
        moves.append(parameter.data)
    torch.testing.assert_close(moves[0], moves[1].T * 2)  # the root of 8 / 2
    assert (moves[0] * gradient).sum() < 0


def test_parameters_without_a_gradient_stay() -> None:
    made = named(w=torch.eye(2), norm=torch.ones(2))
    for _, parameter in made:
        parameter.grad = None
    Muon(made, 0.1).step()
    assert all(
        torch.equal(p.data, start) for (_, p), start in zip(made, (torch.eye(2), torch.ones(2)), strict=True)
    )


def test_it_learns_a_linear_map() -> None:
    torch.manual_seed(0)
    target, inputs = torch.randn(4, 4), torch.randn(64, 4)
    layer = nn.Linear(4, 4, bias=True)
    optimizer = Muon(layer.named_parameters(), 0.02, ratio=5.0, weight_decay=0.0)
    losses = []
    for step in range(60):
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * (1 - step / 60)
        loss = (layer(inputs) - inputs @ target.T).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.02 * losses[0]
