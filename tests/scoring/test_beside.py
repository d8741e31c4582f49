"""Vectors beside the pivot: each language with the pivot's sentences that go with its own."""

import numpy as np
import pytest

from interlingua.data.sentences import Beside
from interlingua.models.lm import LM
from interlingua.scoring import beside
from interlingua.scoring.beside import tokens_beside, vectors_beside
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.tokens import encode

PIVOT = ("is the river long ?", "answer yes")
SENTENCES = {
    "deu_Latn": Beside(("ist der fluss lang", "antwort ja"), PIVOT),
    "rus_Cyrl": Beside(("река длинная", "ответ да"), PIVOT),
    "zho_Hans": Beside(("答案", "这 条 河"), PIVOT[::-1]),
}


def test_each_language_stands_beside_its_own_pivot(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, ...]] = []

    def counted(lm: LM, texts: tuple[str, ...], position: str, **rest: str) -> np.ndarray:
        read.append(texts)
        return sentence_vectors(lm, texts, "last", **rest)

    monkeypatch.setattr(beside, "sentence_vectors", counted)
    for lang, pivot, own in vectors_beside(lm, SENTENCES, "last"):
        np.testing.assert_array_equal(pivot, sentence_vectors(lm, SENTENCES[lang].pivot, "last"))
        np.testing.assert_array_equal(own, sentence_vectors(lm, SENTENCES[lang].own, "last"))
    assert len(read) == 5  # three languages; the pivot once for two of them and once for the third


def test_tokens_are_those_of_the_sentences(lm: LM) -> None:
    texts = [*PIVOT, *PIVOT[::-1], *(text for each in SENTENCES.values() for text in each.own)]
    assert tokens_beside(lm, SENTENCES) == sum(map(len, encode(lm, texts)))
