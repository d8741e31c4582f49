"""Choices: the numbers are the model's own, whatever the batch, the padding and the interruptions."""

import math
from collections.abc import Callable

import pytest
import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.data.items import Choice
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring import choices
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import How, score_choices

YES_NO = (" yes", " no")
MAKE = Callable[..., Choice]
LONG = (" positive", " negative", " neutral")


@pytest.fixture
def items(choice: MAKE) -> list[Choice]:
    """Five lengths, three scripts, options of one and of several tokens."""
    return [
        choice("is the river long ? answer :", YES_NO, 0),
        choice("река длинная . ответ :", (" да", " нет"), 1, lang="rus_Cyrl"),
        choice("answer :", YES_NO, 2),
        choice("这 条 河 很 长 答案 ：", (" 正面", " 负面"), 3, lang="zho_Hans"),
        choice("is the river long ? " * 3 + "answer :", YES_NO, 4),
    ]


def log_probabilities(lm: LM, ids: list[int]) -> torch.Tensor:
    """[pos, vocab], one row alone, by plain transformers."""
    with torch.inference_mode():
        return lm.model(input_ids=torch.tensor([ids])).logits[0].double().log_softmax(-1)


def by_hand(lm: LM, context: str, option: str) -> float:
    start, whole = lm.tokenizer(context)["input_ids"], lm.tokenizer(context + option)["input_ids"]
    assert whole[: len(start)] == start
    table = log_probabilities(lm, whole)
    return sum(table[place - 1, whole[place]].item() for place in range(len(start), len(whole)))


def test_loglik_is_the_sum_over_the_options_tokens(any_lm: LM, items: list[Choice]) -> None:
    for item, row in zip(items, score_choices(any_lm, items, how="loglik"), strict=True):
        wanted = [by_hand(any_lm, item.question, option) for option in item.options]
        assert row.scores == pytest.approx(wanted, abs=1e-4)
        assert row.prediction == wanted.index(max(wanted))
        assert (row.id, row.lang, row.options, row.gold) == (item.id, item.lang, item.options, 0)


def test_bytes_divides_by_the_options_length(lm: LM, items: list[Choice]) -> None:
    whole, each = score_choices(lm, items, how="loglik")[3], score_choices(lm, items, how="bytes")[3]
    assert [score * 7 for score in each.scores] == pytest.approx(whole.scores)  # a space, two of three bytes


def test_constrained_is_the_total_probability_of_first_tokens(any_lm: LM, choice: MAKE) -> None:
    item = choice("is the river long ? answer :", YES_NO)
    table = log_probabilities(any_lm, any_lm.tokenizer(item.question)["input_ids"])[-1].exp()
    vocabulary = any_lm.tokenizer.get_vocab()
    wanted = []
    for word in ("yes", "no"):
        names = {mark + word[:end] for mark in ("", "Ġ") for end in range(1, len(word) + 1)}
        wanted.append(math.log(sum(table[vocabulary[name]].item() for name in names & set(vocabulary))))
    row = score_choices(any_lm, [item, choice("short :", YES_NO, 1)])[0]
    assert row.scores == pytest.approx(wanted, abs=1e-5)
    assert row.tokens == len(any_lm.tokenizer(item.question)["input_ids"])


@pytest.mark.parametrize("how", ["constrained", "loglik"])
def test_padding_and_batching_change_no_score(any_lm: LM, items: list[Choice], how: How) -> None:
    items = [item for item in items if item.options == YES_NO]
    together, alone = (score_choices(any_lm, items, how=how, batch_tokens=n) for n in (4096, 1))
    for a, b in zip(together, alone, strict=True):
        assert a.scores == pytest.approx(b.scores, abs=1e-5)


def test_options_of_one_token_share_a_pass(lm: LM, choice: MAKE) -> None:
    item = choice("is the river long ? answer :", YES_NO)
    prompt = len(lm.tokenizer(item.question)["input_ids"])
    assert [len(lm.tokenizer(item.question + o)["input_ids"]) for o in YES_NO] == [prompt + 1] * 2
    assert score_choices(lm, [item], how="loglik")[0].tokens == prompt


def test_shots_stand_before_the_question(lm: LM, choice: MAKE) -> None:
    shown = Choice("0", "toy", "test", "eng_Latn", "answer :", YES_NO, 0, "0", "0", shots="yes no yes ")
    plain = choice("yes no yes answer :", YES_NO)
    assert score_choices(lm, [shown])[0].scores == score_choices(lm, [plain])[0].scores
    assert score_choices(lm, [shown])[0].question == "answer :"


def test_inseparable_labels_are_scored_whole_and_said_so(lm: LM, choice: MAKE) -> None:
    items = [choice("answer :", LONG), choice("is it ? answer :", YES_NO, 1)]
    with pytest.warns(ScoringWarning, match="positive, negative, neutral cannot be told apart"):
        rows = score_choices(lm, items)
    assert rows[0].extra == {"how": "loglik"}
    assert rows[0].scores == pytest.approx(score_choices(lm, items, how="loglik")[0].scores, abs=1e-5)
    assert rows[1].extra == {}


def test_an_interrupted_run_goes_on_with_the_same_numbers(
    lm: LM, items: list[Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = score_choices(lm, items, how="loglik", batch_tokens=40)
    ledger, through, calls = Ledger(None), choices._scores, []

    def counted(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return through(*arguments)

    monkeypatch.setattr(choices, "_scores", counted)
    with pytest.raises(KeyboardInterrupt):
        score_choices(lm, items, how="loglik", batch_tokens=40, ledger=ledger)
    assert 0 < len(ledger) < len(items)
    finished, batches = len(ledger), len(calls) - 1
    again = score_choices(lm, items, how="loglik", batch_tokens=40, ledger=ledger)
    assert again == whole
    assert len(ledger) == len(items)
    rest = len(calls) - 3
    assert score_choices(lm, items, how="loglik", batch_tokens=40, ledger=ledger) == whole
    assert len(calls) - 3 == rest  # nothing was read twice
    assert finished >= batches


def test_keys_tell_models_modes_and_items_apart(tiny_lm: Callable[..., LM], items: list[Choice]) -> None:
    ledger = Ledger(None)
    for lm in (tiny_lm(), tiny_lm(seed=1)):
        score_choices(lm, items, how="loglik", ledger=ledger)
        score_choices(lm, items, how="bytes", ledger=ledger)
        score_choices(lm, items, how="loglik", mode="other", ledger=ledger)
    assert len(ledger) == 6 * len(items)


def test_out_of_memory_halves_and_goes_on(
    lm: LM, items: list[Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, through = score_choices(lm, items, how="loglik"), choices._scores

    def small(model: LM, requests: list[object]) -> object:
        if len(requests) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return through(model, requests)

    monkeypatch.setattr(choices, "_scores", small)
    for a, b in zip(wanted, score_choices(lm, items, how="loglik"), strict=True):
        assert a.scores == pytest.approx(b.scores, abs=1e-4)


@pytest.mark.parametrize("how", ["constrained", "loglik"])
def test_long_prompts_lose_their_beginning_and_are_counted(
    tiny_lm: Callable[..., LM], choice: MAKE, how: How
) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    long = choice("is the river long ? " * 5 + "answer :", YES_NO, 0, lang="swh_Latn")
    short = choice("answer :", YES_NO, 1)
    with pytest.warns(ScoringWarning, match=r"16 tokens.*swh_Latn 1 of 1, eng_Latn 0 of 1"):
        rows = score_choices(lm, [long, short], how=how)
    ids = lm.tokenizer(long.question)["input_ids"]
    assert rows[0].extra == {"cut": float(len(ids) - 16)}
    assert rows[0].tokens == 16
    assert rows[1].extra == {}
    if how == "loglik":
        table = log_probabilities(lm, [1, *ids[-15:]])[-1]
        ends = [lm.tokenizer(long.question + option)["input_ids"][-1] for option in YES_NO]
        assert rows[0].scores == pytest.approx([table[end].item() for end in ends], abs=1e-4)


def test_an_option_longer_than_the_models_positions_is_refused(
    tiny_lm: Callable[..., LM], choice: MAKE
) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    item = choice("answer :", (" yes" * 16, " no"), 5)
    with pytest.warns(ScoringWarning, match="eng_Latn 1 of 1"):
        row = score_choices(lm, [item], how="loglik")[0]
    last, yes, no = (lm.tokenizer(text)["input_ids"][-1] for text in ("answer :", " yes", " no"))
    table = log_probabilities(lm, [last, *[yes] * 15])  # one token of the prompt is left, for both options
    assert row.scores == pytest.approx([table[:, yes].sum().item(), table[0, no].item()], abs=1e-4)
    with pytest.raises(BadInput, match=r"option of item '5' of toy \(eng_Latn\) has 17 tokens"):
        score_choices(lm, [choice("answer :", (" yes" * 17, " no"), 5)], how="loglik")


def test_a_fresh_adapter_changes_no_score(lm: LM, items: list[Choice]) -> None:
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    for a, b in zip(*(score_choices(m, items, how="loglik") for m in (lm, adapted)), strict=True):
        assert a.scores == pytest.approx(b.scores, abs=1e-6)


@pytest.mark.parametrize("how", ["constrained", "loglik"])
def test_broken_weights_give_an_error_and_no_row(lm: LM, choice: MAKE, how: How) -> None:
    with torch.no_grad():
        lm.model.get_output_embeddings().weight.fill_(float("nan"))
    ledger = Ledger(None)
    with pytest.raises(ModelError, match=r"item '3' of toy \(eng_Latn\) the scores \[nan, nan\]"):
        score_choices(lm, [choice("answer :", YES_NO, 3)], how=how, ledger=ledger)
    assert len(ledger) == 0


def test_no_items_give_no_rows(lm: LM) -> None:
    assert score_choices(lm, []) == list[Row]()


def test_bad_input_is_named(lm: LM, choice: MAKE) -> None:
    with pytest.raises(BadInput, match="No way of scoring called 'perplexity'; use one of constrained"):
        score_choices(lm, [choice("answer :", YES_NO)], how="perplexity")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=r"Item '7' of toy \(eng_Latn\)"):
        score_choices(lm, [choice("answer :", ("yes", " "), 7)])
    with pytest.raises(BadInput, match="Item '8'"):
        score_choices(lm, [choice("answer :", (), 8)])
