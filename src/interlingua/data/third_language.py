"""A third language: parallel text of a language with one that is not the pivot."""

from collections.abc import Collection

from interlingua.core.errors import MissingResource
from interlingua.data.items import Pair
from interlingua.data.source import Source


def from_third_language(
    source: Source, lang: str, *, without: Collection[str], seen: Collection[str], count: int
) -> list[Pair]:
    """At most `count` pairs into `lang` from the first language that has any and is not one of `without`.

    The pivot is never taken, nor are pairs whose side in `lang` was `seen`. None where no language has any.
    """
    for other in source.languages:
        if other in (source.pivot, lang, *without):
            continue
        try:
            pairs = source.pairs(other, lang)
        except MissingResource:  # this one has none; the next may
            continue
        return [pair for pair in pairs if pair.target not in seen][:count]
    return []
