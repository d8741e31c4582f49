"""Folders without a TOML file: sets of the known layouts, and parallel text."""

import json

import pytest

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.data.found import look_at

XNLI = [
    {"id": f"{i}", "lang": lang, "premise": f"p{i}", "hypothesis": "h", "label": label}
    for lang in ("en", "sw")
    for i, label in enumerate(("neutral", "entailment", "contradiction") * 4)
]


def parquet(path, rows):
    import pyarrow as pa
    import pyarrow.parquet as files

    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_table(pa.Table.from_pylist(rows), path)


def text(path, langs, **more):
    rows = [{"id": str(i), "lang": lang, "text": f"{lang}{i}", **more} for lang in langs for i in range(2)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)))


@pytest.fixture
def sets(tmp_path):
    """A folder of sets: one known task, two of parallel text, one of neither."""
    parquet(tmp_path / "xnli" / "dev.parquet", XNLI)
    text(tmp_path / "books" / "all.jsonl", ["en", "de"])
    text(tmp_path / "talks" / "test.jsonl", ["de", "sw"], text_en="x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.csv").write_text("a,b\n1,2\n")
    return tmp_path


def test_a_known_set_is_recognised_by_its_folder(sets):
    source = FileSource(sets / "xnli")
    assert (source.name, source.tasks, source.open_tasks) == ("xnli", ("xnli",), ())
    assert source.languages == ("eng_Latn", "swh_Latn")
    assert (source.splits("xnli"), source.languages_of("xnli")) == (("dev",), source.languages)
    (item, *_) = source.task("xnli", "swh_Latn")
    assert (
        item.question
        == f"Kauli: {item.cluster.replace(item.id, 'p' + item.id)}\nDhana: h\nKweli, haijulikani au uongo?"
    )
    assert item.options == (" kweli", " haijulikani", " uongo")
    assert source.declared("xnli").licence == "CC BY-NC 4.0"


def test_only_what_is_asked_for_is_opened(sets):
    (sets / "books" / "all.jsonl").write_text('{"id": 1, "lang": "no such tongue", "text": "x"}')
    source = FileSource(sets, tasks=["xnli"], asking=Asking(shots=0))
    assert (source.tasks, len(source.task("xnli", "eng_Latn"))) == (("xnli",), 12)
    with pytest.raises(BadInput, match="no such tongue"):
        FileSource(sets, tasks=["books"])
    with pytest.raises(UnknownName, match=r"No task called 'xnil'\. Did you mean xnli\? It is not in"):
        FileSource(sets, tasks=["xnil"])


def test_parallel_text_of_several_sets_has_to_be_named(sets):
    with pytest.raises(MissingResource, match=r"there is parallel text in books, talks: name one as a task"):
        FileSource(sets).pairs("deu_Latn", "eng_Latn")
    books = FileSource(sets, tasks=["books"])
    assert [(pair.source, pair.target) for pair in books.pairs("deu_Latn", "eng_Latn")] == [
        ("de0", "en0"),
        ("de1", "en1"),
    ]
    assert books.text("eng_Latn") == ["en0", "en1"]
    both = FileSource(sets, tasks=["xnli", "talks"])
    assert [pair.target for pair in both.pairs("swh_Latn", "eng_Latn")] == ["x", "x"]
    assert both.tasks == ("xnli",)


def test_a_folder_of_parallel_text(sets):
    source = FileSource(sets / "talks")
    assert source.languages == ("eng_Latn", "deu_Latn", "swh_Latn")
    assert len(source.pairs("deu_Latn", "swh_Latn")) == 2
    assert len(source.pairs("deu_Latn", "eng_Latn", "test")) == 2
    with pytest.raises(MissingResource, match="no split 'dev'"):
        source.pairs("deu_Latn", "eng_Latn", "dev")


def test_a_source_without_the_pivot_does_not_list_it(sets):
    parquet(sets / "xnli" / "dev.parquet", [row for row in XNLI if row["lang"] == "sw"])
    source = FileSource(sets / "xnli", asking=Asking("english", shots=0))
    assert (source.pivot, source.languages) == ("eng_Latn", ("swh_Latn",))
    assert source.task("xnli", "swh_Latn")[0].options == (" true", " unclear", " false")


def test_a_folder_of_nothing_known_is_refused(sets):
    with pytest.raises(
        BadInput, match=r"neither a TOML file, nor a known set .* nor tables with the columns id"
    ):
        FileSource(sets / "other")


def test_known_sets_on_the_hub_are_named_by_hub():
    assert "xnli" in look_at_hub(None)
    assert list(look_at_hub(["xnli"])) == ["xnli"]
    with pytest.raises(UnknownName, match="No task called 'nothing'"):
        look_at_hub(["nothing"])


def look_at_hub(tasks):
    from pathlib import Path

    return look_at(Path("hub"), tasks).tasks
