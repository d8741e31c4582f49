"""Documents of lm-eval as rows, and languages told by its tasks' names."""

from typing import Any

import pytest

from interlingua.studies.harness_samples import HarnessWarning, Origin, named, row_of, rows_of

ORIGIN = Origin("m", "xnli_sw", "xnli", "swh_Latn", "validation")


def sample(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A document with two options, the second being right and chosen."""
    return {
        "doc_id": number, "doc": {"text": "x"}, "target": "1", "arguments": [("q", " no"), ("q", " yes")],
        "filtered_resps": [(-2.5, False), (-1.5, True)], "acc": 1.0, "doc_hash": "d", "target_hash": "t",
        **changes,
    }  # fmt: skip


def test_a_document_with_options_is_a_direct_answer() -> None:
    (row,) = rows_of(ORIGIN, [sample(3)])
    assert (row.task, row.lang, row.split, row.id, row.group) == ("xnli", "swh_Latn", "validation", "3", "3")
    assert (row.mode, row.prediction, row.gold, row.scores) == ("direct", 1, 1, (-2.5, -1.5))
    assert (row.options, row.question, row.extra["harness_task"]) == ((" no", " yes"), "q", "xnli_sw")


def test_logs_hold_numbers_as_text_and_arguments_by_name() -> None:
    logged = {f"gen_args_{at}": {"arg_0": "q", "arg_1": option} for at, option in enumerate([" no", " yes"])}
    text = [["-2.5", "False"], ["-1.5", "True"]]
    assert rows_of(ORIGIN, [sample(arguments=logged, filtered_resps=text)]) == rows_of(ORIGIN, [sample()])


@pytest.mark.parametrize(
    ("target", "acc", "gold"), [("yes", 1.0, 1), ("0", 0.0, 0), ("[0, 1]", 1.0, 1), ("[0]", 0.0, 0)]
)
def test_targets_are_indices_lists_or_words(target: str, acc: float, gold: int) -> None:
    (row,) = rows_of(ORIGIN, [sample(target=target, acc=acc)])
    assert (row.gold, row.correct) == (gold, bool(acc))


def test_options_in_the_context_have_the_gold_that_accuracy_tells() -> None:
    blanks = [("Ann came late", " she said"), ("Bob came late", " she said")]
    (row,) = rows_of(ORIGIN, [sample(arguments=blanks, target="she said", acc=0.0)])
    assert (row.options, row.question) == (("Ann came late", "Bob came late"), " she said")
    assert (row.prediction, row.gold) == (1, 0)


def test_unconditional_requests_are_no_options() -> None:
    pairs = [("q", " no"), ("q", " yes"), ("", " no"), ("", " yes")]
    answers = [(-2.5, False), (-1.5, True), (-9.0, False), (-0.5, False)]
    (row,) = rows_of(ORIGIN, [sample(arguments=pairs, filtered_resps=answers, acc_mutual_info=0.0)])
    assert (row.options, row.scores, row.correct) == ((" no", " yes"), (-2.5, -1.5), True)


def test_where_the_accuracy_is_by_other_rules_all_rows_follow_it() -> None:
    rows = rows_of(ORIGIN, [sample(0), sample(1, acc=0.0)])
    assert [row.correct for row in rows] == [True, False]
    assert {row.options for row in rows} == {()}


def test_written_answers() -> None:
    written = sample(arguments=[("2+2=", {"until": ["\n"]})], target="4", filtered_resps=["5"], exact_match=0)
    del written["acc"]
    row = row_of(ORIGIN, written)
    assert row
    assert (row.mode, row.correct, row.options, row.question) == ("generate", False, (), "2+2=")
    assert (row.extra["written"], row.extra["answer"], row.extra["metric"]) == ("5", "4", "exact_match")


def test_without_right_or_wrong_there_is_no_row() -> None:
    scored = sample(arguments=[("q", {})], filtered_resps=["x"], bleu=("x", "y"))
    del scored["acc"]
    assert row_of(ORIGIN, scored) is None
    with pytest.warns(HarnessWarning, match=r"xnli_sw left out: none of its metrics \(bleu\)"):
        assert rows_of(ORIGIN, [scored]) == []


@pytest.mark.parametrize(
    ("name", "config", "task", "lang"),
    [
        ("xnli_sw", {"dataset_name": "sw"}, "xnli", "swh_Latn"),
        ("xnli_eu_native", {"dataset_name": "eu"}, "xnli_native", "eus_Latn"),
        ("belebele_swh_Latn", {}, "belebele", "swh_Latn"),
        ("sib200_zho_Hant", {}, "sib200", "zho_Hant"),
        ("mgsm_en_cot_bn", {}, "mgsm_en_cot", "ben_Beng"),
        ("crows_pairs_french", {}, "crows_pairs", "fra_Latn"),
        ("global_mmlu_full_pt-br", {}, "global_mmlu_full", "por_Latn-BR"),
        ("toy_qab_Cyrl", {}, "toy", "qab_Cyrl"),
        ("my_task", {"metadata": {"lang": "Swahili"}}, "my_task", "swh_Latn"),
        ("my_sw", {"metadata": {"language": "sw"}}, "my", "swh_Latn"),
    ],
)
def test_languages_by_name_and_configuration(name: str, config: dict[str, Any], task: str, lang: str) -> None:
    assert named({name: config}) == {name: (task, lang)}


@pytest.mark.parametrize("name", ["arc_challenge", "mmlu_law", "hellaswag", "rte", "boolq"])
def test_no_language_is_english_and_told(name: str) -> None:
    with pytest.warns(HarnessWarning, match=rf"No language told by {name}; taken as English"):
        assert named({name: {"dataset_name": name}}) == {name: (name, "eng_Latn")}


def test_tasks_that_would_become_one_keep_their_names() -> None:
    assert named({"xnli_sw": {}, "xnli_swh": {}, "xnli_en": {}}) == {
        "xnli_sw": ("xnli_sw", "swh_Latn"),
        "xnli_swh": ("xnli_swh", "swh_Latn"),
        "xnli_en": ("xnli", "eng_Latn"),
    }
