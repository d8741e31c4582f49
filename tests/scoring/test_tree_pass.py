"""Masks worked by hand, the buffer, and models that are known not to branch."""

from collections.abc import Callable

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from interlingua.lab.architectures import ARCHITECTURES
from interlingua.models.lm import LM
from interlingua.scoring.batches import reading
from interlingua.scoring.tree_pass import TreePass, bounds, obstacle
from interlingua.scoring.trie import Step, grow

ROWS = [[1, 2, 3, 4], [1, 2, 5], [1, 6]]  # in the tree's order: 1 2 3 4 5 6, at depths 0 1 2 3 2 1


def seen(mask: torch.Tensor) -> list[str]:
    assert mask.shape[:2] == (1, 1)
    return ["".join("x" if added == 0 else "." for added in row) for row in mask[0, 0]]


def test_each_token_sees_its_own_path(lm: LM) -> None:
    trie = grow(ROWS, [[0]] * 3)
    tree = TreePass(lm, trie, [Step(0, ((0, 6),))])
    whole = tree._masks(Step(0, ((0, 6),)), torch.from_numpy(trie.depths))
    assert seen(whole) == ["x.....", "xx....", "xxx...", "xxxx..", "xx..x.", "x....x"]
    pack = Step(1, ((1, 5), (5, 6)))
    packed = tree._masks(pack, torch.from_numpy(trie.depths[1:]))
    assert seen(packed) == ["xx....", "xxx...", "xxxx..", "xx..x.", "x....x"]
    path = tree._masks(Step(1, ((1, 2),)), torch.tensor([1]))
    assert seen(path) == ["xx"]


def test_windows_count_distance_in_depth(tiny_lm: Callable[..., LM]) -> None:
    trie = grow(ROWS, [[0]] * 3)
    depths = torch.from_numpy(trie.depths)
    step = Step(0, ((0, 6),))
    alone = TreePass(tiny_lm("mistral", sliding_window=2), trie, [step])._masks(step, depths)
    assert isinstance(alone, torch.Tensor)
    assert seen(alone) == ["x.....", "xx....", ".xx...", "..xx..", ".x..x.", "x....x"]
    mixed = TreePass(tiny_lm("gemma2", sliding_window=2), trie, [step])._masks(step, depths)
    assert isinstance(mixed, dict)
    assert seen(mixed["sliding_attention"]) == seen(alone)
    assert seen(mixed["full_attention"])[3:5] == ["xxxx..", "xx..x."]
    below = TreePass(tiny_lm("mistral", sliding_window=2), trie, [step])._masks(
        Step(2, ((2, 4), (4, 5))), depths[2:5]
    )
    assert seen(below) == [".xx..", "..xx.", ".x..x"]


def test_one_buffer_serves_all_steps(lm: LM) -> None:
    trie = grow(ROWS, [[0]] * 3)
    steps = [Step(0, ((0, 2),)), Step(2, ((2, 4), (4, 5))), Step(1, ((5, 6),))]
    tree = TreePass(lm, trie, steps)
    with reading(lm):
        for step in steps:
            tree.logits(step, torch.tensor([0]))
    keys = [layer.keys for layer in tree.cache.rows]
    assert [tuple(key.shape) for key in keys if key is not None] == [(1, 2, 5, 8)] * 2  # five tokens at most
    assert tree.cache.get_seq_length() == 1


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_only_alibi_is_in_the_way_of_our_families(tiny_lm: Callable[..., LM], kind: str) -> None:
    reason = obstacle(tiny_lm(kind), 100)
    assert (reason is None) == (kind != "bloom")
    assert reason is None or "ALiBi" in reason


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("mamba", {}, "recurrent"),
        ("falcon", {"alibi": True}, "ALiBi"),
        ("mpt", {}, "ALiBi"),
        ("qwen3_next", {"layer_types": ["linear_attention", "full_attention"]}, "linear attention"),
        ("llama4_text", {"layer_types": ["chunked_attention", "full_attention"]}, "chunked_attention"),
        ("openai-gpt", {}, "it takes no past_key_values"),
    ],
)
def test_other_families_are_known_by_their_configuration(
    lm: LM, kind: str, change: dict[str, object], expected: str
) -> None:
    config = AutoConfig.for_model(kind, num_hidden_layers=2, **change)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    reason = obstacle(LM(model, lm.tokenizer, kind), 100)
    assert reason is not None
    assert expected in reason


def test_attention_without_masks_is_named(lm: LM) -> None:
    lm.model.config._attn_implementation = "flash_attention_2"
    assert obstacle(lm, 9) == "flash_attention_2 takes no mask of branches; load the model with sdpa"


def test_longrope_branches_only_before_it_turns(tiny_lm: Callable[..., LM]) -> None:
    lm = tiny_lm("phi3")
    lm.model.config.rope_parameters = {"rope_type": "longrope", "original_max_position_embeddings": 64}
    assert obstacle(lm, 64) is None
    assert "longrope" in str(obstacle(lm, 65))
    lm.model.config.rope_parameters = {"full_attention": {"rope_type": "longrope"}}
    assert "longrope" in str(obstacle(lm, 1))


def test_bounds_keep_logits_small(tiny_lm: Callable[..., LM]) -> None:
    assert bounds(tiny_lm()) == (512, 2**24 // 400)
