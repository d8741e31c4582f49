"""How long the commands of the README take, as whole processes, into docs/results/speed.{json,md}.

python benchmarks/speed.py         five minutes: --help five times, the demo once, from nothing
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from interlingua.core.files import write_atomic
from interlingua.core.provenance import commit, versions
from interlingua.lab.bases import shipped

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "results"
LIMITS = {"help": 0.3, "demo": 360.0}


def seconds(*arguments: str) -> float:
    """Wall time of one command in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        command = [sys.executable, "-m", "interlingua", *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - began


def main() -> None:
    """Time the commands and write the figures."""
    helps = [seconds("--help") for _ in range(5)]
    demo = seconds("demo", "--json", "--no-open")
    builds = {}
    for name in shipped():
        place = ROOT / "src" / "interlingua" / "lab" / "shipped" / name.removeprefix("lab:") / "base.json"
        builds[name] = json.loads(place.read_text())["seconds"]
    record = {
        "seconds": {"help": statistics.median(helps), "demo": demo},
        "limits": LIMITS,
        "base_builds": builds,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "versions": versions(),
        "commit": commit(Path(__file__)),
    }
    lines = [
        "# Speed",
        "",
        f"Whole processes on {record['machine']}, commit {record['commit']}. `python benchmarks/speed.py`",
        "",
        "| command | seconds | at most |",
        "|---|---:|---:|",
        f"| `interlingua --help` (median of 5) | {record['seconds']['help']:.2f} | {LIMITS['help']} |",
        f"| `interlingua demo` | {demo:.0f} | {LIMITS['demo']:.0f} |",
        "",
        "Seconds that each shipped base took to pretrain, one process, other work beside it: "
        + ", ".join(f"{name} {took}" for name, took in builds.items())
        + ".",
        "",
    ]
    OUT.mkdir(parents=True, exist_ok=True)
    write_atomic(OUT / "speed.json", json.dumps(record, indent=1) + "\n")
    write_atomic(OUT / "speed.md", "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
