"""Batches: where labels start, what is cut, and that a batch depends on examples, seed and index alone."""

import logging
from collections import Counter
from itertools import chain

import pytest
import torch
from tokenizers import Tokenizer, processors
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches


def only_row(lm, example, **more):
    """Tokens and labels of a single example as text."""
    batch = sft_batches(lm, [example], 1, 1, 0, **more)[0]
    ids, labels = batch["input_ids"][0], batch["labels"][0]
    words = lm.tokenizer.convert_ids_to_tokens(ids.tolist())
    learned = [word for word, label in zip(words, labels.tolist(), strict=True) if label != -100]
    return words, learned


def letters(post: bool = False) -> LM:
    """Byte pairs over letters with one merge, `b` + `c`, so that a token can span prompt and target."""
    vocab = {"a": 0, "b": 1, "c": 2, "bc": 3, "<s>": 4, "</s>": 5}
    backend = Tokenizer(BPE(vocab, [("b", "c")]))
    if post:
        backend.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 4), ("</s>", 5)]
        )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", eos_token="</s>")

    class Config:
        def get_text_config(self):
            return self

    model = torch.nn.Linear(1, 1)
    model.config = Config()
    return LM(model, tokenizer, "letters")


def test_labels_are_the_target_and_the_end(lm):
    assert only_row(lm, Example("a0 a1 ", "b0 b1")) == (
        ["a0", "a1", "b0", "b1", "</s>"],
        ["b0", "b1", "</s>"],
    )
    assert only_row(lm, Example("a0 a1 ", "b0"), end="none") == (["a0", "a1", "b0"], ["b0"])


def test_a_token_that_spans_the_joint_is_learned():
    assert only_row(letters(), Example("ab", "ca"), end="none") == (["a", "bc", "a"], ["bc", "a"])


def test_an_end_token_that_the_tokenizer_adds_is_not_doubled():
    words, learned = only_row(letters(post=True), Example("a", "b"))
    assert (words, learned) == (["<s>", "a", "b", "</s>"], ["b", "</s>"])
    assert only_row(letters(post=True), Example("a", "b"), end="none")[0] == ["<s>", "a", "b"]


def test_without_a_prompt_the_first_token_is_context():
    assert only_row(letters(), Example("", "aa"), end="none") == (["a", "a"], ["a"])
    assert only_row(letters(post=True), Example("", "aa"), end="none") == (["<s>", "a", "a"], ["a", "a"])


def test_padding_is_on_the_right_and_never_learned(lm):
    rows = [Example("a0 ", "b0"), Example("a0 a1 a2 ", "b0 b1")]
    batch = sft_batches(lm, rows, 2, 1, 0)[0]
    short = int(batch["attention_mask"].sum(1).argmin())
    assert batch["input_ids"][short].tolist() == [4, 12, 2, 0, 0, 0]
    assert batch["labels"][short].tolist() == [-100, 12, 2, -100, -100, -100]
    assert batch["attention_mask"][short].tolist() == [1, 1, 1, 0, 0, 0]


def test_long_rows_lose_the_left_of_their_prompt_and_are_counted(lm, caplog):
    rows = [Example("a0 a1 a2 a3 ", "b0 b1", lang="tha_Thai"), Example("a0 ", "b0", lang="eng_Latn")]
    with caplog.at_level(logging.WARNING):
        batches = sft_batches(lm, rows, 2, 1, 0, max_tokens=5)
    assert batches.cut == Counter({"tha_Thai": 1})
    assert caplog.messages == ["1 of 2 examples were cut at 5 tokens (tha_Thai: 1)."]
    assert only_row(lm, rows[0], max_tokens=5) == (["a2", "a3", "b0", "b1", "</s>"], ["b0", "b1", "</s>"])


def test_a_target_too_long_for_any_prompt_loses_its_end(lm):
    words, learned = only_row(lm, Example("a0 a1 ", "b0 b1 b2 b3"), max_tokens=3)
    assert (words, learned) == (["a1", "b0", "b1"], ["b0", "b1"])


def test_the_opening_token_survives_the_cut():
    words, learned = only_row(letters(post=True), Example("aaaa", "b"), max_tokens=4)
    assert (words, learned) == (["<s>", "a", "b", "</s>"], ["b", "</s>"])
    assert only_row(letters(post=True), Example("aaaa", "bbbb"), max_tokens=3)[0] == ["<s>", "b", "b"]


def test_the_model_s_context_is_a_limit_too(lm):
    words, _ = only_row(lm, Example("a0 " * 100, "b0"))
    assert len(words) == 64


@pytest.mark.parametrize("window", [1, 3])
def test_every_epoch_holds_every_example_once_in_a_new_order(lm, examples, window):
    batches = sft_batches(lm, examples, 8, 6, 0, window=window)
    drawn = [batches.indices(index).tolist() for index in range(6)]
    first, second = list(chain(*drawn[:3])), list(chain(*drawn[3:]))
    assert sorted(first) == sorted(second) == list(range(24))
    assert first != second


@pytest.mark.parametrize("size", [1, 2.5, 5, 7, 24, 30])
@pytest.mark.parametrize("window", [1, 4])
def test_epochs_stay_whole_where_batches_cross_them(lm, examples, size, window):
    batches = sft_batches(lm, examples, size, int(48 / size) + 2, 0, window=window)
    stream = list(chain(*(batches.indices(index).tolist() for index in range(len(batches)))))
    assert sorted(stream[:24]) == sorted(stream[24:48]) == list(range(24))


def test_a_batch_depends_on_examples_seed_and_index_alone(lm, examples):
    def ids(batches, order):
        return {index: batches[index]["input_ids"].tolist() for index in order}

    forward = ids(sft_batches(lm, examples, 5, 20, 0), range(20))
    assert ids(sft_batches(lm, examples, 5, 20, 0), reversed(range(20))) == forward
    assert ids(sft_batches(lm, examples, 5, 30, 0), range(20)) == forward
    assert ids(sft_batches(lm, examples, 5, 20, 1), range(20)) != forward


def test_a_fractional_size_is_met_on_average(lm, examples):
    batches = sft_batches(lm, examples, 2.5, 8, 0)
    assert [len(batches[index]["input_ids"]) for index in range(8)] == [2, 3] * 4


def test_a_wider_window_pads_less(lm, examples):
    shares = [sft_batches(lm, examples, 4, 60, 0, window=window).padding for window in (1, 4)]
    assert shares[1] < shares[0] / 2


def test_the_counts_are_those_of_the_batches(lm, examples):
    batches = sft_batches(lm, examples, 5, 7, 0)
    assert batches.tokens == sum(int(batches[i]["attention_mask"].sum()) for i in range(7))
    assert batches.label_tokens == sum(int((batches[i]["labels"] != -100).sum()) for i in range(7))
    cells = sum(batches[i]["input_ids"].numel() for i in range(7))
    assert batches.padding == pytest.approx(1 - batches.tokens / cells)


def test_more_rows_than_examples_repeat_them(lm):
    assert sft_batches(lm, [Example("a0 ", "b0")], 3, 2, 0)[1]["input_ids"].tolist() == [[4, 12, 2]] * 3


def test_the_fingerprint_names_rows_order_and_shape(lm, examples):
    prints = [
        sft_batches(lm, rows, size, 9, seed).fingerprint()
        for rows, size, seed in [(examples, 4, 0), (examples[1:], 4, 0), (examples, 5, 0), (examples, 4, 1)]
    ]
    assert len(set(prints)) == 4
    assert sft_batches(lm, examples, 4, 9, 0).fingerprint() == prints[0]


def test_a_description_names_examples_and_their_opening_words(lm):
    rows = [Example("a0 a1\na2 ", "b0")] * 4
    told = sft_batches(lm, rows, 4, 1, 0).describe(0)
    assert told.startswith("4 examples: #")
    assert told.endswith("'a0 a1 a2', ...")


def test_unusable_rows_are_refused(lm, examples):
    with pytest.raises(BadInput, match="No examples"):
        sft_batches(lm, [], 4, 2, 0)
    with pytest.raises(BadInput, match=r"Example #1 \('a0 '\) has no token to learn"):
        sft_batches(lm, [Example("a0 ", "b0"), Example("a0 ", "")], 2, 1, 0, end="none")
    with pytest.raises(BadInput, match="at least 1, not 0, 2, 4"):
        sft_batches(lm, examples, 0, 2, 0)
    with pytest.raises(BadInput, match="max_tokens must be at least 2"):
        sft_batches(lm, examples, 2, 2, 0, max_tokens=1)
    with pytest.raises(IndexError):
        sft_batches(lm, examples, 2, 2, 0)[2]
