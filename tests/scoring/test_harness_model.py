"""lm-eval's requests scored by us: its numbers to rounding, its rules, and one case it cannot score."""

import builtins
from typing import Any

import pytest
import torch

from interlingua.core.errors import BadInput, MissingResource
from interlingua.models.adapters import with_lora
from interlingua.scoring.harness_model import harness_model, hushed, plain_model

pytest.importorskip("lm_eval")

PAIRS = [
    ("is the river long ? answer :", " yes"),
    ("is the river long ? answer :", " no"),
    ("is the river long ? answer :", " positive negative"),
    ("แม่น้ำ ยาว คำตอบ :", " ใช่"),
    ("река длинная . ответ : ", "да"),
    ("", "is the river"),
    ("这 条 河 很 长 答案 ：", "正面"),
]


def asked(pairs: list[tuple[str, ...]], kind: str = "loglikelihood") -> list[Any]:
    """lm-eval's requests for these texts."""
    from lm_eval.api.instance import Instance

    return [Instance(kind, {}, pair, 0, ("toy", at, 1)) for at, pair in enumerate(pairs)]


def answers(model: Any, pairs: list[tuple[str, str]] = PAIRS) -> list[tuple[float, bool]]:
    with hushed():
        found: list[tuple[float, bool]] = model.loglikelihood(asked(pairs))
    return found


def same(ours: list[tuple[float, bool]], theirs: list[tuple[float, bool]]) -> None:
    assert [flag for _, flag in ours] == [flag for _, flag in theirs]
    assert [ll for ll, _ in ours] == pytest.approx([ll for ll, _ in theirs], abs=1e-4)


def test_every_request_has_the_answer_of_lm_eval_in_order(any_lm: Any) -> None:
    theirs = answers(plain_model(any_lm, batch_size=3))
    assert len({round(ll, 3) for ll, _ in theirs}) == len(PAIRS)
    same(answers(harness_model(any_lm)), theirs)


def test_only_the_greedy_continuation_is_flagged(lm: Any) -> None:
    context = lm.tokenizer("is the river long ?")["input_ids"]
    greedy: list[int] = []
    for _ in range(3):
        with torch.no_grad():
            greedy.append(int(lm.model(torch.tensor([context + greedy])).logits[0, -1].argmax()))
    other = [*greedy[:2], (greedy[2] + 1) % 400]
    requests = [(("x", str(at)), context, ids) for at, ids in enumerate([greedy, other, greedy[:1]])]
    with hushed():
        ours = harness_model(lm)._loglikelihood_tokens(requests)
        same(ours, plain_model(lm)._loglikelihood_tokens(requests))
    assert [flag for _, flag in ours] == [True, False, True]


def test_rolling_windows_are_those_of_lm_eval(tiny_lm: Any) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    texts = [("is the river long ? answer : yes no " * 3,), ("der fluss",)]
    with hushed():
        theirs = plain_model(lm, batch_size=2).loglikelihood_rolling(asked(texts, "loglikelihood_rolling"))
        ours = harness_model(lm, batch_size=2).loglikelihood_rolling(asked(texts, "loglikelihood_rolling"))
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_a_long_context_is_cut_as_lm_eval_cuts_it(tiny_lm: Any) -> None:
    lm = tiny_lm(max_position_embeddings=16)
    pairs = [("is the river long ? " * 8 + "answer :", " yes"), ("answer :", " no")]
    ours = harness_model(lm)
    same(answers(ours, pairs), answers(plain_model(lm), pairs))
    assert list(ours.cut) == [pairs[0]]
    assert ours.cut[pairs[0]] == len(lm.tokenizer("".join(pairs[0]))["input_ids"]) - 17


def test_a_continuation_longer_than_the_positions_is_refused(tiny_lm: Any) -> None:
    with pytest.raises(BadInput, match=r"A continuation has \d+ tokens, tiny-llama reads 16; shorten it\."):
        answers(harness_model(tiny_lm(max_position_embeddings=16)), [("a", " is the river long ?" * 9)])


TORN = ("entail", "ment")  # the tokenizer writes "entail" with as many tokens as "entailment"


def test_a_token_over_the_joint_is_scored_where_lm_eval_stops_or_says_certain(lm: Any) -> None:
    with pytest.raises(AssertionError):
        answers(plain_model(lm), [TORN])
    certain, _ = answers(plain_model(lm), [TORN, (TORN[0], " yes")])  # shares a forward pass with one token
    assert certain == (0.0, True)
    ours = harness_model(lm)
    pairs = [TORN, (TORN[0], " yes"), *PAIRS[:2]]
    found = answers(ours, pairs)
    assert ours.torn == {TORN[0]}
    same(found[2:], answers(plain_model(lm), PAIRS[:2]))
    alone, whole = (lm.tokenizer(text)["input_ids"] for text in (TORN[0], "".join(TORN)))
    cut = next(at for at, (a, b) in enumerate(zip(alone, whole, strict=True)) if a != b)
    assert 0 < cut < len(alone)
    for pair, (ll, _) in zip(pairs[:2], found, strict=False):
        row = lm.tokenizer("".join(pair))["input_ids"]
        with torch.no_grad():
            logs = lm.model(torch.tensor([row])).logits[0].log_softmax(-1)
        assert ll == pytest.approx(sum(logs[at - 1, row[at]].item() for at in range(cut, len(row))), abs=1e-4)


def test_the_cache_of_lm_eval_misreads_what_is_split_elsewhere(lm: Any) -> None:
    ids = lm.tokenizer("is the river long ? answer :")["input_ids"]
    requests = [(("x", "0"), ids[:-3], ids[-3:]), (("x", "1"), ids[:-2], ids[-2:])]
    with hushed():
        ours = harness_model(lm)._loglikelihood_tokens(requests)
        same(ours, plain_model(lm, logits_cache=False)._loglikelihood_tokens(requests))
        (_, (misread, _)) = plain_model(lm)._loglikelihood_tokens(requests)
    assert abs(misread - ours[1][0]) > 0.1


def test_an_option_without_any_token_is_refused(lm: Any) -> None:
    with pytest.raises(BadInput, match="Option '' adds no token after 'the river'"):
        answers(harness_model(lm), [("the river", ""), ("the river", " yes")])


def test_known_answers_are_not_computed_again_and_new_ones_are_told(lm: Any) -> None:
    told: list[tuple[str, tuple[str, str], tuple[float, bool]]] = []
    model = harness_model(lm)
    model.cache_hook = type("Hook", (), {"add_partial": staticmethod(lambda *one: told.append(one))})()
    model.known = {pair: (-7.0, True) for pair in PAIRS[1:]}
    found = answers(model)
    assert found[1:] == [(-7.0, True)] * (len(PAIRS) - 1)
    assert told == [("loglikelihood", PAIRS[0], found[0])]


def test_a_padded_vocabulary_under_an_adapter_keeps_its_rows(tiny_lm: Any) -> None:
    base = tiny_lm(vocab_size=448)
    adapted = with_lora(base, ["q_proj"], 2, 4.0)
    before = answers(harness_model(base))
    same(answers(harness_model(adapted)), before)
    same(answers(plain_model(adapted)), before)
    assert adapted.model.get_input_embeddings().weight.shape[0] == 448


def test_the_tokenizer_is_left_alone(tiny_lm: Any) -> None:
    lm = tiny_lm()
    lm.tokenizer.pad_token = None
    plain_model(lm)
    harness_model(lm)
    assert lm.tokenizer.pad_token is None


def test_nothing_of_lm_eval_reaches_stdout_or_the_log(lm: Any, capsys: Any, caplog: Any) -> None:
    answers(harness_model(lm))
    answers(plain_model(lm))
    assert capsys.readouterr() == ("", "")
    assert caplog.records == []


def test_without_lm_eval_the_extra_is_named(lm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name == "lm_eval":
            raise ModuleNotFoundError("No module named 'lm_eval'", name="lm_eval")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingResource, match=r"pip install '.\[eval\]'"):
        plain_model(lm)
