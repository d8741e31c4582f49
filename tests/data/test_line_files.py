"""Parallel text as a file of lines per language."""

from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.data.files import FileSource
from interlingua.data.source import DataWarning


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_lines_of_one_number_are_pairs(tmp_path: Path) -> None:
    here = folder(tmp_path, en="One\nTwo\n", Swahili="Moja\r\nMbili", notes_of_mine="a\nb\nc")
    with pytest.warns(DataWarning, match=r"notes_of_mine\.txt is called after no language; left out"):
        place = FileSource(here)
    assert place.languages == ("eng_Latn", "swh_Latn")
    pairs = place.pairs("swh_Latn", "eng_Latn")
    assert [(pair.id, pair.source, pair.target) for pair in pairs] == [
        ("000001", "Moja", "One"), ("000002", "Mbili", "Two"),
    ]  # fmt: skip
    assert list(place.text("swh_Latn")) == ["Moja", "Mbili"]
    assert (place.tasks, place.open_tasks) == ((), ())


def test_a_change_of_a_file_changes_the_fingerprint(tmp_path: Path) -> None:
    before = FileSource(folder(tmp_path, en="One\nTwo", sw="Moja\nMbili")).fingerprint()
    assert FileSource(folder(tmp_path)).fingerprint() == before
    assert FileSource(folder(tmp_path, sw="Moja\nTatu")).fingerprint() != before


@pytest.mark.filterwarnings("ignore:.*after no language")
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"en": "One\nTwo\n", "sw": "Moja\n"}, r"different lengths \(en\.txt 2, sw\.txt 1\)"),
        ({"en": "One\nTwo\n", "sw": "\n"}, r"sw\.txt: there are no lines in it"),
        ({"en": "One", "eng_Latn": "One"}, r"en\.txt and eng_Latn\.txt are both eng_Latn"),
        ({"notes": "nothing"}, r"nor a text file per language, called after it \(en\.txt, sw\.txt\)"),
    ],
)
def test_what_cannot_be_parallel_is_refused(tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        FileSource(folder(tmp_path, **files))


def test_an_empty_line_and_what_is_not_there_are_named(tmp_path: Path) -> None:
    place = FileSource(folder(tmp_path, en="One\nTwo\n", sw="Moja\n\n"))
    with pytest.raises(BadInput, match="'text' is empty in row '000002'"):
        place.pairs("swh_Latn", "eng_Latn")
    with pytest.raises(MissingResource, match="has no split 'dev'"):
        place.pairs("swh_Latn", "eng_Latn", "dev")
    with pytest.raises(UnknownName):
        FileSource(tmp_path, tasks=["xnli"])
    (tmp_path / "de.txt").write_bytes(b"\xff\xfe\x00x\n\x80\n")
    with pytest.raises(BadInput, match=r"de\.txt: cannot be read as UTF-8 text"):
        FileSource(tmp_path)
