"""The audit as a whole: order, filters, errors, and the defects known in real data."""

import json
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.data.audit.audit import audit, examine, kinds
from interlingua.data.audit.detector import detectors


@pytest.fixture
def folder(tmp_path: Path, texts) -> Path:
    """A set of 60 rows in four languages with a few faults."""
    columns = {lang: texts(lang, 60) for lang in ("en", "es", "sw", "hi")}
    columns["sw"][7] = columns["en"][7]
    columns["hi"][9] += "\u0085x"
    columns["es"][20] = columns["es"][3]
    rows = [
        {"id": f"{at:03d}", "lang": lang, "text": text, "label": "ab"[at % 2]}
        for lang, values in columns.items()
        for at, text in enumerate(values)
    ]
    path = tmp_path / "made" / "test.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.parent


def test_every_detector_names_its_kinds() -> None:
    assert len(detectors()) >= 14
    assert {"shifted", "swapped_labels", "untranslated", "off_script", "opposite_labels", "not_nfc"} <= set(
        kinds()
    )
    assert all(said and not said.endswith(".") for said in kinds().values())


def test_findings_in_the_order_of_languages_and_rows(folder: Path) -> None:
    told = [(one.file, one.lang, one.kind, one.first_id) for one in audit(folder)]
    assert [told[at] for at in (0, -1)] == [
        ("test.jsonl", "es", "opposite_labels", "003"),
        ("test.jsonl", "hi", "control_characters", "009"),
    ]
    assert ("test.jsonl", "es", "opposite_labels", "020") in told
    assert ("test.jsonl", "sw", "untranslated", "007") in told


def test_what_was_checked_and_what_is_clean(folder: Path) -> None:
    result = examine([folder]).as_dict()
    assert result["clean"] == [{"file": "test.jsonl", "langs": ["en"]}]
    assert result["checked"]["rows"] == 240
    assert result["checked"]["languages"] == 4
    assert result["checked"]["files"]["test.jsonl"] == {
        "rows": 240, "languages": 4, "parallel": True, "texts": ["text"], "labels": ["label"],
    }  # fmt: skip
    one = result["findings"][0]
    assert set(one) == {"file", "lang", "kind", "first_id", "last_id", "score", "evidence", "rows", "ids"}


def test_filters(folder: Path) -> None:
    assert {one.kind for one in audit(folder, kind=["untranslated"])} == {"untranslated"}
    assert {one.lang for one in audit(folder, lang=["Swahili", "hin_Deva"])} == {"sw", "hi"}
    assert audit(folder, kind=["untranslated"], lang=["es"]) == []
    assert len(audit(folder, min_score=0.0)) >= len(audit(folder)) >= len(audit(folder, min_score=1.0))


def test_errors(folder: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean shifted"):
        audit(folder, kind=["shift"])
    with pytest.raises(UnknownName, match="language"):
        audit(folder, lang=["Klingonese"])
    with pytest.raises(UnknownName, match="language in the data"):
        audit(folder, lang=["th"])
    with pytest.raises(BadInput, match="between 0 and 1"):
        audit(folder, min_score=2)
    with pytest.raises(BadInput, match="Nothing to audit"):
        audit()


def rows_of(found, lang: str, *wanted: str) -> set[str]:
    """Ids of a language in findings of some kinds."""
    return {row for one in found if one.lang == lang and one.kind in wanted for row in one.ids}


def test_emotion(shared_data: Path) -> None:
    found = audit(shared_data / "lml_emotion")
    spanish = {"0018", "0145", "0271", "0462"}
    assert rows_of(found, "en", "untranslated", "other_language") == spanish
    for lang in ("bg", "ms", "bn", "pl"):
        assert rows_of(found, lang, "untranslated", "other_language") <= spanish
    assert {(one.lang, one.kind) for one in found if "label" in one.kind} == {("no", "label_words")}
    assert not [one for one in found if one.kind in ("shifted", "out_of_step")]


def test_snli(shared_data: Path) -> None:
    found = audit(shared_data / "lml_snli", kind=["swapped_labels", "unlabelled", "duplicate", "shifted"])
    (swapped,) = [one for one in found if one.kind == "swapped_labels"]
    assert (swapped.lang, len(swapped.ids)) == ("no", 400)
    assert len(rows_of([one for one in found if "train_en" in one.file], "en", "unlabelled")) == 15
    assert not [one for one in found if one.kind == "shifted"]


def test_xcopa(shared_data: Path) -> None:
    found = audit(shared_data / "xcopa")
    assert rows_of([one for one in found if "test" in one.file], "id", "untranslated") == {
        "330",
        "416",
        "440",
        "442",
    }
    assert {one.lang for one in found if one.kind == "constant_labels" and "test" in one.file} == {"th"}
    assert not [
        one for one in found if one.kind in ("shifted", "out_of_step", "swapped_labels", "off_script")
    ]


def test_scripts_of_real_sets(shared_data: Path) -> None:
    kinds = ["off_script", "mixed_scripts", "control_characters", "not_nfc"]
    assert len(rows_of(audit(shared_data / "afrisenti", kind=kinds), "ary", "mixed_scripts")) == 213
    exams = [one for one in audit(shared_data / "exams", kind=kinds) if one.kind == "mixed_scripts"]
    assert {one.lang for one in exams} == {"sr"}
    assert min(len(one.ids) for one in exams) == 17
    tatoeba = audit(shared_data / "tatoeba", kind=kinds)
    assert {"sr-Latn", "uz", "lfn"} <= {one.lang for one in tatoeba if one.kind == "mixed_scripts"}
    assert len(rows_of(tatoeba, "bn", "not_nfc")) == 302
    assert len(rows_of(tatoeba, "yi", "not_nfc")) == 258
    xnli = audit(shared_data / "xnli", kind=kinds)
    assert len(rows_of(xnli, "hi", "off_script")) >= 127
    assert len(rows_of(xnli, "ur", "off_script")) >= 62
    assert {one.lang for one in xnli if one.kind == "control_characters"} == {"el", "zh"}


def test_lengths_and_answers_of_real_sets(shared_data: Path) -> None:
    lost = rows_of(audit(shared_data / "msvamp", kind=["length", "cut"]), "th", "length", "cut")
    assert {"0260", "0263", "0267", "0268"} <= lost
    assert (
        len(rows_of(audit(shared_data / "bmlama53", kind=["not_a_candidate"]), "he", "not_a_candidate")) == 16
    )
    squad = audit(shared_data / "xquad", kind=["wrong_offset", "byte_order_mark", "replacement_characters"])
    assert not [one for one in squad if one.kind == "wrong_offset"]
    assert len(rows_of(squad, "ar", "byte_order_mark")) == 9
    assert "p180" in rows_of(squad, "ar", "replacement_characters")


def test_the_bible(shared_data: Path) -> None:
    found = audit(
        shared_data / "bible_nt", kind=["wrong_ids", "cut", "lost_letter", "replacement_characters"]
    )
    for lang in ("din", "oj-Cans"):
        wrong = rows_of(found, lang, "wrong_ids")
        assert {"b.1CO.13.14", "b.1CO.11.1"} <= wrong
        assert {row[:5] for row in wrong} == {
            f"b.{book}"
            for book in ("1CO", "2CO", "1TI", "2TI", "1TH", "2TH", "1PE", "2PE", "1JO", "2JO", "3JO")
        }
    cut = rows_of(found, "et", "cut")
    assert {"b.1CO.1.5", "b.1CO.1.7", "b.2CO.1.4", "b.MAR.1.4", "b.LUK.1.2"} <= cut
    assert 883 <= len(cut) <= 1400
    assert {row.split(".")[1] for row in cut} == {"MAT", "MAR", "LUK", "1CO", "2CO"}
    assert len(rows_of(found, "ppk", "replacement_characters")) == 2
