"""Greedy generation: batches write what single prompts write, and what transformers writes."""

from collections.abc import Callable

import pytest
import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM
from interlingua.scoring.generate import generate, generated

PROMPTS = [
    "is the river long ? answer :",
    "да",
    "这 条 河 很 长 答案 ：" * 3,
    "แม่น้ำ ยาว",
    "der fluss ist lang . " * 4,
    "yes no yes",
]


def by_transformers(lm: LM, prompt: str, limit: int) -> list[int]:
    ids = torch.tensor([lm.tokenizer(prompt)["input_ids"]])
    out = lm.model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=limit, do_sample=False, pad_token_id=0
    )
    return [int(token) for token in out[0, ids.shape[1] :]]


def test_a_batch_writes_what_transformers_writes_alone(any_lm: LM) -> None:
    any_lm.model.double()
    wanted = [by_transformers(any_lm, prompt, 24) for prompt in PROMPTS]
    any_lm.model.generation_config.eos_token_id = [2, wanted[0][7], wanted[4][11]]  # rows end at other times
    limits = [24, 5, 24, 1, 24, 17]
    texts = generate(any_lm, PROMPTS, limits)
    for prompt, limit, text in zip(PROMPTS, limits, texts, strict=True):
        ids = by_transformers(any_lm, prompt, limit)
        assert text == any_lm.tokenizer.decode(ids, skip_special_tokens=True)
    assert generate(any_lm, PROMPTS, limits, batch_tokens=1) == texts
    assert generate(any_lm, PROMPTS, limits, batch_tokens=64) == texts


def test_stop_strings_end_the_text_and_are_left_out(lm: LM) -> None:
    lm.model.double()
    free = generate(lm, PROMPTS, 24)
    for place, text in enumerate(free):
        stop = text[len(text) // 2 : len(text) // 2 + 3]
        ended = generate(lm, PROMPTS, 24, stop=[stop, "never this"])
        assert ended[place] == text[: text.index(stop)]
    assert generate(lm, PROMPTS, 24, stop=["never this"]) == free


def test_a_finished_row_leaves_the_batch(lm: LM) -> None:
    rows: list[int] = []
    lm.model.register_forward_pre_hook(
        lambda module, _, inputs: rows.append(len(inputs["input_ids"])), with_kwargs=True
    )
    lm.model.generation_config.eos_token_id = None
    lm.tokenizer.eos_token = None
    generate(lm, ["yes no"] * 3, [2, 4, 2])
    assert rows == [3, 3, 1, 1]


def test_tokens_and_skipped_batches(lm: LM) -> None:
    found = [pair for batch in generated(lm, PROMPTS, 4, batch_tokens=40) for pair in batch]
    assert sorted(index for index, _ in found) == list(range(len(PROMPTS)))
    for index, one in found:
        prompt = len(lm.tokenizer(PROMPTS[index])["input_ids"])
        assert prompt < one.tokens <= prompt + 4
        assert one.cut == 0
    batches = [[i for i, _ in batch] for batch in generated(lm, PROMPTS, 4, batch_tokens=40)]
    skip = {*batches[0], batches[1][0]}
    left = [[i for i, _ in batch] for batch in generated(lm, PROMPTS, 4, batch_tokens=40, skip=skip)]
    assert left == [batch for batch in batches[1:] if not skip.issuperset(batch)]


@pytest.mark.parametrize(
    ("prompt", "limit", "kept", "new"),
    [(20, 4, 12, 4), (20, 9, 8, 8), (6, 12, 6, 10), (6, 4, 6, 4), (8, 30, 8, 8)],
)
def test_new_tokens_give_way_before_the_prompt_does(
    tiny_lm: Callable[..., LM], prompt: int, limit: int, kept: int, new: int
) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    lm.model.generation_config.eos_token_id = None
    lm.tokenizer.eos_token = None
    ((_, one),) = next(generated(lm, [" yes" * (prompt - 1)], limit))
    assert (one.tokens, one.cut) == (kept + new, prompt - kept)


def test_no_prompts_no_texts(lm: LM) -> None:
    assert generate(lm, [], 4) == []


def test_refusals(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="at least 1 new token"):
        generate(lm, ["yes"], 0)
    with pytest.raises(BadInput, match="at least 1 new token"):
        generate(lm, ["yes", "no"], [4])
    with pytest.raises(BadInput, match="empty stop"):
        generate(lm, ["yes"], 4, stop=[""])
    through = lm.model.forward
    monkeypatch.setattr(lm.model, "forward", lambda **inputs: through(**inputs | {"use_cache": False}))
    with pytest.raises(ModelError, match="no key-value cache"):
        generate(lm, ["yes"], 4)
