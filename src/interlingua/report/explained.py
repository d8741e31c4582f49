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

_PARTS = (accuracy, alignment, lens, geometry, probes, tokenizer, changed)


def write_explained(result: Result, path: str | Path) -> Path:
    """Write the page and return its path.

    Raises `BadInput` when the result holds no languages or the place cannot be written, `OutOfRoom` on a full
    disk.
    """
    return write_atomic(path, page(result))


def page(result: Result) -> str:
    """The whole page as text; raises `BadInput` when the result holds no languages."""
    checked(result)
    names = [numbers.model_name(result, side) for side in numbers.sides(result)]
    return framed(
        what=" → ".join(names) + (f" · {result['source']}" if result.get("source") else ""),
        verdict=verdict(result),
        scale=scale(result),
        tiles=headline(result),
        missing=absent(result),
        sections=[
            ("Accuracy", "accuracy", accuracy.section(result)),
            ("Gains", "gains", accuracy.gains_section(result)),
            ("Every language", "languages", overview.section(result)),
            ("Alignment", "alignment", alignment.section(result)),
            ("Logit lens", "lens", lens.section(result)),
            ("Geometry", "geometry", geometry.section(result)),
            ("Probes", "probes", probes.section(result)),
            ("Tokenizer", "tokenizer", tokenizer.section(result)),
            ("Answers that changed", "changed", changed.section(result)),
            ("How it was run", "run", again.section(result)),
        ],
        also="explained",
    )


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
