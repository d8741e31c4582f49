"""Sentence tests: what encoders of sentences are measured on, parallel sentences and graded pairs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interlingua.data.sentence_pairs import Graded, Labels, graded_pairs
from interlingua.data.sentences import Text, beside_pivot
from interlingua.data.source import Source


@dataclass(frozen=True)
class GradedTexts:
    """First and second sentences of pairs, and how alike each pair is, from 0 to 1."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    grades: tuple[float, ...]


@dataclass(frozen=True)
class SentenceTests:
    """`parallel` are sets of the same sentences by language, the pivot's first.

    `within` holds graded pairs of one language, `across` first sentences of a language beside second ones of
    the pivot, both by language; the latter where a language has the pivot's pairs.
    """

    pivot: str
    parallel: tuple[Mapping[str, tuple[str, ...]], ...]
    within: Mapping[str, GradedTexts]
    across: Mapping[str, GradedTexts]

    @property
    def texts(self) -> frozenset[str]:
        """All sentences that are measured on, in any language."""
        graded = (*self.within.values(), *self.across.values())
        return frozenset().union(
            *(texts for same in self.parallel for texts in same.values()),
            *(side for pairs in graded for side in (pairs.first, pairs.second)),
        )


def sentence_tests(
    source: Source,
    *,
    text: Text = "pairs",
    count: int = 200,
    tasks: Sequence[str] = (),
    labels: Labels = "words",
    seed: int = 0,
) -> SentenceTests:
    """At most `count` parallel sentences per language, and pairs of as many test questions per task.

    Pairs are those of `graded_pairs`, in languages that have parallel sentences and all of the `tasks` (none:
    all of the source). Raises what `beside_pivot` and `graded_pairs` raise.
    """
    pivot, beside = source.pivot, beside_pivot(source, text, count, seed)
    sets: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for lang, sentences in beside.items():
        sets.setdefault(sentences.pivot, {pivot: sentences.pivot})[lang] = sentences.own
    asked = [set(source.languages_of(task)) for task in tasks or source.tasks]
    langs = [lang for lang in (pivot, *beside) if all(lang in held for held in asked)]
    pairs: dict[str, list[Graded]] = defaultdict(list)
    for pair in graded_pairs(source, langs, "test", tasks=tasks, labels=labels, limit=count, seed=seed):
        pairs[pair.lang].append(pair)
    whole = pairs.get(pivot, [])
    met = [lang for lang, own in pairs.items() if lang != pivot and _ids(own) == _ids(whole)]
    return SentenceTests(
        pivot,
        tuple(sets.values()),
        {lang: _graded(own, own) for lang, own in pairs.items()},
        {lang: _graded(pairs[lang], whole) for lang in met},
    )


def _graded(first: Sequence[Graded], second: Sequence[Graded]) -> GradedTexts:
    """First sentences and grades of some pairs, second sentences of others."""
    return GradedTexts(
        tuple(pair.first for pair in first),
        tuple(pair.second for pair in second),
        tuple(pair.grade for pair in first),
    )


def _ids(pairs: Sequence[Graded]) -> list[tuple[str, str]]:
    return [(pair.task, pair.id) for pair in pairs]
