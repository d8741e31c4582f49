"""Explaining, really run: the lab, every architecture, and a tiny model of real text in 20 languages.

    python benchmarks/explain.py [--only lab,architectures,real]

Writes docs/results/explain.{json,md}, and docs/explain.png, the head of the page of the lab. Some twenty
minutes on one core, and as long again where the base of real text is still to be grown
(`benchmarks/real_text.py`, which needs the real data beside the checkout in `../shared/data`).
"""

import argparse
import json
import platform
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import interlingua
from interlingua.core.files import write_atomic
from interlingua.core.provenance import commit, versions
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.lab.named import world
from interlingua.models.lm import save
from interlingua.report.parts.verdict import verdict
from interlingua.report.png import write_page_png
from interlingua.studies.explaining import PARTS

ROOT = Path(__file__).parents[1]
DATA, OUT = ROOT / ".." / "shared" / "data", ROOT / "docs" / "results"
WORLD = "lab:judge-1"
KINDS = ("lab", "architectures", "real")
SEED = 0


def main() -> None:
    """Run what is asked for, keep the rest of an earlier record, write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default=",".join(KINDS))
    asked = options.parse_args().only.split(",")
    place = OUT / "explain.json"
    record = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    made = {"lab": lab, "architectures": architectures, "real": real}
    for kind in asked:
        began = time.monotonic()
        record[kind] = made[kind]() | {
            "seconds": round(time.monotonic() - began), "commit": commit(Path(__file__)),
            "machine": f"{platform.machine()}, {platform.system()}", "versions": versions(), "seed": SEED,
        }  # fmt: skip
        write_atomic(place, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
        write_atomic(OUT / "explain.md", page(record))
    print(page(record))


def lab() -> dict[str, Any]:
    """A judging world before and after own answers, whose page is the one that README shows."""
    tuned = interlingua.run_recipe("own_answers", source=WORLD, limit=4, modes=("direct",), seed=SEED)
    told, found = timed(on=WORLD, after=tuned["saved"], limit=100)
    shown = Path(found["folder"], "report.html").read_text(encoding="utf-8")
    write_page_png(shown, ROOT / "docs" / "explain.png", 1000, 1180)
    return told | {"lens": lens(found), "probes": probes(found)}


def architectures() -> dict[str, Any]:
    """A random model of every architecture on the smallest world, all parts; seconds of each."""
    source = world("lab:tiny")
    tokenizer = small_tokenizer([text for lang in source.languages for text in source.text(lang)[:200]])
    rows = []
    with tempfile.TemporaryDirectory() as room:
        for kind in ARCHITECTURES:
            folder = save(tiny_model(kind, tokenizer, seed=SEED), Path(room, kind), merge=True)
            told, found = timed(
                str(folder), on="lab:tiny", limit=20, sentences=20, lens_items=20, root=Path(room, "runs")
            )
            done = [part for part in PARTS if part in found]
            rows.append(
                {"kind": kind, "parts": done, **{key: told[key] for key in ("wall", "layers", "page")}}
            )
    return {"rows": rows}


def real() -> dict[str, Any]:
    """The base that `benchmarks/real_text.py` grows, before and after question translation, part by part."""
    from real_text import LANGS, TUNED, grow

    base, grown = grow(2400)
    tuned = interlingua.align(
        str(base), str(ROOT / "examples" / "snli.toml"), lang=TUNED, preset="small", seed=SEED, device="cpu",
        changes={"template": "{question}\n", "steps": 400, "replay": 0.3, "lr": 2e-3},
    )  # fmt: skip
    usual: dict[str, Any] = {
        "on": str(DATA), "tasks": ("snli", "ntrex128"), "lang": LANGS, "limit": 100, "shots": 0,
    }  # fmt: skip
    alone = {}
    for part in PARTS:
        alone[part] = timed(str(base), parts=(part,), **usual)[0]
    told, found = timed(str(base), after=tuned["saved"], **usual)
    costs = next(iter(found["tokenizer"].values()))
    return told | {
        "base": grown, "parts": alone, "lens": lens(found), "probes": probes(found),
        "languages": {
            lang: {
                "mexa": found["alignment"]["languages"].get(lang, {}).get("before", {}).get("weighted", {})
                .get("mexa_mean"),
                "tokens": costs.get(lang, {}).get("ratio", {}).get("mean"),
                "accuracy": found["accuracy"]["direct"]["languages"].get(lang, {}).get("before", {})
                .get("mean"),
            }
            for lang in found["languages"]
        },
    }  # fmt: skip


def timed(*words: Any, **settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A fresh call of `explain`: seconds by the clock and of processor, size of the page, peak memory."""
    began, used = time.monotonic(), time.process_time()
    found = interlingua.explain(*words, seed=SEED, device="cpu", fresh=True, **settings)
    folder = Path(found["folder"])
    told = {
        "wall": round(time.monotonic() - began, 1), "processor": round(time.process_time() - used, 1),
        "page": (folder / "report.html").stat().st_size, "languages_read": len(found["languages"]),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "layers": found.get("alignment", {}).get("layers"), "left_out": found["left_out"],
        "verdict": verdict(found) if "accuracy" in found or "alignment" in found else "",
    }  # fmt: skip
    return told, found


def lens(found: dict[str, Any]) -> dict[str, Any]:
    """Probability of the right label word by layer, mean over languages but the pivot.

    In the pivot's words, and in a language's own where it has some.
    """
    told = {lang: one for lang, one in found["lens"]["languages"].items() if lang != found["pivot"]}
    return {
        f"{side}, {title}": _means(known)
        for side in next(iter(told.values()))
        for words, title in (("english", "pivot"), ("native", "own"))
        if (known := [one[side][words] for one in told.values() if one[side][words]])
    }


def probes(found: dict[str, Any]) -> dict[str, Any]:
    """Accuracy and control of both probes by layer, before."""
    return {
        name: [[step["layer"], step["accuracy"], step["control"]] for step in sides["before"]]
        for name, sides in found["geometry"]["probes"].items()
        if sides
    }


def _means(curves: Sequence[Sequence[Sequence[float]]]) -> list[float]:
    return [round(sum(one[layer][0] for one in curves) / len(curves), 4) for layer in range(len(curves[0]))]


def page(record: dict[str, Any]) -> str:
    """The record as Markdown."""
    lines = ["# Explaining, really run", "", "`python benchmarks/explain.py`", ""]
    if "lab" in record:
        lines += [f"## The lab: {WORLD} before and after own answers", "", *_pair(record["lab"])]
    if told := record.get("real"):
        lines += [
            "## Real text in 20 languages",
            "",
            *_pair(told),
            "Each part alone, of the model before:",
            "",
        ]
        parts = [(name, one["wall"], one["processor"]) for name, one in told["parts"].items()]
        lines += _table(("part", "seconds by the clock", "of processor"), parts)
        rows = [
            (lang, _percent(one["accuracy"]), _percent(one["mexa"]), f"{one['tokens']:.2f}")
            for lang, one in told["languages"].items()
        ]
        lines += _table(
            ("language", "inference right", "MEXA, mean over layers", "tokens, English = 1"), rows
        )
    if told := record.get("architectures"):
        lines += ["## Every architecture", "", "Random weights, 4 languages, 20 sentences and questions.", ""]
        kinds = [
            (row["kind"], len(row["parts"]), row["layers"], row["wall"], row["page"] // 1000)
            for row in told["rows"]
        ]
        lines += _table(("architecture", "parts", "layers with embeddings", "seconds", "page, kB"), kinds)
        lines.append(_made(told))
    return "\n".join(lines).rstrip() + "\n"


def _pair(told: dict[str, Any]) -> list[str]:
    steps = {name: {step[0]: step for step in own} for name, own in told["probes"].items()}
    rows = []
    for layer in sorted({layer for own in steps.values() for layer in own}):
        found = [steps.get(name, {}).get(layer) for name in ("language", "task")]
        cells = [f"{_percent(step[1])} ({_percent(step[2])})" if step else "" for step in found]
        rows.append((layer, *(_percent(curve[layer]) for curve in told["lens"].values()), *cells))
    curves = [f"lens {name.replace('english', 'pivot')}" for name in told["lens"]]
    heads = ("layer", *curves, "language probe (control)", "answer probe (control)")
    return [
        f"> {told['verdict']}", "",
        f"{told['languages_read']} languages, both models, all parts: {told['wall']} seconds by the clock, "
        f"{told['processor']} of processor; page {told['page'] / 1e6:.1f} MB; peak {told['peak_mb']} MB.",
        "", *_table(heads, rows),
        "Lens: probability of the right label word, mean over the languages but the pivot.", "",
        *(["Left out: " + "; ".join(told["left_out"]) + ".", ""] if told["left_out"] else []),
        _made(told), "",
    ]  # fmt: skip


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return [*(f"| {' | '.join(map(str, line))} |" for line in lines), ""]


def _made(told: dict[str, Any]) -> str:
    return f"Seed {told['seed']}, commit {told['commit']}, {told['machine']}; {told['seconds']} s in all."


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"


if __name__ == "__main__":
    main()
