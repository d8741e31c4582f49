"""Settings of an earlier run, read from its `run.json` for `--like`."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.faults import translate


def settings_of(path: Path, command: str, names: Collection[str]) -> dict[str, Any]:
    """Those of `names` that an earlier run of `command` was given; `path` is its `run.json` or its folder.

    Lists come back as tuples, as options give them. Raises BadInput for a file that is no record of such a run.
    """
    record = path / "run.json" if path.is_dir() else path
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
    except OSError as error:
        raise translate(error, record) or BadInput(f"Cannot read {record}: {error.strerror}.") from error
    except ValueError as error:
        raise BadInput(f"{record} is no run.json: {error}. Give the run.json of a run folder.") from error
    settings = content.get("settings") if isinstance(content, dict) else None
    if not isinstance(settings, dict):
        raise BadInput(f"{record} holds no settings of a run. Give the run.json of a run folder.")
    if content.get("command") != command:
        raise BadInput(
            f"{record} is of `{content.get('command')}`, not of `{command}`. Give one of `{command}`."
        )
    found = {name: settings[name] for name in names if name in settings}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
