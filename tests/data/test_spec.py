"""Specifications of sources: what is read, and how mistakes are told."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.spec import read_spec

HEAD = 'name = "x"\npivot = "en"\n'


def test_a_specification_and_where_it_is(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(
        HEAD + '[text]\nfile = "t.csv"\n[tasks.t]\nfiles.test = "x.csv"\nquestion = "{q}"\nlabels = {a = "A"}'
    )
    where, spec = read_spec(file)
    assert (where, spec.name, spec.pivot, list(spec.tasks)) == (file, "x", "en", ["t"])
    assert spec.text is not None
    assert spec.text.paths(file, "train") == {"train": tmp_path / "t.csv"}
    assert spec.tasks["t"].paths(file, "train") == {"test": tmp_path / "x.csv"}


def test_a_folder_has_one_specification(tmp_path):
    with pytest.raises(BadInput, match="there are none"):
        read_spec(tmp_path)
    (tmp_path / "b.toml").write_text(HEAD)
    assert read_spec(tmp_path)[0].name == "b.toml"
    (tmp_path / "c.toml").write_text(HEAD)
    with pytest.raises(BadInput, match=r"there are b\.toml, c\.toml"):
        read_spec(tmp_path)
    (tmp_path / "source.toml").write_text(HEAD)
    assert read_spec(tmp_path)[0].name == "source.toml"


TASK = '[tasks.t]\nfile = "f.csv"\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('pivot = "en"', "key 'name' is missing"),
        (HEAD + "pivto = 1", "unknown key 'pivto'. Did you mean 'pivot'?"),
        (HEAD + "zzz = 1", "unknown key 'zzz'. Known: name, pivot, languages"),
        (HEAD + "[text]\nfil = 'x'", "unknown key 'text.fil'. Did you mean 'file'?"),
        (
            HEAD + TASK + "quesion = 'q'\nlabels = {a = 'b'}",
            "unknown key 'tasks.t.quesion'. Did you mean 'question'?",
        ),
        (HEAD + TASK + "few = -1", "key 'tasks.t.few': input should be greater than or equal to 0"),
        (HEAD + TASK + "match = 'words'", "key 'tasks.t.match': input should be 'number' or 'text'"),
        (HEAD + TASK + "hub = true", "key 'tasks.t': give either file or files, or hub"),
        (
            HEAD + TASK + "question = 3\nlabels = {a = 'b'}",
            "key 'tasks.t.question' is neither text, texts by language",
        ),
        (HEAD + TASK + "question = 'q'\nlabels = {a = 1}", "key 'tasks.t.labels' is neither words by label"),
        (
            HEAD + TASK + "question = 'q'\nlabels = {a = 'b'}\nfiles.test = 'g'",
            "key 'tasks.t': give either file or files",
        ),
        (HEAD + "[text]\ntext = 'x'", "key 'text': give either file or files"),
        (HEAD + "languages = 'en'", "key 'languages': input should be a valid list"),
        (HEAD + "text = 3", "key 'text': "),
        (HEAD + "[tasks]\nt = 3", "key 'tasks.t': "),
        (HEAD + "[text", "broken TOML"),
        ("\x00", "broken TOML"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path, content, message):
    file = tmp_path / "a.toml"
    file.write_text(content)
    with pytest.raises(BadInput) as refusal:
        read_spec(file)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith(f"{file}: ")
    assert "\n" not in str(refusal.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_spec(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(BadInput, match="cannot be read"):
        read_spec(tmp_path / "a.toml")
