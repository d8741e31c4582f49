"""The main job on the judging worlds: every arm, every seed, into docs/results/main_job.{json,md,svg}.

    python benchmarks/main_job.py                 five judging worlds (about half an hour on two cores)
    python benchmarks/main_job.py --world lab:judge-1 --items 50

Resumable: run folders lie under runs/; the same command goes on where it stopped.
"""

import argparse
import json
import platform
import time
from pathlib import Path

from interlingua.core.provenance import commit, versions
from interlingua.lab.bases import base_spec
from interlingua.lab.named import JUDGES, tuned_by_rule, world
from interlingua.report.study import write_study
from interlingua.studies.demo import demo, departures
from interlingua.studies.judging import by_language, over_worlds
from interlingua.studies.main_job import ARMS

RESULTS = Path(__file__).parents[1] / "docs" / "results"


def main() -> None:
    """Run the study and write its results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--world", action="append", help="a judging world; may be given several times")
    parser.add_argument("--items", type=int, default=50, help="items per task and language")
    parser.add_argument("--seed", type=int, default=0, help="tuning and item seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--out", type=Path, default=RESULTS / "main_job", help="results without their endings"
    )
    asked = parser.parse_args()
    started = time.monotonic()
    arms = tuple(name for name in ARMS if name not in ("base", "own_answers_gold"))
    results = []
    for name in asked.world or JUDGES:
        results.append(demo(name, seed=asked.seed, items=asked.items, arms=arms, workers=asked.workers))
        print(
            name,
            json.dumps({mode: g and round(g["mean"], 3) for mode, g in results[-1]["gain_unseen"].items()}),
            flush=True,
        )
    record = {
        "study": "main_job",
        "command": "python benchmarks/main_job.py",
        "summary": over_worlds(results) if len(results) > 1 else {},
        "languages": by_language(results),
        "worlds": [
            {
                key: value
                for key, value in result.items()
                if key not in ("samples", "report", "versions", "knobs")
            }
            for result in results
        ],
        "tuned_by_rule": {name: tuned_by_rule(world(name)) for name in asked.world or JUDGES},
        "bases": {name: vars(base_spec(name)) for name in asked.world or JUDGES},
        "knobs": {recipe: departures(recipe, "small") for recipe in ("question_translation", "own_answers")},
        "commit": commit(Path(__file__)),
        "versions": versions(),
        "machine": f"{platform.machine()}, {platform.system()}, 2 processes",
        "seconds": round(time.monotonic() - started),
    }
    write_study(record, asked.out)
    print(f"wrote {asked.out}.json, .md, .svg and -law.svg")


if __name__ == "__main__":
    main()
