"""Rows for new tokens: each way of mixing old rows, worked by hand on words of a few letters."""

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput
from interlingua.models.surgery.rows import (
    aligned_rows,
    copied_rows,
    demand_overlap,
    helper_rows,
    mean_rows,
    merged_rows,
    similar_rows,
)
from interlingua.models.surgery.tokens import size_of
from interlingua.models.surgery.vocabulary import known


def bpe(letters: str, *merges: str) -> PreTrainedTokenizerFast:
    """Byte-pair encoding of these letters and merges (`left right`), words marked with ▁."""
    tokens = ["<unk>", "</s>", *letters, *("".join(merge.split()) for merge in merges)]
    model = BPE({t: n for n, t in enumerate(tokens)}, [tuple(m.split()) for m in merges], unk_token="<unk>")
    backend = Tokenizer(model)
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    backend.decoder = decoders.Metaspace(prepend_scheme="always")
    return PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>", eos_token="</s>")


OLD = bpe("▁abcd", "▁ a", "▁a b")
NEW = bpe("▁abcdμ", "▁ a", "▁a b", "c d", "▁ab cd", "μ μ", "▁ μμ")


def named(weights, token, old=OLD, new=NEW):
    """The weights of one token by the names of old ones."""
    names = {number: name for name, number in old.get_vocab().items()}
    row = weights.toarray()[new.get_vocab()[token]]
    return {names[column]: pytest.approx(row[column]) for column in np.flatnonzero(row)}


def test_shared_tokens_are_copied():
    weights = copied_rows(OLD, NEW)
    assert weights.shape == (size_of(NEW), size_of(OLD))
    assert named(weights, "▁ab") == {"▁ab": 1.0}
    assert named(weights, "</s>") == {"</s>": 1.0}
    assert known(weights).sum() == size_of(OLD)


def test_mean_is_over_the_old_pieces():
    assert OLD.tokenize("abcd") == ["▁ab", "c", "d"]
    weights = mean_rows(OLD, NEW)
    assert named(weights, "▁abcd") == {"▁ab": 1 / 3, "c": 1 / 3, "d": 1 / 3}
    assert named(weights, "</s>") == {}


def test_merged_is_half_and_half_all_the_way_down():
    weights = merged_rows(OLD, NEW)
    assert named(weights, "cd") == {"c": 0.5, "d": 0.5}
    assert named(weights, "▁abcd") == {"▁ab": 0.5, "c": 0.25, "d": 0.25}
    assert named(weights, "▁ab") == {"▁ab": 1.0}


def test_letters_that_nobody_knew_stay_unknown():
    for weights in (mean_rows(OLD, NEW), merged_rows(OLD, NEW), aligned_rows(OLD, NEW, ["μμ aμ"])):
        for token in ("μ", "μμ", "▁μμ"):
            assert named(weights, token) == {}


def test_aligned_is_what_stands_in_the_same_place_and_frequent_company_weighs_more():
    old, new = bpe("▁abc", "b c", "a bc"), bpe("▁abc", "a b", "b b", "c a")
    # The old tokens that overlap with each ab: in abc it is abc, in aba it is a and b.
    assert [old.tokenize(word) for word in ("abc", "aba")] == [["▁", "abc"], ["▁", "a", "b", "a"]]
    assert [new.tokenize(word) for word in ("abc", "aba")] == [["▁", "ab", "c"], ["▁", "ab", "a"]]
    weights = aligned_rows(old, new, ["c abc abc ca", "c abc aba aba"])
    # Three times abc, twice half a and half b; ca once, from c and a; bb never.
    assert named(weights, "ab", old, new) == {"abc": 3 / 5, "a": 1 / 5, "b": 1 / 5}
    assert named(weights, "ca", old, new) == {"c": 0.5, "a": 0.5}
    assert named(weights, "bb", old, new) == {}
    assert named(weights, "a", old, new) == {}  # a token of both


def test_similar_tokens_are_those_of_like_company():
    # μ stands where a stands, between p and q; b stands elsewhere.
    old, new = (bpe(f"▁abpqrs{more}", *(f"▁ {x}" for x in f"abpqrs{more}")) for more in ("", "μ"))
    lines = [f"p {'a' if n % 2 else 'μ'} q" for n in range(60)] + ["r b s"] * 60
    weights = similar_rows(old, new, lines, width=6)
    row = named(weights, "▁μ", old, new)
    assert sum(value.expected for value in row.values()) == pytest.approx(1)
    assert row["▁a"].expected > 0.5
    assert "▁b" not in row
    assert named(weights, "μ", old, new) == {}  # never alone in the text
    with pytest.raises(BadInput, match="share no token that the texts hold"):
        similar_rows(old, new, ["μ μ μ"])


def test_a_helpers_cosines_by_hand():
    old, new = bpe("ab"), bpe("abμ")
    helper = np.zeros((size_of(new), 2))
    helper[2:5] = (2.0, 0.0), (0.0, 1.0), (3.0, 4.0)  # a, b, μ: cosines 0.6 and 0.8
    assert named(helper_rows(old, new, helper), "μ", old, new) == {"a": 0.6 / 1.4, "b": 0.8 / 1.4}
    helper[3] = (0.0, -0.5)  # cosines 0.6 and -0.8: their sum is -0.2
    assert named(helper_rows(old, new, helper), "μ", old, new) == {"a": -3.0, "b": 4.0}
    assert named(helper_rows(old, new, helper, clip=True), "μ", old, new) == {"a": 1.0}
    with pytest.raises(BadInput, match="helper has 2 rows"):
        helper_rows(old, new, helper[:2])


def test_special_tokens_alone_are_no_overlap():
    demand_overlap(OLD, NEW)
    greek = bpe("μυ")
    assert greek.get_vocab().keys() & OLD.get_vocab().keys() == {"<unk>", "</s>"}
    with pytest.raises(BadInput, match="share no token"):
        helper_rows(OLD, greek, np.ones((4, 2)))
