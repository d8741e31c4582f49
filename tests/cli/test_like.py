"""Settings of an earlier run."""

import json
from pathlib import Path

import pytest

from interlingua.cli.like import settings_of
from interlingua.core.errors import BadInput
from interlingua.core.runs import RunFolder


def test_settings_come_back_as_options_give_them(tmp_path: Path) -> None:
    settings = {"recipe": "r", "languages": ("de", "sw"), "changes": {"steps": "3"}, "world_hash": "1"}
    with RunFolder.open("run", settings, root=tmp_path) as run:
        path = run.path
    found = {"recipe": "r", "languages": ("de", "sw"), "changes": {"steps": "3"}}
    assert settings_of(path, "run", ["recipe", "languages", "changes", "seed"]) == found
    assert settings_of(path / "run.json", "run", ["recipe"]) == {"recipe": "r"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is no run.json"),
        ("[]", "holds no settings"),
        ('{"settings": 3}', "holds no settings"),
        (json.dumps({"command": "demo", "settings": {}}), "is of `demo`, not of `run`"),
    ],
)
def test_other_files_are_refused(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(BadInput, match=says):
        settings_of(tmp_path / "run.json", "run", ["recipe"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Cannot read .*gone"):
        settings_of(tmp_path / "gone", "run", ["recipe"])
