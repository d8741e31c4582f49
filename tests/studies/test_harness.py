"""lm-eval's own task definitions on our scorer: its metrics, our rows, resumed from the ledger, offline."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.measures.accuracy import accuracy
from interlingua.models.lm import LM
from interlingua.scoring import harness_model as scorer
from interlingua.scoring.harness_model import hushed, plain_model
from interlingua.studies.harness import harness_rows
from interlingua.studies.harness_tasks import harness_tasks

pytest.importorskip("lm_eval")

WORDS = {
    "sw": ("Je, mto ni mrefu?", " ndiyo", " hapana kabisa"),
    "th": ("แม่น้ำยาวไหม", " ใช่", " ไม่ใช่เลย"),
    "en": ("Is the river long?", " yes", " not at all"),
}
CHOICE = """
dataset_path: json
dataset_kwargs:
  cache_dir: {cache}
  data_files: {{test: {data}/{lang}.jsonl, shots: {data}/shots.jsonl}}
task: {name}
{more}
"""
RIVERS = """
output_type: multiple_choice
test_split: test
fewshot_split: shots
fewshot_config: {sampler: first_n}
num_fewshot: 2
doc_to_text: "{{text}} ="
doc_to_choice: "{{options}}"
doc_to_target: label
target_delimiter: ""
metric_list:
  - {metric: acc}
  - {metric: acc_norm}
  - {metric: brier_score}
tag: rivers
metadata: {version: 1.0}
"""
WRITTEN = """
output_type: generate_until
test_split: test
doc_to_text: "{{text}} ="
doc_to_target: "{{options[label]}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 6, do_sample: false}
metric_list:
  - {metric: exact_match}
"""
GREEDY = """
output_type: loglikelihood
test_split: test
doc_to_text: "{{text}}"
doc_to_target: "{{options[0]}}"
metric_list: [{metric: perplexity}, {metric: acc}]
"""
ROLLING = """
output_type: loglikelihood_rolling
test_split: test
doc_to_text: ""
doc_to_target: "{{text}}"
metric_list: [{metric: bits_per_byte}]
"""


@pytest.fixture(scope="module")
def lm() -> LM:
    """A tiny Llama that reads all three languages."""
    texts = [" ".join(words) for words in WORDS.values()] * 5
    return tiny_model("llama", small_tokenizer(texts, 420), max_position_embeddings=512)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Task definitions as people write them for lm-eval, on local files."""
    place = tmp_path_factory.mktemp("tasks")
    for lang, (text, yes, no) in WORDS.items():
        docs = [
            {"text": f"{text} {at}", "options": [yes, no], "label": at % 2, "words": [yes.strip()]}
            for at in range(6)
        ]
        (place / f"{lang}.jsonl").write_text("\n".join(map(json.dumps, docs)), encoding="utf-8")
    (place / "shots.jsonl").write_text("\n".join(map(json.dumps, docs[::-1])), encoding="utf-8")

    def define(name: str, lang: str, more: str) -> None:
        told = CHOICE.format(cache=place / "cache", data=place, lang=lang, name=name, more=more)
        (place / f"{name}.yaml").write_text(told, encoding="utf-8")

    for lang in WORDS:
        define(f"river_{lang}", lang, RIVERS)
    define("told", "th", RIVERS.replace("tag: rivers", "").replace("version: 1.0", "lang: Thai"))
    define("written_sw", "sw", WRITTEN)
    define("greedy_en", "en", GREEDY)
    define("rolling_en", "en", ROLLING)
    define("broken_en", "nowhere", WRITTEN)
    (place / "both.yaml").write_text(
        "group: both\ntask: [river_sw, river_th]\naggregate_metric_list: [{metric: acc}]\n", encoding="utf-8"
    )
    return place


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to reach another machine fails the test, whatever the environment says of being offline."""
    import datasets
    from huggingface_hub import constants

    def refuse(*where: Any) -> None:
        raise AssertionError(f"reached for the network: {where}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)


def of_lm_eval(lm: LM, folder: Path, names: list[str], **settings: Any) -> dict[str, dict[str, Any]]:
    """Metrics as lm-eval itself computes them with its own scorer on the same requests."""
    from lm_eval import evaluate

    with hushed():
        tasks = {task.origin.name: task for task in harness_tasks(names, include_path=folder, **settings)}
        for task in tasks.values():
            task.object.set_fewshot_seed(settings.get("seed", 0))
        found = evaluate(
            plain_model(lm), {"tasks": {name: task.object for name, task in tasks.items()}},
            limit=settings.get("limit"), bootstrap_iters=0,
        )  # fmt: skip
    return {
        name: {key: value for key, value in told.items() if "," in key and "stderr" not in key}
        for name, told in found["results"].items()
    }


def test_rows_and_metrics_are_those_of_lm_eval(lm: LM, folder: Path) -> None:
    names = ["river_sw", "river_th", "river_en"]
    rows, told = harness_rows(lm, names, include_path=folder)
    assert len(rows) == 18
    assert {(row.task, row.lang) for row in rows} == {
        ("river", "swh_Latn"), ("river", "tha_Thai"), ("river", "eng_Latn"),
    }  # fmt: skip
    theirs = of_lm_eval(lm, folder, names)
    assert set(theirs["river_sw"]) == {"acc,none", "acc_norm,none", "brier_score,none"}
    for name in names:
        assert told["tasks"][name]["metrics"] == pytest.approx(theirs[name], abs=1e-4)
        lang = told["tasks"][name]["lang"]
        assert accuracy(rows)[lang].mean == theirs[name]["acc,none"]
    first = rows[0]
    assert (first.id, first.group, first.options, first.gold) == ("0", "0", (" ndiyo", " hapana kabisa"), 0)
    assert (first.mode, first.split, first.model) == ("direct", "test", lm.fingerprint())
    assert first.question == "Je, mto ni mrefu? 0 ="
    assert told["tasks"]["river_sw"]["shots"] == 2
    assert told["body_tokens"] < told["flat_tokens"]
    assert accuracy(rows)["tha_Thai"].chance == 0.5


def test_shots_and_limit_are_passed_on(lm: LM, folder: Path) -> None:
    rows, told = harness_rows(lm, ["lm_eval:river_sw"], include_path=folder, shots=0, limit=3)
    assert (len(rows), told["tasks"]["river_sw"]["shots"]) == (3, 0)
    theirs = of_lm_eval(lm, folder, ["river_sw"], shots=0, limit=3)["river_sw"]
    assert told["tasks"]["river_sw"]["metrics"] == pytest.approx(theirs, abs=1e-4)
    more, _ = harness_rows(lm, ["river_sw"], include_path=folder, limit=3)
    assert more[0].scores != rows[0].scores


@pytest.mark.parametrize("asked", [["both"], ["rivers"], ["river_*"]])
def test_groups_tags_and_patterns_expand(lm: LM, folder: Path, asked: list[str]) -> None:
    rows, told = harness_rows(lm, asked, include_path=folder, limit=2)
    expected = {"river_sw", "river_th"} | (set() if asked == ["both"] else {"river_en"})
    assert set(told["tasks"]) == expected
    assert len(rows) == 2 * len(expected)


def test_the_definition_may_say_the_language(lm: LM, folder: Path) -> None:
    rows, _ = harness_rows(lm, ["told"], include_path=folder, limit=2)
    assert {(row.task, row.lang) for row in rows} == {("told", "tha_Thai")}


def test_written_answers_are_right_or_wrong_by_its_metric(lm: LM, folder: Path) -> None:
    rows, told = harness_rows(lm, ["written_sw"], include_path=folder)
    theirs = of_lm_eval(lm, folder, ["written_sw"])["written_sw"]
    assert told["tasks"]["written_sw"]["metrics"] == theirs
    assert {(row.mode, row.options, row.extra["metric"]) for row in rows} == {("generate", (), "exact_match")}
    assert rows[0].extra["answer"] == " ndiyo"
    assert all(row.correct == (row.extra["written"] == row.extra["answer"]) for row in rows)


def test_a_task_of_greedy_words_counts_the_flags(lm: LM, folder: Path) -> None:
    rows, told = harness_rows(lm, ["greedy_en"], include_path=folder)
    metrics = told["tasks"]["greedy_en"]["metrics"]
    assert metrics == pytest.approx(of_lm_eval(lm, folder, ["greedy_en"])["greedy_en"], rel=1e-4)
    assert sum(row.correct for row in rows) / len(rows) == metrics["acc,none"]


def test_a_task_without_right_or_wrong_has_metrics_only(lm: LM, folder: Path) -> None:
    with pytest.warns(UserWarning, match=r"rolling_en left out: none of its metrics \(bits_per_byte\)"):
        rows, told = harness_rows(lm, ["rolling_en"], include_path=folder)
    assert rows == []
    theirs = of_lm_eval(lm, folder, ["rolling_en"])["rolling_en"]
    assert told["tasks"]["rolling_en"]["metrics"] == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize("name", ["river_sw", "written_sw"])
def test_a_stopped_run_goes_on_with_the_same_numbers(
    lm: LM, folder: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, facts = harness_rows(lm, [name], include_path=folder)
    asked: list[int] = []
    counted(monkeypatch, asked)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        stop_after(monkeypatch, ledger, 2)
        with pytest.raises(KeyboardInterrupt):
            harness_rows(lm, [name], include_path=folder, ledger=ledger)
        monkeypatch.undo()
        assert len(ledger) == 2
        counted(monkeypatch, asked := [])
        again, told = harness_rows(lm, [name], include_path=folder, ledger=ledger)
        assert [row.scores for row in again] == [row.scores for row in whole]
        assert again == whole
        assert told["tasks"] == facts["tasks"]
        if name == "river_sw":
            assert asked == [4 * 2]
        counted(monkeypatch, asked := [])
        assert harness_rows(lm, [name], include_path=folder, ledger=ledger)[0] == whole
        assert asked == []
        assert len(ledger) == 6


def test_equal_documents_are_rows_of_their_own(lm: LM, folder: Path, tmp_path: Path) -> None:
    lines = (folder / "sw.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "twice.jsonl").write_text("\n".join([*lines[:3], lines[0]]), encoding="utf-8")
    definition = (folder / "river_sw.yaml").read_text(encoding="utf-8")
    definition = definition.replace("sw.jsonl", "twice.jsonl").replace("river_sw", "twice_sw")
    (folder / "twice_sw.yaml").write_text(definition.replace("tag: rivers", ""), encoding="utf-8")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        harness_rows(lm, ["twice_sw"], include_path=folder, limit=2, ledger=ledger)
        rows, told = harness_rows(lm, ["twice_sw"], include_path=folder, ledger=ledger)
        assert len(ledger) == 4
    assert [row.id for row in rows] == ["0", "1", "2", "3"]
    assert rows[3].scores == rows[0].scores != rows[1].scores
    assert told["tasks"]["twice_sw"]["documents"] == 4


def counted(monkeypatch: pytest.MonkeyPatch, asked: list[int]) -> None:
    """Notes how many requests are really read."""
    real = scorer.readings

    def noted(lm: LM, requests: Any, *, skip: Any = frozenset(), **more: Any) -> Any:
        asked.append(len(requests) - len(skip))
        return real(lm, requests, skip=skip, **more)

    monkeypatch.setattr(scorer, "readings", noted)


def stop_after(monkeypatch: pytest.MonkeyPatch, ledger: Ledger, rows: int) -> None:
    """Ctrl-C as soon as that many rows are in the ledger."""
    real = ledger.put

    def put(key: str, row: Any) -> None:
        real(key, row)
        if len(ledger) == rows:
            raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "put", put)


def test_a_prompt_that_was_cut_is_told_by_language(folder: Path, lm: LM) -> None:
    short = tiny_model("llama", lm.tokenizer, max_position_embeddings=24)
    with pytest.warns(UserWarning, match=r"Prompts lost their beginning in tiny-llama: swh_Latn 2 of 2\."):
        rows, _ = harness_rows(short, ["river_sw"], include_path=folder, limit=2)
    assert all(float(row.extra["cut"]) > 0 for row in rows)


def test_unknown_names_get_near_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_only(monkeypatch)
    with pytest.raises(UnknownName, match=r"No task of lm-evaluation-harness called 'river_se'.*river_s"):
        harness_tasks(["river_se"], include_path=folder)


def test_what_cannot_be_made_is_one_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"lm-eval cannot make its task broken_en: .*include-path") as told:
        harness_tasks(["broken_en"], include_path=folder)
    assert "\n" not in str(told.value)
    with pytest.raises(BadInput, match="is no folder"):
        harness_tasks(["river_sw"], include_path=tmp_path / "absent")
    with pytest.raises(BadInput, match="No task"):
        harness_tasks([], include_path=folder)


def own_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """lm-eval's own thirteen thousand definitions, which take long to index, are left out."""
    import lm_eval.tasks

    real: Callable[..., Any] = lm_eval.tasks.TaskManager
    monkeypatch.setattr(
        lm_eval.tasks, "TaskManager",
        lambda include_path=None, include_defaults=True: real(
            include_path=include_path, include_defaults=False
        ),
    )  # fmt: skip
