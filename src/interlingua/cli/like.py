"""What an earlier run was asked for, read from its `run.json` for `--like`."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.faults import translate


def asked_of(path: Path, names: Collection[str]) -> dict[str, Any]:
    """Those of `names` that stand under `asked` in a record; `path` is a `run.json` or its folder.

    Lists come back as tuples, as options give them. Raises BadInput for a file that holds no such thing.
    """
    record = path / "run.json" if path.is_dir() else path
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
    except OSError as error:
        raise translate(error, record) or BadInput(f"Cannot read {record}: {error.strerror}.") from error
    except ValueError as error:
        raise BadInput(f"{record} is no run.json: {error}. Give the run.json of a run folder.") from error
    asked = content.get("asked") if isinstance(content, dict) else None
    if not isinstance(asked, dict):
        raise BadInput(
            f"{record} does not say what `interlingua run` was asked for. Give the run.json of one."
        )
    found = {name: asked[name] for name in names if name in asked}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
