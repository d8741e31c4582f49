"""Spelling: every script is written with its own letters and can be read back."""

import random
import unicodedata

import pytest

from interlingua.core.errors import UnknownName
from interlingua.lab.spelling import CONSONANTS, PHONEMES, SCRIPTS, VOWELS, full_stop, spell

NAMED = {
    "Latn": "LATIN", "Cyrl": "CYRILLIC", "Grek": "GREEK", "Geor": "GEORGIAN", "Armn": "ARMENIAN",
    "Arab": "ARABIC", "Hebr": "HEBREW", "Deva": "DEVANAGARI", "Ethi": "ETHIOPIC",
}  # fmt: skip
WORDS = ["".join(random.Random(seed).choices(PHONEMES, k=1 + seed % 8)) for seed in range(1000)]


def read(text: str, script: str) -> str:
    """The phonemes of a text: its syllables looked up, the longest first."""
    syllables = [*VOWELS, *(c + v for c in CONSONANTS for v in ("", *VOWELS))]
    written = {spell(syllable, script): syllable for syllable in syllables}
    assert len(written) == len(syllables)
    out, place = "", 0
    while place < len(text):
        size = next(n for n in (2, 1) if text[place : place + n] in written)
        out += written[text[place : place + size]]
        place += size
    return out


def test_the_sweep_sees_every_script() -> None:
    assert set(SCRIPTS) == set(NAMED)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_word_can_be_read_back(script: str) -> None:
    assert [read(spell(word, script), script) for word in WORDS] == WORDS


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_belongs_to_the_script(script: str) -> None:
    letters = {letter for word in WORDS for letter in spell(word, script)}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == {NAMED[script]}
    assert all(unicodedata.category(letter) in ("Ll", "Lo", "Mn", "Mc") for letter in letters)


@pytest.mark.parametrize("script", SCRIPTS)
def test_normalising_changes_no_word(script: str) -> None:
    text = " ".join(spell(word, script) for word in WORDS)
    assert unicodedata.normalize("NFC", text) == text


@pytest.mark.parametrize(
    ("script", "written"),
    [("Latn", "kamet"), ("Cyrl", "камэт"), ("Deva", "कामेत्"), ("Ethi", "ካሜት"), ("Arab", "كأمێت")],
)
def test_a_word_by_hand(script: str, written: str) -> None:
    assert spell("kamet", script) == written


def test_full_stops() -> None:
    assert [full_stop(script) for script in ("Latn", "Deva", "Ethi", "Armn")] == [".", "।", "።", "։"]


def test_a_script_without_spelling_is_refused() -> None:
    with pytest.raises(UnknownName, match="Did you mean Latn"):
        spell("kamet", "Latin")
