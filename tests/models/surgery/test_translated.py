"""Translated rows: counts of aligned words shared among their tokens, worked by hand."""

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput
from interlingua.models.surgery.translated import (
    _shares,
    linked_words,
    special_rows,
    translated_rows,
    word_rows,
)
from interlingua.models.surgery.words import Word


def tokens(*names: str, **roles: str) -> PreTrainedTokenizerFast:
    """A tokenizer with these tokens in this order; single letters are all that it can cut text into."""
    special = list(roles.values())
    numbers = {name: number for number, name in enumerate([*special, *names])}
    backend = Tokenizer(BPE(numbers, []))
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    backend.decoder = decoders.Metaspace(prepend_scheme="never")
    return PreTrainedTokenizerFast(tokenizer_object=backend, **{f"{k}_token": v for k, v in roles.items()})


OLD = tokens("a", "b", "c", "7", "x", eos="<end>", unk="<?>")
NEW = tokens("α", "β", "γ", "αβγ", "δ", "x", "7", "77", "αδ", eos="</s>", pad="<pad>")


def ids(tokenizer, *names):
    """Numbers of tokens."""
    return tuple(tokenizer.get_vocab()[name] for name in names)


def row(weights, name):
    """The weights of one new token by the names of old ones."""
    names = {number: token for token, number in OLD.get_vocab().items()}
    own = weights.toarray()[NEW.get_vocab()[name]]
    return {names[column]: pytest.approx(own[column]) for column in np.flatnonzero(own)}


def shares(left, right):
    """All shares of a word pair, added up by pair of tokens."""
    found = {}
    for one, other, share in _shares(left, right):
        found[one, other] = found.get((one, other), 0) + share
    return found


def test_half_is_spread_evenly_and_half_goes_in_order():
    assert shares((1,), (2,)) == {(1, 2): 1.0}
    # 1 1 2 2 beside 5 6 5 6 for the first half; 1 with 5, 2 with 6 for the second.
    assert shares((1, 2), (5, 6)) == {(1, 5): 0.75, (1, 6): 0.25, (2, 5): 0.25, (2, 6): 0.75}
    # Two tokens stretched over three: 1 1 1 2 2 2 beside 5 5 6 6 7 7.
    third = 0.5 / 3
    assert shares((1, 2), (5, 6, 7)) == pytest.approx(
        {
            (1, 5): third + 1 / 3, (1, 6): third + 1 / 6, (1, 7): third,
            (2, 5): third, (2, 6): third + 1 / 6, (2, 7): third + 1 / 3,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("left", "right"), [((1,), (5, 6, 7)), ((1, 2, 3), (5,)), ((1, 2, 3), (5, 6))])
def test_every_new_token_gets_the_whole_count(left, right):
    found = shares(left, right)
    for token in left:
        assert sum(share for (one, _), share in found.items() if one == token) == pytest.approx(1)


def test_weights_are_counts_divided_by_their_sum():
    counts = {
        (ids(NEW, "α"), ids(OLD, "a")): 30,
        (ids(NEW, "α"), ids(OLD, "b")): 10,
        (ids(NEW, "β", "γ"), ids(OLD, "b", "c")): 20,
    }
    weights = translated_rows(OLD, NEW, counts, fill=False)
    assert row(weights, "α") == {"a": 0.75, "b": 0.25}
    assert row(weights, "β") == {"b": 0.75, "c": 0.25}
    assert row(weights, "δ") == {}


def test_identical_tokens_and_numbers_count_one_more():
    weights = translated_rows(OLD, NEW, {(ids(NEW, "x"), ids(OLD, "c")): 3}, fill=False)
    assert row(weights, "x") == {"x": 0.25, "c": 0.75}
    assert row(weights, "7") == {"7": 1.0}
    assert row(weights, "77") == {"7": 1.0}  # old: two tokens, the first of them


def test_special_tokens_go_with_their_role():
    for weights in (special_rows(OLD, NEW), translated_rows(OLD, NEW, {}, fill=False)):
        assert row(weights, "</s>") == {"<end>": 1.0}
        assert row(weights, "<pad>") == {"<?>": 1.0}
    assert row(special_rows(OLD, NEW), "x") == {}


def test_tokens_left_over_are_filled_from_those_around_and_in_them():
    # αβγ is mapped to a. α is where it begins; αδ holds α alone of mapped tokens, δ none.
    counts = {(ids(NEW, "αβγ"), ids(OLD, "a")): 12, (ids(NEW, "β"), ids(OLD, "c", "b")): 12}
    weights = translated_rows(OLD, NEW, counts)
    assert row(weights, "α") == {"a": 1.0}
    assert row(weights, "δ") == {}
    # αβγ and β in one: longer tokens hide the shorter ones in them.
    more = {(ids(NEW, "α"), ids(OLD, "a", "b")): 4, (ids(NEW, "δ"), ids(OLD, "c")): 4}
    filled = translated_rows(OLD, NEW, more)
    # αδ holds α (half a, half b each way: 0.5 and 0.5) and δ (c); a and c begin words and count twice.
    assert row(filled, "αδ") == {"a": 1 / 3.5, "b": 0.5 / 3.5, "c": 2 / 3.5}
    assert row(filled, "αβγ") == {"a": 2 / 3, "b": 1 / 3}


def test_words_linked_too_rarely_are_dropped():
    new = [[Word("να", (1, 2)), Word("μα", (3,))], [Word("να", (1, 2))], [Word("να", (4,))]]
    old = [[Word("to", (5,)), Word("but", (6,))], [Word("to", (5,))], [Word("to", (7,))]]
    links = [[(0, 0), (1, 1)], [(0, 0)], [(0, 0)]]
    assert linked_words(new, old, links, 2) == {((1, 2), (5,)): 2, ((4,), (7,)): 1}
    assert linked_words(new, old, links, 1)[(3,), (6,)] == 1


def test_tokens_of_another_tokenizer_are_refused():
    with pytest.raises(BadInput, match="not of tokenizers"):
        translated_rows(OLD, NEW, {((99,), (1,)): 3})


def test_rows_come_from_words_that_are_linked_often_enough():
    texts = [("α", "a"), ("α", "a"), ("β", "c"), ("x", "b")]
    links = [[(0, 0)], [(0, 0)], [(0, 0)], []]
    asked = []

    def align(said):
        asked.extend(said)
        return links

    found = word_rows(OLD, NEW, texts, align, 2)
    assert found.texts == asked == [([new], [old]) for new, old in texts]
    assert found.links == links
    counts = {(ids(NEW, "α"), ids(OLD, "a")): 2}  # β and c met once
    assert (found.weights != translated_rows(OLD, NEW, counts)).nnz == 0
    assert row(found.weights, "α") == {"a": 1.0}
    assert row(word_rows(OLD, NEW, texts, align, 1).weights, "β") == {"c": 1.0}
    assert row(found.weights, "αβγ") == {"a": 1.0}  # from the α in it
    assert row(word_rows(OLD, NEW, texts, align, 2, fill=False).weights, "αβγ") == {}
