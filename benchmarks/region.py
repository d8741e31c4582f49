"""Where the effect holds: question translation with other languages, layers and replay, on the tuning world.

    python benchmarks/region.py        about ten minutes on two cores; writes docs/results/region.{json,md}

Each row changes one thing of the preset `small`. The rows are exploration on `lab:standard`: no knob of the
judged study was chosen by them, and nothing here is a headline.
"""

import json
import time
from pathlib import Path
from typing import Any

from interlingua.core.engine import map_jobs
from interlingua.core.files import write_atomic
from interlingua.core.provenance import commit, versions
from interlingua.core.runs import RunFolder
from interlingua.lab.named import tuned_by_rule, world
from interlingua.measures.gain import gain
from interlingua.studies.measured import Arm, Job, tune_and_measure

OUT = Path(__file__).parents[1] / "docs" / "results"
WORLD, ITEMS, SEED = "lab:standard", 40, 0
ROWS: dict[str, tuple[int, dict[str, Any]]] = {
    "preset: 2 languages, all linear layers, 30% replay": (2, {}),
    "1 language": (1, {}),
    "4 languages": (4, {}),
    "no replay": (2, {"replay": 0.0}),
    "LoRA on q and v only": (2, {"targets": ("q_proj", "v_proj")}),
    "LoRA on q and v only, twice the steps": (2, {"targets": ("q_proj", "v_proj"), "steps": 1200}),
}


def main() -> None:
    """Run every row and write the table."""
    started = time.monotonic()
    place = world(WORLD)
    largest = tuple(t.code for t in place.spec.tongues)
    two = tuned_by_rule(place)
    jobs, tuned_on = [], {}
    with RunFolder.open("region", {"world": place.fingerprint(), "items": ITEMS, "rows": ROWS}) as folder:
        arms = {"base": (2, {}), **ROWS}
        for number, (name, (count, changes)) in enumerate(arms.items()):
            languages = (*two, *(code for code in largest if code not in two))[:count]
            tuned_on[name] = languages
            jobs.append(
                Job(
                    Arm(name, "" if name == "base" else "question_translation"), WORLD, None, languages,
                    place.pivot, place.tasks, place.languages, ITEMS, SEED, "small",
                    {"template": "{question} = "} if name == "base" else changes,
                    _made(folder.path / f"row-{number}"),
                )
            )  # fmt: skip
        base, *measured = map_jobs(tune_and_measure, jobs, workers=2)
        rows = []
        for found in measured:
            seen = tuned_on[found.arm]
            changed = {
                mode: gain(base.rows[mode], found.rows[mode], seen=seen, pivot=place.pivot)
                for mode in found.rows
            }
            pivot = gain(base.rows["direct"], found.rows["direct"]).languages[place.pivot]
            rows.append(
                {
                    "row": found.arm, "languages": list(seen),
                    **{f"{mode}_unseen": changed[mode].unseen.as_dict() for mode in changed},
                    **{f"{mode}_seen": changed[mode].seen.as_dict() for mode in changed},
                    "pivot_change": pivot.mean, "seconds": round(found.seconds),
                }
            )  # fmt: skip
        folder.finish()
    record = {
        "world": WORLD, "items": ITEMS, "seed": SEED, "rows": rows, "commit": commit(Path(__file__)),
        "versions": versions(), "seconds": round(time.monotonic() - started),
    }  # fmt: skip
    OUT.mkdir(parents=True, exist_ok=True)
    write_atomic(OUT / "region.json", json.dumps(record, indent=1) + "\n")
    write_atomic(OUT / "region.md", _page(record))
    print(_page(record))


def _made(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path


def _page(record: dict[str, Any]) -> str:
    lines = [
        "# Where the effect holds", "",
        f"Question translation on `{record['world']}` (tuning world, one seed, {record['items']} items per "
        "task and language); gains over the base in points, with 95% bootstrap intervals over items.", "",
        "| changed | restate, unseen | restate, seen | direct, unseen | pivot |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for row in record["rows"]:
        cells = [
            f"{100 * g['mean']:+.1f} ({100 * g['low']:+.1f} to {100 * g['high']:+.1f})"
            for g in (row["restate_unseen"], row["restate_seen"], row["direct_unseen"])
        ]
        lines.append(f"| {row['row']} | {' | '.join(cells)} | {100 * row['pivot_change']:+.1f} |")
    lines += [
        "",
        f"Commit {record['commit']}, {record['seconds']} seconds. `python benchmarks/region.py`",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
