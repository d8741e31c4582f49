"""Sample logs of lm-evaluation-harness, as it writes them with --log_samples, read as rows of ours."""

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.studies.harness_samples import HarnessWarning, Origin, Sample, named, rows_of, split_of

_NAME = re.compile(r"samples_(?P<task>.+?)_(?P<date>\d{4}-\d\d-\d\dT[\d.-]+)\.jsonl")
_NEEDED = ("doc_id", "doc", "target", "arguments", "filtered_resps")


def read_samples(path: Path | str) -> list[Row]:
    """Rows of one model's logs: a `samples_*.jsonl` file, or the folder that `--output_path` named.

    Languages, splits and the model's name are those of the `results_*.json` of the same date, where it is
    there. Of several logs of one task the newest is read, of several filters the first; a `HarnessWarning`
    tells so. Rows are as in `rows_of`.
    Raises `BadInput` for a place without sample logs, logs of several models, or a damaged line.
    """
    path = Path(path)
    files = [path] if path.is_file() else _newest(_in_one_folder(path))
    results = {file: _results(file) for file in files}
    tasks = {file: _task(file) for file in files}
    configs = {task: results[file].get("configs", {}).get(task, {}) for file, task in tasks.items()}
    places = named(configs)
    rows = []
    for file, name in tasks.items():
        task, lang = places[name]
        origin = Origin(_model(file, results[file]), name, task, lang, split_of(configs[name]))
        rows += rows_of(origin, _one_filter(name, list(_samples(file))))
    return rows


def same_items(before: Sequence[Row], after: Sequence[Row]) -> None:
    """Make sure that rows of lm-eval under one number are of the same document and answer on both sides.

    Rows without a fingerprint of their item are not looked at. Other prompts for the same documents (shots,
    chat template) are told by a `HarnessWarning`. Raises `BadInput` naming the first document that differs.
    """
    old = {(row.task, row.lang, row.id): row for row in before if "item" in row.extra}
    asked = [(old[key], row) for row in after if (key := (row.task, row.lang, row.id)) in old]
    for one, other in asked:
        if "item" in other.extra and one.extra["item"] != other.extra["item"]:
            raise BadInput(
                f"Document {other.id} of {other.extra.get('harness_task', other.task)} ({other.lang}) is "
                "another one in the two logs; run lm-eval on the same data and task version twice."
            )
    changed = sum(one.extra.get("prompt") != other.extra.get("prompt") for one, other in asked)
    if changed:
        warnings.warn(
            f"{changed} of {len(asked)} documents were asked with another prompt (shots or template) in the "
            "two logs: the difference is not the model's alone.",
            HarnessWarning,
            stacklevel=2,
        )


def _in_one_folder(path: Path) -> list[Path]:
    """All sample logs below a folder; they must be of one model, hence lie in one folder."""
    if not path.is_dir():
        raise BadInput(f"No log at {path}: give a samples_*.jsonl file, or the folder of --output_path.")
    files = sorted(file for file in path.rglob("samples_*.jsonl") if _NAME.fullmatch(file.name))
    folders = sorted({file.parent for file in files})
    if len(folders) > 1:
        shown = ", ".join(str(folder.relative_to(path)) for folder in folders[:5])
        raise BadInput(f"{path} holds logs of {len(folders)} models ({shown}); name the folder of one.")
    if not files and any(path.rglob("results_*.json")):
        raise BadInput(f"{path} has results but no samples; run lm_eval again with --log_samples.")
    if not files:
        raise BadInput(
            f"{path} has no samples_*.jsonl of lm-evaluation-harness; run lm_eval with --log_samples."
        )
    return files


def _newest(files: Sequence[Path]) -> list[Path]:
    """The newest log of each task; the dates in their names sort as text."""
    dated: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        dated[_task(file)].append(file)
    older = sorted(task for task, logs in dated.items() if len(logs) > 1)
    if older:
        warnings.warn(
            f"Several logs of {', '.join(older)}; the newest is read.", HarnessWarning, stacklevel=3
        )
    return [max(logs, key=lambda file: file.name) for logs in dated.values()]


def _task(file: Path) -> str:
    match = _NAME.fullmatch(file.name)
    return match["task"] if match else file.stem.removeprefix("samples_")


def _results(file: Path) -> Mapping[str, Any]:
    """What lm-eval wrote beside a log on the same date; empty where it is not there."""
    match = _NAME.fullmatch(file.name)
    place = file.with_name(f"results_{match['date']}.json") if match else None
    if place is None or not place.is_file():
        return {}
    try:
        found: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{place} is damaged ({error}); get it again, or remove it.") from error
    return found


def _model(file: Path, results: Mapping[str, Any]) -> str:
    return str(results.get("model_name") or file.absolute().parent.name)


def _one_filter(task: str, samples: Sequence[Sample]) -> list[Sample]:
    """The samples of the first filter: lm-eval lists a document once for every way of reading its answer."""
    filters = list(dict.fromkeys(str(sample.get("filter", "none")) for sample in samples))
    if len(filters) > 1:
        warnings.warn(
            f"{task} was read by the filters {', '.join(filters)}; {filters[0]} is taken.",
            HarnessWarning,
            stacklevel=3,
        )
    return [sample for sample in samples if str(sample.get("filter", "none")) == filters[0]]


def _samples(file: Path) -> Iterator[Sample]:
    with open(file, encoding="utf-8") as lines:
        number = 0
        for number, line in enumerate(lines, 1):
            try:
                sample = json.loads(line)
                lacking = [name for name in _NEEDED if name not in sample]
            except (ValueError, TypeError) as error:
                raise BadInput(f"{file}, line {number}: not a sample ({error}); log it again.") from error
            if lacking:
                raise BadInput(
                    f"{file}, line {number}: no {lacking[0]!r}, so it is no sample of lm-evaluation-harness."
                )
            yield sample
        if not number:
            raise BadInput(f"{file} is empty; run lm_eval with --log_samples again.")
