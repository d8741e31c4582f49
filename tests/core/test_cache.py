"""The cache: where it lies, what it lists, and that clearing it deletes nothing else."""

from pathlib import Path

import pytest

from interlingua.core.cache import cache_dir, clear_cache, list_cache
from interlingua.core.errors import BadInput


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERLINGUA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def fill():
    (cache_dir("bases") / "tiny").mkdir()
    (cache_dir("bases") / "tiny" / "model.safetensors").write_bytes(b"x" * 100)
    (cache_dir("rows") / "ledger.sqlite").write_bytes(b"x" * 7)


def test_entries_are_listed_with_their_size(root):
    assert list_cache() == []
    fill()
    assert [(entry.kind, entry.name, entry.bytes) for entry in list_cache()] == [
        ("bases", "tiny", 100),
        ("rows", "ledger.sqlite", 7),
    ]


def test_clearing_one_kind_or_all(root):
    fill()
    assert clear_cache("rows") == 7
    assert [entry.kind for entry in list_cache()] == ["bases"]
    assert clear_cache() == 100
    assert clear_cache() == 0
    assert cache_dir("bases").is_dir()


def test_clearing_leaves_folders_that_are_not_ours(root):
    fill()
    (root / "photos").mkdir()
    (root / "photos" / "cat.png").write_bytes(b"cat")
    assert [entry.kind for entry in list_cache()] == ["bases", "rows"]
    with pytest.raises(BadInput, match=r"photos is no cache of ours; set INTERLINGUA_CACHE"):
        cache_dir("photos")
    clear_cache()
    assert (root / "photos" / "cat.png").exists()


def test_a_link_in_the_cache_is_removed_and_not_followed(root, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"dear")
    (cache_dir("bases") / "linked").symlink_to(tmp_path / "model")
    clear_cache()
    assert list_cache() == []
    assert (tmp_path / "model" / "weights").exists()


def test_without_a_wish_it_lies_where_the_platform_keeps_caches(tmp_path, monkeypatch):
    monkeypatch.delenv("INTERLINGUA_CACHE", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir("rows") == tmp_path / "xdg" / "interlingua" / "rows"
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert cache_dir("rows") == tmp_path / "Library" / "Caches" / "interlingua" / "rows"


def test_a_place_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INTERLINGUA_CACHE", str(tmp_path / "file"))
    with pytest.raises(BadInput, match=r"Cannot use .*file/rows: Not a directory"):
        cache_dir("rows")
    assert list_cache() == []
