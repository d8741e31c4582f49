"""Logs as lm-eval itself writes them, read as rows; what is wrong with others is told in one line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.scoring.harness_model import hushed, plain_model
from interlingua.studies.harness import harness_rows
from interlingua.studies.harness_logs import read_samples, same_items
from interlingua.studies.harness_samples import HarnessWarning
from interlingua.studies.harness_tasks import harness_tasks

pytest.importorskip("lm_eval")

CHOICE = """
output_type: multiple_choice
test_split: test
doc_to_text: "{{text}} ="
doc_to_choice: "{{options}}"
doc_to_target: label
metric_list: [{metric: acc}]
"""
WRITTEN = """
output_type: generate_until
test_split: test
doc_to_text: "{{text}} ="
doc_to_target: "{{options[label]}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 4, do_sample: false}
metric_list: [{metric: exact_match}]
filter_list:
  - {name: strict, filter: [{function: take_first}]}
  - {name: loose, filter: [{function: lowercase}, {function: take_first}]}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    """A folder of `--output_path` with three tasks, and rows of our scorer on the same documents."""
    from lm_eval import evaluate
    from lm_eval.loggers import EvaluationTracker

    place = tmp_path_factory.mktemp("logs")
    for lang, words in {"sw": (" ndiyo", " hapana"), "th": (" ใช่", " ไม่ใช่")}.items():
        docs = [{"text": f"{lang} {at}", "options": words, "label": at % 2} for at in range(4)]
        (place / f"{lang}.jsonl").write_text("\n".join(map(json.dumps, docs)), encoding="utf-8")
    for name, lang, more in (("river_sw", "sw", CHOICE), ("river_th", "th", CHOICE), ("say", "th", WRITTEN)):
        (place / f"{name}.yaml").write_text(
            f"task: {name}\ndataset_path: json\ndataset_kwargs:\n  cache_dir: {place}/cache\n"
            f"  data_files: {{test: {place}/{lang}.jsonl}}\nmetadata: {{lang: {lang}}}\n{more}",
            encoding="utf-8",
        )
    lm = tiny_model("llama", small_tokenizer(["sw th 0 1 2 3 = ndiyo hapana ใช่ ไม่ใช่"] * 3, 300))
    names = ["river_sw", "river_th", "say"]
    with hushed():
        tasks = {task.origin.name: task.object for task in harness_tasks(names, include_path=place)}
        found = evaluate(plain_model(lm), {"tasks": tasks}, bootstrap_iters=0)
        tracker = EvaluationTracker(output_path=str(place / "out"))
        tracker.general_config_tracker.model_name = "org/base"
        tracker.general_config_tracker.model_name_sanitized = "org__base"
        samples = found.pop("samples")
        tracker.save_results_aggregated(results=found, samples=samples)
        for name, some in samples.items():
            tracker.save_results_samples(task_name=name, samples=some)
    ours, _ = harness_rows(lm, names, include_path=place)
    return place / "out", ours


@pytest.fixture
def out(written: tuple[Path, list[Row]], tmp_path: Path) -> Path:
    """A copy of the folder, to be spoilt."""
    return Path(shutil.copytree(written[0], tmp_path / "out"))


def log_of(out: Path, task: str) -> Path:
    (found,) = out.rglob(f"samples_{task}_*.jsonl")
    return found


@pytest.fixture
def two_filters() -> Any:
    """Reading the task `say` tells which filter was taken."""
    return pytest.warns(HarnessWarning, match="say was read by the filters strict, loose; strict is taken")


def test_logs_are_the_rows_of_a_run_of_ours(written: tuple[Path, list[Row]], two_filters: Any) -> None:
    out, ours = written
    with two_filters:
        rows = {(row.task, row.lang, row.id): row for row in read_samples(out)}
    assert len(rows) == len(ours) == 12
    assert {row.model for row in rows.values()} == {"org/base"}
    for mine in ours:
        theirs = rows[mine.task, mine.lang, mine.id]
        for name in ("split", "mode", "prediction", "gold", "options", "group"):
            assert getattr(theirs, name) == getattr(mine, name)
        assert theirs.scores == pytest.approx(mine.scores, abs=1e-4)
        for name in ("item", "prompt", "written", "answer"):
            assert theirs.extra.get(name) == mine.extra.get(name)
    same_items(list(rows.values()), ours)
    assert {(row.task, row.lang) for row in ours} == {
        ("river", "swh_Latn"), ("river", "tha_Thai"), ("say", "tha_Thai"),
    }  # fmt: skip


def test_one_file_is_read_with_the_results_beside_it(out: Path) -> None:
    rows = read_samples(log_of(out, "river_th"))
    assert {(row.task, row.lang, row.split) for row in rows} == {("river", "tha_Thai", "test")}
    for place in out.rglob("results_*.json"):
        place.unlink()
    (row, *_) = read_samples(log_of(out, "river_th"))
    assert (row.model, row.task, row.lang) == ("org__base", "river", "tha_Thai")


def test_the_newest_of_two_logs_is_read(out: Path, two_filters: Any) -> None:
    log = log_of(out, "river_sw")
    kept, dropped = log.read_text(encoding="utf-8").splitlines()[:2], log.name.partition("_20")[0]
    log.with_name(f"{dropped}_2099-01-01T00-00-00.000001.jsonl").write_text("\n".join(kept), encoding="utf-8")
    with two_filters, pytest.warns(HarnessWarning, match="Several logs of river_sw; the newest is read"):
        rows = read_samples(out)
    assert sum(row.extra["harness_task"] == "river_sw" for row in rows) == 2


def test_logs_of_two_models_are_refused(out: Path) -> None:
    shutil.copytree(out / "org__base", out / "org__tuned")
    with pytest.raises(BadInput, match=r"logs of 2 models \(org__base, org__tuned\); name the folder of one"):
        read_samples(out)


def test_results_without_samples_are_refused(out: Path, tmp_path: Path) -> None:
    for place in out.rglob("samples_*"):
        place.unlink()
    with pytest.raises(BadInput, match="has results but no samples; run lm_eval again with --log_samples"):
        read_samples(out)
    (tmp_path / "none").mkdir()
    with pytest.raises(BadInput, match=r"no samples_\*\.jsonl of lm-evaluation-harness"):
        read_samples(tmp_path / "none")
    with pytest.raises(BadInput, match="No log at"):
        read_samples(tmp_path / "absent")


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "line 5: not a sample"), ('{"doc_id": 1}', "line 5: no 'doc'"), ("7", "line 5: not a sample")],
)
def test_a_damaged_line_is_named(out: Path, line: str, told: str) -> None:
    log = log_of(out, "river_sw")
    log.write_text(log.read_text(encoding="utf-8").rstrip("\n") + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        read_samples(log)


def test_empty_logs_and_damaged_results_are_named(out: Path) -> None:
    log_of(out, "say").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="is empty"):
        read_samples(log_of(out, "say"))
    (results,) = out.rglob("results_*.json")
    results.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match=r"results_.* is damaged"):
        read_samples(out)


def test_logs_of_other_documents_are_not_compared(out: Path) -> None:
    log = log_of(out, "river_sw")
    before = read_samples(log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    lines[2]["doc_hash"] = "another"
    log.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.raises(BadInput, match=r"Document 2 of river_sw \(swh_Latn\) is another one in the two logs"):
        same_items(before, read_samples(log))


def test_other_prompts_are_told(out: Path) -> None:
    log = log_of(out, "river_sw")
    before = read_samples(log)
    lines = [json.loads(line) | {"prompt_hash": "other"} for line in log.read_text("utf-8").splitlines()]
    log.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.warns(HarnessWarning, match="4 of 4 documents were asked with another prompt"):
        same_items(before, read_samples(log))
