"""Frames and label words, by language and from JSON files."""

import json

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.data.words import ALL, FromJson, labels, texts


@pytest.fixture
def spec(tmp_path):
    book = {
        "frames": {"de": {"text": "{p}\nAlso {x}"}, "swahili": {"text": "{p}\nBasi {x}"}},
        "words": {"de": {"0": "nein"}, "sw": {"0": "hapana"}},
        "all": {"0": "no"},
        "one": "{x}?",
    }
    (tmp_path / "book.json").write_text(json.dumps(book))
    return tmp_path, "[tasks.t]"


def test_texts_for_all_or_by_language(spec):
    assert texts("{x}?", *spec) == {ALL: "{x}?"}
    assert texts({"de": "a", "Swahili": "b"}, *spec) == {"deu_Latn": "a", "swh_Latn": "b"}
    with pytest.raises(UnknownName):
        texts({"no such tongue": "a"}, *spec)


def test_labels_for_all_or_by_language(spec):
    assert labels({"0": "no", "1": "yes"}, *spec) == {ALL: {"0": "no", "1": "yes"}}
    assert labels({"de": {"0": "nein"}}, *spec) == {"deu_Latn": {"0": "nein"}}


def test_words_from_a_json_file(spec):
    frames = FromJson(file="book.json", path="frames.{lang}.text", remove="{p}\n", add="!")
    assert texts(frames, *spec) == {"deu_Latn": "Also {x}!", "swh_Latn": "Basi {x}!"}
    assert texts(FromJson(file="book.json", path="one"), *spec) == {ALL: "{x}?"}
    by_language = labels(FromJson(file="book.json", path="words.{lang}"), *spec)
    assert by_language == {"deu_Latn": {"0": "nein"}, "swh_Latn": {"0": "hapana"}}
    assert labels(FromJson(file="book.json", path="all"), *spec) == {ALL: {"0": "no"}}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("frame.{lang}.text", "no key 'frame' on the path 'frame.'; there are frames, words, all, one"),
        ("frames.{lang}.txt", "no key 'txt'"),
        ("one.{lang}", "leads to no table of languages"),
        ("one.more", "no key 'more' on the path 'one.more'; there are no keys"),
        ("words.{lang}", "'words.{lang}' holds no text per language"),
        ("frames", "holds no text per language"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(spec, path, message):
    with pytest.raises(BadInput) as refusal:
        texts(FromJson(file="book.json", path=path), *spec)
    assert message in str(refusal.value)


def test_a_json_file_is_named_rightly(spec):
    with pytest.raises(BadInput, match=r"named by file and path \(and remove, add\), not file, pth"):
        texts({"file": "book.json", "pth": "one"}, *spec)
    with pytest.raises(BadInput, match="cannot be read as JSON"):
        texts(FromJson(file="none.json", path="one"), *spec)
