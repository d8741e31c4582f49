"""n-gram overlap: how much of a test set stands word for word in the text a model was trained on."""

from collections.abc import Sequence
from unicodedata import normalize

from interlingua.core.errors import BadInput
from interlingua.languages.segmentation import spans

Words = tuple[str, ...]


def ngram_overlap(texts: Sequence[str], corpus: Sequence[str], n: int = 8) -> list[float]:
    """For each text the share of its n-grams of words that a document of `corpus` holds.

    Words are compared without case and without the punctuation around them; a text of fewer than `n` words
    is one n-gram. A text without words has no overlap.
    Raises `BadInput` for no texts or `n` below 1; a corpus may be empty.
    Source: Brown et al. 2020, arXiv:2005.14165, appendix C (13-grams); 8-grams: Chowdhery et al. 2022,
    arXiv:2204.02311.
    """
    if not texts or n < 1:
        raise BadInput(f"Overlap of {len(texts)} texts by {n}-grams is not defined; give texts and n from 1.")
    documents, known = [_words(text) for text in corpus], dict[int, set[Words]]()
    found = []
    for own in map(_words, texts):
        size = min(n, len(own))
        if size and size not in known:
            known[size] = {gram for document in documents for gram in _grams(document, size)}
        grams = _grams(own, size) if size else []
        found.append(sum(gram in known[size] for gram in grams) / len(grams) if grams else 0.0)
    return found


def _words(text: str) -> Words:
    text = normalize("NFC", text)
    return tuple(text[start:end].casefold() for start, end in spans(text))


def _grams(words: Words, size: int) -> list[Words]:
    return [words[at : at + size] for at in range(len(words) - size + 1)]
