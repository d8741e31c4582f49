"""Prompts: the frame in which a question is asked to be translated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interlingua.core.errors import BadInput
from interlingua.languages.language import Language, find

PAPER = "{question}\nTranslate the input from {source} to {target}:\n"
"""The question-translation prompt of the paper's released data (its `lml_snli` training file)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with the places `{question}`, `{source}` and `{target}`; the languages are named in English.

    Raises:
        BadInput: `text` has no place for the question.
    """

    text: str = PAPER

    def __post_init__(self) -> None:
        if "{question}" not in self.text:
            raise BadInput(f"Prompt template {self.text!r} lacks {{question}}.")

    def render(self, question: str, source_lang: str | Language, target_lang: str | Language) -> str:
        """The prompt for one question; languages are codes, or `Language`s where names are made up."""
        values = {"question": question, "source": _name(source_lang), "target": _name(target_lang)}
        return fill(self.text, values)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every `{name}` of `values` replaced by its value; other braces stay as they are.

    Replaces in one pass, so a value that itself contains `{name}` is left alone; nothing is evaluated.
    """
    places = re.compile("|".join(re.escape(f"{{{name}}}") for name in values))
    return places.sub(lambda match: values[match[0][1:-1]], text) if values else text


def _name(lang: str | Language) -> str:
    return lang.name if isinstance(lang, Language) else find(lang).name
