"""Read: what a path holds, as sheets; the layouts are those of long tables and of one file per language."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, InterlinguaError
from interlingua.data.audit.sheet import CONTEXT, Sheet, make_sheet
from interlingua.data.tables import KINDS, column_names, read_columns
from interlingua.languages.language import find

ENDINGS = (*KINDS, ".txt")
_HEAVY = {"tokens", "lemmas", "upos", "head", "deprel", "space_after", "tags", "kwargs", "instruction_ids",
          "pronoun_span", "choice_start", "choice_end", "embedding"}  # fmt: skip
"""Columns of annotation, which are not looked at."""


@dataclass(frozen=True)
class Place:
    """Files that make one sheet: a long table, or one file per language. `root` is what names begin at."""

    root: Path
    files: tuple[Path, ...]
    langs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How findings call the file; the folder where there are several."""
        path = self.files[0] if len(self.files) == 1 else self.files[0].parent
        return _name(path, self.root)


def places(paths: Sequence[Path]) -> tuple[list[Place], list[str]]:
    """The sheets that lie at `paths`, and files that are passed over.

    A path is a file, the folder of a set, or a folder of sets; several files are one sheet where each holds
    one language. A table without a column `lang` holds the language that its file is named after.

    Raises:
        BadInput: a path that is not there, nothing to read, a file of no known kind or language.
    """
    if len(paths) > 1 and all(path.is_file() for path in paths):
        root = paths[0].parent
        long = [path for path in paths if _is_long(path)]
        single = [path for path in paths if path not in long]
        aligned = [_aligned(root, single)] if single else []
        return [*(Place(root, (path,)) for path in long), *aligned], []
    found: list[Place] = []
    passed: list[str] = []
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: no such file or folder.")
        if path.is_file():
            found.append(Place(path.parent, (path,)) if _is_long(path) else _aligned(path.parent, [path]))
            continue
        here, left = _folder(path, path)
        for folder in _folders(path):
            more, also_left = _folder(folder, path)
            here, left = [*here, *more], [*left, *also_left]
        if not here:
            told = f" (not read: {', '.join(left[:5])})" if left else ""
            raise BadInput(
                f"{path}: no table to audit{told}. Tables end in {', '.join(ENDINGS)} and have the columns "
                "id, lang and fields, or are one per language: en.txt, sw.txt."
            )
        found, passed = [*found, *here], [*passed, *left]
    return found, passed


def read(place: Place) -> Sheet:
    """The rows of a place.

    Raises:
        BadInput: a file that cannot be read or is empty, a language nobody knows, aligned files of unequal
            length, a single row, no column to look at.
    """
    sheet = _aligned_sheet(place) if place.langs else _long_sheet(place)
    if max(len(block) for block in sheet.blocks.values()) < 2:
        raise BadInput(
            f"{place.files[0]}: one row is too little to audit; rows are compared with each other."
        )
    roles = sheet.roles
    if not (roles.texts or roles.labels or roles.categories or roles.lists or roles.shared):
        raise BadInput(
            f"{place.files[0]}: no column with texts or labels to audit beside {', '.join(sheet.columns)}."
        )
    return sheet


def _folder(folder: Path, root: Path) -> tuple[list[Place], list[str]]:
    long, single, left = [], [], []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix not in ENDINGS or path.name.startswith("."):
            continue
        if _is_long(path):
            long.append(path)
        elif _language_of(path):
            single.append(path)
        else:
            left.append(_name(path, root))
    found = [Place(root, (path,)) for path in long]
    if single:
        found.append(_aligned(root, single))
    return found, left


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))


def _is_long(path: Path) -> bool:
    """Whether a file is a table with a language in each row. Raises BadInput where it is empty or damaged."""
    if path.suffix == ".txt":
        return False
    if not (names := column_names(path)):
        raise BadInput(f"{path}: the file is empty.")
    return "lang" in names


def _aligned(root: Path, files: Sequence[Path]) -> Place:
    langs = []
    for path in files:
        if path.suffix not in ENDINGS:
            raise BadInput(f"{path}: tables end in {', '.join(ENDINGS)}, not {path.suffix or 'nothing'!r}.")
        lang = _language_of(path)
        if lang is None:
            raise BadInput(
                f"{path}: no column 'lang', and {path.stem!r} names no language. Add the column, or call the "
                "file after its language: sw.txt, test.sw.jsonl."
            )
        langs.append(lang)
    for lang, times in Counter(find(lang).code for lang in langs).items():
        if times > 1:
            raise BadInput(
                f"{files[0].parent}: several files are called after {lang}; a language has one file."
            )
    return Place(root, tuple(files), tuple(langs))


def _language_of(path: Path) -> str | None:
    """The language that a file is named after, as it is spelled there: `sw.txt`, `test.sw.jsonl`."""
    for part in reversed(path.stem.split(".")):
        try:
            find(part)
        except InterlinguaError:
            continue
        return part
    return None


def _long_sheet(place: Place) -> Sheet:
    path = place.files[0]
    names = [name for name in column_names(path) if name not in _HEAVY]
    columns = read_columns(path, names)
    langs = [str(lang or "") for lang in columns["lang"]]
    for lang in dict.fromkeys(langs):
        try:
            find(lang)
        except InterlinguaError as error:
            at = langs.index(lang)
            raise BadInput(f"{path}: language {lang!r} of row {at + 1}: {error}") from error
    ids = columns.get("id") or _numbers(langs)
    if "answer_start" in columns and "context_id" in columns and "context" not in columns:
        columns[CONTEXT] = _contexts(path, langs, columns["context_id"])
    return make_sheet(place.name, ids, langs, columns, _scripts(langs, columns.get("script")))


def _contexts(path: Path, langs: Sequence[str], wanted: Sequence[Any]) -> list[Any]:
    """The text that each row's `context_id` names in a table beside this one, None where there is none."""
    known: dict[tuple[str, Any], Any] = {}
    for other in sorted(path.parent.iterdir()):
        if other != path and other.suffix in KINDS and {"id", "lang", "context"} <= set(column_names(other)):
            read = read_columns(other, ["id", "lang", "context"])
            keys = zip(read["lang"], read["id"], strict=True)
            known |= dict(zip(keys, read["context"], strict=True))
    return [known.get((lang, one)) for lang, one in zip(langs, wanted, strict=True)]


def _aligned_sheet(place: Place) -> Sheet:
    ids: list[Any] = []
    langs: list[str] = []
    columns: dict[str, list[Any]] = defaultdict(list)
    read = {lang: _one(path) for lang, path in zip(place.langs, place.files, strict=True)}
    lengths = {lang: len(next(iter(one.values()))) for lang, one in read.items()}
    if len(set(lengths.values())) > 1 and not all("id" in one for one in read.values()):
        told = ", ".join(f"{lang} {count}" for lang, count in lengths.items())
        raise BadInput(
            f"{place.files[0].parent}: files of unequal length ({told} rows) cannot be put side by side. "
            "Give every row an id."
        )
    for lang, one in read.items():
        numbers = one.get("id") or [f"{at:0{len(str(lengths[lang]))}d}" for at in range(lengths[lang])]
        ids += numbers
        for name in {name for table in read.values() for name in table}:
            columns[name] += one.get(name) or [None] * lengths[lang]
        langs += [lang] * lengths[lang]
    files = {lang: _name(path, place.root) for lang, path in zip(place.langs, place.files, strict=True)}
    return make_sheet(place.name, ids, langs, columns, {}, files)


def _one(path: Path) -> dict[str, list[Any]]:
    if path.suffix != ".txt":
        return read_columns(path, [name for name in column_names(path) if name not in _HEAVY])
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as text: {error}") from error
    lines = lines[:-1] if lines[-1] == "" else lines
    if not lines:
        raise BadInput(f"{path}: the file is empty.")
    return {"text": list(lines)}


def _numbers(langs: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    ids = []
    for lang in langs:
        ids.append(f"{seen[lang]:05d}")
        seen[lang] += 1
    return ids


def _scripts(langs: Sequence[str], scripts: Sequence[Any] | None) -> dict[str, str]:
    """The script that most rows of each language name."""
    if scripts is None:
        return {}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for (lang, script), times in Counter(zip(langs, scripts, strict=True)).items():
        if script:
            told[lang][str(script)] += times
    return {lang: counts.most_common(1)[0][0] for lang, counts in told.items()}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path != root else path.name
