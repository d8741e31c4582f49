"""Plain: a result in JSON's own types, so that whatever reads JSON can read it."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """The value in JSON's own types: dataclasses as objects, arrays and sets as lists, paths as text.

    A number that is not finite is null, since JSON has no other word for it. Raises `TypeError` for a value
    that has no form in JSON.
    """
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # numpy's numbers and arrays, torch's tensors
        return plain(value.tolist())
    raise TypeError(f"a {type(value).__qualname__} has no form in JSON")


def as_json(value: Any, indent: int | None = None) -> str:
    """The value as JSON text with a line end."""
    return json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False) + "\n"
