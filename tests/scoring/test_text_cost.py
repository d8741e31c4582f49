"""Counts of tokens: by hand, with byte-level BPE and with byte fallback."""

from collections.abc import Callable

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE, WordLevel
from transformers import PreTrainedTokenizerFast

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.scoring.text_cost import token_counts


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
