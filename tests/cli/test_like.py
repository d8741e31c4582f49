"""What an earlier run was asked for."""

from pathlib import Path

import pytest

from interlingua.cli.like import asked_of
from interlingua.core.errors import BadInput
from interlingua.core.runs import RunFolder


def test_what_was_asked_comes_back_as_options_give_it(tmp_path: Path) -> None:
    asked = {"recipe": "r", "languages": ("de", "sw"), "changes": {"steps": "3"}, "limit": None, "more": 1}
    with RunFolder.open("run-r", {"knobs": 1}, root=tmp_path) as run:
        run.record(asked=asked)
    found = {"recipe": "r", "languages": ("de", "sw"), "changes": {"steps": "3"}, "limit": None}
    assert asked_of(run.path, ["recipe", "languages", "changes", "limit", "seed"]) == found
    assert asked_of(run.path / "run.json", ["recipe"]) == {"recipe": "r"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is no run.json"),
        ("[]", "does not say what"),
        ('{"asked": 3}', "does not say what"),
        ('{"command": "demo", "settings": {}}', "does not say what"),
    ],
)
def test_other_files_are_refused(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(BadInput, match=says):
        asked_of(tmp_path / "run.json", ["recipe"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Cannot read .*gone"):
        asked_of(tmp_path / "gone", ["recipe"])
