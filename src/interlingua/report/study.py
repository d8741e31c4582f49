"""A study written down: the record as JSON, a page of Markdown for readers, and two figures beside it."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlingua.core.files import write_atomic
from interlingua.report import study_figures
from interlingua.report.study_markdown import markdown
from interlingua.report.study_numbers import checked

_PLACES = 4


def write_study(record: dict[str, Any], out: Path) -> list[Path]:
    """Write `out`.json, .md, .svg (gains) and -law.svg (languages), and return their paths.

    `out` is a path without ending. The law is left out where no language's bilingual text is known.
    Raises `BadInput` when the record holds no worlds or the place cannot be written, `OutOfRoom` on a full
    disk.
    """
    checked(record)
    law = study_figures.law(record)
    contents = {
        f"{out.name}.json": json.dumps(rounded(record), ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        f"{out.name}.md": markdown(record, out.name),
        f"{out.name}.svg": study_figures.forest(record),
        **({f"{out.name}-law.svg": law} if law else {}),
    }
    return [write_atomic(out.parent / name, content) for name, content in contents.items()]


def rounded(value: Any) -> Any:
    """Plain JSON values with floats at four places, small ones at four digits; not a number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return round(value, _PLACES) if abs(value) >= 0.1 else round(float(f"{value:.{_PLACES}g}"), 9)
    return value if value is None or isinstance(value, str | bool | int) else str(value)
