"""Fingerprints: short hashes of content, the same in every process, by which results are found again."""

import ast
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from interlingua.core.errors import BadInput

T = TypeVar("T")
_CHUNK = 1 << 20
_LATER = "counts in a fingerprint only where it differs from its default"


def later(default: T) -> T:
    """A field that a dataclass gained after its fingerprints were taken: it counts once it is set.

    While it has its default, the fingerprint is that of the dataclass without the field.
    """
    made: T = dataclasses.field(default=default, metadata={_LATER: True})
    return made


def fingerprint(*parts: Any) -> str:
    """16 hex digits naming the content of `parts`.

    Takes None, bools, numbers, text, bytes, paths (their text, not the file's content), numpy arrays,
    dataclasses, mappings (order irrelevant), sets and sequences (a list equals a tuple), nested freely.
    `1`, `1.0`, `True` and `"1"` all differ, and so do `("ab", "c")` and `("a", "bc")`.

    Raises BadInput for anything else: an object's `repr` may hold an address, which no other process has.
    """
    digest = hashlib.blake2b(digest_size=8)
    for piece in _pieces(parts):
        digest.update(piece)
    return digest.hexdigest()


def file_fingerprint(path: Path | str) -> str:
    """16 hex digits naming the content of a file, whatever its name.

    Raises BadInput if it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=8)
    try:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise BadInput(f"Cannot read {path}: {error.strerror}.") from error
    return digest.hexdigest()


def code_fingerprint(source: str, without: Sequence[str] = ()) -> str:
    """16 hex digits naming what Python code does: comments, docstrings and layout do not count.

    Top-level assignments to the names in `without` do not count either.
    Raises BadInput for what is no Python.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise BadInput(f"This is no Python, line {error.lineno}: {error.msg}.") from error
    for node in ast.walk(tree):
        named = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, named) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    tree.body = [node for node in tree.body if not _assigns(node, without)]
    return fingerprint(ast.dump(tree))


def _assigns(node: ast.stmt, names: Sequence[str]) -> bool:
    """Whether a statement assigns one of some names."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(target, ast.Name) and target.id in names for target in targets)


def _pieces(value: Any) -> Iterator[bytes]:
    """`value` as bytes that no other value gives: a tag, a length, the content."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float):
        yield _framed(type(value).__name__, repr(value).encode())
    elif isinstance(value, str):
        yield _framed("str", value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes | bytearray):
        yield _framed("bytes", bytes(value))
    elif isinstance(value, Path):
        yield _framed("path", value.as_posix().encode("utf-8", "surrogatepass"))
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        yield _framed(f"array {value.dtype.str} {value.shape}", value.tobytes())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield _framed("dataclass", type(value).__qualname__.encode())
        own = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        unset = {
            f.name for f in dataclasses.fields(value) if f.metadata.get(_LATER) and own[f.name] == f.default
        }
        yield from _pieces({name: each for name, each in own.items() if name not in unset})
    elif isinstance(value, Mapping):
        yield _framed("mapping", str(len(value)).encode())
        yield from sorted(b"".join(_pieces(item)) for item in value.items())
    elif isinstance(value, Set):
        yield _framed("set", str(len(value)).encode())
        yield from sorted(b"".join(_pieces(item)) for item in value)
    elif isinstance(value, Sequence):
        yield _framed("sequence", str(len(value)).encode())
        for item in value:
            yield from _pieces(item)
    else:
        raise BadInput(f"Cannot fingerprint a {type(value).__qualname__}; give its content instead.")


def _framed(tag: str, content: bytes) -> bytes:
    return f"{tag}:{len(content)}:".encode() + content
