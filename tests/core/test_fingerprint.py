"""Fingerprints: equal content equal, different content different, in every process."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import code_fingerprint, file_fingerprint, fingerprint, later


@dataclass(frozen=True)
class Knobs:
    rank: int = 8
    targets: tuple[str, ...] = ("q_proj", "v_proj")


@dataclass(frozen=True)
class OtherKnobs:
    rank: int = 8
    targets: tuple[str, ...] = ("q_proj", "v_proj")


@dataclass(frozen=True)
class Grown:
    rank: int = 8
    base: str = later("")


def test_a_later_field_counts_only_once_it_is_set():
    before = dataclass(frozen=True)(type("Grown", (), {"__annotations__": {"rank": int}, "rank": 8}))
    before.__qualname__ = Grown.__qualname__
    assert fingerprint(before()) == fingerprint(Grown())
    assert fingerprint(Grown()) != fingerprint(Grown(base="other")) != fingerprint(Grown(base="another"))


def test_sixteen_hex_digits_and_the_same_in_another_process(run):
    content = "{'b': [1, 2.5, None], 'a': {'x', 'y', 'z'}}"
    code = f"from interlingua.core.fingerprint import fingerprint; print(fingerprint({content}))"
    for hash_seed in ("1", "2"):
        assert run(code, PYTHONHASHSEED=hash_seed) == fingerprint({"b": [1, 2.5, None], "a": {"x", "y", "z"}})
    assert len(fingerprint()) == 16
    int(fingerprint("x"), 16)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1, 2], (1, 2)),
        (Knobs(), Knobs(8, ["q_proj", "v_proj"])),
        (np.float32(0.5), 0.5),
        (np.arange(4)[::2], np.array([0, 2])),
        (Path("a/b"), Path("a") / "b"),
        ({1, 2}, frozenset({2, 1})),
    ],
)
def test_equal_content_has_one_fingerprint(one, other):
    assert fingerprint(one) == fingerprint(other)


def test_different_content_has_different_fingerprints():
    values = [
        1, 1.0, True, "1", b"1", None, "", [], {}, set(), [[]], [1], ["1"], ["ab", "c"], ["a", "bc"], ["abc"],
        {"a": 1}, {"a": "1"}, [("a", 1)], Knobs(), OtherKnobs(), Knobs(rank=4), Path("1"), {"a": {"b": 1}},
        {"a": 1, "b": 1}, np.zeros(2), np.zeros(3), np.zeros((2, 1)), np.zeros(2, np.float32), "str:1:1",
        -0.0, 0.0,
    ]  # fmt: skip
    assert len({fingerprint(value) for value in values}) == len(values)


def test_parts_are_kept_apart():
    calls = [("a", "b"), ("ab",), (["a", "b"],), ("b", "a")]
    assert len({fingerprint(*parts) for parts in calls}) == 4


@pytest.mark.parametrize("value", [object(), len, Knobs, np.array([object()])])
def test_what_has_no_stable_content_is_refused(value):
    with pytest.raises(BadInput, match=r"Cannot fingerprint a \w+; give its content instead\."):
        fingerprint([value])


def test_a_file_is_its_content(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    (tmp_path / "b").write_bytes(b"x" * 3_000_000)
    (tmp_path / "c").write_bytes(b"x" * 2_999_999 + b"y")
    assert file_fingerprint(tmp_path / "a") == file_fingerprint(tmp_path / "b")
    assert file_fingerprint(tmp_path / "a") != file_fingerprint(tmp_path / "c")
    with pytest.raises(BadInput, match=r"Cannot read .*gone: No such file"):
        file_fingerprint(tmp_path / "gone")


def test_code_counts_by_what_it_does() -> None:
    code = '"""It."""\nN = 3\n\n\ndef double(x):\n    """Twice x."""\n    return 2 * x  # even\n\n'
    code += "SAID = dict(n=1)"
    same = "N = 3\ndef double(x):\n    'Two x.'\n    return 2*x\nSAID = dict(n=2)\n"
    assert code_fingerprint(code, ["SAID"]) == code_fingerprint(same, ["SAID"])
    assert code_fingerprint(code) != code_fingerprint(same)
    assert code_fingerprint(code, ["SAID"]) != code_fingerprint(same.replace("2*x", "3*x"), ["SAID"])
    assert code_fingerprint("x: int = 1", ["x"]) == code_fingerprint("")


def test_what_is_no_code_has_no_code_fingerprint() -> None:
    with pytest.raises(BadInput, match="no Python, line 2"):
        code_fingerprint("x = 1\ndef f(:")
