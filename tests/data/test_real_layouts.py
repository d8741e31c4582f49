"""Real data in the folders they lie in, without a TOML file."""

from collections import Counter

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data import long_table
from interlingua.data.asking import Asking
from interlingua.data.files import FileSource


def test_inference_in_fifteen_languages(shared_data):
    source = FileSource(shared_data / "xnli", asking=Asking(shots=0))
    assert len(source.languages) == 15
    assert source.languages_of("xnli") == source.languages
    known = [(item.id, item.answer, item.cluster) for item in source.task("xnli", "eng_Latn")]
    assert Counter(answer for _, answer, _ in known) == {0: 830, 1: 830, 2: 830}
    for lang in source.languages:
        items = source.task("xnli", lang)
        assert [(item.id, item.answer, item.cluster) for item in items] == known
        assert not any(item.question.endswith(" ") for item in items)


def test_shots_are_parallel_and_left_out_with_their_premises(shared_data):
    source = FileSource(shared_data, tasks=["xnli"])
    kept, shots = set(), {}
    for lang in ("eng_Latn", "swh_Latn", "zho_Hans"):
        items = source.task("xnli", lang)
        kept.add(tuple(item.id for item in items))
        (shots[lang],) = {item.shots for item in items}
        assert len(shots[lang].split("\n\n")) == 7
        assert len(items) == 2490 - 18  # six premises with three hypotheses each
    assert len(kept) == 1
    answers = [shot.rsplit("? ", 1)[1] for shot in shots["eng_Latn"].split("\n\n")[:-1]]
    assert answers == ["true", "unclear", "false"] * 2
    chinese = [shot.rsplit("？", 1)[1] for shot in shots["zho_Hans"].split("\n\n")[:-1]]
    assert chinese == ["正确", "不确定", "错误"] * 2


def test_one_task_opens_its_own_files_only(shared_data, monkeypatch):
    opened, real = [], long_table._file
    monkeypatch.setattr(
        long_table, "_file", lambda path, *rest: opened.append(path.parent.name) or real(path, *rest)
    )
    source = FileSource(shared_data, tasks=["sib200"])
    assert len(source.languages_of("sib200")) == 205
    assert set(opened) == {"sib200"}


def test_parallel_text_of_many_languages(shared_data):
    source = FileSource(shared_data / "ntrex128")
    assert (len(source.languages), source.tasks) == (130, ())
    pairs = source.pairs("swh_Latn", source.pivot)
    assert len(pairs) == 1997
    assert {len(source.pairs(lang, "swh_Latn")) for lang in ("tha_Thai", "zho_Hans")} == {1997}
    tatoeba = FileSource(shared_data, tasks=["tatoeba"])
    assert len(tatoeba.pairs("eng_Latn", "fra_Latn")) == 1000
    with pytest.raises(MissingResource, match="no id in both deu_Latn and fra_Latn"):
        tatoeba.pairs("deu_Latn", "fra_Latn")


def test_everything_opens_at_once(shared_data):
    source = FileSource(shared_data)
    assert {"xnli", "xcopa", "sib200", "snli"} <= set(source.tasks)
    assert {"msvamp", "xquad"} <= set(source.open_tasks)
    assert source.pivot == source.languages[0] == "eng_Latn"
    with pytest.raises(MissingResource, match=r"there is parallel text in .*ntrex128.*: name one as a task"):
        source.pairs("deu_Latn", "eng_Latn")
