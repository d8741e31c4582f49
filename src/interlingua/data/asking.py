"""Asking: how questions are put to a model, whatever the task."""

from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput


@dataclass(frozen=True)
class Asking:
    """Language of the prompt, and how many solved examples stand before a question.

    `prompt`: frames and label words in the language of the item (`native`), or the English ones for every
    language (`english`; the pivot's where a task has none in English). `shots`: None for what the task says.

    Raises:
        BadInput: another prompt, or fewer than no shots.
    """

    prompt: Literal["native", "english"] = "native"
    shots: int | None = None

    def __post_init__(self) -> None:
        if self.prompt not in ("native", "english"):
            raise BadInput(f"Prompt {self.prompt!r} is neither native nor english.")
        if self.shots is not None and self.shots < 0:
            raise BadInput(f"{self.shots} shots cannot be given; write 0 for none.")
