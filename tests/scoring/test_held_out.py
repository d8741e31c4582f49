"""Held-out text: bits per byte by hand, and none where tokens are unknown."""

import math

import pytest

from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.lab.corpus import train_tokenizer
from interlingua.scoring.held_out import bits_per_byte, held_out
from interlingua.scoring.text_cost import text_nats

TEXTS = ["the river is long", "the old man sees the river"]


def test_numbers_by_hand():
    lm = tiny_model("llama", small_tokenizer(TEXTS * 4, 300))
    found = held_out(lm, TEXTS)
    counts = [len(ids) for ids in lm.tokenizer(TEXTS, add_special_tokens=False)["input_ids"]]
    assert found["tokens_per_word"] == sum(counts) / 10
    assert found["unknown"] == 0
    assert found["bits_per_byte"] == pytest.approx(text_nats(lm, TEXTS).sum() / math.log(2) / 43)


def test_unknown_tokens_leave_no_bits_per_byte():
    lm = tiny_model("llama", train_tokenizer(TEXTS * 4, 150))
    assert "bits_per_byte" in held_out(lm, TEXTS)
    told = held_out(lm, ["река длинная"])
    assert told["unknown"] > 0.5
    assert "bits_per_byte" not in told
    assert bits_per_byte(lm, ["река длинная"]) is None
    assert bits_per_byte(lm, TEXTS) == held_out(lm, TEXTS)["bits_per_byte"]


def test_words_without_spaces_are_not_counted():
    lm = tiny_model("llama", small_tokenizer(TEXTS, 300))
    assert "tokens_per_word" not in held_out(lm, ["แม่น้ำยาว", "แม่น้ำ"])


def test_what_is_longer_than_the_model_reads_counts_for_nothing():
    lm = tiny_model("llama", small_tokenizer(TEXTS * 4, 300), max_position_embeddings=32)
    assert held_out(lm, [*TEXTS, "the river " * 50])["bits_per_byte"] == pytest.approx(
        held_out(lm, TEXTS)["bits_per_byte"]
    )
    assert "bits_per_byte" not in held_out(lm, ["the river " * 50])
