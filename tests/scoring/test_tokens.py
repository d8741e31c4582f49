"""Where the prompt ends and the option begins."""

from collections.abc import Callable

import pytest
from tokenizers import Tokenizer, processors

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.scoring.tokens import cut_left, encode, join


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


def test_cut_left_keeps_the_end_and_the_start_token(lm: LM) -> None:
    assert cut_left(lm, [1, 5, 6, 7, 8], 3) == [1, 7, 8]
    assert cut_left(lm, [4, 5, 6, 7, 8], 3) == [6, 7, 8]
    assert cut_left(lm, [1, 5, 6], 3) == cut_left(lm, [1, 5, 6], None) == [1, 5, 6]
    assert cut_left(lm, [1, 5, 6], 1) == [6]
