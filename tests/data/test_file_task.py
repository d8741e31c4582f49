"""Tasks from files."""

import json

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.file_task import FileTask
from interlingua.data.spec import TaskTable

EN = [("1", "A dog.", "An animal.", 0), ("2", "A dog.", "A cat.", 1), ("3", "{x} rain", "Wet.", 0)]
DE = [("1", "Ein Hund.", "Ein Tier.", 0), ("2", "EIN Hund.", "Eine Katze.", 1), ("3", "Regen", "Nass.", 0)]


def make(folder, rows=None, **settings):
    """A two-language inference task in `folder`; settings override the usual ones."""
    rows = rows or {"en": EN, "de": DE}
    lines = [
        json.dumps({"id": i, "lang": lang, "p": p, "h": h, "label": label})
        for lang, items in rows.items()
        for i, p, h, label in items
    ]
    (folder / "t.jsonl").write_text("\n".join(lines))
    usual = {
        "file": "t.jsonl",
        "question": {"en": "{p} So {h}: ", "de": "{p} Also {h}: "},
        "labels": {"0": "yes", "1": "no"},
        "cluster": "p",
    }
    return FileTask("nli", TaskTable.model_validate(usual | settings), folder / "a.toml", "eng_Latn")


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
    task = make(
        tmp_path, {"en": EN[:1], "de": [*DE[:1], ("8", "Ein Hund.", "x", 0), ("9", "Ein Hund.", "y", 1)]}
    )
    assert [item.cluster for item in task.items("deu_Latn", "test")] == ["1", "8", "8"]


def test_without_a_cluster_column_groups_are_clusters(tmp_path):
    assert [item.cluster for item in make(tmp_path, cluster=None).items("deu_Latn", "test")] == [
        "1",
        "2",
        "3",
    ]


def test_label_words_by_language(tmp_path):
    task = make(tmp_path, labels={"en": {"0": "yes", "1": "no"}, "de": {"1": "nein", "0": "ja"}})
    assert [(item.options, item.answer) for item in task.items("deu_Latn", "test")][:2] == [
        (("nein", "ja"), 1),
        (("nein", "ja"), 0),
    ]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(
        MissingResource, match=r"\[tasks\.nli\] has no question frame in deu_Latn; there are eng_Latn"
    ):
        make(tmp_path, question={"en": "{p}"}).items("deu_Latn", "test")
    with pytest.raises(MissingResource, match="no label words in deu_Latn"):
        make(tmp_path, labels={"en": {"0": "yes"}}).items("deu_Latn", "test")
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
