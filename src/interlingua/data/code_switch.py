"""Code switching: words of a text put into other languages by a dictionary, one for one and in their places.

Source: CoSDA-ML (Qin et al. 2020, arXiv:2006.06402). Words keep the punctuation around them; inflected forms
that the dictionary lacks stay as they are, as do names and numbers.
"""

import random
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from unicodedata import normalize

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Example, right_answer
from interlingua.data.source import Source
from interlingua.languages.segmentation import spans

Dictionary: TypeAlias = Mapping[str, Sequence[str]]
"""Word -> its translations."""


class Switcher:
    """Replaces words by translations from `dictionaries`; each is drawn among those that know the word.

    Without `tied`, a translation of any other word stands in a word's place, drawn anew each time: the same
    places are filled with words of the same languages, and nothing ties them to what they replace.
    Where a dictionary has but one translation, it stands there even so. Raises `BadInput` for no dictionary
    or an empty one.
    """

    def __init__(self, dictionaries: Sequence[Dictionary], tied: bool = True) -> None:
        if not dictionaries or not all(dictionaries):
            raise BadInput("Code switching needs a dictionary for every language; one has no word in it.")
        self._known, self._tied = list(dictionaries), tied
        self._pools = [sorted({word for found in one.values() for word in found}) for one in dictionaries]

    def __call__(self, rate: float, text: str, seed: int) -> str:
        """`text` (NFC) with each word that a dictionary knows replaced with probability `rate`.

        The same places for every dictionary that knows the same words, tied or not.
        Raises `BadInput` where `rate` is not in [0, 1].
        """
        if not 0 <= rate <= 1:
            raise BadInput(f"A rate of {rate} of all words is not in [0, 1].")
        text = normalize("NFC", text)
        places, words = (random.Random(derive(seed, part)) for part in ("places", "words"))
        out, end = list[str](), 0
        for start, stop in spans(text):
            word = text[start:stop]
            found = {
                place: translations
                for place, one in enumerate(self._known)
                if (translations := one.get(word) or one.get(word.lower()))
            }
            if found and places.random() < rate:
                place = words.choice(list(found))
                word = self._instead(found[place], self._pools[place], words)
            out += [text[end:start], word]
            end = stop
        return "".join(out) + text[end:]

    def _instead(self, translations: Sequence[str], pool: Sequence[str], rng: random.Random) -> str:
        if self._tied:
            return rng.choice(translations)
        if set(pool) <= set(translations):
            return rng.choice(pool)
        while (word := rng.choice(pool)) in translations:
            pass
        return word


def code_switched(
    source: Source,
    tasks: Sequence[str],
    languages: Sequence[str],
    rate: float,
    limit: int = 10_000,
    seed: int = 0,
    *,
    mixed: bool = True,
    tied: bool = True,
) -> list[Example]:
    """Labelled pivot questions, words of which are in the languages instead; the answer stays as it is.

    For every language and task at most `limit` training questions: the same for all languages and every
    `rate` and `tied`. `mixed` takes each word from a language of its own, otherwise all of a question are of
    the language it is counted for. Raises `BadInput` for a dictionary without words, what the source raises
    for data it lacks.
    """
    known = {lang: source.dictionary(source.pivot, lang) for lang in languages}
    switch = {lang: Switcher(list(known.values()) if mixed else [known[lang]], tied) for lang in languages}
    return [
        Example(
            switch[lang](rate, item.question, derive(seed, "switched", lang, item.id)),
            right_answer(item), "code_switched", lang, task,
        )
        for lang in languages
        for task in tasks
        for item in draw(source.task(task, source.pivot, "train"), limit, derive(seed, "rows", task))
    ]  # fmt: skip


def labelled(
    source: Source, tasks: Sequence[str], languages: Sequence[str], limit: int = 10_000, seed: int = 0
) -> list[Example]:
    """The questions that `code_switched` draws, in the languages themselves: supervised tuning.

    Raises what the source raises for data it lacks.
    """
    return [
        Example(item.question, right_answer(item), "labelled", lang, task)
        for lang in languages
        for task in tasks
        for item in draw(source.task(task, lang, "train"), limit, derive(seed, "rows", task))
    ]
