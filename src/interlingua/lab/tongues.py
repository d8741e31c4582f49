"""Tongues: generated languages with phonotactics, lexicon, cognates, affixes and word order, all known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from interlingua.core.seeds import derive
from interlingua.lab.concepts import CONCEPTS, NAMES
from interlingua.lab.spelling import CONSONANTS, VOWELS, full_stop, spell

Order = Literal["SVO", "SOV", "VSO"]
Marking = Literal["suffix", "prefix", "particle"]
Origin = Literal["own", "inherited", "borrowed"]
GRAMMAR = ("plural", "past", "passive", "object")
"""Marks with an affix each; no sentence marks its object, but the affix is drawn, so worlds stay the same."""


@dataclass(frozen=True)
class TongueSpec:
    """What the builder of a world decides about one language.

    `family` names the proto-language; `cognates` is the share of the lexicon inherited from it, `borrowed`
    the share taken from the pivot, inherited words among them. `share` is its weight in foreign pretraining
    text, `bilingual` whether it has any text beside the pivot's (translations or code-switching).
    """

    code: str
    family: str | None = None
    cognates: float = 0.5
    borrowed: float = 0.05
    order: Order = "SVO"
    marking: Marking = "suffix"
    adjective_first: bool = True
    share: float = 1.0
    bilingual: bool = True

    @property
    def script(self) -> str:
        """ISO 15924 code of its script."""
        return self.code.split("_")[1]


@dataclass(frozen=True)
class Tongue:
    """A language with its truth: concept to phonemes, where each word comes from, how words are joined."""

    spec: TongueSpec
    lexicon: Mapping[str, str]
    origin: Mapping[str, Origin]
    affixes: Mapping[str, str]
    stop: str = field(default=".")

    def word(self, concept: str, *marks: str) -> list[str]:
        """Write one concept with grammatical marks; two or more words where marks are particles."""
        if concept in NAMES:
            return [concept]
        script, stem = self.spec.script, self.lexicon[concept]
        if self.spec.marking == "particle":
            return [spell(stem, script), *(spell(self.affixes[mark], script) for mark in marks)]
        for mark in marks:
            stem = stem + self.affixes[mark] if self.spec.marking == "suffix" else self.affixes[mark] + stem
        return [spell(stem, script)]


def build_tongue(spec: TongueSpec, pivot: Tongue | None, seed: int) -> Tongue:
    """Generate a language from its spec; a pure function of (spec, pivot, seed)."""
    rng = np.random.default_rng(derive(seed, "tongue", spec.code))
    own = _words(rng, len(CONCEPTS) + len(GRAMMAR))
    lexicon = dict(zip(CONCEPTS, own, strict=False))
    origin: dict[str, Origin] = dict.fromkeys(CONCEPTS, "own")
    if spec.family:
        proto = _words(np.random.default_rng(derive(seed, "proto", spec.family)), len(CONCEPTS))
        shift = _sound_shift(rng)
        for concept, form in zip(CONCEPTS, proto, strict=True):
            if rng.random() < spec.cognates:
                lexicon[concept], origin[concept] = form.translate(shift), "inherited"
    if pivot is not None:
        for concept in CONCEPTS:
            if rng.random() < spec.borrowed:
                lexicon[concept], origin[concept] = pivot.lexicon[concept], "borrowed"
    _make_distinct(lexicon, rng)
    affixes = dict(zip(GRAMMAR, _affixes(rng, len(GRAMMAR)), strict=True))
    return Tongue(spec, lexicon, origin, affixes, full_stop(spec.script))


def _words(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct stems of two syllables from a language's own inventory of sounds."""
    consonants = list(rng.choice(list(CONSONANTS), size=int(rng.integers(11, 16)), replace=False))
    vowels = list(rng.choice(list(VOWELS), size=int(rng.integers(3, 6)), replace=False))
    coda = float(rng.uniform(0.0, 0.5))
    words: dict[str, None] = {}
    while len(words) < count:
        word = "".join(str(rng.choice(consonants)) + str(rng.choice(vowels)) for _ in range(2))
        if rng.random() < coda:
            word += str(rng.choice(consonants))
        words[word] = None
    return list(words)


def _affixes(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct affixes of one syllable."""
    syllables = [c + v for c in "tknsmrl" for v in VOWELS]
    return [str(s) for s in rng.choice(syllables, size=count, replace=False)]


def _sound_shift(rng: np.random.Generator) -> dict[int, str]:
    """A regular sound change that merges nothing: two pairs of consonants, maybe one of vowels, swapped."""
    a, b, c, d = (str(x) for x in rng.choice(list(CONSONANTS), size=4, replace=False))
    table = {a: b, b: a, c: d, d: c}
    if rng.random() < 0.5:
        u, v = (str(x) for x in rng.choice(list(VOWELS), size=2, replace=False))
        table |= {u: v, v: u}
    return str.maketrans(table)


def _make_distinct(lexicon: dict[str, str], rng: np.random.Generator) -> None:
    """No two concepts share a word: a later homonym gets one more syllable."""
    seen: set[str] = set()
    for concept in lexicon:
        while lexicon[concept] in seen:
            lexicon[concept] += str(rng.choice(list("tknsmrl"))) + str(rng.choice(list(VOWELS)))
        seen.add(lexicon[concept])
