"""Sources made of files, among them the shipped example."""

from collections import Counter
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, InterlinguaError, MissingResource, UnknownName
from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.data.source import Source

SPEC = """
name = "toy"
pivot = "English"

[text]
file = "long.csv"
[pairs]
file = "long.csv"
[questions]
file = "asked.csv"
text = "input"
target = "answer"
strip_after = " Translate"
[dictionary]
file = "long.csv"
words = "text"
[tasks.t]
file = "long.csv"
question = "{text}? "
labels = { a = "A", b = "B" }
"""
LONG = """id,lang,text,label
1,en,one,a
2,en,two,b
1,de,eins,a
2,de,zwei,b
1,sw,moja,a
3,sw,tatu,b
"""
ASKED = """id,lang,input,answer
1,de,Eins? Translate this,One?
2,de,Zwei? Translate this,Two?
1,sw,Moja? Translate this,One?
"""


@pytest.fixture
def folder(tmp_path):
    for name, content in {"source.toml": SPEC, "long.csv": LONG, "asked.csv": ASKED}.items():
        (tmp_path / name).write_text(content)
    return tmp_path


def edit(folder, name, old, new):
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_languages_come_from_the_files_or_the_specification(folder):
    source: Source = FileSource(folder)
    assert (source.name, source.pivot, source.tasks) == ("toy", "eng_Latn", ("t",))
    assert source.languages == ("eng_Latn", "deu_Latn", "swh_Latn")
    edit(folder, "source.toml", "[text]", 'languages = ["sw", "en"]\n[text]')
    assert FileSource(folder / "source.toml").languages == ("eng_Latn", "swh_Latn")
    with pytest.raises(UnknownName):
        FileSource(folder).text("deu_Latn")


def test_text_pairs_and_words(folder):
    source = FileSource(folder)
    assert list(source.text("deu_Latn")) == ["eins", "zwei"]
    pairs = source.pairs("swh_Latn", "deu_Latn")
    assert [(pair.id, pair.source, pair.target, pair.group) for pair in pairs] == [("1", "moja", "eins", "1")]
    assert source.dictionary("deu_Latn", "eng_Latn") == {"eins": ("one",), "zwei": ("two",)}
    assert source.dictionary("swh_Latn", "deu_Latn") == {"moja": ("eins",)}


def test_questions_in_every_direction(folder):
    source = FileSource(folder)
    forward = [(pair.source, pair.target) for pair in source.questions("deu_Latn", "eng_Latn")]
    assert forward == [("Eins?", "One?"), ("Zwei?", "Two?")]
    assert [(p.target, p.source) for p in source.questions("eng_Latn", "deu_Latn")] == forward
    across = source.questions("swh_Latn", "deu_Latn")
    assert [(p.source_lang, p.source, p.target_lang, p.target) for p in across] == [
        ("swh_Latn", "Moja?", "deu_Latn", "Eins?")
    ]


def test_tasks(folder):
    items = FileSource(folder).task("t", "deu_Latn")
    assert [(item.question, item.options[item.answer]) for item in items] == [
        ("eins? ", "A"),
        ("zwei? ", "B"),
    ]
    with pytest.raises(UnknownName, match="No task called 'tt'"):
        FileSource(folder).task("tt", "deu_Latn")
    assert FileSource(folder).bilingual_share("deu_Latn") is None
    assert FileSource(folder).data_share("deu_Latn") is None
    with pytest.raises(UnknownName, match="deu_Latx"):
        FileSource(folder).data_share("deu_Latx")


@pytest.mark.parametrize("table", ["text", "pairs", "questions", "dictionary"])
def test_a_missing_table_is_named_with_what_would_do(folder, table):
    (folder / "source.toml").write_text('name = "toy"\npivot = "en"\n[tasks.t]' + SPEC.split("[tasks.t]")[1])
    arguments = ["eng_Latn"] if table == "text" else ["deu_Latn", "eng_Latn"]
    with pytest.raises(MissingResource, match=rf"has no \[{table}\] .* would do: .* \[{table}\] in a TOML"):
        getattr(FileSource(folder), table)(*arguments)


def test_missing_languages_and_common_ids_are_named(folder):
    edit(folder, "asked.csv", "1,sw", "7,sw")
    source = FileSource(folder)
    with pytest.raises(MissingResource, match="no id in both swh_Latn and deu_Latn"):
        source.questions("swh_Latn", "deu_Latn")
    with pytest.raises(UnknownName, match="No language code called 'fra_Latn'"):
        source.questions("fra_Latn", "eng_Latn")
    with pytest.raises(BadInput, match="with itself"):
        source.pairs("deu_Latn", "deu_Latn")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("source.toml", 'pivot = "English"', 'pivot = "Elvish tongue"', "No language called 'Elvish tongue'"),
        ("source.toml", "[text]", 'languages = ["th"]\n[text]', "no file has rows in tha_Thai"),
        ("source.toml", "asked.csv", "none.csv", "none.csv: no such file"),
        (
            "source.toml",
            '"input"',
            '"inptu"',
            "asked.csv: no column 'inptu'; there are id, lang, input, answer.",
        ),
        ("source.toml", "{text}? ", "{txt}? ", "long.csv: no column 'txt'"),
        ("asked.csv", ASKED, "id,lang,input,answer\n", "asked.csv: the table is empty"),
        ("long.csv", "1,sw", "1,swxx", "long.csv: language 'swxx' of a row"),
    ],
)
def test_mistakes_show_when_the_source_is_opened(folder, name, old, new, message):
    edit(folder, name, old, new)
    with pytest.raises(InterlinguaError) as refusal:
        FileSource(folder)
    assert message in str(refusal.value)


def test_rows_that_do_not_fit_are_named(folder):
    edit(folder, "asked.csv", "Zwei? Translate this", "Zwei?")
    with pytest.raises(BadInput, match=r"deu_Latn row '2' has no ' Translate' \(strip_after\)"):
        FileSource(folder).questions("deu_Latn", "eng_Latn")
    edit(folder, "long.csv", "2,de,zwei,b", "1,de,zwei,b")
    with pytest.raises(BadInput, match="id '1' comes twice among the train rows of deu_Latn"):
        FileSource(folder).pairs("deu_Latn", "eng_Latn")


def test_the_fingerprint_is_that_of_content(folder):
    before = FileSource(folder).fingerprint()
    assert before == FileSource(folder / "source.toml").fingerprint()
    edit(folder, "asked.csv", "Two?", "Two!")
    after = FileSource(folder).fingerprint()
    edit(folder, "source.toml", "{text}? ", "{text}! ")
    asked = FileSource(folder, asking=Asking("english")).fingerprint()
    assert len({before, after, FileSource(folder).fingerprint(), asked}) == 4


def test_a_known_task_is_a_start_for_tables_of_ones_own(folder):
    (folder / "mine.csv").write_text(
        "id,lang,premise,hypothesis,gold\n"
        + "\n".join(f"{i},{lang},p{i},h,{i % 3}" for lang in ("en", "sw") for i in range(9))
    )
    edit(
        folder, "source.toml",
        '[tasks.t]\nfile = "long.csv"\nquestion = "{text}? "\nlabels = { a = "A", b = "B" }',
        '[tasks.t]\nuse = "xnli"\nfile = "mine.csv"\nlabel = "gold"\nshots_from = "test"\nfew = 3\n'
        'labels = { 0 = "yes", 1 = "maybe", 2 = "no" }',
    )  # fmt: skip
    items = FileSource(folder).task("t", "swh_Latn")
    assert len(items) == 6
    assert items[0].question.startswith("Kauli: p")
    assert items[0].options == (" yes", " maybe", " no")
    assert items[0].shots.count("Dhana") == 3
    edit(folder, "source.toml", 'use = "xnli"', 'use = "xnly"')
    with pytest.raises(UnknownName, match=r"No task called 'xnly'\. Did you mean xnli"):
        FileSource(folder)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("", r"\[tasks\.t\]: A task answers with labels .* give one of them, not none"),
        ('labels = { a = "A", b = "B" }\noptions = "text"', r"give one of them, not labels and options"),
        ('answer = "label"\nquestion = { en = "{answer} {answer}" }', r"has 2 places \{answer\}"),
    ],
)
def test_tasks_that_cannot_be_are_told_with_their_table(folder, new, message):
    question = "" if "question" in new else 'question = "{text}? "\n'
    edit(folder, "source.toml", 'question = "{text}? "\nlabels = { a = "A", b = "B" }', question + new)
    with pytest.raises(BadInput, match=message):
        FileSource(folder)


def test_tasks_that_are_not_asked_for_are_not_opened(folder):
    edit(folder, "source.toml", "[tasks.t]", '[tasks.u]\nuse = "xnli"\nfile = "none.csv"\n[tasks.t]')
    assert FileSource(folder, tasks=["t"]).tasks == ("t",)
    assert FileSource(folder, tasks=[]).tasks == ()
    with pytest.raises(BadInput, match=r"none\.csv: no such file"):
        FileSource(folder)
    with pytest.raises(UnknownName, match=r"A task is a table \[tasks\.NAME\] in"):
        FileSource(folder, tasks=["v"])


def test_splits_and_languages_of_a_task(folder):
    source = FileSource(folder)
    assert (source.splits("t"), source.open_tasks) == (("test",), ())
    assert source.languages_of("t") == source.languages
    with pytest.raises(UnknownName):
        source.open_task("t", "deu_Latn")
    with pytest.raises(UnknownName):
        source.splits("u")


EXAMPLE = Path(__file__).parents[2] / "examples" / "snli.toml"
REAL = EXAMPLE.parents[2] / "shared" / "data" / "lml_snli"


@pytest.fixture(scope="module")
def snli():
    if not REAL.is_dir():
        pytest.skip(f"the real data set is not at {REAL}")
    return FileSource(EXAMPLE)


def test_the_example_has_twenty_languages_in_step(snli):
    assert len(snli.languages) == 20
    known = [(item.id, item.answer, item.cluster) for item in snli.task("snli", "eng_Latn")]
    assert Counter(answer for _, answer, _ in known) == {0: 200, 1: 200, 2: 200}
    for lang in snli.languages:
        items = snli.task("snli", lang)
        assert [(item.id, item.answer, item.cluster) for item in items] == known
        assert items[0].options == ("entailment", "neutral", "contradiction")
        assert items[0].shots.endswith('contradiction"\n')
        assert items[0].question.endswith(': "')
        assert "{" not in items[0].question
    assert len(snli.task("snli", "eng_Latn", "train")) == 9985


def test_the_example_has_question_pairs_of_five_languages(snli):
    for lang in ("deu_Latn", "spa_Latn", "ita_Latn", "swh_Latn", "zho_Hans"):
        pairs = snli.questions(lang, "eng_Latn")
        assert len(pairs) == 10_000
        assert all(pair.source.endswith(': "') and pair.target.endswith('Answer: "') for pair in pairs)
    with pytest.raises(
        MissingResource, match=r"\[questions\] has no train rows in fra_Latn; there are deu_Latn"
    ):
        snli.questions("fra_Latn", "eng_Latn")
