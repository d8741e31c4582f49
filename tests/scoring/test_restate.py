"""Restate, then answer: what was written is what is answered, and an interruption loses nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.data.items import Choice, Pair
from interlingua.data.prompts import Template
from interlingua.models.lm import LM
from interlingua.scoring import restate as module
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import score_choices
from interlingua.scoring.generate import generate
from interlingua.scoring.restate import Frame, restate

PIVOT, TEMPLATE = "eng_Latn", Template("{question} {source} {target} : ")
FRAMES = {"toy": Frame("yes no . ", (" yes", " no"))}


@pytest.fixture
def items(choice: Callable[..., Choice]) -> list[Choice]:
    """Three languages, the pivot among them; labels in the question's own language."""
    return [
        choice("is the river long ? answer :", (" yes", " no"), 0),
        choice("река длинная . ответ :", (" да", " нет"), 1, lang="rus_Cyrl"),
        choice("der fluss ist lang . answer :", (" ja", " nein"), 2, lang="deu_Latn", group="0"),
        choice("река ? ответ :", (" да", " нет"), 3, lang="rus_Cyrl"),
    ]


@pytest.fixture
def double(lm: LM) -> LM:
    """In double precision, where batches cannot turn a near-tie."""
    lm.model.double()
    return lm


def limit(lm: LM, item: Choice) -> int:
    return 2 * len(lm.tokenizer(item.question)["input_ids"]) + 8


def test_an_item_keeps_its_options_where_the_frame_has_none(double: LM, items: list[Choice]) -> None:
    frames = {"toy": Frame("", ())}
    rows = restate(double, items, pivot=PIVOT, frames=frames, template=TEMPLATE, how="loglik")
    assert [row.options for row in rows] == [item.options for item in items]


def test_the_written_text_is_answered_in_the_pivots_frame(double: LM, items: list[Choice]) -> None:
    rows = restate(double, items, pivot=PIVOT, frames=FRAMES, template=TEMPLATE, how="loglik")
    for item, row in zip(items[1:], rows[1:], strict=True):
        prompt = TEMPLATE.render(item.question, item.lang, PIVOT).rstrip(" ")
        written = generate(double, [prompt], limit(double, item))[0].lstrip()
        assert row.extra == {"restated": written}
        asked = replace(item, question=written, shots="yes no . ", options=(" yes", " no"))
        answer = score_choices(double, [asked], how="loglik")[0]
        assert row.scores == pytest.approx(answer.scores, abs=1e-6)
        assert (row.question, row.lang, row.group) == (item.question, item.lang, item.group)
        assert (row.mode, row.options) == ("restate", (" yes", " no"))
        prompt_tokens = len(double.tokenizer(prompt)["input_ids"])
        assert row.tokens > prompt_tokens + answer.tokens


def test_questions_in_the_pivot_are_answered_as_they_are(double: LM, items: list[Choice]) -> None:
    row = restate(double, items[:1], pivot=PIVOT, frames=FRAMES, template=TEMPLATE)[0]
    direct = score_choices(double, [replace(items[0], shots="yes no . ")])[0]
    assert row == replace(direct, mode="restate")


def test_references_are_kept_beside_the_text(lm: LM, items: list[Choice]) -> None:
    rows = restate(
        lm,
        items,
        pivot=PIVOT,
        frames=FRAMES,
        template=TEMPLATE,
        references={("toy", "0"): items[0].question, ("other", "1"): "of another task"},
    )
    assert [row.extra.get("reference") for row in rows] == [None, None, items[0].question, None]


def test_examples_in_the_items_language_come_first(
    double: LM, items: list[Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = [
        Pair("a", "rus_Cyrl", PIVOT, "да", "yes"),
        Pair("b", "deu_Latn", PIVOT, "ja", "yes"),
        Pair("c", "deu_Latn", PIVOT, "nein", "no"),
    ]
    seen: list[tuple[list[str], tuple[str, ...]]] = []
    through = module.generated

    def spy(lm: LM, prompts: list[str], limits: list[int], stop: tuple[str, ...], *rest: int, **more: object):
        seen.append((prompts, stop))
        return through(lm, prompts, limits, stop, *rest, **more)

    monkeypatch.setattr(module, "generated", spy)
    restate(double, items[1:3], pivot=PIVOT, frames=FRAMES, template=TEMPLATE, shots=shots)
    ((russian, german), stop), *_ = seen
    assert stop == ("\n\n",)
    assert russian == "да Russian English : yes\n\nрека длинная . ответ : Russian English :"
    assert german.startswith("ja German English : yes\n\nnein German English : no\n\nder fluss")


def test_an_interrupted_run_goes_on_with_the_same_rows(
    double: LM, items: list[Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(ledger: Ledger | None) -> object:
        return restate(
            double, items, pivot=PIVOT, frames=FRAMES, template=TEMPLATE, ledger=ledger, batch_tokens=1
        )

    whole, ledger, through, batches = run(None), Ledger(None), module.generated, []

    def counted(*arguments: object, **more: object):
        for batch in through(*arguments, **more):
            batches.append([index for index, _ in batch])
            if len(batches) == 2:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(module, "generated", counted)
    with pytest.raises(KeyboardInterrupt):
        run(ledger)
    assert len(ledger) == 2  # the pivot's question and the first batch
    assert run(ledger) == whole
    assert len(ledger) == len(items)
    assert len(batches) == 4  # one finished, one lost, that one again and the third
    assert run(ledger) == whole
    assert len(batches) == 4


def test_a_question_too_long_to_restate_is_counted(tiny_lm: Callable[..., LM], items: list[Choice]) -> None:
    lm = tiny_lm(max_position_embeddings=48)
    long = replace(items[2], question="der fluss ist lang . " * 8)
    with pytest.warns(ScoringWarning, match="48 tokens lost their beginning: deu_Latn 1 of 1"):
        row = restate(lm, [long], pivot=PIVOT, frames=FRAMES, template=TEMPLATE, how="loglik")[0]
    prompt = len(lm.tokenizer(TEMPLATE.render(long.question, "deu_Latn", PIVOT).rstrip(" "))["input_ids"])
    assert row.extra["cut"] >= prompt - 24


def test_a_task_without_a_frame_is_named(lm: LM, items: list[Choice]) -> None:
    with pytest.raises(BadInput, match="No pivot frame for task 'toy'; frames are given for nli"):
        restate(lm, items, pivot=PIVOT, frames={"nli": FRAMES["toy"]}, template=TEMPLATE)


def test_no_items_no_rows(lm: LM) -> None:
    assert restate(lm, [], pivot=PIVOT, frames={}, template=TEMPLATE) == []
