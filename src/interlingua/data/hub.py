"""HubTable: rows of a data set of the Hugging Face hub, one configuration per language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.data.long_table import ROW, code_of, few_of
from interlingua.data.tables import check_columns
from interlingua.data.task import Hub
from interlingua.data.words import ALL, code


class HubTable:
    """What `hub` declares, with the columns a task needs. Needs the extra `hub`.

    Languages that have a configuration are trusted to be there and to have the same groups; what is loaded
    is checked.
    Raises:
        MissingResource: the library is not installed, or the data set cannot be loaded.
        BadInput: a column that is not there.
    """

    def __init__(
        self, title: str, hub: Hub, splits: Sequence[str], lang: str, columns: Sequence[str]
    ) -> None:
        self.title, self.hub, self.splits = title, hub, tuple(splits)
        self._lang, self._columns = lang, [name for name in dict.fromkeys(columns) if name != lang]
        self._configs = {code(name): config for name, config in hub.configs.items()}
        self._rows: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
        load_dataset()
        self.languages = set(self._configs) if ALL not in self._configs else self.languages_in(self.splits[0])

    def rows(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of one language. Raises `MissingResource` where there are none."""
        found = self._load(self._config(lang), split).get(lang)
        if found is None:
            raise MissingResource(
                f"{self.title} has no {split} rows in {lang}; there are {few_of(self.languages)}."
            )
        return found

    def languages_in(self, split: str) -> set[str]:
        """The languages that have a configuration, or rows in the one for all."""
        if ALL in self._configs:
            return set(self._load(ALL, split))
        return set(self._configs)

    def common(self, split: str, column: str) -> set[str]:
        """The values of a column in one language: all are trusted to have the same."""
        lang = min(self.languages, key=lambda one: (one != "eng_Latn", one))
        return {str(row[column]) for row in self.rows(lang, split)}

    def fingerprint(self) -> str:
        """Hash of the declaration and of the version of the data set; of the files of a local folder."""
        if (folder := Path(self.hub.name)).is_dir():
            return fingerprint(self.hub, [file_fingerprint(path) for path in _files(folder)])
        lang = min(self._configs)
        data = self._open(self._configs[lang], self.hub.splits.get(self.splits[0], self.splits[0]))
        return fingerprint(self.hub, data._fingerprint)

    def _config(self, lang: str) -> str:
        if ALL not in self._configs and lang not in self._configs:
            raise MissingResource(f"{self.title} has no rows in {lang}; there are {few_of(self.languages)}.")
        return ALL if ALL in self._configs else lang

    def _load(self, key: str, split: str) -> dict[str, list[dict[str, Any]]]:
        """Language to rows of one configuration, columns by our names."""
        if split not in self.splits:
            raise MissingResource(f"{self.title} has no split {split!r}; there is {', '.join(self.splits)}.")
        if (key, split) not in self._rows:
            data = self._open(self._configs[key], self.hub.splits.get(split, split))
            theirs = {name: self.hub.columns.get(name, name) for name in self._columns}
            if key == ALL:
                theirs[self._lang] = self.hub.columns.get(self._lang, self._lang)
            check_columns(
                f"hub: {self.hub.name}", [name for name in theirs.values() if name != ROW], data.column_names
            )
            values = {name: _values(data, column) for name, column in theirs.items()}
            found: dict[str, list[dict[str, Any]]] = {}
            for each in zip(*values.values(), strict=True):
                row = dict(zip(values, each, strict=True))
                lang = code_of(f"hub: {self.hub.name}", row[self._lang]) if key == ALL else key
                own = found.setdefault(lang, [])
                number = f"{len(own):05d}"
                made = {name: number for name, column in theirs.items() if column == ROW}
                own.append({self._lang: lang, **row, **made, ROW: number})
            self._rows[key, split] = found
        return self._rows[key, split]

    def _open(self, config: str, split: str) -> Any:
        load = load_dataset()
        # Of a local folder the library would go on with what it once read, even if the files have changed.
        mode = "force_redownload" if Path(self.hub.name).is_dir() else None
        try:
            data = load(self.hub.name, config, split=split, revision=self.hub.revision, download_mode=mode)
        except Exception as error:  # the library raises errors of many kinds, of its own and of others
            reason = " ".join(str(error).split())
            raise MissingResource(
                f"{self.title}: cannot load {self.hub.name} ({config}, {split}) from the hub: {reason} "
                "Without a network, name local files in a TOML file."
            ) from error
        if not len(data):
            raise BadInput(f"{self.title}: {self.hub.name} ({config}, {split}) is empty.")
        return data


def load_dataset() -> Any:
    """The library's function. Raises MissingResource where the library is not installed."""
    try:
        from datasets import load_dataset as load
    except ImportError as error:
        raise MissingResource(
            "Data from the hub need the library datasets: pip install '.[hub]' in the checkout."
        ) from error
    return load


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _values(data: Any, column: str) -> list[Any]:
    """A column, classes by their names."""
    if column == ROW:
        return [None] * len(data)
    feature, values = data.features[column], list(data[column])
    if hasattr(feature, "int2str"):
        return [None if value is None or value < 0 else feature.int2str(value) for value in values]
    return values
