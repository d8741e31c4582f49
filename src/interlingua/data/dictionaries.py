"""Dictionaries: what one tells, where a source has it, of cognates and of a mapping of words; and as text."""

from collections.abc import Mapping, Sequence

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.cognates import cognate_share
from interlingua.data.source import Source
from interlingua.data.word_alignment import Links, Sentences, mapping_precision, word_counts


def dictionary_if_any(source: Source, a: str, b: str) -> Mapping[str, tuple[str, ...]] | None:
    """Word translations, or none where the source has no dictionary of these languages."""
    try:
        return source.dictionary(a, b)
    except MissingResource:
        return None


def known_cognates(source: Source, a: str, b: str) -> float | None:
    """`cognate_share` of two languages; none where no dictionary tells."""
    words = dictionary_if_any(source, a, b)
    return None if words is None else cognate_share(words)


def known_precision(source: Source, a: str, b: str, pairs: Sentences, links: Sequence[Links]) -> float | None:
    """`mapping_precision` of the linked words of sentences; none where no dictionary knows any of them."""
    counts, gold = word_counts(pairs, links), dictionary_if_any(source, a, b)
    if gold is None or not {word for word, _ in counts} & gold.keys():
        return None
    return mapping_precision(counts, gold)[0]


def twice_in_a_row(dictionary: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Each word beside each of its translations, both written twice: tokenizers may write a word in one way
    at the start of a text and in another after a space.
    """
    return [(f"{word} {word}", f"{other} {other}") for word, others in dictionary.items() for other in others]


def entries_twice(source: Source, a: str, b: str) -> list[tuple[str, str]]:
    """All entries of a source's dictionary, as `twice_in_a_row`.

    Raises `MissingResource` where the source has no dictionary of these languages, `BadInput` if it is empty.
    """
    entries = twice_in_a_row(source.dictionary(a, b))
    if not entries:
        raise BadInput(f"The dictionary of {a} and {b} in {source.name} is empty; it needs entries.")
    return entries


def twice_links(pairs: Sentences) -> list[Links]:
    """Links of words that stand `twice_in_a_row`: first with first, second with second.

    An entry of more than one word is left out, since nobody says which of its words is which.
    """
    return [[(0, 0), (1, 1)] if len(a) == len(b) == 2 else [] for a, b in pairs]
