"""The user's cache, listed and emptied."""

from pathlib import Path

import pytest

from interlingua.core.cache import cache_dir


@pytest.fixture(autouse=True)
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of two kinds: a folder of 1,500 bytes and a file of 10."""
    monkeypatch.setenv("INTERLINGUA_CACHE", str(tmp_path / "cache"))
    base = cache_dir("bases") / "tiny-1"
    base.mkdir()
    (base / "model.safetensors").write_bytes(b"0" * 1500)
    (cache_dir("rows") / "ledger.sqlite").write_bytes(b"0" * 10)
    return tmp_path / "cache"


def test_list(run, run_json) -> None:
    found = run_json("cache", "list")
    assert [(entry["kind"], entry["name"], entry["bytes"]) for entry in found["entries"]] == [
        ("bases", "tiny-1", 1500),
        ("rows", "ledger.sqlite", 10),
    ]
    assert found["bytes"] == 1510
    assert run("cache", "list").stdout.endswith("2 kB in all.\n")


def test_clear_one_kind_then_all(run, run_json) -> None:
    assert run_json("cache", "clear", "rows") == {"freed_bytes": 10}
    assert run("cache", "clear").stdout == "2 kB freed.\n"
    assert run("cache", "list").stdout == "The cache is empty.\n"


def test_an_unknown_kind_clears_nothing(run, filled: Path) -> None:
    assert run("cache", "clear", "basses").stderr.startswith(
        "Error: No kind of thing in the cache called 'basses'. Did you mean bases?"
    )
    assert (filled / "bases" / "tiny-1").exists()
