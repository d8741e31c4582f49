"""Next-token loss: equal to the loss of transformers, head on labelled positions only."""

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForCausalLM,
    BloomConfig,
    Gemma2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    MixtralConfig,
    OPTConfig,
    Qwen2Config,
)

from interlingua.core.errors import BadInput
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.training.objectives.next_token import OBJECTIVE, logits_at, next_token

CONFIGS = {
    "bloom": BloomConfig(n_layer=2, n_head=2, initializer_range=0.5),
    "gemma2": Gemma2Config(head_dim=8, final_logit_softcapping=2.0, initializer_range=0.5, sliding_window=3),
    "gpt_neox": GPTNeoXConfig(),
    "llama": LlamaConfig(),
    "mistral": MistralConfig(sliding_window=3),
    "mixtral": MixtralConfig(num_local_experts=4),
    "opt": OPTConfig(ffn_dim=32, word_embed_proj_dim=16, initializer_range=0.5),
    "qwen2": Qwen2Config(),
}
SHAPE = {
    "vocab_size": 40,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}


@pytest.fixture(params=sorted(CONFIGS))
def any_lm(request) -> LM:
    """Each architecture; Gemma 2 caps its logits, OPT and BLOOM read positions off the mask."""
    given = CONFIGS[request.param].to_diff_dict()
    plain = request.param in ("gpt_neox", "bloom", "opt")
    shape = {k: v for k, v in SHAPE.items() if not (plain and k == "num_key_value_heads")}
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(
        type(CONFIGS[request.param])(**(given | shape | {"layer_types": None}))
    )
    return LM(model.eval(), None, request.param)


@pytest.fixture
def batch():
    """Two rows of seven tokens; four labels, one of them after a gap, none on padding."""
    ids = torch.tensor([[5, 6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 0, 0, 0]])
    labels = torch.tensor([[-100, -100, 7, 8, -100, 10, -100], [-100, -100, -100, 15, -100, -100, -100]])
    return {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": labels}


def test_it_equals_the_loss_of_transformers(any_lm, batch):
    ours = next_token(any_lm, batch)
    theirs = any_lm.model(**batch).loss
    torch.testing.assert_close(ours.value, theirs, atol=1e-6, rtol=1e-6)
    assert ours.weight == 4


def test_gradients_are_equal_too_under_an_adapter(any_lm, batch):
    adapted = with_lora(any_lm, "all-linear", rank=2, alpha=4)
    learned = [parameter for parameter in adapted.model.parameters() if parameter.requires_grad]
    ours = torch.autograd.grad(next_token(adapted, batch).value, learned, allow_unused=True)
    theirs = torch.autograd.grad(adapted.model(**batch).loss, learned, allow_unused=True)
    assert any(gradient is not None and gradient.abs().max() > 0 for gradient in theirs)
    for mine, yours in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, yours, atol=1e-6, rtol=1e-5)


def test_the_head_sees_the_labelled_positions_only(any_lm, batch):
    seen = []
    head = any_lm.model.get_output_embeddings()
    handle = head.register_forward_hook(lambda module, args, output: seen.append(args[0].shape))
    next_token(any_lm, batch)
    handle.remove()
    assert seen == [(1, 4, 16)]
    assert not head._forward_pre_hooks


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_mask_is_handed_over_only_where_padding_is_not_on_the_right(any_lm, batch, monkeypatch, side):
    if side == "left":
        batch = {name: tensor.clone() for name, tensor in batch.items()}
        for tensor in batch.values():
            tensor[1] = tensor[1].roll(3)
    seen, forward = [], any_lm.model.forward

    def watched(**inputs):
        seen.append("attention_mask" in inputs)
        return forward(**inputs)

    monkeypatch.setattr(any_lm.model, "forward", watched)
    ours = next_token(any_lm, batch).value
    assert seen == [side == "left"]
    torch.testing.assert_close(ours, any_lm.model(**batch).loss, atol=1e-6, rtol=1e-6)


def test_a_model_that_names_no_head_computes_all_logits(any_lm, batch, monkeypatch):
    expected = next_token(any_lm, batch).value
    monkeypatch.setattr(any_lm.model, "get_output_embeddings", lambda: None)
    torch.testing.assert_close(next_token(any_lm, batch).value, expected)


def test_a_worked_case(batch):
    class Uniform(torch.nn.Module):
        def forward(self, input_ids, **more):
            return type("Output", (), {"logits": torch.zeros(*input_ids.shape, 40)})

        def get_output_embeddings(self):
            return None

    assert next_token(LM(Uniform(), None, "uniform"), batch).value.item() == pytest.approx(3.688879)  # ln 40


def test_logits_are_those_of_the_plain_forward(any_lm, batch):
    wanted = torch.zeros(2, 7, dtype=torch.bool)
    wanted[0, 3] = wanted[1, 0] = True
    plain = any_lm.model(batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    torch.testing.assert_close(logits_at(any_lm, batch, wanted), plain[wanted])
    assert cross_entropy(plain[wanted], torch.tensor([1, 2])) > 0


def test_a_batch_without_labels_is_refused(any_lm, batch):
    with pytest.raises(BadInput, match="no labelled token"):
        next_token(any_lm, batch | {"labels": torch.full((2, 7), -100)})


def test_the_shelf_finds_it():
    assert OBJECTIVE is next_token
