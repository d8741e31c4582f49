"""Readable tokens: whole characters, parts of one marked, nothing lost."""

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM
from interlingua.scoring.readable import alone, in_text, token_bytes


@pytest.fixture(scope="module")
def byte_level() -> LM:
    return tiny_model("llama", small_tokenizer(["the river is long"] * 9, 280))


@pytest.fixture(scope="module")
def pieces(byte_level: LM) -> LM:
    """Pieces with `▁` for a blank, and bytes for what is not in the vocabulary."""
    names = ["<unk>", "<s>", "▁the", "▁river", "แ", *(f"<0x{byte:02X}>" for byte in range(256))]
    backend = Tokenizer(models.BPE({name: at for at, name in enumerate(names)}, [], byte_fallback=True))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", unk_token="<unk>")
    return LM(byte_level.model, tokenizer, "pieces")


def test_words_keep_their_blanks(byte_level: LM) -> None:
    ids = byte_level.tokenizer("the river\n is")["input_ids"]
    assert in_text(byte_level, ids)[0] == "<s>"
    assert "".join(in_text(byte_level, ids)[1:]) == "the river\n is"
    assert alone(byte_level, ids) == in_text(byte_level, ids)


def test_a_character_of_several_tokens_is_shown_by_each(byte_level: LM) -> None:
    ids = byte_level.tokenizer("a น", add_special_tokens=False)["input_ids"]
    assert token_bytes(byte_level, ids) == [b"a", b" ", b"\xe0", b"\xb8", b"\x99"]
    assert in_text(byte_level, ids) == ["a", " ", "น…", "…น…", "…น"]
    assert alone(byte_level, ids) == ["a", " ", "⟨E0⟩", "⟨B8⟩", "⟨99⟩"]


def test_a_token_across_two_characters(byte_level: LM, monkeypatch) -> None:
    written = "นก".encode()
    parts = [written[:2], written[2:5], written[5:]]
    monkeypatch.setattr("interlingua.scoring.readable.token_bytes", lambda lm, ids: parts)
    assert in_text(byte_level, [0, 1, 2]) == ["น…", "…นก…", "…ก"]
    assert alone(byte_level, [0, 1, 2]) == ["⟨E0 B8⟩", "⟨99 E0 B8⟩", "⟨81⟩"]


def test_a_text_that_lost_its_beginning(byte_level: LM) -> None:
    ids = byte_level.tokenizer("นa", add_special_tokens=False)["input_ids"][1:]
    shown = in_text(byte_level, ids)
    assert shown[-1] == "a"
    assert all(one.startswith("…") for one in shown[:-1])


def test_special_and_missing_tokens_have_a_name(byte_level: LM) -> None:
    assert alone(byte_level, [0, 2, 10_000]) == ["<pad>", "</s>", "⟨10000⟩"]
    assert in_text(byte_level, [1, 10_000]) == ["<s>", "⟨10000⟩"]


def test_pieces_and_byte_fallback(pieces: LM) -> None:
    ids = [1, 2, 3, 4, 5 + 0xE0, 5 + 0xB9, 5 + 0x81]
    assert token_bytes(pieces, ids)[1:4] == [b" the", b" river", "แ".encode()]
    assert in_text(pieces, ids) == ["<s>", " the", " river", "แ", "แ…", "…แ…", "…แ"]
    assert alone(pieces, ids)[-3:] == ["⟨E0⟩", "⟨B9⟩", "⟨81⟩"]
