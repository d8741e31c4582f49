"""Every task on the shelf: its words are whole in every language, and tables made for it are rendered."""

import re
import string
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.core.shelf import Shelf
from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.data.frame import ANSWER, OPTIONS
from interlingua.data.rendering import listed
from interlingua.data.task import TASKS, Task
from interlingua.data.wording import ENGLISH, Wording
from interlingua.data.words import ALL, FromJson
from interlingua.languages.language import look

NAMES = TASKS.names()
ASKED = [name for name in NAMES if TASKS.get(name).kind != "text"]
UNSPACED = {"Thai", "Hans", "Hant", "Jpan", "Khmr", "Laoo", "Mymr"}
GROUPS = 84  # so that 2, 3, 4 or 7 answers come equally often
OUTSIDE = Path("nowhere")


def wording(name: str, task: Task | None = None) -> Wording:
    """What a task says by itself, without prompts beside the data."""
    return Wording(task or TASKS.get(name), OUTSIDE, ENGLISH, Asking(), name)


def test_the_sweep_sees_the_whole_shelf() -> None:
    assert len(NAMES) >= 12
    assert {"xnli", "xcopa", "sib200", "msvamp", "mgsm", "xquad", "snli", "emotion", "paraphrase"} <= set(
        NAMES
    )
    assert isinstance(TASKS, Shelf)


@pytest.mark.parametrize("name", NAMES)
def test_a_task_says_what_it_is_and_where_it_is_from(name: str) -> None:
    task: Task = TASKS.get(name)
    assert TASKS.blurb(name).endswith((".", "?"))
    assert task.licence
    assert re.search(r"\d{4}", task.source), "a source has a year"
    assert task.folder or task.hub, "rows must be somewhere"
    if task.files:
        assert task.evaluated in task.files
        assert not task.shots_from or task.shots_from in task.files
    if task.hub and task.joins:
        assert not task.hub.columns.keys() & {join.on for join in task.joins}


@pytest.mark.parametrize("name", ASKED)
def test_every_language_is_asked_in_full(name: str) -> None:
    own, task = wording(name), TASKS.get(name)
    asked = {ENGLISH, ALL} & set(own.frames)
    assert asked, "English must be there"
    columns = set(own.columns)
    for lang, frame in own.frames.items():
        assert set(frame.places) - {OPTIONS} <= columns
        assert columns == set(frame.places) - {OPTIONS}, f"{lang} leaves out a column"
        assert frame.before == frame.before.rstrip(" "), f"{lang} ends with a space"
        assert frame.before.strip()
        assert ("{options}" in frame.before) == bool(task.letters)
        if lang != ALL and look(lang).script in UNSPACED:
            assert not frame.gap.startswith(" "), f"{lang} writes no space before an answer"
    for lang in [*own.frames, ENGLISH]:
        assert own.askable([lang]) == {lang} or lang == ALL, f"{lang} has a frame, but not all words"
    for column, words in own.words.items():
        assert len({frozenset(by_value) for by_value in words.values()}) == 1, f"{column}: values differ"
    for lang in own.shots:
        assert lang in own.frames
        assert own.shots[lang].endswith("\n")


@pytest.mark.parametrize("name", [name for name in ASKED if TASKS.get(name).labels])
def test_label_words_are_distinct_and_whole(name: str) -> None:
    own = wording(name)
    for lang in own.labels:
        words = own.label_words(lang if lang != ALL else "und")
        assert list(words) == list(next(iter(own.labels.values())))
        assert len({word.casefold() for word in words.values()}) == len(words) >= 2
        assert all(word == word.strip() for word in words.values())


def made(task: Task, own: Wording, lang: str, joined: set[str]) -> list[dict[str, object]]:
    """Rows of a made language: answers in turn, four to a cluster."""
    rows = []
    labels = list(next(iter(own.labels.values()))) if own.labels else []
    columns = [*own.columns, task.cluster, task.group, task.shown, *[join.on for join in task.joins]]
    columns = [
        column for column in dict.fromkeys(columns) if column and column not in joined | {task.id, "#"}
    ]
    for at in range(GROUPS):
        row: dict[str, object] = {"lang": lang, task.id: f"{at:03d}"} if task.id != "#" else {"lang": lang}
        row |= {column: f"{column} {at} {lang}" for column in columns}
        row |= {column: next(iter(next(iter(words.values())))) for column, words in own.words.items()}
        if task.cluster in columns:
            row[str(task.cluster)] = f"cluster {at // 4} {lang}"
        row |= {join.on: f"{at // 4}" for join in task.joins}
        several = isinstance(task.options, tuple)
        options = [f"option {letter} {at} {lang}" for letter in "abcd"[: len(task.options) if several else 4]]
        if task.options:
            row |= dict(zip(task.options, options, strict=True)) if several else {str(task.options): options}
            gold = at % len(options)
            row[task.label] = {
                "index": gold, "number": gold + 1, "letter": string.ascii_uppercase[gold],
                "text": options[gold],
            }[task.label_is]  # fmt: skip
        elif labels:
            row[task.label] = labels[at % len(labels)]
        else:
            row |= dict.fromkeys(listed(task.answer), f"{at}")
        rows.append(row)
    return rows


def write(folder, rows) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(rows), folder)


@pytest.fixture
def source(tmp_path):
    """`source("xnli", shots=2)`: a task over made rows in two of its languages, besides English."""

    def opened(name: str, **asking: object):
        task: Task = TASKS.get(name)
        own, folder = wording(name), tmp_path / (task.folder or name)
        langs = ["eng_Latn", *[lang for lang in own.frames if lang not in (ALL, ENGLISH)][:2]]
        joined = {column for join in task.joins for column in join.take}
        rows = [row for lang in langs for row in made(task, own, lang, joined)]
        files = dict(task.files) or {"test": "test.parquet"}
        for file in files.values():
            write(folder / file, rows)
        for join in task.joins:
            texts = [
                {"lang": lang, join.key: f"{at}", **{column: f"{column} {at} {lang}" for column in join.take}}
                for lang in langs
                for at in range(GROUPS)
            ]
            write(folder / join.file, texts)
        if task.files:
            return FileSource(folder, tasks=[name], asking=Asking(**asking)), langs
        toml = f'name = "x"\npivot = "en"\n[tasks.{name}]\nuse = "{name}"\nfile = "test.parquet"\n'
        (folder / "a.toml").write_text(toml)
        return FileSource(folder, tasks=[name], asking=Asking(**asking)), langs

    return opened


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("prompt", ["native", "english"])
@pytest.mark.filterwarnings(
    "ignore:.* every language has shots of its own:interlingua.data.source.DataWarning"
)
def test_made_tables_are_rendered_in_step(name, prompt, source) -> None:
    data, langs = source(name, prompt=prompt)
    ask = data.open_task if name in data.open_tasks else data.task
    known = None
    for lang in langs:
        items = ask(name, lang)
        assert items
        marks = [(item.id, item.group, item.cluster, getattr(item, "answer", item.id)) for item in items]
        assert known is None or not TASKS.get(name).parallel or marks == known
        known = marks
        assert len({item.shots for item in items}) == 1
        for item in items:
            text = item.shots + item.question
            assert not re.search(r"\{\w+(\|\w+)?\}", text)
            assert not item.question.endswith(" ")
            assert lang in item.question, "its own text is in it"


@pytest.mark.parametrize("name", [name for name in ASKED if TASKS.get(name).kind == "choice"])
def test_guessing_is_right_as_often_as_there_are_options(name, source) -> None:
    data, langs = source(name, shots=0)
    for lang in langs:
        items = data.task(name, lang)
        (count,) = {len(set(item.options)) for item in items}
        assert Counter(item.answer for item in items) == dict.fromkeys(range(count), GROUPS // count)


def test_the_sweep_would_see_a_broken_task() -> None:
    task: Task = TASKS.get("xnli")
    short = replace(task, question={"en": "{premise} {answer}", "de": "{premise} {hypothesis} {answer}"})
    own = wording("xnli", short)
    assert any(set(own.columns) != set(frame.places) for frame in own.frames.values())
    assert not any(isinstance(setting, FromJson) for setting in (task.question, task.labels, task.shots))
    assert ANSWER not in own.columns
