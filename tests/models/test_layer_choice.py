"""Which layers learn: names at both ends of the stack, and outside of it."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.models.layer_choice import outer_layers


def chosen(lm, count):
    """Numbers of the layers chosen, and whether all else is."""
    learn = outer_layers(lm, count)
    names = [name for name, _ in lm.model.named_parameters()]
    layers = {int(part) for name in names if learn(name) for part in name.split(".") if part.isdigit()}
    outside = [name for name in names if not any(part.isdigit() for part in name.split("."))]
    return layers, all(map(learn, outside))


@pytest.mark.parametrize(
    ("count", "layers"), [(0, set()), (1, {0, 5}), (2, {0, 1, 4, 5}), (3, {*range(6)}), (9, {*range(6)})]
)
def test_layers_at_both_ends_and_what_is_outside(tiny_lm, count, layers):
    for kind in ("llama", "gpt_neox", "bloom"):
        assert chosen(tiny_lm(kind, num_hidden_layers=6), count) == (layers, True)


def test_a_count_below_zero_is_refused(lm):
    with pytest.raises(BadInput, match="at least 0, not -1"):
        outer_layers(lm, -1)
