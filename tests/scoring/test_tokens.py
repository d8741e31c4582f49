"""Where the prompt ends and the option begins."""

from collections.abc import Callable, Iterable

import pytest
from tokenizers import Tokenizer, pre_tokenizers, processors, trainers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.lm import LM
from interlingua.scoring import tokens
from interlingua.scoring.tokens import behind, cut_left, encode, join


def text(lm: LM, ids: list[int]) -> str:
    return str(lm.tokenizer.decode(ids, skip_special_tokens=True))


@pytest.mark.parametrize("context", ["answer :", "answer : ", "答案 ：", "答案：", "คำตอบ : ", "คำตอบ", ""])
@pytest.mark.parametrize("options", [(" yes", " no"), ("正面", "负面"), ("ใช่", "ไม่ใช่"), ("да",)])
def test_joined_ids_are_the_tokenizers_own(lm: LM, context: str, options: tuple[str, ...]) -> None:
    joint = join(lm, [context], [options])[0]
    for option, ids in zip(options, joint.options, strict=True):
        assert ids
        assert joint.context + ids == lm.tokenizer(context + option)["input_ids"]
    assert joint.context + joint.back == lm.tokenizer(context)["input_ids"]


def test_a_token_across_the_joint_belongs_to_the_options(lm: LM) -> None:
    joint = join(lm, ["answer : "], [("yes", "no")])[0]
    assert text(lm, joint.context) == "answer :"
    assert text(lm, joint.back) == " "
    assert text(lm, joint.options[0]) == " yes"


def test_one_split_for_all_options_when_only_one_merges(lm: LM) -> None:
    joint = join(lm, ["answer : "], [("yes", "?")])[0]  # " yes" and " ?" merge
    apart = join(lm, ["answer : "], [("yes", " yes")])[0]  # "  yes" leaves the space alone
    assert text(lm, joint.context) == text(lm, apart.context) == "answer :"
    assert text(lm, apart.options[1]) == "  yes"


def test_an_empty_context_without_start_token_gets_one(tiny_lm: Callable[..., LM]) -> None:
    lm = tiny_lm(bos=False)
    joint = join(lm, [""], [("yes", "no")])[0]
    assert joint.context == [lm.tokenizer.bos_token_id]
    assert text(lm, joint.options[0]) == "yes"
    assert encode(lm, ["", "yes"])[0] == [lm.tokenizer.bos_token_id]


def test_the_end_token_a_tokenizer_adds_is_left_out(lm: LM) -> None:
    backend: Tokenizer = lm.tokenizer.backend_tokenizer
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    assert encode(lm, ["yes", "no yes"])[0][-1] != lm.tokenizer.eos_token_id
    assert 2 not in join(lm, ["answer :"], [(" yes",)])[0].options[0]


def test_an_option_that_adds_nothing_is_refused(lm: LM) -> None:
    with pytest.raises(BadInput, match="adds no token"):
        join(lm, ["answer :"], [(" yes", "")])


def byte_level(bos: bool) -> Tokenizer:
    return small_tokenizer(LINES, 320, bos=bos).backend_tokenizer


def marked(scheme: str) -> Tokenizer:
    """In the SentencePiece manner: a mark for every space, and one before the text or not."""
    backend = Tokenizer(BPE(unk_token="<unk>", byte_fallback=True))
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=scheme != "never")
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=special, show_progress=False)
    backend.train_from_iterator(LINES, trainer)
    return backend


LINES = [
    "Premise: a man plays the guitar.\nHypothesis: a man makes music.\nAnswer: entailment",
    "Premisse: ein Mann spielt Gitarre.\nHypothese: ein Mann schläft.\nAntwort: Widerspruch",
    "前提：一个男人在弹吉他。\n假设：一个男人在演奏音乐。\n答案：蕴含 矛盾",
    "เรื่อง: ผู้ชายเล่นกีตาร์\nสมมติฐาน: ผู้ชายนอนหลับ\nคำตอบ: เป็นกลาง",
] * 3
TOKENIZERS = {
    "bytes": lambda: byte_level(True),
    "bytes without start": lambda: byte_level(False),
    "mark first": lambda: marked("first"),
    "mark always": lambda: marked("always"),
    "no words at all": lambda: marked("never"),
}
OPTIONS = [
    (" entailment", " neutral"),
    ("矛盾", "蕴含"),
    ("เป็นกลาง",),
    (" Widerspruch", "s", "\n", "  x", ""),
]


@pytest.mark.parametrize("kind", TOKENIZERS)
def test_options_behind_long_prompts_have_the_ids_of_the_whole_text(lm: LM, kind: str) -> None:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=TOKENIZERS[kind](), bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
    other = LM(lm.model, tokenizer, kind)
    contexts = [
        text[:end] + tail
        for text in ("\n\n".join(LINES), *LINES[:4], "short", "")
        for end in (len(text), len(text) * 2 // 3, 40)
        for tail in ("", " ", '\nAnswer: "', "\n")
    ]
    options = [OPTIONS[place % 4] for place in range(len(contexts))]
    alone = encode(other, contexts)
    rows = behind(other, contexts, alone, options)
    for context, group, found in zip(contexts, options, rows, strict=True):
        assert found == encode(other, [context + option for option in group])


def test_prompts_are_tokenized_once(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    context = "\n".join(LINES) + "\nIs it so that the river is long? answer :"
    seen = []
    monkeypatch.setattr(tokens, "encode", lambda lm, texts: seen.extend(texts) or encode(lm, texts))
    joined = join(lm, [context.replace("river", f"river {n}") for n in range(40)], [(" yes", " no")] * 40)
    assert len(joined) == 40
    assert len(seen) == 40 + 2 * 8  # and eight of them in full, to be sure


def test_a_tokenizer_that_looks_further_is_asked_for_the_whole_text(
    lm: LM, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the last words look the same with and without the rest, and yet are not."""
    contexts = ["a first line of no interest\n" * 3 + f"is the river {n} long ? answer :" for n in range(9)]
    options = [(" yes", " no")] * 9
    plain = tokens._plain

    def strange(lm: LM, texts: Iterable[str]) -> list[list[int]]:
        texts = list(texts)
        return [
            ids + [7] * text.endswith((" yes", " no"))
            for text, ids in zip(texts, plain(lm, texts), strict=True)
        ]

    monkeypatch.setattr(tokens, "_plain", strange)
    rows = behind(lm, contexts, encode(lm, contexts), options)
    assert rows == [encode(lm, [context + option for option in options[0]]) for context in contexts]


def test_cut_left_keeps_the_end_and_the_start_token(lm: LM) -> None:
    assert cut_left(lm, [1, 5, 6, 7, 8], 3) == [1, 7, 8]
    assert cut_left(lm, [4, 5, 6, 7, 8], 3) == [6, 7, 8]
    assert cut_left(lm, [1, 5, 6], 3) == cut_left(lm, [1, 5, 6], None) == [1, 5, 6]
    assert cut_left(lm, [1, 5, 6], 1) == [6]
