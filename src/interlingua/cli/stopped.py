"""Which run folders a command was working in when it was stopped."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

RUNS = Path("runs")


def stopped_since(began: float, runs: Path = RUNS) -> list[Path]:
    """Folders under `runs` whose latest attempt started after `began` (seconds since 1970) and was stopped.

    A folder in which another process still works, or whose record cannot be read, is not among them.
    """
    return [folder for folder, started in _stopped(runs) if started >= int(began)]


def _stopped(runs: Path) -> Iterator[tuple[Path, float]]:
    for record in sorted(runs.glob("*/run.json")):
        try:
            last = json.loads(record.read_text(encoding="utf-8"))["attempts"][-1]
            if last["end"] == "stopped":
                yield record.parent, datetime.fromisoformat(last["started"]).timestamp()
        except (OSError, ValueError, LookupError, TypeError):
            continue
