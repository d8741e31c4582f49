"""`interlingua lab show`: what a world is like: its families, sentences, words and questions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json

if TYPE_CHECKING:
    from interlingua.lab.facts import Clause
    from interlingua.lab.tongues import Tongue
    from interlingua.lab.worlds import World

CONCEPTS = ("dog", "bread", "river", "see", "call", "lovely", "tall", "is", "by", "positive")
"""The words of the dictionary that is shown: things, deeds, properties, function and answer words."""
LANGUAGES_ASKED = 3


@click.command("show", short_help="Families, sentences, words and questions of a world.")
@click.argument("world")
@click.option(
    "--lang",
    "languages",
    type=options.Listed(),
    metavar="CODES",
    help="Languages to show beside the pivot, e.g. qab,qaf [default: all, questions in the first two].",
)
@options.everyday
def command(world: str, languages: tuple[str, ...] | None, as_json: bool) -> None:
    """The families of WORLD, the same sentences in each language, a dictionary, a question of each task."""
    from interlingua.lab.named import world as named

    page = describe(named(world), languages)
    if as_json:
        say_json(page)
    else:
        from interlingua.cli.lab_page import show

        show(page)


def describe(world: "World", languages: Sequence[str] | None = None) -> dict[str, Any]:
    """A world in plain values: its languages with what was generated for them, and questions with glosses.

    `languages` limits it to these and the pivot. Raises UnknownName for one that the world lacks.
    """
    from interlingua.languages.language import pick

    wanted = {world.pivot, *(pick(text, world.languages) for text in languages or world.languages)}
    shown = [code for code in world.languages if code in wanted]
    sentences = _sentences()
    return {
        "name": world.name,
        "seed": world.spec.seed,
        "fingerprint": world.fingerprint(),
        "pivot": world.pivot,
        "sentences": list(sentences),
        "languages": {code: _language(world, code, list(sentences.values())) for code in shown},
        "tasks": {
            task: _task(world, task, place, shown[:LANGUAGES_ASKED]) for place, task in enumerate(world.tasks)
        },
    }


def _sentences() -> "dict[str, Clause]":
    """Sentences in which word order, plural, past, adjective and passive show."""
    from interlingua.lab.facts import Clause, Phrase

    dogs = Phrase("dog", plural=True, adjective="lovely")
    return {
        "Miro saw lovely dogs.": Clause(Phrase("Miro"), "see", dogs, past=True),
        "Tesa is called by Kalu.": Clause(Phrase("Kalu"), "call", Phrase("Tesa"), passive=True),
    }


def _language(world: "World", code: str, sentences: "list[Clause]") -> dict[str, Any]:
    from interlingua.lab.facts import say
    from interlingua.languages.scripts import direction

    tongue = world.tongues[code]
    spec, (text, bilingual) = tongue.spec, world.shares[code]
    return {
        "family": spec.family,
        "script": spec.script,
        "direction": direction(spec.script),
        "order": spec.order,
        "marking": spec.marking,
        "adjective_first": spec.adjective_first,
        "inherited": _share(tongue, "inherited"),
        "borrowed": _share(tongue, "borrowed"),
        "text_share": text,
        "bilingual_share": bilingual,
        "sentences": [say([clause], tongue) for clause in sentences],
        "words": {
            concept: {
                "written": " ".join(tongue.word(concept)),
                "sounds": tongue.lexicon[concept],
                "origin": tongue.origin[concept],
            }
            for concept in CONCEPTS
        },
    }


def _task(world: "World", task: str, place: int, languages: Sequence[str]) -> dict[str, Any]:
    """One test question of a task in some languages, with glosses; answers take turns in a bank."""
    from interlingua.lab.concepts import ANSWERS

    parts = world.bank(task, "test")[place].parts
    asked = {code: world.task(task, code)[place] for code in languages}
    first = asked[world.pivot]
    return {
        "options": [option.strip() for option in first.options],
        "meanings": list(ANSWERS.get(task, [option.strip() for option in first.options])),
        "answer": first.answer,
        "asked": {
            code: {"question": item.question, "gloss": gloss(parts, world.tongues[code])}
            for code, item in asked.items()
        },
    }


def gloss(parts: "Sequence[str | Clause]", tongue: "Tongue") -> str:
    """What each word means, in the language's own order; a word and its particles are told once."""
    from interlingua.lab.facts import say_clause

    told = []
    for part in parts:
        if isinstance(part, str):
            told.append(f"{part}:")
            continue
        meanings = [meaning for _, meaning in say_clause(part, tongue)]
        kept = [meaning for place, meaning in enumerate(meanings) if meanings[place - 1 : place] != [meaning]]
        told.append(f"{' '.join(kept)}.")
    return " ".join(told)


def _share(tongue: "Tongue", origin: str) -> float:
    return sum(each == origin for each in tongue.origin.values()) / len(tongue.origin)
