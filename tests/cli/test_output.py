"""What commands print."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interlingua.cli.output import plain, say_json, stdout_kept


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


def test_one_object_in_the_letters_of_its_languages(capsys) -> None:
    say_json({"own_name": "हिन्दी"})
    out = capsys.readouterr().out
    assert "हिन्दी" in out
    assert json.loads(out) == {"own_name": "हिन्दी"}


def test_chatter_goes_to_stderr(capsys) -> None:
    with stdout_kept():
        print("a library says")
    print("the result")
    assert capsys.readouterr() == ("the result\n", "a library says\n")
