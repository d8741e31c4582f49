"""Code switching: places, words and controls by hand."""

import random
from collections import Counter

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.code_switch import Switcher, code_switched, labelled
from interlingua.data.items import Choice

GERMAN = {"dog": ("Hund",), "sees": ("sieht", "erblickt"), "cat": ("Katze",), "the": ("der",)}
SWAHILI = {"dog": ("mbwa",), "cat": ("paka",)}
TEXT = "Review: The dog sees Mia's cat, 3 times."


def test_every_known_word_is_replaced_at_rate_one_and_none_at_rate_zero() -> None:
    switch = Switcher([GERMAN])
    assert switch(0.0, TEXT, 1) == TEXT
    found = {switch(1.0, TEXT, seed) for seed in range(20)}
    assert found == {f"Review: der Hund {verb} Mia's Katze, 3 times." for verb in ("sieht", "erblickt")}


def test_words_come_from_the_languages_that_know_them() -> None:
    found = Counter(Switcher([GERMAN, SWAHILI])(1.0, "dog the", seed) for seed in range(200))
    assert found.keys() == {"Hund der", "mbwa der"}
    assert min(found.values()) > 70


def test_the_rate_is_that_of_known_words() -> None:
    text = " ".join(["dog"] * 4000)
    assert Switcher([SWAHILI])(0.3, text, 0).split().count("mbwa") == pytest.approx(1200, abs=100)


def test_untied_words_stand_in_the_same_places_and_are_never_translations() -> None:
    rng = random.Random(0)
    text = " ".join(rng.choice(["dog", "cat", "sees", "Mia"]) for _ in range(300))
    tied, untied = (Switcher([GERMAN], tied)(0.5, text, 7).split() for tied in (True, False))
    chosen = list(zip(text.split(), tied, untied, strict=True))
    assert [before == one for before, one, _ in chosen] == [before == other for before, _, other in chosen]
    assert all(other not in GERMAN[before] for before, one, other in chosen if before != one)
    instead = Counter(other for before, one, other in chosen if before == "dog" != one)
    assert instead.keys() == {"sieht", "erblickt", "Katze", "der"}


def test_scripts_with_signs_around_letters_and_without_spaces() -> None:
    assert Switcher([{"कुत्ता": ("dog",)}])(1.0, "कुत्ता। कुत्ता", 0) == "dog। dog"
    assert Switcher([{"狗": ("dog",)}])(1.0, "小狗，狗。", 0) == "小dog，dog。"


def test_what_cannot_be_switched_is_refused() -> None:
    for known in ([], [{}], [GERMAN, {}]):
        with pytest.raises(BadInput, match="needs a dictionary"):
            Switcher(known)
    with pytest.raises(BadInput, match=r"A rate of 1\.5"):
        Switcher([GERMAN])(1.5, TEXT, 0)


class Toy:
    """Six questions of one task in three languages; words are numbered alike."""

    name, pivot, languages, tasks = "toy", "eng_Latn", ("eng_Latn", "deu_Latn", "swh_Latn"), ("even",)

    def dictionary(self, a: str, b: str) -> dict[str, tuple[str, ...]]:
        return {f"word{i}": (f"{b[:3]}{i}",) for i in range(6)}

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        assert split == "train"
        word = "word" if lang == self.pivot else lang[:3]
        return [
            Choice(
                f"{i}", name, split, lang, f"Is {word}{i} even?", (" no", " yes"), 1 - i % 2, f"{i}", f"{i}"
            )
            for i in range(6)
        ]


def test_rows_of_a_source() -> None:
    rows = code_switched(Toy(), ["even"], Toy.languages[1:], 1.0, mixed=False)  # type: ignore[arg-type]
    assert [(row.prompt, row.target, row.lang) for row in rows[:2]] == [
        ("Is deu0 even?", " yes", "deu_Latn"), ("Is deu1 even?", " no", "deu_Latn"),
    ]  # fmt: skip
    assert [row.lang for row in rows] == ["deu_Latn"] * 6 + ["swh_Latn"] * 6
    mixed = code_switched(Toy(), ["even"], Toy.languages[1:], 1.0)  # type: ignore[arg-type]
    assert {row.prompt[3:6] for row in mixed if row.lang == "deu_Latn"} == {"deu", "swh"}


def test_the_arms_draw_the_same_questions() -> None:
    told = [
        [row.target for row in rows]
        for rows in (
            code_switched(Toy(), ["even"], Toy.languages[1:], 0.5, 4),  # type: ignore[arg-type]
            code_switched(Toy(), ["even"], Toy.languages[1:], 0.5, 4, tied=False),  # type: ignore[arg-type]
            labelled(Toy(), ["even"], Toy.languages[1:], 4),  # type: ignore[arg-type]
        )
    ]
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 8
