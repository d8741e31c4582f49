"""Names on the Hugging Face hub: `hf:ORG/NAME`, or `hf:ORG/NAME@REVISION` for a branch, tag or commit."""

from pathlib import Path
from typing import Any

PREFIX = "hf:"


def on_hub(name: str) -> bool:
    """Whether a model's name is one on the hub."""
    return name.startswith(PREFIX)


def split_name(name: str) -> tuple[str, str | None]:
    """Repository and revision of `hf:ORG/NAME@REVISION`; None is the repository's default."""
    repository, _, revision = name.removeprefix(PREFIX).partition("@")
    return repository, revision or None


def hub_name(repository: str, revision: str | None = None) -> str:
    """The other way round."""
    return f"{PREFIX}{repository}" + (f"@{revision}" if revision else "")


def adapter_folder(repository: str, revision: str | None) -> Path | None:
    """The local copy of a hub repository that holds an adapter; None for any other repository.

    Comes from the local cache where it can. Raises what the hub raises.
    """
    from huggingface_hub import snapshot_download
    from transformers.utils.peft_utils import find_adapter_config_file

    if find_adapter_config_file(repository, revision=revision) is None:
        return None
    wanted: dict[str, Any] = {
        "allow_patterns": ["*.json", "*.jinja", "*.model", "*.txt", "adapter_model.safetensors"],
        "ignore_patterns": ["*/*"],
    }
    return Path(snapshot_download(repository, revision=revision, **wanted))
