"""The same sentences in every language: which are taken, and what is left out."""

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Choice, Pair
from interlingua.studies.parallel import parallel_texts


class Source:
    """Parallel sentences and questions by language, each group by group."""

    name, pivot, tasks = "these", "en", ("odd",)

    def __init__(self, pairs=None, questions=None):
        self._pairs, self._questions = pairs or {}, questions or {}

    def pairs(self, a, b):
        if a not in self._pairs:
            raise MissingResource("none")
        return [Pair(g, a, b, text, f"en {g}") for g, text in self._pairs[a].items()]

    def splits(self, task):
        return ("test",)

    def languages_of(self, task, split):
        return ("en", *self._questions)

    def task(self, name, lang, split):
        groups = (
            {g for own in self._questions.values() for g in own} if lang == "en" else self._questions[lang]
        )
        return [Choice(g, name, split, lang, f"{lang} {g}?", (" a", " b"), 0, g, g) for g in sorted(groups)]


def groups(*names):
    return {name: f"text {name}" for name in names}


def test_the_shared_sentences_in_one_order() -> None:
    found = parallel_texts(
        Source({"sw": groups("2", "1", "3"), "de": groups("3", "1", "2")}), ["en", "sw", "de"], 2
    )
    assert found is not None
    assert (found.what, found.groups) == ("pairs", ("1", "2"))
    assert found.texts == {"en": ["en 1", "en 2"], "sw": ["text 1", "text 2"], "de": ["text 1", "text 2"]}


def test_a_language_with_few_of_them_is_left_out_and_does_not_cost_the_others_theirs() -> None:
    whole = groups(*map(str, range(9)))
    place = Source({"sw": whole, "de": whole, "yo": groups("1", "x", "y"), "xh": {}})
    found = parallel_texts(place, ["en", "yo", "sw", "de", "xh", "zu"], 8)
    assert found is not None
    assert list(found.texts) == ["en", "sw", "de"]
    assert len(found.groups) == 8
    assert found.left_out["yo"] == "only 1 of its sentences are those that others have with en"
    assert found.left_out["zu"] == found.left_out["xh"] == "no pairs parallel to en"


def test_questions_serve_where_more_languages_have_them() -> None:
    place = Source({"sw": groups("1", "2")}, {"sw": ["1", "2"], "de": ["1", "2"]})
    found = parallel_texts(place, ["en", "sw", "de"], 5)
    assert found is not None
    assert found.what == "questions"
    assert found.texts["de"] == ["de 1?", "de 2?"]
    assert parallel_texts(Source(), ["en", "sw"], 5) is None


def test_a_single_or_an_empty_sentence_is_refused() -> None:
    with pytest.raises(BadInput, match=r"these has a single sentence that is parallel to en; .* at least 2"):
        parallel_texts(Source({"sw": groups("1")}), ["en", "sw"], 5)
    with pytest.raises(BadInput, match="these: sentence '2' is empty in sw; take it out everywhere"):
        parallel_texts(Source({"sw": {"1": "text", "2": "  "}}), ["en", "sw"], 5)
