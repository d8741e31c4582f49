"""Tasks of lm-evaluation-harness as it defines them, with the requests of their documents."""

import fnmatch
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, InterlinguaError, UnknownName
from interlingua.scoring.harness_model import hushed, need_lm_eval
from interlingua.studies.harness_samples import Origin, named, split_of

PREFIX = "lm_eval:"
"""What stands before the name of a task that lm-evaluation-harness defines."""
_READERS = ("json", "csv", "parquet", "text", "arrow")
"""Readers of local files that the datasets library brings along."""


@dataclass(frozen=True)
class HarnessTask:
    """One task in one language: lm-eval's own object with its requests built, and where its rows are from."""

    origin: Origin
    object: Any
    config: Mapping[str, Any]

    def documents(self) -> dict[int, list[Any]]:
        """The requests of each document by its number, in the order of its options."""
        found: dict[int, list[Any]] = defaultdict(list)
        for instance in self.object.instances:
            found[instance.doc_id].append(instance)
        return dict(found)


def harness_tasks(
    names: Sequence[str],
    *,
    model: str = "",
    include_path: Path | str | None = None,
    shots: int | None = None,
    limit: int | None = None,
    seed: int = 0,
) -> list[HarnessTask]:
    """Tasks by lm-eval's names: single ones (`xnli_sw`), groups, tags, patterns (`xnli_*`).

    Definitions in the folder `include_path` win; lm-eval's own are read only for names that are not among
    them. `shots` replaces a task's number of examples, unless that is fixed at none; `seed` draws them (the
    harness itself uses 1234); `limit` is documents per task, the first ones. `model` is what rows will say.
    The network is shut off while tasks on local files are loaded; nothing is ever reported to a hub.
    Raises `MissingResource` without lm-eval, `UnknownName`, `BadInput` for a task that cannot be made.
    """
    need_lm_eval()
    with hushed():
        manager, chosen = _chosen([name.removeprefix(PREFIX) for name in names], include_path)
        objects: dict[str, Any] = {}
        for name in chosen:
            with _hub(shut=all(map(_local, _definitions(manager.task_index, name)))):
                objects |= _made(manager, name, shots, limit, seed)
    configs = {name: dict(task.dump_config()) for name, task in objects.items()}
    places = named(configs)
    return [
        HarnessTask(Origin(model, name, *places[name], split_of(configs[name]), seed), task, configs[name])
        for name, task in objects.items()
    ]


def _chosen(names: Sequence[str], include_path: Path | str | None) -> tuple[Any, list[str]]:
    """lm-eval's index of definitions and the names in it; its own 13,000 are indexed only if need be."""
    from lm_eval.tasks import TaskManager

    if not names:
        raise BadInput("No task of lm-evaluation-harness named; write e.g. lm_eval:xnli_sw.")
    if include_path is not None:
        if not Path(include_path).is_dir():
            raise BadInput(f"{include_path} is no folder; --include-path names one with task definitions.")
        manager = TaskManager(include_path=str(include_path), include_defaults=False)
        if all(fnmatch.filter(manager.all_tasks, name) for name in names):
            return manager, _matching(names, manager)
    manager = TaskManager(include_path=include_path and str(include_path))
    return manager, _matching(names, manager)


def _matching(names: Sequence[str], manager: Any) -> list[str]:
    found: list[str] = []
    for name in names:
        some = fnmatch.filter(manager.all_tasks, name)
        if not some:
            raise UnknownName("task of lm-evaluation-harness", name, manager.all_tasks)
        found += some
    return list(dict.fromkeys(found))


def _definitions(index: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The definitions of all tasks behind a name: its own, or those of a group's or tag's members."""
    entry = index.get(name)
    if entry is None:
        return
    config = entry.cfg or {}
    members = [*(config["task"] if isinstance(config.get("task"), list) else ()), *_tagged(entry)]
    if not members:
        yield config
    for member in members:
        if isinstance(member, str):
            yield from _definitions(index, member)
        else:
            yield from _definitions(index, str(member.get("task")))
            yield member


def _tagged(entry: Any) -> list[str]:
    return sorted(entry.tags) if entry.yaml_path is None else []


def _local(config: Mapping[str, Any]) -> bool:
    """Whether the data of a definition lie on this machine or are made by a function of its own."""
    if "custom_dataset" in config:
        return True
    path = str(config.get("dataset_path") or "")
    told = (config.get("dataset_kwargs") or {}).get("data_files", {})
    files = list(told.values()) if isinstance(told, Mapping) else [told]
    flat = [str(one) for each in files for one in (each if isinstance(each, list) else [each])]
    there = (path in _READERS and bool(flat)) or (bool(path) and Path(path).is_dir())
    return there and not any("://" in one for one in flat)


def _made(manager: Any, name: str, shots: int | None, limit: int | None, seed: int) -> dict[str, Any]:
    """lm-eval's tasks of one name with their requests. Whatever its code raises is told as one line."""
    try:
        tasks: dict[str, Any] = manager.load([name])["tasks"]
        for each, task in tasks.items():
            if getattr(task, "UNSAFE_CODE", False) or getattr(task, "MULTIMODAL", False):
                raise BadInput(f"Task {each} of lm-eval runs code or reads more than text; leave it out.")
            if shots is not None and task.get_config("num_fewshot") != 0:
                task.set_config(key="num_fewshot", value=shots)
            elif task.get_config("num_fewshot") is None:
                task.set_config(key="num_fewshot", value=0)
            task.set_fewshot_seed(seed)
            task.build_all_requests(limit=limit)
    except InterlinguaError:
        raise
    except Exception as error:  # definitions hold templates and functions of anybody's
        told = " ".join(str(error).split())[:300]
        raise BadInput(
            f"lm-eval cannot make its task {name}: {type(error).__name__}: {told}. Its data and definition "
            "must be within reach: put a YAML with local files into --include-path."
        ) from error
    return tasks


@contextmanager
def _hub(shut: bool) -> Iterator[None]:
    """Nothing is counted or reported on the hub inside; with `shut` it is out of reach altogether."""
    import datasets

    constants = import_module("huggingface_hub.constants")  # comes with transformers and datasets
    with ExitStack() as stack:
        stack.enter_context(_set(vars(constants), HF_HUB_DISABLE_TELEMETRY=True))
        stack.enter_context(_set(vars(datasets.config), HF_UPDATE_DOWNLOAD_COUNTS=False))
        if shut:
            stack.enter_context(_set(vars(constants), HF_HUB_OFFLINE=True))
            stack.enter_context(_set(vars(datasets.config), HF_HUB_OFFLINE=True, HF_DATASETS_OFFLINE=True))
            stack.enter_context(_set(os.environ, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1"))
        yield


@contextmanager
def _set(place: Any, **values: Any) -> Iterator[None]:
    """Values in a mapping for a while."""
    before = {name: place[name] for name in values if name in place}
    place.update(values)
    try:
        yield
    finally:
        for name in values:
            if name in before:
                place[name] = before[name]
            else:
                del place[name]
