"""Run folders that a stopped command worked in."""

import json
from datetime import UTC, datetime
from pathlib import Path

from interlingua.cli.stopped import stopped_since


def record(folder: Path, started: float, end: str) -> None:
    """A run folder whose latest attempt began at `started`."""
    folder.mkdir(parents=True)
    begun = datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds")
    first = {"started": "2020-01-01T00:00:00+00:00", "end": "stopped"}
    (folder / "run.json").write_text(json.dumps({"attempts": [first, {"started": begun, "end": end}]}))


def test_only_folders_stopped_since_then(tmp_path: Path) -> None:
    began = 1_700_000_000.9  # records are written with whole seconds
    record(tmp_path / "ours", began, "stopped")
    record(tmp_path / "earlier", began - 60, "stopped")
    record(tmp_path / "of-another-process", began + 1, "")
    record(tmp_path / "finished", began + 1, "finished")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "run.json").write_text("{")
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "run.json").write_text("[]")
    assert stopped_since(began, tmp_path) == [tmp_path / "ours"]


def test_no_runs_at_all(tmp_path: Path) -> None:
    assert stopped_since(0.0, tmp_path / "none") == []
