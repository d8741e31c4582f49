"""Frames, label words and shots, native and English."""

import json
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.asking import Asking
from interlingua.data.task import Task
from interlingua.data.wording import Wording
from interlingua.data.words import FromJson

FRAMES = {"en": "{x}? {answer}", "sw": "{x}?? {answer}", "zh": "{x}？{answer}"}
WORDS = {"en": {"1": "yes", "0": "no"}, "sw": {"0": "hapana", "1": "ndiyo"}}


def wording(root=Path("none"), asking=None, pivot="eng_Latn", **settings):
    usual = {"question": FRAMES, "labels": WORDS}
    return Wording(Task(**(usual | settings)), root, pivot, asking or Asking(), "t")


def test_native_and_english():
    native, english = wording(), wording(asking=Asking("english"))
    assert native.frame("swh_Latn").before == "{x}??"
    assert english.frame("swh_Latn").before == "{x}?"
    assert native.label_words("swh_Latn") == {"1": "ndiyo", "0": "hapana"}
    assert list(native.label_words("swh_Latn")) == ["1", "0"]  # in the order of the first language
    assert english.label_words("hin_Deva") == WORDS["en"]
    assert native.askable(["eng_Latn", "swh_Latn", "zho_Hans", "hin_Deva"]) == {"eng_Latn", "swh_Latn"}
    assert english.askable(["zho_Hans", "hin_Deva"]) == {"zho_Hans", "hin_Deva"}


def test_variants_share_words_and_scripts_do_not():
    assert wording().frame("eng_Latn-GB").before == "{x}?"
    with pytest.raises(MissingResource, match="no question frame in zho_Hant"):
        wording().frame("zho_Hant")


def test_a_language_without_words_is_told_how_to_be_asked():
    with pytest.raises(
        MissingResource, match=r"no question frame in hin_Deva; there are .* --prompt english\.$"
    ):
        wording().frame("hin_Deva")
    with pytest.raises(
        MissingResource, match=r"no label words in zho_Hans; there are eng_Latn, swh_Latn\. Add"
    ):
        wording().label_words("zho_Hans")
    with pytest.raises(MissingResource, match=r"there are swh_Latn\. Add one\.$"):
        wording(question={"sw": "{x}"}).frame("eng_Latn")


def test_words_for_all_others_come_last():
    frames = {"*": "{x}!", "sw": "{x}??"}
    assert wording(question=frames).frame("hin_Deva").before == "{x}!"
    assert wording(question=frames).frame("swh_Latn").before == "{x}??"
    assert wording(question=frames, asking=Asking("english")).frame("swh_Latn").before == "{x}!"


def test_english_prompts_of_a_task_without_english_are_the_pivots():
    own = wording(
        question={"sw": "{x}??"}, labels={"*": WORDS["en"]}, pivot="swh_Latn", asking=Asking("english")
    )
    assert own.frame("hin_Deva").before == "{x}??"


def test_words_for_values_of_a_column():
    words = {"x": {"en": {"cause": "because"}, "sw": {"cause": "kwa sababu"}}}
    assert wording(words=words).word("x", "cause", "swh_Latn") == "kwa sababu"
    assert wording(words=words).word("y", "cause", "swh_Latn") == "cause"
    assert wording(words=words, asking=Asking("english")).word("x", "cause", "swh_Latn") == "because"
    with pytest.raises(BadInput, match="column 'x' holds 'why'; there are words for cause only"):
        wording(words=words).word("x", "why", "swh_Latn")
    assert wording(words=words).askable(["zho_Hans"]) == set()


def test_json_beside_the_data_replaces_what_is_declared(tmp_path):
    beside = {"question": FromJson(file="p.json", path="{lang}.frame")}
    assert wording(tmp_path, beside=beside).frame("swh_Latn").before == "{x}??"
    (tmp_path / "p.json").write_text(json.dumps({"sw": {"frame": "Q: {x}"}}))
    there = wording(tmp_path, beside=beside)
    assert there.frame("swh_Latn").before == "Q: {x}"
    assert there.json_files == [tmp_path / "p.json"]
    assert there.columns == ("x",)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"en": {"1": "yes", "0": "no"}, "sw": {"1": "ndiyo"}}, "words in swh_Latn and eng_Latn differ by 0"),
        (
            {"en": {"1": "yes", "0": " yes"}},
            "words in eng_Latn are 'yes', 'yes'; give at least two, all diff",
        ),
        ({"en": {"1": "yes", "0": ""}}, "words in eng_Latn are 'yes', ''; give"),
        ({"en": {"1": "yes"}}, "words in eng_Latn are 'yes'; give at least two"),
        ({"en": WORDS["en"], "eng": WORDS["en"]}, "t: en, eng name a language twice; write each once"),
    ],
)
def test_label_words_must_tell_labels_apart(labels, message):
    with pytest.raises(BadInput, match=message):
        wording(labels=labels)
