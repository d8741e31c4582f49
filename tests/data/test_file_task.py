"""Tasks from files."""

import json

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.asking import Asking
from interlingua.data.file_task import FileTask
from interlingua.data.long_table import LongTable
from interlingua.data.source import DataWarning
from interlingua.data.task import Join, Task

EN = [("1", "A dog.", "An animal.", 0), ("2", "A dog.", "A cat.", 1), ("3", "{x} rain", "Wet.", 0)]
DE = [("1", "Ein Hund.", "Ein Tier.", 0), ("2", "EIN Hund.", "Eine Katze.", 1), ("3", "Regen", "Nass.", 0)]


def make(folder, rows=None, asking=None, name="t.jsonl", **settings):
    """A two-language inference task in `folder`; settings override the usual ones."""
    rows = rows or {"en": EN, "de": DE}
    keys = ("id", "p", "h", "label")
    lines = [
        json.dumps(
            {"lang": lang, **(dict(zip(keys, item, strict=True)) if isinstance(item, tuple) else item)}
        )
        for lang, items in rows.items()
        for item in items
    ]
    (folder / name).write_text("\n".join(lines))
    usual = {
        "question": {"en": "{p} So {h}: ", "de": "{p} Also {h}: "},
        "labels": {"0": "yes", "1": "no"},
        "cluster": "p",
    }
    files = {split: folder / file for split, file in settings.pop("files", {"test": name}).items()}

    def table(columns):
        return LongTable("[tasks.nli]", files, "lang", columns)

    task = Task(**(usual | settings))
    return FileTask("nli", task, folder, "eng_Latn", asking or Asking(), "[tasks.nli]", table)


def test_items_by_hand(tmp_path):
    item = make(tmp_path, shots="Shots. ").items("deu_Latn", "test")[1]
    assert (item.id, item.group, item.task, item.split, item.lang) == ("2", "2", "nli", "test", "deu_Latn")
    assert (item.question, item.shots) == ("EIN Hund. Also Eine Katze.: ", "Shots. ")
    assert (item.options, item.answer) == (("yes", "no"), 1)


def test_fields_are_text_and_nothing_else(tmp_path):
    assert make(tmp_path).items("eng_Latn", "test")[2].question == "{x} rain So Wet.: "


def test_clusters_are_the_pivots_in_every_language(tmp_path):
    task = make(tmp_path)
    assert [item.cluster for item in task.items("eng_Latn", "test")] == ["1", "1", "3"]
    assert [item.cluster for item in task.items("deu_Latn", "test")] == ["1", "1", "3"]


def test_clusters_of_what_the_pivot_lacks_are_their_own(tmp_path):
    more = [*DE[:1], ("8", "Ein Hund.", "x", 0), ("9", "Ein Hund.", "y", 1)]
    task = make(tmp_path, {"en": EN[:1], "de": more})
    with pytest.warns(DataWarning, match="2 of 3 test rows of deu_Latn are missing in eng_Latn, .* '8'"):
        items = task.items("deu_Latn", "test")
    assert [item.cluster for item in items] == ["1", "8", "8"]


def test_without_a_cluster_column_groups_are_clusters(tmp_path):
    assert [item.cluster for item in make(tmp_path, cluster=None).items("deu_Latn", "test")] == [
        "1",
        "2",
        "3",
    ]


def test_label_words_by_language_are_in_the_order_of_the_first(tmp_path):
    task = make(tmp_path, labels={"en": {"0": "yes", "1": "no"}, "de": {"1": "nein", "0": "ja"}})
    assert [(item.options, item.answer) for item in task.items("deu_Latn", "test")][:2] == [
        (("ja", "nein"), 0),
        (("ja", "nein"), 1),
    ]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(
        MissingResource, match=r"\[tasks\.nli\] has no question frame in deu_Latn; there are eng_Latn"
    ):
        make(tmp_path, question={"en": "{p}"}).items("deu_Latn", "test")
    with pytest.raises(MissingResource, match="no label words in deu_Latn"):
        make(tmp_path, labels={"en": {"0": "yes", "1": "no"}}).items("deu_Latn", "test")
    with pytest.raises(MissingResource, match="no split 'train'"):
        make(tmp_path).items("deu_Latn", "train")
    with pytest.raises(BadInput, match="no column 'hypothesis'"):
        make(tmp_path, question="{hypothesis}")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("1", "a", "b", 2)], "test row '1' in eng_Latn has label 2; there are words for 0, 1 only"),
        ([("1", "a", "b", None)], "has no label; skip_unlabelled = true"),
        ([("1", "a", "", 0)], "column 'h' is empty in row '1'"),
        ([("1", "a", "b", 0), ("1", "c", "d", 0)], "id '1' comes twice among the test rows of eng_Latn"),
    ],
)
def test_bad_rows_are_named(tmp_path, rows, message):
    with pytest.raises(BadInput) as refusal:
        make(tmp_path, {"en": rows}).items("eng_Latn", "test")
    assert message in str(refusal.value)


def test_unlabelled_rows_are_left_out_on_demand(tmp_path):
    task = make(tmp_path, {"en": [*EN, ("9", "a", "b", None)]}, skip_unlabelled=True)
    assert [item.id for item in task.items("eng_Latn", "test")] == ["1", "2", "3"]


def test_rows_that_are_not_parallel_are_told_or_refused(tmp_path):
    task = make(tmp_path, {"en": EN, "de": DE[1:]})
    with pytest.warns(DataWarning, match="1 of 3 test rows of eng_Latn are missing in deu_Latn, .* '1'"):
        assert len(task.items("deu_Latn", "test")) == 2
    assert len(task.items("deu_Latn", "test")) == 2  # told once
    with pytest.raises(BadInput, match="deu_Latn and eng_Latn have no id in common among the test rows"):
        make(tmp_path, {"en": EN[:1], "de": DE[1:]}).items("deu_Latn", "test")
    own = make(tmp_path, {"en": EN[:1], "de": DE[1:]}, parallel=False)
    assert [item.cluster for item in own.items("deu_Latn", "test")] == ["2", "3"]


def test_what_is_measured_is_called_test(tmp_path):
    task = make(tmp_path, files={"dev": "t.jsonl"}, evaluated="dev")
    assert {item.split for item in task.items("deu_Latn", "test")} == {"dev"}
    assert task.splits == ("dev",)
    assert task.languages_of("test") == {"eng_Latn", "deu_Latn"}


def test_languages_that_cannot_be_asked_are_not_offered(tmp_path):
    frames = {"question": {"en": "{p}"}}
    assert make(tmp_path, **frames).languages_of("test") == {"eng_Latn"}
    assert make(tmp_path, asking=Asking("english"), **frames).languages_of("test") == {"eng_Latn", "deu_Latn"}


CHOICE = {"labels": {}, "options": ("a", "b"), "cluster": None, "question": "{q} {answer}"}


def options(folder, rows, **settings):
    """Rows of a task with options of its own."""
    return make(folder, {"en": rows}, **(CHOICE | settings)).items("eng_Latn", "test")


def test_options_of_columns_and_lists(tmp_path):
    row = {"id": 7, "q": "Why?", "a": "x", "b": "y", "label": 1}
    (item,) = options(tmp_path, [row])
    assert (item.id, item.question, item.options, item.answer) == ("7", "Why?", (" x", " y"), 1)
    for label, label_is in ((2, "number"), ("B", "letter"), ("y", "text"), ("1", "index")):
        row = {"id": 7, "q": "Why?", "o": ["x", "y"], "label": label}
        assert options(tmp_path, [row], options="o", label_is=label_is)[0].answer == 1


def test_lettered_options_are_listed(tmp_path):
    row = {"id": 7, "q": "Why?", "o": ["x", "y", "y"], "label": 1}
    frame = "{q}\n{options}\nAnswer:{answer}"
    (item,) = options(tmp_path, [row], options="o", letters="ABCD", question=frame)
    assert item.question == "Why?\nA. x\nB. y\nC. y\nAnswer:"
    assert item.options == ("A", "B", "C")


def test_repeated_options_are_refused_or_left_out(tmp_path):
    rows = [{"id": i, "q": "Why?", "o": ["x", end], "label": 1} for i, end in enumerate("yx")]
    with pytest.raises(BadInput, match=r"test row '1' in eng_Latn has the option 'x' twice; skip_repeated"):
        options(tmp_path, rows, options="o")
    assert [item.id for item in options(tmp_path, rows, options="o", skip_repeated=True)] == ["0"]


OPEN = {"labels": {}, "answer": "a", "cluster": None, "question": "{q}\nA: {answer}."}


def test_open_questions(tmp_path):
    rows = {"en": [{"id": 1, "q": "1+1?", "a": "2.0"}]}
    task = make(tmp_path, rows, match="number", stop=(".",), max_new_tokens=9, **OPEN)
    (item,) = task.items("eng_Latn", "test")
    assert (item.question, item.answers, item.match, item.stop, item.max_new_tokens) == (
        "1+1?\nA:", ("2",), "number", (".",), 9,
    )  # fmt: skip


def test_reasoning_comes_from_its_column_and_rows_without_it_are_left_out(tmp_path):
    rows = {
        "en": [
            {"id": "1", "p": "1 + 1?", "a": "2", "how": " One more than one. "},
            {"id": "2", "p": "2 + 1?", "a": "3", "how": None},
        ],
        "de": [{"id": "1", "p": "1 und 1?", "a": "2", "how": ""}, {"id": "2", "p": "2 und 1?", "a": "3"}],
    }
    settings = {"question": {"en": "{p} "}, "labels": {}, "answer": "a", "cluster": None, "match": "number"}
    task = make(tmp_path, rows, **settings, steps="how")
    (found,) = task.explained("eng_Latn", "test")
    assert (found.id, found.question, found.steps, found.answer) == (
        "1",
        "1 + 1? ",
        "One more than one.",
        "2",
    )
    shown = make(tmp_path, rows, **settings, shown="how")
    assert shown.explained("eng_Latn", "test") == [found]
    assert task.fingerprint() != make(tmp_path, rows, **settings).fingerprint()
    with pytest.raises(
        MissingResource, match=r"has no reasoning steps; name the column .* steps = \"COLUMN\""
    ):
        make(tmp_path, rows, **settings).explained("eng_Latn", "test")


def test_reasoning_of_a_choice_leads_to_the_option_that_is_right(tmp_path):
    rows = {"en": [("1", "A dog.", "An animal.", 0)]}
    (one,) = make(tmp_path, rows, steps="p").explained("eng_Latn", "test")
    assert (one.question, one.steps, one.answer) == ("A dog. So An animal.: ", "A dog.", "yes")


def test_joined_columns_are_those_of_the_language(tmp_path):
    passages = [{"pid": 1, "lang": lang, "passage": f"{lang} text"} for lang in ("en", "de")]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, passages)))
    rows = {lang: [{"id": 5, "q": "Who?", "at": 1, "a": "I"}] for lang in ("en", "de")}
    join = Join(on="at", file="p.jsonl", take=("passage",), key="pid")
    task = make(tmp_path, rows, joins=(join,), **(OPEN | {"question": "{passage} {q}", "cluster": "passage"}))
    assert [item.question for item in task.items("deu_Latn", "test")] == ["de text Who?"]
    rows["de"][0]["at"] = 2
    with pytest.raises(BadInput, match=r"p\.jsonl has no pid '2' in deu_Latn, which row '5' names"):
        make(tmp_path, rows, joins=(join,), **OPEN).items("deu_Latn", "test")


MANY = [(f"{i}", f"p{i // 2}", f"h{i}", i % 2) for i in range(12)]


def shown(items):
    """What stands before the questions of items, which is one text."""
    (text,) = {item.shots for item in items}
    return text


def test_shots_are_drawn_once_for_all_languages_and_left_out(tmp_path):
    settings = {
        "few": 4, "shots_from": "test", "between": "\n",
        "question": {"en": "{h}: {answer}", "de": "{h}:{answer}"},
    }  # fmt: skip
    task = make(tmp_path, {"en": MANY, "de": MANY}, **settings)
    english, german = task.items("eng_Latn", "test"), task.items("deu_Latn", "test")
    lines = shown(english).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["yes", "no", "yes", "no"]
    assert shown(german) == shown(english).replace(": ", ":")
    drawn = {line.split(":")[0].removeprefix("h") for line in lines}
    premises = {int(id_) // 2 for id_ in drawn}
    assert len(premises) == 4  # of four premises, whose eight rows are all left out
    left = [id_ for id_, *_ in MANY if int(id_) // 2 not in premises]
    assert [item.id for item in english] == [item.id for item in german] == left
    fewer = make(tmp_path, {"en": MANY, "de": MANY}, asking=Asking(shots=0), **settings)
    assert shown(fewer.items("deu_Latn", "test")) == ""
    assert len(fewer.items("deu_Latn", "test")) == 12


def test_shots_do_not_depend_on_the_order_of_rows_or_on_incomplete_languages(tmp_path):
    settings = {"few": 2, "shots_from": "test", "question": {"*": "{h}: {answer}"}}
    first = shown(make(tmp_path, {"en": MANY, "de": MANY}, **settings).items("eng_Latn", "test"))
    assert (
        shown(make(tmp_path, {"en": MANY[::-1], "de": MANY}, **settings).items("eng_Latn", "test")) == first
    )
    ids = {line.partition(":")[0].removeprefix("h") for line in first.split("\n\n") if line}
    lacking = {"en": MANY, "de": [row for row in MANY if row[0] not in ids]}
    task = make(tmp_path, lacking, **settings)
    with pytest.warns(DataWarning, match="2 of 12 test rows of eng_Latn are missing in deu_Latn"):
        german = shown(task.items("deu_Latn", "test"))
    assert german == shown(task.items("eng_Latn", "test"))
    assert not ids & {line.partition(":")[0].removeprefix("h") for line in german.split("\n\n")}


def test_shots_of_another_split_leave_nothing_out(tmp_path):
    make(tmp_path, {"en": MANY, "de": MANY}, name="d.jsonl")
    settings = {"files": {"test": "t.jsonl", "dev": "d.jsonl"}, "few": 2, "shots_from": "dev"}
    items = make(tmp_path, {"en": MANY, "de": MANY}, **settings).items("deu_Latn", "test")
    assert len(items) == 12
    assert shown(items).count("Also") == 2


def test_languages_with_questions_of_their_own_have_shots_of_their_own(tmp_path):
    german = [(f"d{i}", *rest) for i, *rest in MANY]
    settings = {"parallel": False, "few": 2, "shots_from": "test", "cluster": None}
    task = make(tmp_path, {"en": MANY, "de": german}, **settings)
    with pytest.warns(DataWarning, match="every language has shots of its own, since 0 test examples are in"):
        assert len(task.items("deu_Latn", "test")) == 10
    assert len(task.items("eng_Latn", "test")) == 10  # told once


def test_shots_written_out(tmp_path):
    settings = {"few": 2, "shots": {"en": "One. Two. ", "de": "Eins. Zwei. "}}
    assert shown(make(tmp_path, **settings).items("deu_Latn", "test")) == "Eins. Zwei. "
    for asking, text in (
        (Asking(shots=2), "Eins. Zwei. "), (Asking(shots=0), ""), (Asking("english"), "One. Two. "),
    ):  # fmt: skip
        assert shown(make(tmp_path, asking=asking, **settings).items("deu_Latn", "test")) == text
    with pytest.raises(BadInput, match="3 shots are wanted, but its 2 are written out"):
        make(tmp_path, asking=Asking(shots=3), **settings).items("deu_Latn", "test")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "2 shots are wanted, but shots_from names no split"),
        ({"shots_from": "dev"}, "no split 'dev'"),
        ({"shots_from": "test", "few": 20}, "Task nli: 20 shots are wanted, but there are 3 examples"),
    ],
)
@pytest.mark.filterwarnings("ignore:.* every language has shots of its own")
def test_shots_that_cannot_be_drawn_are_refused(tmp_path, settings, message):
    task = make(tmp_path, **({"few": 2} | settings))
    with pytest.raises((BadInput, MissingResource), match=message):
        task.items("deu_Latn", "test")


def test_the_fingerprint_is_that_of_wording_asking_and_content(tmp_path):
    prints = [
        make(tmp_path).fingerprint(),
        make(tmp_path, licence="any", source="other").fingerprint(),
        make(tmp_path, asking=Asking("english")).fingerprint(),
        make(tmp_path, asking=Asking(shots=0)).fingerprint(),
        make(tmp_path, between="\n").fingerprint(),
        make(tmp_path, question="{p}").fingerprint(),
        make(tmp_path, labels={"0": "yes", "1": "nay"}).fingerprint(),
        make(tmp_path, {"en": EN, "de": DE[::-1]}).fingerprint(),
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 7
