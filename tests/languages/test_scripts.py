"""Scripts of texts, their direction and their spaces."""

import pytest

from interlingua.languages.scripts import direction, script_named, script_of, spaces_between_words


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Habari ya asubuhi", "Latn"),
        ("Привет, Latin!", "Cyrl"),
        ("שלום", "Hebr"),
        ("ᐃᓄᒃᑎᑐᑦ", "Cans"),
        ("中文", "Hani"),
        ("東京は大きい", "Jpan"),
        ("カタカナ", "Jpan"),
        ("한국어", "Hang"),
        ("ߒߞߏ", "Nkoo"),
        ("ᱥᱟᱱᱛᱟᱲᱤ", "Olck"),
        ("ไทย 123", "Thai"),
        ("123 !?", "Zyyy"),
        ("", "Zyyy"),
        ("𐤀𐤁", "Zzzz"),
    ],
)
def test_the_script_of_most_letters(text, script):
    assert script_of(text) == script


def test_combining_marks_do_not_count_as_letters():
    assert script_of("é" * 3 + "я" * 4) == "Cyrl"
    assert script_of("กำ") == "Thai"


@pytest.mark.parametrize(
    ("script", "way"), [("Arab", "rtl"), ("Thaa", "rtl"), ("Latn", "ltr"), ("Mong", "ltr")]
)
def test_direction(script, way):
    assert direction(script) == way


def test_spaces_between_words():
    assert [
        s for s in ("Latn", "Thai", "Hans", "Jpan", "Hang", "Khmr", "Ethi") if not spaces_between_words(s)
    ] == [
        "Thai",
        "Hans",
        "Jpan",
        "Khmr",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("latn", "Latn"),
        ("Cyrillic", "Cyrl"),
        ("traditional", "Hant"),
        ("Kore", "Hang"),
        ("Nope", None),
        ("", None),
    ],
)
def test_scripts_by_code_or_name(text, code):
    assert script_named(text) == code
