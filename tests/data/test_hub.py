"""Data sets in the layout of the hub, from a local folder: no network."""

import sys

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.files import FileSource
from interlingua.data.hub import HubTable
from interlingua.data.task import Hub

datasets = pytest.importorskip("datasets", reason="the extra hub is not installed")

CARD = """---
configs:
- config_name: english
  data_files:
  - split: validation
    path: en.parquet
- config_name: swahili
  data_files:
  - split: validation
    path: sw.parquet
- config_name: all
  data_files:
  - split: validation
    path: all.parquet
---
"""
SPEC = """
name = "theirs"
pivot = "en"
[tasks.t]
question = { en = "{claim}? {answer}", sw = "{claim}?? {answer}" }
labels = { yes = "yes", no = "no" }
id = "#"
[tasks.t.hub]
name = "NAME"
configs = { en = "english", sw = "swahili" }
splits = { test = "validation" }
columns = { claim = "text" }
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data set of two languages whose labels are classes."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    place = tmp_path / "theirs"
    place.mkdir()
    (place / "README.md").write_text(CARD)
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"]),
         "lang": datasets.Value("string")}
    )  # fmt: skip
    rows = {
        lang: [{"text": f"{lang}{i}", "label": i % 2, "lang": lang} for i in range(3)]
        for lang in ("en", "sw")
    }
    for name, own in {**rows, "all": [*rows["en"], *rows["sw"]]}.items():
        datasets.Dataset.from_list(own, features=features).to_parquet(place / f"{name}.parquet")
    return place


def source(folder, old="", new=""):
    file = folder.parent / "a.toml"
    text = SPEC.replace("NAME", str(folder))
    assert old in text
    file.write_text(text.replace(old, new))
    return FileSource(file)


def test_a_configuration_per_language(folder):
    found = source(folder)
    assert (found.languages, found.splits("t")) == (("eng_Latn", "swh_Latn"), ("test",))
    items = found.task("t", "swh_Latn")
    assert [(item.id, item.question, item.options[item.answer]) for item in items] == [
        ("00000", "sw0??", " no"),
        ("00001", "sw1??", " yes"),
        ("00002", "sw2??", " no"),
    ]
    assert [item.group for item in found.task("t", "eng_Latn")] == ["00000", "00001", "00002"]


def test_one_configuration_for_all_languages(folder):
    found = source(folder, 'en = "english", sw = "swahili"', '"*" = "all"')
    assert found.languages == ("eng_Latn", "swh_Latn")
    assert [item.question for item in found.task("t", "swh_Latn")] == ["sw0??", "sw1??", "sw2??"]


def test_shots_are_drawn_as_from_files(folder):
    items = source(folder, 'id = "#"', 'id = "#"\nfew = 2\nshots_from = "test"').task("t", "swh_Latn")
    assert len(items) == 1
    assert items[0].shots.count("??") == 2


def test_the_fingerprint_follows_the_declaration_and_the_data(folder):
    first = source(folder).fingerprint()
    assert source(folder).fingerprint() == first
    assert source(folder, "{claim}? ", "{claim}! ").fingerprint() != first
    datasets.Dataset.from_list([{"text": "x", "label": "no"}]).to_parquet(folder / "en.parquet")
    assert source(folder).fingerprint() != first
    assert [item.question for item in source(folder).task("t", "eng_Latn")] == ["x?"]


def test_what_is_not_there_is_told_in_one_line(folder):
    with pytest.raises(BadInput, match=r"no column 'txt'; there are text, label, lang\. Did you mean 'text'"):
        source(folder, '"text"', '"txt"').task("t", "swh_Latn")
    with pytest.raises(
        MissingResource, match=r"cannot load .* \(swahhili, validation\) from the hub"
    ) as told:
        source(folder, '"swahili"', '"swahhili"').task("t", "swh_Latn")
    assert "\n" not in str(told.value)
    table = HubTable("t", Hub(name=str(folder), configs={"en": "english"}), ["test"], "lang", ["text"])
    with pytest.raises(MissingResource, match="t has no rows in swh_Latn; there are eng_Latn"):
        table.rows("swh_Latn", "test")
    with pytest.raises(MissingResource, match="no split 'train'"):
        table.rows("eng_Latn", "train")


def test_a_hub_that_cannot_be_reached_and_a_library_that_is_missing_are_told(folder, monkeypatch):
    with pytest.raises(
        MissingResource, match=r"cannot load nobody/nothing .* name local files in a TOML file"
    ):
        source(folder.parent / "x", str(folder.parent / "x"), "nobody/nothing").task("t", "swh_Latn")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingResource, match=r"pip install '.\[hub\]'"):
        source(folder)
