"""Future heads: copies of the head that learn apart from it and leave no trace."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models.lm import save
from interlingua.models.surgery.future_heads import future_heads, with_future_heads, without_future_heads


def test_they_begin_as_copies_and_go_without_a_trace(every_lm, logits, tmp_path):
    before = logits(every_lm)
    carrier = with_future_heads(every_lm, 2)
    assert torch.equal(logits(carrier), before)
    heads = future_heads(carrier.model)
    assert len(heads) == 2
    own = every_lm.model.get_output_embeddings().weight
    for head in heads:
        assert torch.equal(head.weight, own)
        assert head.weight.data_ptr() != own.data_ptr()
    assert not future_heads(every_lm.model)
    bare = without_future_heads(carrier)
    assert bare.fingerprint() == every_lm.fingerprint()
    assert bare.model.state_dict().keys() == every_lm.model.state_dict().keys()
    save(bare, tmp_path / "bare")


def test_none_are_refused(lm):
    with pytest.raises(BadInput, match="at least 1, not 0"):
        with_future_heads(lm, 0)
