"""The page that explains a model, or a pair before and after tuning: one file, offline, every text escaped.

It shows what the result holds and names what it does not, each part in a file of `parts`. `explained.css` and
`explained.js` are added to the assets of the other page; without the script every panel is shown.
"""

from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.report.page import framed
from interlingua.report.parts import (
    accuracy,
    again,
    alignment,
    centroids,
    changed,
    geometry,
    lens,
    numbers,
    overview,
    probes,
    tokenizer,
)
from interlingua.report.parts.verdict import headline, scale, verdict
from interlingua.report.reading import Result
from interlingua.report.tables import Table

LIMIT = 6_000_000
_ROOMS = (1.0, 0.5, 0.25, 0.1, 0.03)
_PARTS = (accuracy, alignment, lens, geometry, centroids, probes, tokenizer, changed)


def write_explained(result: Result, path: str | Path) -> Path:
    """Write the page and return its path.

    Raises `BadInput` when the result holds no languages or the place cannot be written, `OutOfRoom` on a full
    disk.
    """
    return write_atomic(path, page(result))


def page(result: Result) -> str:
    """The whole page as text, below `LIMIT` bytes: what is long gets less room until it fits, and says so.

    Raises `BadInput` when the result holds no languages.
    """
    checked(result)
    for room in _ROOMS:
        text = _page(result, room)
        if len(text.encode("utf-8")) < LIMIT:
            break
    return text


def figure_tables(result: Result) -> dict[str, Table]:
    """The numbers of every figure and table of the page, by name; fractions stay fractions.

    Raises `BadInput` when the result holds no languages.
    """
    checked(result)
    found = overview.tables(result)
    for part in _PARTS:
        found |= part.tables(result)
    return found


def absent(result: Result) -> list[str]:
    """What a full result would hold and this one does not, one line per thing."""
    return [line for part in (*_PARTS, again) for line in part.absent(result)]


def checked(result: Result) -> None:
    """Raises `BadInput` when the result holds no languages."""
    if not result.get("languages"):
        raise BadInput("The result holds no languages to report on. Give the result of a finished `explain`.")


def _page(result: Result, room: float) -> str:
    names = " → ".join(numbers.model_name(result, side) for side in numbers.sides(result))
    return framed(
        what=f"{names} · {result['source']}" if result.get("source") else names,
        verdict=verdict(result),
        scale=scale(result),
        tiles=headline(result),
        missing=[*absent(result), *(f"Left out: {line}." for line in result.get("left_out") or ())],
        sections=[
            ("Accuracy", "accuracy", accuracy.section(result)),
            ("Gains", "gains", accuracy.gains_section(result)),
            ("Every language", "languages", overview.section(result)),
            ("Alignment", "alignment", alignment.section(result, room=room)),
            ("Logit lens", "lens", lens.section(result, room=room)),
            ("Geometry", "geometry", _geometry(result, room)),
            ("Probes", "probes", probes.section(result)),
            ("Tokenizer", "tokenizer", tokenizer.section(result)),
            ("Answers that changed", "changed", changed.section(result, room=room)),
            ("How it was run", "run", again.section(result)),
        ],
        also="explained",
    )


def _geometry(result: Result, room: float) -> str:
    return geometry.section(result, room=room) + centroids.section(result, room=room)
