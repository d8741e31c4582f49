"""First tokens of labels, worked by hand."""

import pytest
from tokenizers import Tokenizer, decoders, normalizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.models.lm import LM
from interlingua.scoring.label_tokens import label_tokens

PIECES = ["<unk>", "<s>", "</s>", "▁", *"poneg", "x", ":", "▁p", "▁n", "po", "▁po", "ne", "<0xE6>"]
MERGES = [("▁", "p"), ("▁", "n"), ("p", "o"), ("▁p", "o"), ("n", "e")]


@pytest.fixture
def pieces(lm: LM) -> LM:
    """A vocabulary in the SentencePiece manner that can be read off in one glance."""
    model = BPE({piece: i for i, piece in enumerate(PIECES)}, MERGES, unk_token="<unk>", byte_fallback=True)
    backend = Tokenizer(model)
    backend.normalizer = normalizers.Replace(" ", "▁")
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    backend.decoder = decoders.Sequence(steps)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="<unk>", bos_token="<s>", eos_token="</s>"
    )
    return LM(lm.model, tokenizer, "pieces")


def names(lm: LM, tail: str, *labels: str) -> list[set[str]] | None:
    found = label_tokens(lm, [(tail, labels)])[tail, labels]
    return found and [set(lm.tokenizer.convert_ids_to_tokens(list(ids))) for ids in found.first]


@pytest.mark.parametrize("space", ["", " "])
def test_every_prefix_with_and_without_word_start(pieces: LM, space: str) -> None:
    assert names(pieces, "x:", space + "pox", space + "neg") == [
        {"p", "▁p", "po", "▁po"},
        {"n", "▁n", "ne"},
    ]


def test_shared_tokens_are_dropped_from_all(pieces: LM) -> None:
    assert names(pieces, "x:", " pog", " ne", "go") == [  # all three begin with the bare ▁
        {"p", "▁p", "po", "▁po"},
        {"n", "▁n", "ne"},
        {"g"},
    ]


def test_labels_that_first_tokens_cannot_tell_apart_have_no_beginnings(pieces: LM) -> None:
    assert names(pieces, "x:", " po", " px") is None  # " px" begins with ▁p, a prefix of " po"
    assert names(pieces, "x:", " po", " ne", " g") is None  # " g" begins with the bare ▁


def test_first_byte_where_the_tokenizer_falls_back_to_bytes(pieces: LM) -> None:
    pieces.tokenizer.backend_tokenizer.model = BPE(
        {piece: i for i, piece in enumerate([*PIECES, "<0xAD>", "<0xA3>"])}, MERGES, byte_fallback=True
    )
    assert names(pieces, "x:", "\u6b63", "po") == [{"<0xE6>"}, {"p", "▁p", "po", "▁po"}]


def test_a_space_at_the_end_of_the_prompt_moves_to_the_label(pieces: LM) -> None:
    found = label_tokens(pieces, [("x: ", ("po", "ne"))])["x: ", ("po", "ne")]
    assert found is not None
    assert found.back == 1
    assert names(pieces, "x: ", "po", "ne") == [{"p", "▁p", "po", "▁po"}, {"n", "▁n", "ne"}]


def test_byte_level_prefixes_may_end_inside_a_character(lm: LM) -> None:
    found = label_tokens(lm, [("答案：", ("да", "нет"))])["答案：", ("да", "нет")]
    assert found is None  # д and н are two bytes; both begin with 0xD0, and so does the tokenizer
    known = label_tokens(lm, [(":", (" yes", " no"))])[":", (" yes", " no")]
    assert known is not None
    spelled = [{lm.tokenizer.decode([token]) for token in first} for first in known.first]
    assert spelled[0] >= {"y", " yes"}
    assert all("yes".startswith(word.strip()) and word.strip() for word in spelled[0])
    assert all("no".startswith(word.strip()) and word.strip() for word in spelled[1])
