"""Readings are the model's own numbers: as a tree or flat, in any batch, broken or interrupted."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from interlingua.core.errors import BadInput, OutOfRoom
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.readings import Reading, Request, Tally, readings

BRANCHING = [kind for kind in ARCHITECTURES if kind != "bloom"]
WINDOWED = [kind for kind in BRANCHING if kind in ("mistral", "gemma2", "gemma3", "phi3", "mixtral")]
Alone = Callable[[LM, Any], torch.Tensor]


def few_shot(questions: int = 5, seed: int = 0) -> list[Request]:
    """Two languages of 40 shared tokens, questions of up to 12, three options of up to three tokens each."""
    rng = random.Random(seed)

    def text(least: int, most: int) -> list[int]:
        return [rng.randrange(3, 400) for _ in range(rng.randint(least, most))]

    requests = []
    for shots in (text(40, 40), text(40, 40)):
        for _ in range(questions):
            prompt = [1, *shots, *text(3, 12)]
            for option in (text(1, 3), text(1, 3), text(1, 3)):
                reads = tuple((len(prompt) - 1 + place, (token,)) for place, token in enumerate(option))
                requests.append(Request((*prompt, *option[:-1]), reads))
    return requests


def found(lm: LM, requests: list[Request], **more: Any) -> list[Reading]:
    answers = {index: answer for batch in readings(lm, requests, **more) for index, answer in batch}
    assert sorted(answers) == sorted(set(range(len(requests))) - set(more.get("skip", ())))
    return [answers[index] for index in sorted(answers)]


def by_hand(lm: LM, requests: list[Request], alone: Alone) -> list[list[float]]:
    tables = [alone(lm, request.ids) for request in requests]
    return [
        [table[place, list(tokens)].logsumexp(0).item() for place, tokens in request.reads]
        for request, table in zip(requests, tables, strict=True)
    ]


def close(answers: list[Reading], wanted: list[list[float]], within: float = 1e-4) -> bool:
    pairs = zip(answers, wanted, strict=True)
    return all(answer.values == pytest.approx(values, abs=within) for answer, values in pairs)


def _branches(inputs: dict[str, Any]) -> bool:
    return getattr(inputs["attention_mask"], "ndim", 0) == 4


@pytest.mark.parametrize("kind", BRANCHING)
def test_tree_flat_and_one_by_one_agree(
    tiny_lm: Callable[..., LM], log_probabilities: Alone, kind: str
) -> None:
    lm, requests = tiny_lm(kind, vocab_size=448), few_shot()  # 48 rows more than the tokenizer has tokens
    wanted = by_hand(lm, requests, log_probabilities)
    for batch_tokens in (None, 60, 9, 1):
        tally = Tally()
        assert close(found(lm, requests, batch_tokens=batch_tokens, tally=tally), wanted)
        assert (tally.way, tally.reason) == ("trie", "")
    assert close(found(lm, requests, way="flat"), wanted)


@pytest.mark.parametrize("kind", [*WINDOWED, "qwen2", "qwen3", "qwen3_moe"])
@pytest.mark.parametrize("window", [5, 20])
def test_windows_shorter_than_the_prompt(
    tiny_lm: Callable[..., LM], log_probabilities: Alone, kind: str, window: int
) -> None:
    """In Gemma and Qwen some layers see a window and some see all."""
    more = {} if kind in WINDOWED else {"use_sliding_window": True}
    if kind in ("qwen2", "qwen3"):
        more["max_window_layers"] = 1
    lm, requests = tiny_lm(kind, sliding_window=window, **more), few_shot()
    wanted = by_hand(lm, requests, log_probabilities)
    whole = tiny_lm(kind)
    assert not close(found(whole, requests), wanted)  # the window matters
    for batch_tokens in (None, 7):
        tally = Tally()
        assert close(found(lm, requests, batch_tokens=batch_tokens, tally=tally), wanted)
        assert tally.way == "trie"
    assert close(found(lm, requests, way="flat"), wanted)


def test_eager_attention_reads_the_same(tiny_lm: Callable[..., LM], log_probabilities: Alone) -> None:
    lm, requests = tiny_lm(), few_shot()
    wanted = by_hand(lm, requests, log_probabilities)
    lm.model.set_attn_implementation("eager")
    assert close(found(lm, requests, batch_tokens=30), wanted)


def test_half_precision_passes_its_own_guard(tiny_lm: Callable[..., LM], log_probabilities: Alone) -> None:
    lm = tiny_lm(initializer_range=0.05)
    requests = few_shot()
    wanted = by_hand(lm, requests, log_probabilities)
    lm.model.bfloat16()
    tally = Tally()
    assert close(found(lm, requests, tally=tally), wanted, within=0.25)
    assert tally.way == "trie"
    assert tally.checked


def test_a_tokenizer_without_padding_token(log_probabilities: Alone) -> None:
    lm = tiny_model("llama", small_tokenizer(["is it ?"], 400, pad=False), vocab_size=400)
    assert lm.tokenizer.pad_token_id is None
    requests = few_shot()
    wanted = by_hand(lm, requests, log_probabilities)
    assert close(found(lm, requests), wanted)
    assert close(found(lm, requests, way="flat"), wanted)


def test_reads_inside_the_prompt_of_several_tokens_and_of_the_same_prompt(
    lm: LM, log_probabilities: Alone
) -> None:
    ids = (1, 20, 30, 40, 50)
    requests = [
        Request(ids, ((0, (20,)), (3, (50, 60, 70)), (1, (30, 30)))),
        Request(ids, ((4, (9,)),)),
        Request(ids, ((4, (9,)),)),
        Request((1, 20, 30, 99), ((2, (7,)),)),  # what follows the last read does not matter
        Request((1, 20, 30), ((2, (7,)),)),
    ]
    wanted = by_hand(lm, requests, log_probabilities)
    for more in ({}, {"batch_tokens": 2}, {"way": "flat"}):
        answers = found(lm, requests, **more)
        assert close(answers, wanted)
        assert answers[1] == answers[2]
        assert answers[3] == answers[4]


def test_greedy_tells_whether_the_likeliest_tokens_were_asked_for(lm: LM, log_probabilities: Alone) -> None:
    ids = (1, 20, 30, 40)
    best = log_probabilities(lm, ids).argmax(-1).tolist()
    requests = [
        Request(ids, ((1, (best[1],)), (3, (5, best[3])))),
        Request(ids, ((1, (best[1],)), (3, (best[3] - 1,)))),
    ]
    for way in ("trie", "flat"):
        assert [answer.greedy for answer in found(lm, requests, way=way)] == [True, False]


def test_what_it_cost(lm: LM) -> None:
    """Ten questions share 1 + 40 tokens by fives; checks come on top."""
    requests, tally = few_shot(), Tally()
    found(lm, requests, tally=tally)
    prefixes = {request.ids[:end] for request in requests for end in range(1, len(request.ids) + 1)}
    asked = {request.ids[: place + 1] for request in requests for place, _ in request.reads}
    lengths = sorted((len(request.ids) for request in requests), reverse=True)
    assert tally.least_tokens == len(prefixes)
    assert tally.flat_tokens == sum(lengths)
    assert tally.checked == 2
    checks = tally.body_tokens - len(prefixes)
    assert lengths[0] + lengths[-1] <= checks <= lengths[0] + lengths[1]
    assert len(asked) < tally.head_rows <= len(asked) + 2 * 3
    again = Tally()
    found(lm, requests, tally=again)
    assert (again.checked, again.body_tokens, again.head_rows) == (0, len(prefixes), len(asked))
    found(lm, requests, tally=again, way="flat")
    assert again.least_tokens == 2 * len(prefixes)
    assert again.body_tokens >= len(prefixes) + len({request.ids for request in requests}) * 44
    assert again.way == "flat"


def test_bloom_is_read_flat_and_says_why(tiny_lm: Callable[..., LM], log_probabilities: Alone) -> None:
    lm, requests, tally = tiny_lm("bloom"), few_shot(), Tally()
    with pytest.warns(ScoringWarning, match=r"tiny-bloom reads prompt by prompt.*ALiBi"):
        answers = found(lm, requests, tally=tally)
    assert close(answers, by_hand(lm, requests, log_probabilities))
    assert tally.way == "flat"
    assert "ALiBi" in tally.reason
    assert tally.checked == 0


@pytest.mark.parametrize(
    ("ignored", "batch_tokens"),
    [("mask", None), ("mask", 24), ("positions", None), ("positions", 24), ("path", 24)],
)
def test_the_guard_catches_models_that_do_not_branch(
    lm: LM, log_probabilities: Alone, monkeypatch: pytest.MonkeyPatch, ignored: str, batch_tokens: int | None
) -> None:
    """The model does not listen to what makes a tree a tree, but reads single prompts as ever."""
    through = lm.model.model.forward

    def forward(**inputs: Any) -> Any:
        if _branches(inputs) and ignored == "mask":
            inputs["attention_mask"] = torch.zeros_like(inputs["attention_mask"])
        elif _branches(inputs) and ignored == "positions":
            inputs["position_ids"] = inputs["position_ids"].sort().values
        elif _branches(inputs):
            inputs["past_key_values"] = None
            inputs["attention_mask"] = inputs["attention_mask"][..., -inputs["input_ids"].shape[1] :]
        return through(**inputs)

    monkeypatch.setattr(lm.model.model, "forward", forward)
    requests, tally = few_shot(), Tally()
    with pytest.warns(ScoringWarning, match=r"changes a log-likelihood by \d.*more than rounding"):
        answers = found(lm, requests, batch_tokens=batch_tokens, tally=tally)
    assert tally.way == "flat"
    assert close(answers, by_hand(lm, requests, log_probabilities))  # nothing wrong was handed out before


def test_a_model_that_fails_on_branches_is_read_flat(
    lm: LM, log_probabilities: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    through = lm.model.model.forward

    def forward(**inputs: Any) -> Any:
        if _branches(inputs):
            raise ValueError("the mask must have two dimensions")
        return through(**inputs)

    monkeypatch.setattr(lm.model.model, "forward", forward)
    requests = few_shot()
    with pytest.warns(ScoringWarning, match="fails on branches .ValueError: the mask must have two"):
        answers = found(lm, requests)
    monkeypatch.undo()
    assert close(answers, by_hand(lm, requests, log_probabilities))


def test_other_failures_are_not_hidden(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    through, calls = lm.model.model.forward, []

    def forward(**inputs: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("shapes do not match")
        return through(**inputs)

    monkeypatch.setattr(lm.model.model, "forward", forward)
    with pytest.raises(RuntimeError, match="shapes"):
        found(lm, few_shot(), batch_tokens=20)


@pytest.fixture
def small(lm: LM, monkeypatch: pytest.MonkeyPatch) -> Iterator[LM]:
    """A model whose memory ends beyond eight tokens at a time."""
    through = lm.model.model.forward

    def forward(**inputs: Any) -> Any:
        if _branches(inputs) and inputs["input_ids"].numel() > 8:
            raise MemoryError
        return through(**inputs)

    monkeypatch.setattr(lm.model.model, "forward", forward)
    return lm


def test_memory_that_ends_halves_the_step(small: LM, log_probabilities: Alone) -> None:
    requests, tally = few_shot(), Tally()
    answers = found(small, requests, tally=tally)
    assert tally.way == "trie"
    checks = tally.body_tokens - tally.least_tokens  # every token once in spite of the halving
    assert 2 * 41 < checks < 2 * 60
    assert close(answers, by_hand(small, requests, log_probabilities))


def test_memory_for_nothing_is_told(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    def forward(**inputs: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(lm.model.model, "forward", forward)
    with pytest.raises(OutOfRoom, match="single prompt"):
        found(lm, few_shot())
    with pytest.raises(OutOfRoom, match="single prompt"):
        found(lm, few_shot(1)[:1], way="flat")


def test_a_check_there_is_no_memory_for_is_left_out(
    lm: LM, log_probabilities: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    through = lm.model.model.forward

    def forward(**inputs: Any) -> Any:
        if not _branches(inputs):
            raise MemoryError
        return through(**inputs)

    requests, tally = few_shot(), Tally()
    wanted = by_hand(lm, requests, log_probabilities)
    monkeypatch.setattr(lm.model.model, "forward", forward)
    assert close(found(lm, requests, tally=tally), wanted)
    assert tally.checked == 0


@pytest.mark.parametrize("way", ["trie", "flat"])
def test_what_is_left_is_read_in_the_same_steps(lm: LM, way: Any) -> None:
    requests = few_shot()
    whole = found(lm, requests, batch_tokens=30, way=way)
    rest = list(range(20, 27))
    skip = set(range(len(requests))) - set(rest)
    tally = Tally()
    assert found(lm, requests, batch_tokens=30, way=way, skip=skip, tally=tally) == [whole[k] for k in rest]
    if way == "trie":
        assert tally.body_tokens < 0.75 * tally.least_tokens  # the path of the first language is not read
    assert list(readings(lm, requests, skip=range(len(requests)))) == []
    assert list(readings(lm, [])) == []


def test_an_adapter_that_does_nothing_changes_no_bit(tiny_lm: Callable[..., LM]) -> None:
    lm, requests = tiny_lm(vocab_size=448), few_shot()
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    for way in ("trie", "flat"):
        assert found(lm, requests, way=way) == found(adapted, requests, way=way)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (Request((1, 2), ()), r"Request 0 of 2 tokens has the reads \(\)"),
        (Request((1, 2), ((2, (5,)),)), "needs a place in the ids and a token"),
        (Request((1, 2), ((-1, (5,)),)), "needs a place in the ids and a token"),
        (Request((1, 2), ((0, ()),)), "needs a place in the ids and a token"),
        (Request((), ((0, (5,)),)), "Request 0 of 0 tokens"),
        (Request((1,) * 300, ((256, (5,)),)), "Request 0 has 257 tokens, tiny-llama reads 256; cut it"),
    ],
)
def test_bad_requests_are_named(lm: LM, request_: Request, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        found(lm, [request_])


def test_unknown_ways_are_refused(lm: LM) -> None:
    with pytest.raises(BadInput, match="No way of reading called 'tree'; use one of trie, flat"):
        found(lm, few_shot(1), way="tree")
