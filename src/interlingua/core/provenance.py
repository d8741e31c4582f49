"""Provenance: which code and which libraries made a result."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "interlingua",
    "torch",
    "transformers",
    "tokenizers",
    "peft",
    "accelerate",
    "safetensors",
    "numpy",
)


def versions() -> dict[str, str]:
    """Versions of Python and of the installed packages that decide results; imports none of them."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit(file: Path = Path(__file__)) -> str | None:
    """The commit whose repository tracks `file`, `-dirty` where files differ from it.

    None where git is absent or does not track it, as for an installed package.
    """
    tracked = _git(file.parent, "ls-files", "--error-unmatch", file.name)
    return tracked and _git(file.parent, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
