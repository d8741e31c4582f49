"""Shared copies and merged adapters: what is shared, what is not, and that the original never changes."""

import pytest
import torch

from interlingua.core.errors import ModelError
from interlingua.models.adapters import with_lora
from interlingua.models.sharing import merge_adapter, shared_copy


def storages(model):
    return {name: parameter.data_ptr() for name, parameter in model.named_parameters()}


def test_a_copy_shares_every_tensor_but_no_parameter_object(lm):
    copy = shared_copy(lm.model)
    assert storages(copy) == storages(lm.model)
    pairs = zip(copy.parameters(), lm.model.parameters(), strict=True)
    assert all(new is not old for new, old in pairs)
    next(copy.parameters()).requires_grad_(False)
    assert next(lm.model.parameters()).requires_grad


def test_owned_parameters_are_cloned_and_only_those(lm):
    copy = shared_copy(lm.model, own=lambda name: "q_proj" in name)
    old, new = storages(lm.model), storages(copy)
    assert {name for name in old if old[name] != new[name]} == {name for name in old if "q_proj" in name}
    assert all(torch.equal(a, b) for a, b in zip(copy.parameters(), lm.model.parameters(), strict=True))


def test_tied_weights_stay_tied(every_lm):
    tied = every_lm.model.config.tie_word_embeddings
    for own in (lambda name: False, lambda name: True):
        copy = shared_copy(every_lm.model, own)
        assert (copy.get_output_embeddings().weight is copy.get_input_embeddings().weight) == tied


class Squeezed(torch.nn.Parameter):
    """Stands in for a quantised parameter: bytes, and beside them what they mean."""

    def __new__(cls, data, scale):
        made = torch.Tensor._make_subclass(cls, data, False)
        made.scale = scale
        return made

    def __copy__(self):
        return Squeezed(self.data, self.scale)

    def __deepcopy__(self, memo):
        return Squeezed(self.data.clone(), self.scale)


def test_quantised_weights_keep_what_their_bytes_mean():
    layer = torch.nn.Linear(2, 2, bias=False)
    layer.weight = Squeezed(torch.ones(2, 2, dtype=torch.uint8), scale=0.5)
    for owned in (False, True):
        copy = shared_copy(layer, own=lambda name, owned=owned: owned)
        assert type(copy.weight) is Squeezed
        assert copy.weight is not layer.weight
        assert copy.weight.scale == 0.5
        assert (copy.weight.data_ptr() == layer.weight.data_ptr()) != owned


def test_nothing_is_merged_into_quantised_weights(lm):
    adapted = with_lora(lm, ["q_proj"], rank=2, alpha=4)
    adapted.model.get_base_model().is_quantized = True
    with pytest.raises(ModelError, match="merged into quantised weights; load the base as bfloat16"):
        merge_adapter(adapted.model)


def test_merging_leaves_the_adapter_model_and_untouched_layers_alone(lm, logits, stirred):
    adapted = stirred(with_lora(lm, ["q_proj"], rank=2, alpha=4))
    before, base = logits(adapted), logits(lm)
    plain = merge_adapter(adapted.model)
    assert torch.equal(logits(adapted), before)
    assert torch.equal(logits(lm), base)
    ours, theirs = storages(lm.model), storages(plain)
    assert ours.keys() == theirs.keys()
    assert all((ours[name] == theirs[name]) == ("q_proj" not in name) for name in ours)
