"""Both scorers on the same requests: they agree on every architecture, and every disagreement is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.lab.bases import load_base
from interlingua.models.lm import save
from interlingua.scoring.readings import Reading
from interlingua.studies import referee as refereeing
from interlingua.studies.referee import compared, referee
from interlingua.studies.referee_questions import Case, Question, questions

pytest.importorskip("lm_eval")

SHOTS = "the sky is blue = yes\nthe river is dry = not at all\n"
WORDS = {"eng_Latn": (" yes", " not at all", " perhaps"), "tha_Thai": (" ใช่", " ไม่ใช่เลย", " บางที")}


def asked(count: int = 4) -> list[Question]:
    """Questions behind shots that all share, in two languages, with options of several tokens."""
    return [
        Question(
            "river", lang, str(at), tuple((f"{SHOTS}the river {at} is long =", word) for word in words), 3,
            at % 3,
        )
        for lang, words in WORDS.items()
        for at in range(count)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return small_tokenizer([SHOTS, *(" ".join(words) for words in WORDS.values())] * 3, 330)


@pytest.mark.parametrize("kind", ["llama", "gpt_neox", "gemma2", "qwen3"])
def test_the_scorers_agree(kind: str, tokenizer: Any) -> None:
    lm = tiny_model(kind, tokenizer)
    report = compared(lm, asked(), batch_size=3)
    assert report["agree"]
    assert (report["questions"], report["requests"], report["left_out"], report["cut"]) == (8, 24, 0, 0)
    assert 0 < report["difference"]["max"] <= 1e-4
    assert (report["difference"]["over"], report["flags_changed"], report["wrong_by_cache"]) == (0, 0, 0)
    assert [(row["task"], row["lang"], row["items"]) for row in report["accuracy"]] == [
        ("river", "eng_Latn", 4), ("river", "tha_Thai", 4),
    ]  # fmt: skip
    assert all(row["lm_eval"] == row["ours"] for row in report["accuracy"])


def test_tokens_are_those_that_pass_through_the_model(tokenizer: Any) -> None:
    lm = tiny_model("llama", tokenizer)
    seen: list[int] = []
    hook = lm.model.model.layers[0].register_forward_hook(
        lambda layer, inputs, output: seen.append(inputs[0].shape[0] * inputs[0].shape[1])
    )
    tokens = compared(lm, asked(), batch_size=1)["tokens"]
    hook.remove()
    rows = [
        lm.tokenizer(context + option)["input_ids"][:-1] for one in asked() for context, option in one.pairs
    ]
    assert tokens["flat"] == sum(map(len, rows))
    assert tokens["least"] == len({tuple(row[:end]) for row in rows for end in range(1, len(row) + 1)})
    assert tokens["lm_eval"]["body"] == tokens["lm_eval"]["head"] <= tokens["flat"]
    assert tokens["least"] <= tokens["ours"]["body"] < tokens["lm_eval"]["body"]
    assert tokens["ours"]["head"] < tokens["lm_eval"]["head"]
    warming = sum(map(len, rows[:3]))
    assert sum(seen) >= tokens["lm_eval"]["body"] + tokens["ours"]["body"]
    assert sum(seen) <= tokens["lm_eval"]["body"] + tokens["ours"]["body"] + 4 * warming


def spoil(monkeypatch: pytest.MonkeyPatch, change: float = 0.0, flip: bool = False) -> None:
    """Our scorer errs: the first request of each batch is off by `change`, or its flag is turned."""
    from interlingua.scoring import harness_model

    real = harness_model.readings

    def wrong(*given: Any, **more: Any) -> Any:
        for batch in real(*given, **more):
            (first, reading), *rest = batch
            spoilt = Reading((reading.values[0] + change, *reading.values[1:]), reading.greedy ^ flip)
            yield [(first, spoilt), *rest]

    monkeypatch.setattr(harness_model, "readings", wrong)


def test_a_wrong_number_is_found(tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, change=3e-4)
    report = compared(tiny_model("llama", tokenizer), asked())
    assert not report["agree"]
    assert report["difference"]["over"] >= 1
    assert report["difference"]["max"] == pytest.approx(3e-4, abs=5e-5)
    assert abs(report["worst"][0]["lm_eval"] - report["worst"][0]["ours"]) == report["difference"]["max"]


def test_a_wrong_flag_is_found(tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, flip=True)
    report = compared(tiny_model("llama", tokenizer), asked())
    assert (report["agree"], report["difference"]["over"]) == (False, 0)
    assert report["flags_changed"] >= 1


def test_a_wrong_answer_is_found_unless_it_is_a_near_tie(
    tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(1)[:1]
    lm = tiny_model("llama", tokenizer)
    spoil(monkeypatch, change=50.0)
    report = compared(lm, question)
    if report["accuracy"][0]["changed"] == 0:  # the request that was lifted had won before
        monkeypatch.undo()
        spoil(monkeypatch, change=-50.0)
        report = compared(lm, question)
    assert report["accuracy"][0]["changed"] == report["unexplained"] == 1
    monkeypatch.undo()
    tie = [Question("river", "eng_Latn", "0", ((SHOTS, " yes"), (SHOTS, " yes")), 2, 1)]
    assert compared(lm, tie)["accuracy"][0]["near_ties"] == 1


def test_questions_that_lm_eval_cannot_score_are_left_out() -> None:
    lm = tiny_model("llama", small_tokenizer(["abc abc abd"] * 9, 270))
    torn = next(
        (left, right)
        for left, right in (("ab", "c"), ("ab", "d"), ("a", "b"))
        if len(lm.tokenizer(left)["input_ids"]) == len(lm.tokenizer(left + right)["input_ids"])
    )
    pairs = ((torn[0], torn[1]), (torn[0], "x"))
    strange = Question("toy", "eng_Latn", "0", pairs, 2, 0)
    report = compared(lm, [strange, *asked(1)])
    assert (report["questions"], report["left_out"], report["agree"]) == (2, 1, True)
    with pytest.raises(refereeing.BadInput, match="No question to compare on"):
        compared(lm, [strange])


def test_what_the_cache_of_lm_eval_misreads_is_told_apart(tokenizer: Any) -> None:
    lm = tiny_model("llama", tokenizer)
    words = ["the river 1", " is long =", " yes"]
    rows = [lm.tokenizer("".join(words[:end]))["input_ids"] for end in (1, 2, 3)]
    assert rows[2][: len(rows[1])] == rows[1]
    assert rows[1][: len(rows[0])] == rows[0]
    pairs = ((words[0], words[1] + words[2]), (words[0] + words[1], words[2]))
    report = compared(lm, [Question("toy", "eng_Latn", "0", pairs, 2, 0)])
    assert (report["agree"], report["wrong_by_cache"]) == (True, 1)


def test_memory_of_a_large_vocabulary(tmp_path: Path) -> None:
    """lm-eval keeps the logits of every position (batch x positions x 40,000 x 4 bytes), we of those read."""
    tokenizer = load_base("lab:tiny", "cpu").tokenizer
    save(tiny_model("llama", tokenizer, vocab_size=40_000), tmp_path / "wide")
    case = Case(str(tmp_path / "wide"), "lab:tiny", ("topic",), ("qab", "qac"), limit=8, device="cpu")
    report = referee(case, batch_size=32, memory=True)
    assert report["agree"]
    assert [(row["lang"], row["items"]) for row in report["accuracy"]] == [("qab_Cyrl", 8), ("qac_Arab", 8)]
    assert (report["source"], report["tasks"], report["limit"]) == ("lab:tiny", ["topic"], 8)
    words = min(len(tokenizer(one.pairs[0][0])["input_ids"]) for one in questions(case))
    assert report["memory"]["lm_eval"] > 32 * words * 40_000 * 4
    assert 0 < report["memory"]["ours"] < report["memory"]["lm_eval"] / 2


def chosen(answers: Sequence[tuple[float, bool]], options: int) -> int:
    pairs = tuple(("q", str(at)) for at in range(len(answers)))
    return Question("t", "eng_Latn", "0", pairs, options, 0).chosen(answers)


def test_choosing() -> None:
    assert chosen([(-2.0, False), (-1.0, False), (-1.0, True)], 3) == 1
    assert chosen([(-2.0, False), (-3.0, False), (-1.0, True)], 2) == 0
    assert chosen([(-2.0, True)], 1) == 1
