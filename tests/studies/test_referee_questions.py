"""Questions of a source or of lm-eval's tasks, as both scorers get them."""

import json
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.named import world
from interlingua.studies.referee_questions import Case, questions


def test_items_of_a_source_are_the_same_in_every_language() -> None:
    case = Case(None, "lab:tiny", ("topic", "sentiment"), ("qab", "qac"), limit=4)
    found = questions(case)
    assert [(one.task, one.lang) for one in found] == [
        (task, lang) for task in case.tasks for lang in ("qab_Cyrl", "qac_Arab") for _ in range(4)
    ]
    assert [one.id for one in found[:4]] == [one.id for one in found[4:8]]
    item = next(one for one in world("lab:tiny").task("topic", "qab_Cyrl") if one.id == found[0].id)
    assert found[0].pairs == tuple((item.shots + item.question, option) for option in item.options)
    assert (found[0].options, found[0].answer) == (len(item.options), item.answer)


def test_all_tasks_of_a_source_where_none_is_named() -> None:
    place = world("lab:tiny")
    found = questions(Case(None, "lab:tiny", (), ("qab",), limit=1))
    assert {one.task for one in found} == set(place.tasks)


def test_other_questions_for_another_seed() -> None:
    drawn = [questions(Case(None, "lab:tiny", ("topic",), ("qab",), limit=4, seed=s)) for s in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_nothing_to_ask_is_told() -> None:
    with pytest.raises(BadInput, match="What to ask"):
        questions(Case("lab:tiny", "", ()))
    with pytest.raises(UnknownName, match="task of lab:tiny called 'topics'"):
        questions(Case(None, "lab:tiny", ("topics",)))


TASK = """
dataset_path: json
dataset_kwargs: {{cache_dir: {place}/cache, data_files: {{test: {place}/docs.jsonl}}}}
test_split: test
metadata: {{lang: sw}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Definitions of three kinds of tasks on two documents."""
    docs = [
        {"text": f"Je, {at}?", "words": [" ndiyo", " hapana"], "halves": ["A _", "B _"], "label": at % 2}
        for at in range(2)
    ]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, docs)), encoding="utf-8")
    kinds = {
        "plain": 'output_type: multiple_choice\ndoc_to_text: "{{text}} ="\ndoc_to_choice: "{{words}}"\n'
        'doc_to_target: label\ntarget_delimiter: ""\nmetric_list: [{metric: acc}, {metric: acc_mutual_info}]',
        "filled": "output_type: multiple_choice\ndoc_to_text: label\ndoc_to_choice: halves\n"
        "doc_to_target: text\nmetric_list: [{metric: acc}]",
        "greedy": 'output_type: loglikelihood\ndoc_to_text: "{{text}}"\ndoc_to_target: "{{words[0]}}"\n'
        "metric_list: [{metric: acc}]",
        "say": 'output_type: generate_until\ndoc_to_text: "{{text}}"\ndoc_to_target: "{{words[0]}}"',
    }
    for name, more in kinds.items():
        text = f"task: {name}\n{TASK.format(place=tmp_path)}{more}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_documents_of_lm_eval(folder: Path) -> None:
    pytest.importorskip("lm_eval")

    def of(name: str) -> list[tuple[tuple[tuple[str, str], ...], int, int]]:
        case = Case(None, "", (f"lm_eval:{name}",), include_path=str(folder))
        found = questions(case)
        assert {one.lang for one in found} == {"swh_Latn"}
        return [(one.pairs, one.options, one.answer) for one in found]

    options = ("Je, 1? =", " ndiyo"), ("Je, 1? =", " hapana"), ("", " ndiyo"), ("", " hapana")
    assert of("plain")[1] == (options, 2, 1)
    assert of("filled")[1] == ((("A _", " Je, 1?"), ("B _", " Je, 1?")), 2, 1)
    assert of("greedy")[0] == ((("Je, 0?", " ndiyo"),), 1, 1)
    with pytest.raises(BadInput, match="Task say of lm-eval is answered in writing"):
        of("say")
