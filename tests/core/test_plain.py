"""Results as JSON's own types."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interlingua.core.plain import as_json, plain


@dataclass(frozen=True)
class Gain:
    """A small nested value."""

    mean: float
    over: tuple[str, ...]


def test_plain_values() -> None:
    value = {
        "gain": Gain(0.5, ("base",)),
        "share": np.float32(0.25),
        "counts": np.arange(3),
        "place": Path("a/b"),
        "codes": {"sw", "de"},
        "missing": math.nan,
        "none": None,
        "yes": True,
        3: [math.inf, np.array([[math.nan]])],
    }
    assert plain(value) == {
        "gain": {"mean": 0.5, "over": ["base"]},
        "share": 0.25,
        "counts": [0, 1, 2],
        "place": str(Path("a/b")),
        "codes": ["de", "sw"],
        "missing": None,
        "none": None,
        "yes": True,
        "3": [None, [[None]]],
    }


def test_what_has_no_form_in_json_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object has no form"):
        plain({"a": object()})


def test_json_text_keeps_letters_and_says_null() -> None:
    text = as_json({"name": "हिन्दी", "share": math.nan})
    assert json.loads(text) == {"name": "हिन्दी", "share": None}
    assert "हिन्दी" in text
    assert text.endswith("\n")
