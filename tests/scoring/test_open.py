"""Open questions: right answers by hand, rows as single runs give them, resumed after an end at any batch."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.data.items import Open
from interlingua.models.lm import LM
from interlingua.scoring import open as opening
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.generate import Generation, generate
from interlingua.scoring.open import score_open

QUESTIONS = ["is the river long ? answer :", "да", "这 条 河 很 长 答案 ：" * 3, "แม่น้ำ ยาว", "yes no yes "]


def asked(question: str, number: int = 0, **more: Any) -> Open:
    """An item with everything that a test does not care about filled in."""
    name = str(number)
    fields = {"answers": ("yes",), "lang": "eng_Latn", "max_new_tokens": 8, **more}
    return Open(id=name, task="toy", split="test", question=question, group=name, cluster=name, **fields)


@pytest.fixture
def items() -> list[Open]:
    """Questions in several scripts with limits and stops of their own."""
    return [
        asked(question, at, stop=("\n",) if at % 2 else (), max_new_tokens=4 + at)
        for at, question in enumerate(QUESTIONS)
    ]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the model write a given text."""

    def said(text: str) -> None:
        def written(lm: LM, prompts: list[str], *_: Any, **__: Any) -> Any:
            yield [(at, Generation(text, 7)) for at in range(len(prompts))]

        monkeypatch.setattr(opening, "generated", written)

    return said


def test_rows_hold_what_the_model_writes_alone(lm: LM, items: list[Open]) -> None:
    lm.model.double()
    rows = score_open(lm, items)
    for item, row in zip(items, rows, strict=True):
        (alone,) = generate(lm, [item.question.rstrip(" ")], item.max_new_tokens, item.stop)
        assert row.extra["written"] == alone
        assert row.extra["answer"] == alone.strip()
        assert row.extra["reference"] == "yes"
        assert (row.id, row.lang, row.mode, row.options, row.scores) == (
            item.id,
            item.lang,
            "generate",
            (),
            (),
        )
        assert (row.question, row.gold, row.model) == (item.question, 0, lm.fingerprint())
        assert row.tokens > len(lm.tokenizer(item.question.rstrip(" "))["input_ids"])
    assert score_open(lm, items, batch_tokens=1) == rows


def test_shots_stand_before_the_question(lm: LM) -> None:
    item = asked("river long ? ", shots="yes no yes no ")
    (row,) = score_open(lm, [item])
    assert row.extra["written"] == generate(lm, ["yes no yes no river long ?"], 8, ("\n",))[0]
    assert row.question == "river long ? "


@pytest.mark.parametrize(
    ("written", "match", "answers", "right", "answer"),
    [
        (" So the answer is 1,234.", "number", ("1234.0",), True, "1234"),
        (" उत्तर १२३४ है", "number", ("1234.0",), True, "1234"),
        (" 12 - 4 = 9", "number", ("8", "7"), False, "9"),
        (" I do not know", "number", ("8",), False, ""),
        (" The Panthers.", "text", ("Broncos", "panthers"), True, "The Panthers."),
        (" Carolina Panthers", "text", ("panthers",), False, "Carolina Panthers"),
        ("", "text", ("panthers",), False, ""),
    ],
)
def test_what_is_right(
    lm: LM,
    says: Callable[[str], None],
    written: str,
    match: Any,
    answers: tuple[str, ...],
    right: bool,
    answer: str,
) -> None:
    says(written)
    (row,) = score_open(lm, [asked("how many ?", answers=answers, match=match)])
    assert row.correct is right
    assert (row.prediction, row.gold, row.tokens) == (int(not right), 0, 7)
    assert (row.extra["written"], row.extra["answer"]) == (written, answer)
    assert row.extra["reference"] == " | ".join(answers)
    assert ("f1" in row.extra) is (match == "text")


def test_f1_is_that_of_the_nearest_answer(lm: LM, says: Callable[[str], None]) -> None:
    says("北京 市")
    (row,) = score_open(lm, [asked("哪里？", answers=("上海", "北京"), lang="zho_Hans")])
    assert row.extra["f1"] == pytest.approx(4 / 5)
    assert not row.correct


def test_a_resumed_run_goes_on_where_it_ended(
    lm: LM, items: list[Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [replace(item, stop=()) for item in items] + [asked("da capo", 9)]
    whole = score_open(lm, items, batch_tokens=30)
    ledger, through, batches = Ledger(None), opening.generated, []

    def broken(*args: Any, **more: Any) -> Any:
        for batch in through(*args, **more):
            if len(batches) == 2:
                raise KeyboardInterrupt
            batches.append(batch)
            yield batch

    monkeypatch.setattr(opening, "generated", broken)
    with pytest.raises(KeyboardInterrupt):
        score_open(lm, items, batch_tokens=30, ledger=ledger)
    assert len(ledger) == sum(map(len, batches)) < len(items)
    monkeypatch.setattr(opening, "generated", through)
    calls = []
    lm.model.register_forward_pre_hook(
        lambda module, _, inputs: calls.append(len(inputs["input_ids"])), with_kwargs=True
    )
    assert score_open(lm, items, batch_tokens=30, ledger=ledger) == whole
    assert len(ledger) == len(items)
    assert calls
    calls.clear()
    assert score_open(lm, items, batch_tokens=30, ledger=ledger) == whole
    assert calls == []


def test_what_makes_another_row(lm: LM) -> None:
    ledger = Ledger(None)
    item = asked("yes")
    for changed in (
        item,
        replace(item, max_new_tokens=9),
        replace(item, answers=("no",)),
        replace(item, shots="no "),
    ):
        score_open(lm, [changed], ledger=ledger)
    score_open(lm, [item], mode="other", ledger=ledger)
    score_open(lm, [item], seed=1, ledger=ledger)
    assert len(ledger) == 6
    assert ledger.rows(mode="other")[0].seed == 0


def test_cut_prompts_are_counted_and_told_by_language(tiny_lm: Callable[..., LM]) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    items = [asked("yes" + " yes" * 30, 0), asked("yes", 1), asked("yes", 2, lang="deu_Latn")]
    with pytest.warns(ScoringWarning, match=r"lost their beginning: eng_Latn 1 of 2\."):
        rows = score_open(lm, items)
    length = len(lm.tokenizer(items[0].question)["input_ids"])
    assert rows[0].extra["cut"] == length - 8
    assert "cut" not in rows[1].extra


def test_no_items_no_rows(lm: LM) -> None:
    assert score_open(lm, []) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answers": ()}, r"Item '0' of toy \(eng_Latn\) has the answers \(\)"),
        ({"answers": ("yes", " ")}, "needs an answer with text"),
        ({"answers": ("8", "eight"), "match": "number"}, "its answer 'eight' holds none"),
        ({"stop": ("",)}, "empty stop string"),
        ({"max_new_tokens": 0}, "at least 1 new token"),
    ],
)
def test_refusals(lm: LM, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        score_open(lm, [asked("yes", **changes)])
