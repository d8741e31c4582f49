"""Chains of thought, in the four ways xCoT puts them, by hand."""

from types import SimpleNamespace
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.chains import (
    Chain,
    answered,
    chains,
    demonstrated,
    explained_tasks,
    reasoning_tasks,
    to_write,
    translated,
    twins,
)
from interlingua.data.items import Choice, Explained, Open
from interlingua.data.prompts import Template

EN, DE, SW = "eng_Latn", "deu_Latn", "swh_Latn"
TWO = [
    Chain("sum", "0", {EN: "One and one?", DE: "Eins und eins?"}, "1 + 1 = 2. 2"),
    Chain("sum", "1", {EN: "Two and one?\n", SW: "Mbili na moja?"}, "2 + 1 = 3. 3"),
]


class Toy:
    """Two tasks, of which the open one has steps in the pivot; Swahili lacks its second question."""

    name, pivot, languages, tasks, open_tasks = "toy", EN, (EN, DE, SW), ("topic",), ("sum",)

    def task(self, name: str, lang: str, split: str) -> list[Choice]:
        return [Choice("0", name, split, lang, "?", ("a", "b"), 0, "0", "0")]

    def open_task(self, name: str, lang: str, split: str) -> list[Open]:
        count = 1 if lang == SW else 2
        return [
            Open(f"{lang}{i}", name, split, lang, f"{lang} {i}?", (f"{i}",), f"{i}", f"{i}")
            for i in range(count)
        ]

    def explained(self, task: str, lang: str, split: str) -> list[Explained]:
        if task != "sum":
            raise MissingResource("topic has no reasoning steps")
        assert (lang, split) == (EN, "train")
        return [
            Explained(f"{lang}{i}", task, split, lang, f"{lang} {i}?", f" so {i}. ", f" {i}", f"{i}", f"{i}")
            for i in range(2)
        ]


def test_questions_of_all_languages_meet_the_steps_of_the_pivot() -> None:
    source: Any = Toy()
    assert explained_tasks(source) == ("sum",)
    assert chains(source, (DE, SW), 10) == [
        Chain("sum", "0", {EN: "eng_Latn 0?", DE: "deu_Latn 0?", SW: "swh_Latn 0?"}, "so 0. 0"),
        Chain("sum", "1", {EN: "eng_Latn 1?", DE: "deu_Latn 1?"}, "so 1. 1"),
    ]
    assert len(chains(source, (DE,), 1)) == 1
    few = chains(source, (DE, SW), 10, elsewhere=1)
    assert [len(chain.questions) for chain in few] in ([3, 1], [1, 2])


def test_reasoning_tasks_are_those_with_options() -> None:
    source: Any = Toy()
    assert reasoning_tasks(source) == ()
    source.tasks, source.open_tasks = ("topic", "sum"), ()
    assert reasoning_tasks(source) == ("sum",)
    nothing: Any = SimpleNamespace(name="bare", pivot=EN, tasks=(), open_tasks=())
    assert reasoning_tasks(nothing) == ()


def test_a_source_without_steps_or_without_the_questions_is_told_so() -> None:
    source: Any = Toy()
    source.open_task = lambda *_: []
    with pytest.raises(MissingResource, match="toy has no training questions in kin_Latn"):
        chains(source, ("kin_Latn",), 10)
    source.open_tasks = ()
    with pytest.raises(MissingResource, match="with reasoning steps: topic has no reasoning steps"):
        chains(source, (DE,), 10)
    nothing: Any = SimpleNamespace(name="bare", pivot=EN, tasks=(), open_tasks=())
    with pytest.raises(MissingResource, match="bare has no training questions with reasoning steps"):
        explained_tasks(nothing)


def test_what_is_to_be_written_is_compared_by_number() -> None:
    source: Any = Toy()
    source.languages_of = lambda task: (EN, SW)
    asked = to_write(source, {"sum"}, 1, 20)
    assert [(one.lang, one.question, one.match, one.stop, one.max_new_tokens) for one in asked] == [
        (lang, f"{lang} {one.group}?", "number", (), 20) for lang, one in zip((EN, SW), asked, strict=True)
    ]
    first = to_write(source, {"sum"}, 1, 20, template=Template("{question} {source}>{target}: "))
    assert [one.question for one in first] == [
        asked[0].question, f"{asked[1].question} Swahili>English: ",
    ]  # fmt: skip


def test_answered_and_their_twins() -> None:
    rows, beside = answered(TWO), twins(TWO, EN)
    assert [(row.prompt, row.target, row.lang) for row in rows] == [
        ("One and one?", " 1 + 1 = 2. 2", EN),
        ("Eins und eins?", " 1 + 1 = 2. 2", DE),
        ("Two and one?\n", "2 + 1 = 3. 3", EN),
        ("Mbili na moja?", " 2 + 1 = 3. 3", SW),
    ]
    assert [one and (one.prompt, one.target) for one in beside] == [
        None, ("One and one?", " 1 + 1 = 2. 2"), None, ("Two and one?\n", " 2 + 1 = 3. 3"),
    ]  # fmt: skip


def test_demonstrations_are_other_questions_switched_into_the_language() -> None:
    switch = {lang: lambda text, seed, lang=lang: f"<{lang}>{text}" for lang in (DE, SW)}
    german, swahili = demonstrated(TWO, EN, switch, 1)
    assert german.prompt == "<deu_Latn>Two and one?\n2 + 1 = 3. 3\n\nEins und eins?"
    assert swahili.prompt == "<swh_Latn>One and one? 1 + 1 = 2. 2\n\nMbili na moja?"
    assert (german.target, swahili.target) == (" 1 + 1 = 2. 2", " 2 + 1 = 3. 3")
    with pytest.raises(BadInput, match="2 solved questions are to be shown, but there are only 2"):
        demonstrated(TWO, EN, switch, 2)


def test_translations_are_part_of_what_is_learned() -> None:
    template = Template("{question} {source}>{target}: ")
    rows = translated(TWO, template)
    assert [(row.prompt, row.target) for row in rows] == [
        ("One and one? English>German: ", "Eins und eins? 1 + 1 = 2. 2"),
        ("Eins und eins? German>English: ", "One and one? 1 + 1 = 2. 2"),
        ("Two and one?\n English>Swahili: ", "Mbili na moja? 2 + 1 = 3. 3"),
        ("Mbili na moja? Swahili>English: ", "Two and one?\n2 + 1 = 3. 3"),
    ]
    assert [row.lang for row in translated(TWO, template, EN)] == [DE, SW]
