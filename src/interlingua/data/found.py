"""Found: what a path holds, said by a TOML file, or told from the layout of its folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interlingua.core.errors import BadInput, UnknownName
from interlingua.data.line_files import line_files
from interlingua.data.spec import DictionaryTable, FixedTable, ParallelTable, TextTable, read_spec
from interlingua.data.tables import KINDS, column_names
from interlingua.data.task import TASKS, Task

HUB = "hub"
"""What stands for a path where the known tasks are to come from the Hugging Face hub."""
_ORDER = ("train", "test", "dev", "all")
_TABLES = ("text", "pairs", "questions", "dictionary")


@dataclass(frozen=True)
class Placed:
    """A task and where its rows are: a file per split, or the hub where there are none."""

    task: Task
    root: Path
    title: str
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A source before anything of it is read. `lacking` tells what to do about a table that is not there."""

    name: str
    where: str
    root: Path
    pivot: str
    tasks: Mapping[str, Placed]
    text: TextTable | None = None
    pairs: ParallelTable | None = None
    questions: ParallelTable | None = None
    dictionary: DictionaryTable | None = None
    languages: Sequence[str] = ()
    licence: str = ""
    lacking: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, Path] = field(default_factory=dict)
    """Files of plain lines by language, which `text` and `pairs` are then of."""

    @property
    def tables(self) -> dict[str, FixedTable]:
        """The tables that are no tasks."""
        return {key: table for key in _TABLES if (table := getattr(self, key)) is not None}


def look_at(path: Path, tasks: Sequence[str] | None) -> Found:
    """What there is at a path; of tasks and sets of parallel text only those named in `tasks` (None: all).

    Raises:
        BadInput: nothing of a known layout, or a TOML file that cannot be used.
        UnknownName: a task that is not there.
    """
    if path == Path(HUB) and not path.exists():
        return _hub(tasks)
    if path.is_dir() and not any(path.glob("*.toml")):
        return _folder(path, tasks)
    return _toml(path, tasks)


def _toml(path: Path, tasks: Sequence[str] | None) -> Found:
    file, spec = read_spec(path)
    placed = {}
    for name in _wanted(tasks, spec.tasks, f"A task is a table [tasks.NAME] in {file}."):
        table, title = spec.tasks[name], f"{file}: [tasks.{name}]"
        try:
            task = table.task()
        except BadInput as error:
            raise BadInput(f"{title}: {error}") from error
        files = {} if table.hub else table.paths(file, task.evaluated)
        placed[name] = Placed(task, file.parent, title, files)
    return Found(
        spec.name, str(file), file.parent, spec.pivot, placed, spec.text, spec.pairs, spec.questions,
        spec.dictionary, spec.languages, spec.licence,
    )  # fmt: skip


def _hub(tasks: Sequence[str] | None) -> Found:
    known = {name: task for name in TASKS.names() if (task := TASKS.get(name)).hub is not None}
    placed = {
        name: Placed(known[name], Path(HUB), f"hub: {name}")
        for name in _wanted(tasks, known, "It is not known on the hub.")
    }
    return Found(HUB, HUB, Path(HUB), "en", placed)


def _folder(folder: Path, tasks: Sequence[str] | None) -> Found:
    known: dict[str, Task] = {name: TASKS.get(name) for name in TASKS.names()}
    here = folder.resolve().name
    of_set = {name: _placed(task, folder, name) for name, task in known.items() if task.folder == here}
    of_set = {name: one for name, one in of_set.items() if one.files}
    if of_set:
        texts = {here: _texts(folder)} if all(one.task.parallel for one in of_set.values()) else {}
        sets = of_set
    else:
        below = {
            name: _placed(task, folder / task.folder, name) for name, task in known.items() if task.folder
        }
        sets = {name: one for name, one in below.items() if one.files}
        texts = {one.name: _texts(one) for one in _folders(folder)} if sets else {here: _texts(folder)}
    texts = {name: table for name, table in texts.items() if table}
    return _joined(folder, here, {name: one for name, one in sets.items() if not one.task.text}, texts, tasks)


def _joined(
    folder: Path,
    name: str,
    sets: Mapping[str, Placed],
    texts: Mapping[str, ParallelTable | None],
    tasks: Sequence[str] | None,
) -> Found:
    if not sets and not texts:
        if lines := line_files(folder):
            _wanted(tasks, [name], f"It is not in {folder}.")
            where = {"train": str(folder)}
            return Found(
                name, str(folder), folder, "en", {}, TextTable(files=where), ParallelTable(files=where),
                lines=lines,
            )  # fmt: skip
        raise BadInput(
            f"{folder}: neither a TOML file, nor a known set ({', '.join(TASKS.names())}), nor tables with "
            "the columns id, lang and text, nor a text file per language, called after it (en.txt, sw.txt). "
            "Describe it in a TOML file, as examples/own_task.toml does."
        )
    wanted = _wanted(tasks, [*sets, *texts], f"It is not in {folder}.")
    several = [one for one in texts if tasks is None or one in wanted or len(texts) == 1]
    table = texts[several[0]] if len(several) == 1 else None
    told = f"there is parallel text in {', '.join(texts)}: name one as a task" if len(texts) > 1 else ""
    return Found(
        name, str(folder), folder, "en", {one: sets[one] for one in sets if one in wanted},
        text=TextTable(files=table.files) if table else None, pairs=table,
        lacking={"pairs": told, "text": told} if told else {},
    )  # fmt: skip


def _placed(task: Task, root: Path, name: str) -> Placed:
    files = {split: root / file for split, file in task.files.items() if (root / file).is_file()}
    return Placed(task, root, f"{root}: {name}", files)


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))


def _texts(folder: Path) -> ParallelTable | None:
    """The tables of a folder that hold parallel text; a column `text_en` is the pivot's."""
    files, target = {}, False
    for path in sorted(folder.iterdir()):
        if path.suffix in KINDS and path.is_file():
            there = column_names(path)
            if {"id", "lang", "text"} <= set(there):
                files[path.stem] = str(path.absolute())
                target = "text_en" in there
    if not files:
        return None
    first = next((split for split in _ORDER if split in files), next(iter(files)))
    return ParallelTable(files={"train": files[first], **files}, target="text_en" if target else None)


def _wanted(tasks: Sequence[str] | None, known: Sequence[str] | Mapping[str, object], hint: str) -> list[str]:
    for name in tasks or ():
        if name not in known:
            raise UnknownName("task", name, list(known), hint=hint)
    return list(known if tasks is None else dict.fromkeys(tasks))
