"""Classic readers: units, classes of several tasks, and padding that changes nothing."""

from typing import get_args

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.classic import CNN, UNKNOWN, Kind, fresh_reader, padded, units_of

KINDS = pytest.mark.parametrize("kind", get_args(Kind))


def test_units_are_numbered_from_two_and_others_are_unknown():
    units = units_of(["ba", "ab"])
    assert len(units) == 4
    assert units.read(["abx", ""]) == [[2, 3, UNKNOWN], [UNKNOWN]]


def test_a_tokenizer_cuts_tokens_without_special_ones():
    tokenizer = small_tokenizer(["la lo la lo"], 270)
    units = units_of(["la lo"], tokenizer)
    own = tokenizer("la lo", add_special_tokens=False)["input_ids"]
    assert len(units.read(["la lo"])[0]) == len(own)
    assert len(units) == 2 + len(set(own))


@KINDS
def test_padding_changes_no_logits(kind):
    reader = fresh_reader(kind, units_of(["abcdefg"]), {"t": 3})
    rows = reader.units.read(["a", "abcdefgabcdefg", "gf"])
    with torch.no_grad():
        beside = reader.net(padded(rows))
        alone = torch.cat([reader.net(padded([row])) for row in rows])
    assert beside.shape == (3, 3)
    torch.testing.assert_close(beside, alone)


@KINDS
def test_the_seed_makes_the_weights_and_torch_is_left_alone(kind):
    state = torch.get_rng_state()
    one, again, other = (fresh_reader(kind, units_of(["ab"]), {"t": 2}, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), state)
    key = "table.weight"
    assert torch.equal(one.net.state_dict()[key], again.net.state_dict()[key])
    assert not torch.equal(one.net.state_dict()[key], other.net.state_dict()[key])


def test_each_task_has_classes_of_its_own():
    reader = fresh_reader("cnn", units_of(["ab"]), {"t": 2, "u": 3})
    assert reader.classes == {"t": range(0, 2), "u": range(2, 5)}
    with pytest.raises(BadInput, match="at least one task"):
        fresh_reader("cnn", units_of(["ab"]), {})


def test_a_filter_answers_with_its_largest_value_over_the_text():
    net = CNN(4, 1, 1, 0.0, widths=(1,)).eval()
    with torch.no_grad():
        net.table.weight[:, 0] = torch.tensor([0.0, 1.0, 5.0, 3.0])
        net.filters[0].weight.fill_(2.0)
        net.filters[0].bias.fill_(-1.0)
        net.out.weight.fill_(1.0)
        net.out.bias.fill_(0.5)
        assert net(torch.tensor([[3, 2, 1], [1, 3, 0]])).tolist() == [[9.5], [5.5]]  # 2 * 5 - 1 + .5
