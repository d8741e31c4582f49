"""Choices: the numbers are the model's own, whatever the batch, the padding and the interruptions."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.data.items import Choice
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import How, score_choices
from interlingua.scoring.readings import Tally, Way
from interlingua.scoring.tokens import shared

YES_NO = (" yes", " no")
MAKE = Callable[..., Choice]
Alone = Callable[[LM, Any], torch.Tensor]
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


def by_hand(lm: LM, context: str, option: str, alone: Alone) -> float:
    start, whole = lm.tokenizer(context)["input_ids"], lm.tokenizer(context + option)["input_ids"]
    assert whole[: len(start)] == start
    table = alone(lm, whole)
    return sum(table[place - 1, whole[place]].item() for place in range(len(start), len(whole)))


def test_loglik_is_the_sum_over_the_options_tokens(
    any_lm: LM, items: list[Choice], log_probabilities: Alone
) -> None:
    for item, row in zip(items, score_choices(any_lm, items, how="loglik"), strict=True):
        wanted = [by_hand(any_lm, item.question, option, log_probabilities) for option in item.options]
        assert row.scores == pytest.approx(wanted, abs=1e-4)
        assert row.prediction == wanted.index(max(wanted))
        assert (row.id, row.lang, row.options, row.gold) == (item.id, item.lang, item.options, 0)


def test_bytes_divides_by_the_options_length(lm: LM, items: list[Choice]) -> None:
    whole, each = score_choices(lm, items, how="loglik")[3], score_choices(lm, items, how="bytes")[3]
    assert [score * 7 for score in each.scores] == pytest.approx(whole.scores)  # a space, two of three bytes


def test_constrained_is_the_total_probability_of_first_tokens(
    any_lm: LM, choice: MAKE, log_probabilities: Alone
) -> None:
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
def test_neither_batches_nor_sharing_change_a_score(any_lm: LM, items: list[Choice], how: How) -> None:
    items = [item for item in items if item.options == YES_NO]
    together = score_choices(any_lm, items, how=how)
    for more in (
        {"batch_tokens": 9},
        {"batch_tokens": 1},
        {"way": "flat"},
        {"way": "flat", "batch_tokens": 1},
    ):
        for a, b in zip(together, score_choices(any_lm, items, how=how, **more), strict=True):
            assert a.scores == pytest.approx(b.scores, abs=1e-4)
            assert a.tokens == b.tokens


def test_tokens_are_what_an_item_takes_alone(lm: LM, choice: MAKE) -> None:
    item = choice("is the river long ? answer :", YES_NO)
    prompt = len(lm.tokenizer(item.question)["input_ids"])
    assert [len(lm.tokenizer(item.question + o)["input_ids"]) for o in YES_NO] == [prompt + 1] * 2
    assert score_choices(lm, [item], how="loglik")[0].tokens == prompt  # the last token is not read
    long = choice("is the river long ? answer :", (" yes yes no", " yes yes yes", " no"), 1)
    tally = Tally()
    rows = score_choices(lm, [item, long], how="loglik", tally=tally)
    assert [row.tokens for row in rows] == [prompt, prompt + 2]  # " yes yes" once
    assert tally.least_tokens == prompt + 2
    assert tally.flat_tokens == 2 * prompt + 2 * (prompt + 2) + prompt


def test_shots_stand_before_the_question(lm: LM, choice: MAKE) -> None:
    shown = Choice("0", "toy", "test", "eng_Latn", "answer :", YES_NO, 0, "0", "0", shots="yes no yes ")
    plain = choice("yes no yes answer :", YES_NO)
    assert score_choices(lm, [shown])[0].scores == score_choices(lm, [plain])[0].scores
    assert score_choices(lm, [shown])[0].question == "answer :"


def test_inseparable_labels_are_scored_whole_and_said_so(lm: LM, choice: MAKE) -> None:
    items = [choice("answer :", LONG), choice("is it ? answer :", YES_NO, 1)]
    told = r"Labels of toy cannot .* in 1 of 2 items \(e\.g\. positive, negative, neutral\); scored by loglik"
    with pytest.warns(ScoringWarning, match=told):
        rows = score_choices(lm, items)
    assert rows[0].extra == {"how": "loglik"}
    assert rows[0].scores == pytest.approx(score_choices(lm, items, how="loglik")[0].scores, abs=1e-5)
    assert rows[1].extra == {}


def test_a_task_with_labels_of_its_own_in_every_item_is_told_of_once(lm: LM, choice: MAKE) -> None:
    items = [
        choice("answer :", (" long river", f" long {word}"), at) for at, word in enumerate(("no", "yes"))
    ]
    with pytest.warns(ScoringWarning) as told:
        score_choices(lm, [*items, choice("answer :", YES_NO, 2)])
    assert [str(each.message) for each in told] == [
        "Labels of toy cannot be told apart by first tokens in 2 of 3 items (e.g. long river, long no); "
        "scored by loglik instead."
    ]


@pytest.mark.parametrize("way", ["trie", "flat"])
def test_an_interrupted_run_goes_on_with_the_same_numbers(
    lm: LM, items: list[Choice], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: Way
) -> None:
    def run(ledger: Ledger | None) -> list[Row]:
        return score_choices(lm, items, how="loglik", batch_tokens=12, way=way, ledger=ledger)

    whole = run(None)
    through, calls = lm.model.forward, list[int]()

    def counted(**inputs: Any) -> Any:
        calls.append(1)
        if len(calls) == stop:
            raise KeyboardInterrupt
        return through(**inputs)

    monkeypatch.setattr(lm.model, "forward", counted)
    stop = 0
    run(None)
    stop, steps = len(calls) * 2 // 3, len(calls)
    calls.clear()
    with Ledger(tmp_path / "ledger.sqlite") as ledger, pytest.raises(KeyboardInterrupt):
        run(ledger)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        finished = len(ledger)
        assert 0 < finished < len(items)
        stop = 0
        calls.clear()
        again = run(ledger)
        assert again == whole  # to the last bit
        assert 0 < len(calls) < steps
        calls.clear()
        assert run(ledger) == whole
        assert not calls


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
    wanted, through = score_choices(lm, items, how="loglik"), lm.model.forward

    def small(**inputs: Any) -> Any:
        if inputs["input_ids"].numel() > 40:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return through(**inputs)

    monkeypatch.setattr(lm.model, "forward", small)
    for way in get_args(Way):
        for a, b in zip(wanted, score_choices(lm, items, how="loglik", way=way), strict=True):
            assert a.scores == pytest.approx(b.scores, abs=1e-4)


@pytest.mark.parametrize("how", ["constrained", "loglik"])
def test_long_prompts_lose_their_beginning_and_are_counted(
    tiny_lm: Callable[..., LM], choice: MAKE, how: How, log_probabilities: Alone
) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    long = choice("is the river long ? " * 5 + "answer :", YES_NO, 0, lang="swh_Latn")
    short = choice("answer :", YES_NO, 1)
    with pytest.warns(ScoringWarning, match=r"16 tokens.*: swh_Latn 1 of 1\."):
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
    tiny_lm: Callable[..., LM], choice: MAKE, log_probabilities: Alone
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


def test_an_adapter_that_does_nothing_changes_no_bit(tiny_lm: Callable[..., LM], items: list[Choice]) -> None:
    lm = tiny_lm(vocab_size=448)  # rows of a padded vocabulary stay
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    for a, b in zip(*(score_choices(m, items, how="loglik") for m in (lm, adapted)), strict=True):
        assert a.scores == b.scores


def test_scripts_without_spaces_are_scored_at_their_own_boundaries(
    lm: LM, choice: MAKE, log_probabilities: Alone
) -> None:
    """Tokens that span the joint of prompt and option count as option, shared by all options."""
    items = [
        choice("是不是长的河，答案", ("：正面", "：负面"), 0),
        choice("แม่น้ำยาวคำตอบ", ("ใช่", "ไม่ใช่"), 1),
        choice("川は長い答", ("え：正", "案：負面"), 2),
        choice("answer : ", ("yes", "no", "?"), 3),
    ]
    spans = 0
    for item, row in zip(items, score_choices(lm, items, how="loglik"), strict=True):
        context = lm.tokenizer(item.question)["input_ids"]
        rows = [lm.tokenizer(item.question + option)["input_ids"] for option in item.options]
        cut = min(shared(context, ids) for ids in rows)
        spans += cut < len(context)
        wanted = []
        for ids in rows:
            table = log_probabilities(lm, ids)
            wanted.append(sum(table[place - 1, ids[place]].item() for place in range(cut, len(ids))))
        assert row.scores == pytest.approx(wanted, abs=1e-4)
    assert spans >= 2


def test_an_option_that_begins_another_is_warned_of_where_it_matters(
    lm: LM, choice: MAKE, log_probabilities: Alone
) -> None:
    item = choice("is the river long ? answer :", (" no", " no yes"))
    with pytest.warns(ScoringWarning, match=r"loglik never chooses the longer one \('no' begins 'no yes'\)"):
        row = score_choices(lm, [item], how="loglik")[0]
    assert row.scores[0] > row.scores[1]
    assert row.scores == pytest.approx(
        [by_hand(lm, item.question, option, log_probabilities) for option in item.options], abs=1e-4
    )
    each = score_choices(lm, [item], how="bytes")[0]  # no warning: it may win here
    assert each.scores == pytest.approx([row.scores[0] / 3, row.scores[1] / 7])


def test_the_way_and_its_price_are_passed_on(tiny_lm: Callable[..., LM], items: list[Choice]) -> None:
    tally = Tally()
    score_choices(tiny_lm(), items, how="loglik", way="flat", tally=tally)
    assert tally.way == "flat"
    assert tally.body_tokens >= tally.least_tokens
    with pytest.warns(ScoringWarning, match="ALiBi"):
        rows = score_choices(tiny_lm("bloom"), items, how="loglik", tally=tally)
    assert "ALiBi" in tally.reason
    flat = score_choices(tiny_lm("bloom"), items, how="loglik", way="flat")
    assert [row.scores for row in rows] == [row.scores for row in flat]


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
