"""MEXA of 20 languages: our one pass against sentence at a time, into docs/results/alignment_speed.{json,md}.

    OMP_NUM_THREADS=1 python benchmarks/alignment.py        NTREX-128 from ../shared/data, else lab text
    OMP_NUM_THREADS=1 python benchmarks/alignment.py --width 256 --layers 6

The reference does what the published code does, in our words: each sentence alone through the model,
pooled in both ways, then for each layer scipy's cosine of every pair of sentences, one by one. Both start
from texts and a loaded model and end with one number per language (the pivot too), pooling and layer;
ours also leaves the states on disk. Both use the same threads. Left out: the published code rounds its
vectors to half precision.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.spatial.distance import cosine

from interlingua.core.files import write_atomic
from interlingua.core.provenance import commit, versions
from interlingua.data.files import FileSource
from interlingua.data.source import Source
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.lab.named import world
from interlingua.measures.mexa import mexa
from interlingua.models.lm import LM
from interlingua.scoring.hidden import Position
from interlingua.scoring.states import read_states

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "ntrex128"
OUT = ROOT / "docs" / "results" / "alignment_speed"
LEAST = 10.0
LANGUAGES = (
    *("amh_Ethi", "arb_Arab", "ben_Beng", "ces_Latn", "deu_Latn", "fin_Latn", "hin_Deva", "ind_Latn"),
    *("jpn_Jpan", "kor_Hang", "rus_Cyrl", "spa_Latn", "swh_Latn", "tam_Taml", "tha_Thai", "tur_Latn"),
    *("urd_Arab", "vie_Latn", "yor_Latn"),
)

POOLS: tuple[Position, ...] = ("weighted", "last")

Told = dict[tuple[str, Position], tuple[float, ...]]


def sentences(source: Source, langs: Sequence[str]) -> dict[str, list[str]]:
    """The sentences that every language and the pivot have."""
    tables = {lang: {pair.id: pair for pair in source.pairs(lang, source.pivot)} for lang in langs}
    ids = sorted(set.intersection(*(set(table) for table in tables.values())))
    pivot = next(iter(tables.values()))
    return {source.pivot: [pivot[id_].target for id_ in ids]} | {
        lang: [table[id_].source for id_ in ids] for lang, table in tables.items()
    }


def alone(lm: LM, text: str) -> list[dict[str, np.ndarray]]:
    """One sentence: per layer its last token, and the mean over its tokens, token t with weight t."""
    ids = torch.tensor([lm.tokenizer(text)["input_ids"]])
    with torch.no_grad():
        layers = lm.model(input_ids=ids, output_hidden_states=True).hidden_states
    weights = torch.arange(1, ids.shape[1] + 1, dtype=torch.float32)
    return [
        {
            "last": layer[0, -1].numpy(),
            "weighted": ((layer[0] * weights[:, None]).sum(0) / weights.sum()).numpy(),
        }
        for layer in layers
    ]


def aligned(pivot: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> float:
    """One layer: share of sentences nearest to their own translation, among both languages' sentences."""
    n = len(pivot)
    cosines = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            cosines[i, j] = 1 - cosine(pivot[i].astype(np.float64), other[j].astype(np.float64))
    hits = 0
    for i in range(n):
        row, column = np.delete(cosines[i], i), np.delete(cosines[:, i], i)
        hits += bool(cosines[i, i] > max(row) and cosines[i, i] > max(column))
    return hits / n


def clock() -> np.ndarray:
    """Seconds that passed, and seconds that the processor worked for us, all threads together."""
    return np.array([time.perf_counter(), time.process_time()])


def reference(lm: LM, texts: Mapping[str, Sequence[str]], pivot: str) -> tuple[Told, np.ndarray, np.ndarray]:
    """MEXA per language, pooling and layer; what reading and comparing took."""
    began = clock()
    states = {lang: [alone(lm, text) for text in own] for lang, own in texts.items()}
    read = clock()
    told = {}
    for lang in texts:
        for pool in POOLS:
            layers = [
                [[one[at][pool] for one in states[side]] for side in (pivot, lang)]
                for at in range(len(states[lang][0]))
            ]
            told[lang, pool] = tuple(aligned(*sides) for sides in layers)
    return told, read - began, clock() - read


def ours(lm: LM, texts: Mapping[str, Sequence[str]], pivot: str) -> tuple[Told, np.ndarray, np.ndarray]:
    """The same by `read_states` and `mexa`."""
    with tempfile.TemporaryDirectory() as folder:
        began = clock()
        states = read_states(lm, texts, Path(folder), positions=POOLS)
        read = clock()
        first = {pool: states.vectors(pivot, pool) for pool in POOLS}
        told = {
            (lang, pool): mexa(first[pool], states.vectors(lang, pool)).layers
            for lang in texts
            for pool in POOLS
        }
        return told, read - began, clock() - read


def markdown(record: Mapping[str, Any]) -> str:
    """The page of the result."""
    model, text, ratio = record["model"], record["text"], record["ratio"]
    rows = [
        f"| {way}, {kind} | {one['read'][at]:.2f} | {one['compare'][at]:.2f} | {one['total'][at]:.2f} |"
        for at, kind in enumerate(("by the clock", "of the processor"))
        for way, one in record["seconds"].items()
    ]
    lines = [
        "# Speed of alignment",
        "",
        f"MEXA, by weighted mean and by last token, of {text['languages']} languages, the pivot"
        f" {text['pivot']} among them, {text['sentences']} sentences each from {text['source']},"
        f" {text['tokens']:,} tokens in all; a random Llama of {model['layers']} layers, {model['width']}"
        f" wide, vocabulary {model['vocabulary']:,}, float32.",
        "",
        "| seconds | reading | comparing | total |",
        "|---|---:|---:|---:|",
        *rows,
        "",
        f"**{ratio[0]:.1f} times faster** end to end, {ratio[1]:.1f} times in work of the processor (wanted:"
        f" {LEAST:.0f}); the same number in {record['same']} of {record['numbers']} cases of a language,"
        " pooling and layer.",
        "",
        f"The best of {record['repeats']} runs of ours, one of the reference. {record['machine']},"
        f" {record['threads']} threads each, load {record['load'][0]:.1f} before and {record['load'][1]:.1f}"
        f" after, commit {record['commit']}. `{record['command']}`",
        "",
        "The gain in reading comes from batches, and from logits of one token per sentence instead of all. It"
        " falls as layers get wider, since wide ones keep the processor busy with one sentence too; the gain"
        " in comparing stays.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Time both ways and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sentences", type=int, default=100)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--vocabulary", type=int, default=16000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT, help="results without their endings")
    asked = parser.parse_args()
    source: Source = FileSource(REAL) if REAL.is_dir() else world("lab:standard")
    langs = LANGUAGES if REAL.is_dir() else [lang for lang in source.languages if lang != source.pivot][:19]
    whole = sentences(source, langs)
    texts = {lang: own[: asked.sentences] for lang, own in whole.items()}
    learnt = [text for own in whole.values() for text in own[asked.sentences :]]
    tokenizer = small_tokenizer(learnt, asked.vocabulary)
    shape = {"hidden_size": asked.width, "num_hidden_layers": asked.layers, "max_position_embeddings": 2048}
    load = [os.getloadavg()[0]]
    runs = []
    for _ in range(asked.repeats):
        lm = tiny_model("llama", tokenizer, **shape)  # nothing is known of it yet
        alone(lm, "One sentence before the clock starts.")
        runs.append(ours(lm, texts, source.pivot))
    fast = min(runs, key=lambda run: run[1][1] + run[2][1])
    slow = reference(lm, texts, source.pivot)
    load.append(os.getloadavg()[0])
    ways = {"sentence at a time": slow, "interlingua": fast}
    record = {
        "seconds": {
            name: {"read": list(run[1]), "compare": list(run[2]), "total": list(run[1] + run[2])}
            for name, run in ways.items()
        },
        "ratio": list((slow[1] + slow[2]) / (fast[1] + fast[2])),
        "least": LEAST,
        "numbers": sum(len(layers) for layers in slow[0].values()),
        "same": sum(
            a == b for key in slow[0] for a, b in zip(slow[0][key], fast[0][key], strict=True)
        ),
        "mexa": {pool: {lang: list(fast[0][lang, pool]) for lang in texts} for pool in POOLS},
        "repeats": asked.repeats,
        "text": {
            "source": source.name, "pivot": source.pivot, "languages": len(texts),
            "sentences": asked.sentences,
            "tokens": sum(len(ids) for own in texts.values() for ids in tokenizer(own)["input_ids"]),
        },
        "model": {
            "layers": asked.layers, "width": asked.width,
            "vocabulary": len(tokenizer),
        },
        "load": load,
        "command": f"OMP_NUM_THREADS={torch.get_num_threads()} python benchmarks/alignment.py"
        f" --width {asked.width} --layers {asked.layers}",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "threads": torch.get_num_threads(),
        "versions": versions(),
        "commit": commit(),
    }  # fmt: skip
    write_atomic(asked.out.with_suffix(".json"), json.dumps(record, indent=1) + "\n")
    write_atomic(asked.out.with_suffix(".md"), markdown(record))
    print(markdown(record))


if __name__ == "__main__":
    main()
