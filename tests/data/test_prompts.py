"""Prompt templates."""

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.data.prompts import Template, fill
from interlingua.languages.language import Language


def test_the_papers_prompt():
    assert (
        Template().render("Q?", "deu_Latn", "eng_Latn") == "Q?\nTranslate the input from German to English:\n"
    )


def test_braces_of_a_question_are_text():
    assert Template("{question}|{source}>{target}").render("{source} {x}", "swh_Latn", "eng_Latn") == (
        "{source} {x}|Swahili>English"
    )


def test_made_up_languages_bring_their_names():
    tavi = Language("qab_Latn", "Tavi", "Latn", "ltr", "Tavi", "qab", "qab-Latn")
    assert Template("{question} {source} {target}").render("Q", tavi, "qaa_Latn") == "Q Tavi Lab language qaa"


def test_refusals():
    with pytest.raises(BadInput, match=r"lacks \{question\}"):
        Template("Translate to {target}")
    with pytest.raises(UnknownName):
        Template().render("Q", "nosuchlanguage", "eng_Latn")


def test_fill_replaces_once_and_evaluates_nothing():
    values = {"a": "{b}", "b": "2", "text": "t"}
    assert fill("{a} {b} {c.__class__} {{a}} {text}", values) == "{b} 2 {c.__class__} {{b}} t"
    assert fill("{a}", {}) == "{a}"
