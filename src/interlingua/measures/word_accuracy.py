"""Word accuracy of restating: how much of the reference came back, in order, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.languages.segmentation import words
from interlingua.measures.bootstrap import Fact, cluster_bootstrap, task_means
from interlingua.measures.interval import Interval
from interlingua.measures.keys import by_key, named
from interlingua.measures.measure import KnownTruth, Measure, example_row


@dataclass(frozen=True, kw_only=True)
class WordAccuracy(Interval):
    """Mean share of words restated in one language; `exact` is the share of restatements without error."""

    exact: float


def word_share(written: str, reference: str) -> float:
    """Longest common subsequence of words, divided by the words of the longer text; 1 only for equal words.

    Dividing by the longer text means that a model which writes on and on earns nothing by it.
    Raises `BadInput` for a reference without words.
    """
    given, wanted = words(written), words(reference)
    if not wanted:
        raise BadInput(f"Reference {reference!r} has no words; leave the item out.")
    return _common(given, wanted) / max(len(given), len(wanted))


def mean_word_share(written: Sequence[str], references: Sequence[str]) -> float:
    """The mean `word_share` of texts and their references, in the same order.

    Raises `BadInput` for none, for lists of other lengths, and what `word_share` raises.
    """
    if not written or len(written) != len(references):
        raise BadInput(
            f"{len(written)} texts cannot be compared with {len(references)} references, in order."
        )
    return float(np.mean([word_share(one, other) for one, other in zip(written, references, strict=True)]))


def word_accuracy(
    rows: Iterable[Row], *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> dict[str, WordAccuracy]:
    """Mean `word_share` of each language's restatements, every task weighing the same; `exact` likewise.

    Reads `extra["restated"]` and `extra["reference"]`. Rows without `restated` (questions in the pivot) are
    left out.
    Raises `BadInput` if no row is left, or one of them has no reference.
    Source: ours; longest common subsequence as in ROUGE-L (Lin 2004).
    """
    facts: list[Fact] = []
    for key, row in by_key(rows).items():
        if "restated" not in row.extra:
            continue
        if "reference" not in row.extra:
            raise BadInput(f"No reference for {named(key)}; give `restate` the questions in the pivot.")
        share = word_share(str(row.extra["restated"]), str(row.extra["reference"]))
        facts.append(Fact(row.task, (row.split, row.cluster), row.lang, share))
    if not facts:
        raise BadInput("No row holds a restatement; measure rows of mode 'restate' in other languages.")
    draws = cluster_bootstrap(facts, resamples=resamples, seed=seed)
    exact = task_means([fact._replace(value=float(fact.value == 1)) for fact in facts])
    table = {}
    for lang in draws.langs:
        found, same = draws.language(lang, level=level), float(np.mean(list(exact[lang].values())))
        table[lang] = WordAccuracy(found.mean, found.low, found.high, found.n, level, exact=same)
    return table


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, a bit per word of `a` (Hyyrö 2004): fast on long texts."""
    places: dict[str, int] = defaultdict(int)
    for at, word in enumerate(a):
        places[word] |= 1 << at
    everywhere = (1 << len(a)) - 1
    free = everywhere  # a cleared bit marks where the best subsequence grew by one
    for word in b:
        hits = free & places.get(word, 0)
        free = ((free + hits) | (free - hits)) & everywhere
    return len(a) - free.bit_count()


def _known_truth() -> KnownTruth:
    """Of four words one is wrong (3/4); the other question is restated word for word: mean 7/8, exact 1/2."""
    rows = [
        example_row("topic", written, "swh_Latn", 0, restated=written, reference="the old man sleeps")
        for written in ("the old dog sleeps", "the old man sleeps")
    ]
    return KnownTruth({"rows": rows}, {"swh_Latn.mean": 0.875, "swh_Latn.exact": 0.5, "swh_Latn.n": 2})


MEASURE = Measure(
    word_accuracy, "rows", "higher", "fraction", "ours; LCS as in ROUGE-L (Lin 2004)", _known_truth
)
