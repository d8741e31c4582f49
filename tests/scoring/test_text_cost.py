"""Counts of tokens by hand, with byte-level BPE and byte fallback; bits against plain transformers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE, WordLevel
from transformers import PreTrainedTokenizerFast
from transformers.models.byt5.tokenization_byt5 import ByT5Tokenizer

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM
from interlingua.scoring.text_cost import text_nats, token_counts


def counts(lm: LM, texts: list[str]) -> dict[str, list[int]]:
    """The counts by name."""
    return {name: row.tolist() for name, row in zip(COUNTS, token_counts(lm, texts), strict=True)}


def with_tokenizer(lm: LM, backend: Tokenizer) -> LM:
    """The model with another tokenizer."""
    return LM(lm.model, PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>"), lm.name)


def test_byte_level_pieces(lm: LM) -> None:
    """Of 'ж' and '龙', which the tokenizer never saw, there are 2 and 3 bytes, all of them pieces."""
    found = counts(lm, [" yes no", "ж", "龙", ""])
    assert found["tokens"] == [2, 2, 3, 0]  # no start token
    assert found["pieces"] == [0, 2, 3, 0]
    assert found["characters"] == [7, 1, 1, 0]
    assert found["bytes"] == [7, 2, 3, 0]
    assert found["words"] == [2, 1, 0, 0]  # Chinese has no spaces
    assert found["unknown"] == [0, 0, 0, 0]


def test_byte_fallback(lm: LM) -> None:
    """Letters are known, 'é' falls back to two bytes and the line end to one."""
    tokens = ["<unk>", *"▁abc", *(f"<0x{byte:02X}>" for byte in range(256))]
    backend = Tokenizer(
        BPE(
            vocab={token: at for at, token in enumerate(tokens)},
            merges=[],
            unk_token="<unk>",
            byte_fallback=True,
        )
    )
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    found = counts(with_tokenizer(lm, backend), ["ab é", "a\nb"])
    assert found["tokens"] == [1 + 2 + 1 + 2, 1 + 1 + 1 + 1]
    assert found["pieces"] == [2, 1]
    assert found["unknown"] == [0, 0]
    assert found["graphemes"] == [3, 2]
    assert found["split"] == [1, 0]
    assert found["changed"] == [0, 0]


def test_unknown_tokens(lm: LM) -> None:
    backend = Tokenizer(WordLevel({"<unk>": 0, "ndiyo": 1, "na": 2}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    found = counts(with_tokenizer(lm, backend), ["ndiyo na hapana", "ใช่"])
    assert found["unknown"] == [1, 1]
    assert found["pieces"] == [0, 0]
    assert found["words"] == [3, 0]


def test_one_array_of_whole_numbers(tiny_lm: Callable[..., LM]) -> None:
    array = token_counts(tiny_lm(bos=False), ["yes", "no no"])
    assert array.shape == (len(COUNTS), 2)
    assert array.dtype == np.int64
    with pytest.raises(BadInput, match="no texts to count"):
        token_counts(tiny_lm(), [])


def test_graphemes_are_what_readers_take_for_a_character(lm: LM) -> None:
    """Two flags, a family, an accent of its own, a syllable of four code points; spaces are none of them."""
    texts = ["🇸🇪🇳🇴", "👨‍👩‍👧", "e\u0301 e", "क्षि", "ที่ ", "각"]
    found = counts(lm, texts)
    assert found["graphemes"] == [2, 1, 2, 1, 1, 1]
    assert found["split"] == [2, 1, 1, 1, 1, 1]


def test_a_grapheme_is_split_where_tokens_meet_inside_it(lm: LM) -> None:
    """'e' and its accent are two tokens in the first word, one in the second."""
    backend = Tokenizer(BPE(vocab={"e": 0, "\u0301": 1, "a": 2, "a\u0301": 3}, merges=[("a", "\u0301")]))
    found = counts(
        LM(lm.model, PreTrainedTokenizerFast(tokenizer_object=backend), ""), ["e\u0301ee", "a\u0301e"]
    )
    assert found["tokens"] == [4, 2]
    assert found["graphemes"] == [3, 2]
    assert found["split"] == [1, 0]


def test_a_mark_of_a_words_start_splits_nothing(lm: LM) -> None:
    """The mark before '龙' claims the same place as the character; only the mark and the whole are there."""
    backend = Tokenizer(BPE(vocab={"<unk>": 0, "▁": 1, "龙": 2}, merges=[], unk_token="<unk>"))
    backend.normalizer, backend.decoder = normalizers.Prepend("▁"), decoders.Metaspace()
    found = counts(with_tokenizer(lm, backend), ["龙龙", "x"])
    assert found["tokens"] == [3, 2]
    assert found["graphemes"] == [2, 1]
    assert found["split"] == [0, 0]
    assert found["unknown"] == [0, 1]


def test_what_does_not_come_back(lm: LM) -> None:
    """A tokenizer of compatibility forms in small letters: spacing and forms are changed, capitals lost."""
    backend = Tokenizer(BPE(vocab={token: at for at, token in enumerate(" abcfi")}, merges=[]))
    backend.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    backend.decoder = decoders.Fuse()
    plain = LM(lm.model, PreTrainedTokenizerFast(tokenizer_object=backend), "")
    found = counts(plain, ["abc", "ﬁ", "a\u00a0b", "Abc", "abz"])
    assert found["changed"] == [0, 1, 1, 1, 1]
    assert found["lost"] == [0, 0, 0, 1, 1]
    assert found["split"] == [0, 1, 0, 0, 0]  # the ligature is one character and two tokens


def test_a_tokenizer_that_does_not_say_where_its_tokens_lie(lm: LM) -> None:
    found = counts(LM(lm.model, ByT5Tokenizer(), "bytes"), ["ab é"])
    assert (found["tokens"], found["bytes"], found["changed"]) == ([5], [5], [0])
    assert (found["graphemes"], found["split"]) == ([0], [0])


@pytest.mark.parametrize("bos", [True, False])
def test_bits_are_those_of_plain_transformers(bos: bool, tiny_lm, log_probabilities) -> None:
    """The first token is read after the start token, whether or not the tokenizer puts it there."""
    lm = tiny_lm(bos=bos)
    texts = ["is the river long", "ja", "龙 แม่น้ำ"]
    for text, nats in zip(texts, text_nats(lm, texts), strict=True):
        own = lm.tokenizer(text, add_special_tokens=False)["input_ids"]
        start = lm.tokenizer.bos_token_id
        told = log_probabilities(lm, [start, *own])
        assert nats == pytest.approx(-sum(told[at, token].item() for at, token in enumerate(own)), abs=1e-3)


def test_a_text_longer_than_the_context_has_no_bits(tiny_lm) -> None:
    lm = tiny_lm(max_position_embeddings=8)
    size = len(lm.tokenizer("龙龙", add_special_tokens=False)["input_ids"])
    assert size == 6
    found = text_nats(lm, ["龙龙", "龙龙龙"])
    assert np.isfinite(found).tolist() == [True, False]
    with pytest.raises(BadInput, match="no texts to read"):
        text_nats(lm, [])


def test_the_longest_text_that_is_read_fills_the_context(tiny_lm) -> None:
    """Eight tokens: the last one is only asked for, so that start and seven are read."""
    lm = tiny_lm(max_position_embeddings=8)
    assert len(lm.tokenizer("龙龙ж", add_special_tokens=False)["input_ids"]) == 8
    assert np.isfinite(text_nats(lm, ["龙龙ж", "龙龙жж"])).tolist() == [True, False]


def test_a_model_that_gives_no_numbers_is_refused(lm: LM) -> None:
    with torch.no_grad():
        lm.model.get_input_embeddings().weight.fill_(torch.nan)
    with pytest.raises(ModelError, match="gives text 1 the probability nan") as error:
        text_nats(lm, ["yes no"])
    assert "\n" not in str(error.value)
