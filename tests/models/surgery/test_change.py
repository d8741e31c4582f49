"""The heat map of a tuning: which module of which layer moved, and how far."""

import math

import pytest
import torch

from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy
from interlingua.models.surgery.change import Change, by_layer, heat_map


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_a_change_stands_in_its_cell(made, kind):
    base, *_ = made(kind, layers=3)
    model = shared_copy(base.model, own=lambda name: True)
    wanted = {"llama": "model.layers.1.mlp.down_proj.weight", "gpt2": "transformer.h.1.mlp.c_proj.weight"}[
        kind
    ]
    with torch.no_grad():
        weight = model.get_parameter(wanted)
        weight[0, 0] += 3
        weight[1, 1] += 4
    cells = heat_map(base, LM(model, base.tokenizer, "moved"))
    module = ".".join(wanted.split(".")[3:-1])
    assert {(cell.layer, cell.module) for cell in cells if cell.norm} == {(2, module)}
    found = next(cell for cell in cells if cell.norm)
    assert found.norm == pytest.approx(5, rel=1e-5)
    assert [cell.layer for cell in cells] == sorted(cell.layer for cell in cells)
    assert {cell.layer for cell in cells} == {0, 1, 2, 3, 4}
    start = base.model.get_parameter(wanted)
    if kind == "llama":  # no bias beside it
        assert found.relative == pytest.approx(5 / start.norm().item(), rel=1e-4)
    layers = by_layer(cells)
    assert [one.layer for one in layers] == [0, 1, 2, 3, 4]
    assert [one.norm for one in layers] == pytest.approx([0, 0, 5, 0, 0], rel=1e-5)


def test_weight_and_bias_count_together_and_layers_are_sums_of_squares():
    cells = [Change(1, "a", 3.0, 6.0), Change(1, "b", 4.0, 8.0), Change(2, "a", 0.0, 0.0)]
    assert by_layer(cells) == [Change(1, "", 5.0, 10.0), Change(2, "", 0.0, 0.0)]
    assert by_layer(cells)[0].relative == 0.5
    assert math.isnan(by_layer(cells)[1].relative)


def test_an_adapter_counts_as_merged(made):
    base, *_ = made("qwen2", layers=2)
    adapted = with_lora(base, ["q_proj"], rank=2, alpha=4)
    with torch.no_grad():
        for name, parameter in adapted.model.named_parameters():
            if "lora_B" in name and "layers.1" in name:
                parameter.fill_(0.5)
    moved = [(cell.layer, cell.module) for cell in heat_map(base, adapted) if cell.norm]
    assert moved == [(2, "self_attn.q_proj")]
