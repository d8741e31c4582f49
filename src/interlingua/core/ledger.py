"""Ledger: every scored row, on disk as soon as it exists, found again by the content that made it."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

from interlingua.core.agreement import difference
from interlingua.core.errors import RunFolderError, UnknownName
from interlingua.core.faults import damaged, translate
from interlingua.core.rows import Row

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    key TEXT PRIMARY KEY NOT NULL,
    model TEXT NOT NULL, task TEXT NOT NULL, split TEXT NOT NULL, id TEXT NOT NULL,
    "group" TEXT NOT NULL, cluster TEXT NOT NULL, lang TEXT NOT NULL, mode TEXT NOT NULL,
    prediction INTEGER NOT NULL, gold INTEGER NOT NULL, scores TEXT NOT NULL,
    question TEXT NOT NULL, options TEXT NOT NULL, tokens INTEGER NOT NULL, seed INTEGER NOT NULL,
    extra TEXT NOT NULL,
    arm TEXT GENERATED ALWAYS AS (model) VIRTUAL
)"""
_FIELDS = tuple(field.name for field in fields(Row))
_WHOLE = frozenset({"prediction", "gold", "tokens", "seed"})
_JSON = frozenset({"scores", "options", "extra"})
_NAMES = ", ".join(f'"{name}"' for name in _FIELDS)
_INSERT = f"INSERT OR REPLACE INTO rows (key, {_NAMES}) VALUES ({', '.join('?' * (len(_FIELDS) + 1))})"
_FILTERS = frozenset(_FIELDS) - _JSON | {"arm", "key"}
_ORDER = 'task, split, lang, "group", id, mode, model, seed, key'
_SLICE = 500
_PATIENCE = 60.0

Wanted = str | int | Sequence[str] | Sequence[int]


class Ledger:
    """Rows by key in one SQLite file; `Ledger(None)` keeps them in memory.

    Whoever scores makes the key from everything that decides the row (weights, tokenizer, item, mode), so
    a row found under a key need not be scored again. Several processes may write to one file (WAL): a put
    that returned survives the end of the process, even by kill -9. A key put twice keeps the later row.

    Raises RunFolderError for a damaged or unwritable file, OutOfRoom for a full disk.
    """

    def __init__(self, path: Path | str | None) -> None:
        self.path = None if path is None else Path(path)
        with self._told():
            self._db = sqlite3.connect(self.path or ":memory:", timeout=_PATIENCE, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def put(self, key: str, row: Row) -> None:
        """Keep one row; it is on disk when this returns."""
        self.put_many([(key, row)])

    def put_many(self, items: Iterable[tuple[str, Row]]) -> None:
        """Keep many rows, all or none of them."""
        values = [(key, *_encoded(row)) for key, row in items]
        with self._writing():
            self._db.executemany(_INSERT, values)

    def get_many(self, keys: Iterable[str]) -> dict[str, Row]:
        """The rows known under `keys`; unknown keys are left out."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Row] = {}
        with self._told():
            for start in range(0, len(wanted), _SLICE):
                some = wanted[start : start + _SLICE]
                marks = ", ".join("?" * len(some))
                query = f"SELECT key, {_NAMES} FROM rows WHERE key IN ({marks})"
                for key, *values in self._db.execute(query, some):
                    found[key] = _decoded(values)
        return found

    def rows(self, **filters: Wanted) -> list[Row]:
        """Rows whose columns equal the filters: `rows(task="topic", lang=["qaa_Latn", "qab_Cyrl"])`.

        Their order is fixed, whoever wrote them when. `arm` is another name of `model`.

        Raises UnknownName for a column that is not one.
        """
        return [row for _, row in self.items(**filters)]

    def items(self, **filters: Wanted) -> list[tuple[str, Row]]:
        """What `rows` gives, each row with its key."""
        where, values = ["1"], list[str | int]()
        for name, wanted in filters.items():
            if name not in _FILTERS:
                raise UnknownName("column", name, _FILTERS)
            choices: Sequence[str | int] = (wanted,) if isinstance(wanted, str | int) else tuple(wanted)
            where.append(f'"{name}" IN ({", ".join("?" * len(choices))})')
            values.extend(choices)
        with self._told():
            query = f"SELECT key, {_NAMES} FROM rows WHERE {' AND '.join(where)} ORDER BY {_ORDER}"
            return [(key, _decoded(found)) for key, *found in self._db.execute(query, values)]

    def merge(self, other: Path | str | Iterable[tuple[str, Row]]) -> int:
        """Take in rows by key, or those of another ledger's file, all or none; how many were new.

        A row whose key is known stays as it is here; the other must tell the same (`core.agreement`).

        Raises RunFolderError for other content under a known key, or a file that is not there.
        """
        if isinstance(other, Path | str):
            if not Path(other).is_file():
                raise RunFolderError(f"There is no ledger at {other} to merge. Check the path.")
            with Ledger(other) as opened:
                return self.merge(opened.items())
        arrived = list(other)
        with self._writing():
            known = self.get_many(key for key, _ in arrived)
            before = len(known)
            for key, row in arrived:
                here = known.setdefault(key, row)
                if here is row:
                    self._db.execute(_INSERT, (key, *_encoded(row)))
                elif name := difference(here, row):
                    raise RunFolderError(
                        f"{self.path or 'The ledger'} has another row for item {row.id} of {row.task} in "
                        f"{row.lang}: {name} is {getattr(here, name)!r:.60}, not {getattr(row, name)!r:.60}. "
                        "Use another run folder."
                    )
            return len(known) - before

    def __len__(self) -> int:
        """How many rows there are."""
        with self._told():
            return int(self._db.execute("SELECT count(*) FROM rows").fetchone()[0])

    def clear(self) -> None:
        """Forget all rows."""
        with self._writing():
            self._db.execute("DELETE FROM rows")

    def close(self) -> None:
        """Close the file; the ledger cannot be used any more."""
        self._db.close()

    def __enter__(self) -> Self:
        """The ledger itself, closed at the end of the `with` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    def _prepare(self) -> None:
        with self._told():
            self._join_log()
            self._db.execute("PRAGMA synchronous = NORMAL")
            health = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if health != "ok":
            raise damaged(self.path or "the ledger", health)
        with self._writing():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            tables = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if version != _VERSION and tables:
                raise RunFolderError(f"{self.path} is no ledger of this version. Choose another run folder.")
            self._db.execute(_SCHEMA)
            self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def _join_log(self) -> None:
        """Turn the write-ahead log on; SQLite's own timeout does not cover two processes doing so at once."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, taken for writing at once so that two processes wait for each other."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            told = translate(error, self.path)
            if told is None:
                raise
            raise told from error


def _encoded(row: Row) -> list[Any]:
    """The row's fields as SQLite stores them: numpy numbers made plain, nested fields as JSON."""
    values: list[Any] = []
    for name in _FIELDS:
        value = getattr(row, name)
        if name in _WHOLE:
            value = int(value)
        elif name in _JSON:
            value = json.dumps(value if name != "extra" else dict(value), ensure_ascii=False, default=float)
        values.append(value)
    return values


def _decoded(values: Sequence[Any]) -> Row:
    found = {name: json.loads(v) if name in _JSON else v for name, v in zip(_FIELDS, values, strict=True)}
    return Row(**{**found, "scores": tuple(found["scores"]), "options": tuple(found["options"])})
