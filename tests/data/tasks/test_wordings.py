"""What every task file says: frames, label words and shots, each in the script of its language."""

import json
import re

import pytest

from interlingua.data.frame import Frame
from interlingua.data.task import TASKS, Task
from interlingua.data.words import ALL, code
from interlingua.languages.language import look
from interlingua.languages.scripts import script_of, spaces_between_words

NAMES = TASKS.names()
SAME = {"Hani": {"Hans", "Hant", "Jpan"}, "Jpan": {"Jpan"}}


def native(setting):
    """(language, text) of a setting without what serves all languages."""
    return [(look(code(lang)), text) for lang, text in setting.items() if lang != ALL]


def in_script(text: str, script: str) -> bool:
    """Whether the letters of a text, column names aside, are of a script."""
    found = script_of(re.sub(r"\{[^{}]*\}", "", text))
    return found == "Zyyy" or script in SAME.get(found, {found})


def label_words(task: Task):
    """Language -> label -> word."""
    worded = task.labels if all(isinstance(words, dict) for words in task.labels.values()) else {}
    return native(worded)


@pytest.mark.parametrize("name", NAMES)
def test_frames_stop_where_the_script_wants_it(name):
    for lang, text in native(TASKS.get(name).question):
        frame = Frame.cut(text)
        assert text.count("{answer") == 1
        assert frame.gap == (" " if spaces_between_words(lang.script) else ""), lang
        assert in_script(text, lang.script), (lang, text)


@pytest.mark.parametrize("name", NAMES)
def test_label_words_are_in_the_script_and_differ(name):
    for lang, words in label_words(TASKS.get(name)):
        assert len({word.casefold() for word in words.values()}) == len(words), lang
        assert all(word == word.strip() and in_script(word, lang.script) for word in words.values()), lang


@pytest.mark.parametrize("name", NAMES)
def test_english_is_there_for_all_languages(name):
    task = TASKS.get(name)
    assert {"en", ALL} & set(task.question)
    assert {"en", ALL} & set(task.labels) or label_words(task) == []


@pytest.mark.parametrize("name", NAMES)
def test_where_it_is_from_is_said(name):
    task = TASKS.get(name)
    assert task.licence
    assert task.source
    assert task.folder or task.hub
    assert 20 < len(TASKS.blurb(name)) <= 110


@pytest.mark.parametrize("name", NAMES)
def test_hub_configurations_are_languages(name):
    hub = TASKS.get(name).hub
    configs = [] if hub is None else [code(lang) for lang in hub.configs]
    assert len(set(configs)) == len(configs)


@pytest.mark.parametrize("name", ["msvamp", "mgsm", "xquad"])
def test_written_shots_are_as_many_in_every_language_and_in_its_script(name):
    task = TASKS.get(name)
    assert set(task.shots) == set(task.question)
    for lang, text in native(task.shots):
        assert text.endswith("\n\n")
        assert len(text.strip().split("\n\n")) == task.few
        assert in_script(text, lang.script)


def test_the_sums_are_right():
    english = TASKS.get("msvamp").shots["en"]
    sums = re.findall(r"(\d+) ([-+*/]) (\d+) = (\d+)", english)
    done = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "/": int.__floordiv__}
    assert len(sums) == 4
    assert all(done[sign](int(a), int(b)) == int(result) for a, sign, b, result in sums)
    for text in TASKS.get("msvamp").shots.values():  # the same sums, and each question names their numbers
        assert re.findall(r"(\d+) ([-+*/]) (\d+) = (\d+)", text) == sums
        for shot, (a, _, b, _) in zip(text.strip().split("\n\n"), sums, strict=True):
            assert {a, b} <= set(re.findall(r"\d+", shot.rpartition("\n")[0]))


def test_shots_on_a_passage_are_answered_in_its_words():
    for text in TASKS.get("xquad").shots.values():
        for shot in text.strip().split("\n\n"):
            passage, _, answer = shot.split("\n")
            assert re.split(r"[:：]", answer)[-1].strip() in passage


@pytest.mark.parametrize("name", ["emotion", "emotion_native", "snli"])
def test_no_published_prompt_is_copied(name, shared_data):
    published = json.loads((shared_data / "lml_prompts" / f"{name.split('_')[0]}.json").read_text("utf-8"))
    theirs = {
        code(lang): said["template"].removeprefix("{prefix}\n")
        for variant in published["variants"].values()
        for lang, said in variant["languages"].items()
    }
    ours = {code(lang): text for lang, text in TASKS.get(name).question.items()}
    assert set(ours) == set(theirs)
    assert not [
        lang for lang in ours if ours[lang].removesuffix("{answer}").strip() == theirs[lang].strip(' "')
    ]
