"""Tokens for another language: new tokenizers cut as the old one does, grown ones keep what they had."""

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab.architectures import small_tokenizer
from interlingua.lab.corpus import train_tokenizer
from interlingua.lab.named import world
from interlingua.models.surgery.tokens import grown, pieces_of, pre_tokens, size_of, tokenizer_like

ENGLISH = ["the river is long and the road is long", "the old man sees the river"] * 4
GREEK = ["ο ποταμός είναι μακρύς", "ο δρόμος είναι μακρύς και ο ποταμός ωραίος", "μακρύς δρόμος"] * 4


def marked() -> PreTrainedTokenizerFast:
    """A tokenizer that marks words with ▁ and knows no Greek."""
    return train_tokenizer(ENGLISH, 180)


@pytest.mark.parametrize("kind", [marked, lambda: small_tokenizer(ENGLISH, 300)])
def test_a_new_tokenizer_is_of_the_same_kind(kind):
    old = kind()
    new = tokenizer_like(old, GREEK, 400)
    assert new.special_tokens_map == old.special_tokens_map
    assert new.decode(new(GREEK[1])["input_ids"], skip_special_tokens=True) == GREEK[1]
    assert pre_tokens(new, "ο δρόμος") == pre_tokens(old, "ο δρόμος")
    assert len(new(GREEK[1])["input_ids"]) < len(old(GREEK[1])["input_ids"])
    assert new.get_vocab() == tokenizer_like(old, GREEK, 400).get_vocab()


@pytest.mark.parametrize("kind", [marked, lambda: small_tokenizer(ENGLISH, 300)])
def test_a_grown_tokenizer_keeps_its_tokens_and_cuts_the_new_language_shorter(kind, tmp_path):
    old = kind()
    new = grown(old, GREEK, 80)
    numbers = old.get_vocab()
    assert {token: new.get_vocab()[token] for token in numbers} == numbers
    added = sorted(new.get_vocab()[token] for token in new.get_vocab().keys() - numbers.keys())
    assert added == list(range(size_of(old), size_of(old) + len(added)))
    assert 20 < len(added) <= 80
    assert new(ENGLISH)["input_ids"] == old(ENGLISH)["input_ids"]
    assert new.decode(new(GREEK[1])["input_ids"], skip_special_tokens=True) == GREEK[1]
    assert len(new(GREEK[1])["input_ids"]) < 0.6 * len(old(GREEK[1])["input_ids"])
    new.save_pretrained(tmp_path)
    again = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    assert again(GREEK)["input_ids"] == new(GREEK)["input_ids"]
    assert len(old) == size_of(old)


def test_unknown_characters_come_first_then_the_most_frequent_pairs():
    old = marked()
    assert old.unk_token_id in old("μα")["input_ids"]
    one = grown(old, ["μα μα μα μα μι"], 4)
    numbers = one.get_vocab()
    new = sorted(numbers.keys() - old.get_vocab().keys(), key=numbers.__getitem__)
    # Five μ, four α, one ι; then ▁μ (five times) and, for want of room, no more.
    assert new == ["μ", "α", "ι", "▁μ"]
    assert grown(old, ["μα μα μα μα μι"], 5).tokenize("μα μι") == ["▁μα", "▁μ", "ι"]
    assert grown(old, GREEK, 0).get_vocab() == old.get_vocab()


def test_growing_from_bytes_is_training_from_bytes():
    # A referee: what the tokenizers library learns at once, we learn by going on from its 256 bytes.
    lab = world("lab:tiny")
    lines = [text for lang in lab.languages[:2] for text in lab.text(lang, "dev")]
    ours, theirs = grown(small_tokenizer(lines, 259), lines, 80), small_tokenizer(lines, 339)
    assert size_of(ours) == size_of(theirs) == 339
    assert len(ours.get_vocab().keys() - theirs.get_vocab().keys()) <= 8  # pairs equally frequent
    counts = [sum(map(len, one(lines)["input_ids"])) for one in (ours, theirs)]
    assert counts[0] == pytest.approx(counts[1], rel=0.005)


def test_pieces_of_a_word_in_the_tokenizers_own_letters():
    old = marked()
    assert pieces_of(old, "▁the") == [old.get_vocab()["▁the"]]
    assert pieces_of(old, "▁μα") == []


def test_what_cannot_grow_is_refused():
    words = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"a": 0}, unk_token="a")))
    with pytest.raises(ModelError, match="no plain byte-pair encoding"):
        grown(words, ["a"], 3)
    with pytest.raises(BadInput, match="empty"):
        grown(marked(), [" "], 3)
    with pytest.raises(BadInput, match="cannot grow by -1"):
        grown(marked(), GREEK, -1)
    with pytest.raises(BadInput, match="empty"):
        tokenizer_like(marked(), [], 300)
    with pytest.raises(ModelError, match="fast kind"):
        tokenizer_like(object(), GREEK, 300)
